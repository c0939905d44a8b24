"""Pass: events are read from their arrivals: each `event_id` once, and without what is too late."""

from __future__ import annotations

from sqlglot import exp

from pipeline.lower.batch.plan import Plan
from pipeline.lower.batch.primitives import EpochMs, plus
from pipeline.model.contracts import Event
from pipeline.names import (
    ARRIVAL,
    EVENT_TIME,
    SEQUENCE,
    UNION_TABLE,
    WATERMARK,
    arrivals_name,
    counted_name,
)

COPY = "_copy"
"""Column of arrivals: 1 for the first with an `event_id`, 2 for its first repeat, and so on."""


def event_tables(plan: Plan) -> None:
    """Define `<event>_arrivals`, `<event>_counted` and `events_counted` and have the queries read those."""
    read = set()
    for query in plan.queries():
        for table in list(query.find_all(exp.Table)):
            if plan.is_event(table):
                read.add(table.name)
                alias = table.alias or table.name
                table.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
                table.set("this", exp.to_identifier(counted_name(table.name)))
    tables: dict[str, exp.Expr] = {}
    shop = [event for event in plan.events() if not event.standalone]
    for event in plan.events():
        columns = plan.event_columns(event.name)
        if event in shop and UNION_TABLE in read:
            columns = tuple(dict.fromkeys((*plan.event_columns(UNION_TABLE), *columns)))
        if event.name in read or (event in shop and UNION_TABLE in read):
            tables[arrivals_name(event.name)] = arrivals(plan, event, columns)
            tables[counted_name(event.name)] = counted(plan, event, columns)
    if UNION_TABLE in read:
        tables[counted_name(UNION_TABLE)] = _union(plan, shop)
    plan.tables = tables | plan.tables


def arrivals(plan: Plan, event: Event, columns: tuple[str, ...]) -> exp.Select:
    """All arrivals of an event, with what decides whether each counts.

    `_copy` numbers the arrivals of an `event_id`. `_watermark` (where it is needed) is the watermark that the
    arrival met, in milliseconds since 1970: the greatest event time that had come before, less the delay;
    NULL for the first.
    """
    own = list(dict.fromkeys((*columns, EVENT_TIME)))
    if _late_hours(plan) is not None:
        own.append(ARRIVAL)
    if SEQUENCE in plan.carried:
        own.append(SEQUENCE)
    copy = exp.Window(
        this=exp.RowNumber(),
        partition_by=[exp.column("event_id")],
        order=exp.Order(expressions=[plan.by(exp.column(SEQUENCE))]),
    )
    select = exp.select(*map(exp.column, own), exp.alias_(copy, COPY))
    if WATERMARK in plan.carried:
        greatest = exp.Window(
            this=exp.Max(this=exp.column(EVENT_TIME)),
            order=exp.Order(expressions=[plan.by(exp.column(SEQUENCE))]),
            spec=exp.WindowSpec(
                kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="1", end_side="PRECEDING"
            ),
        )
        greatest.args["spec"].set("end", exp.Literal.number(1))
        watermark = plus(EpochMs(this=greatest), -event.watermark_delay_ms)
        select = select.select(exp.alias_(watermark, WATERMARK), copy=False)
    return select.from_(exp.to_table(event.name), copy=False)


def counted(plan: Plan, event: Event, columns: tuple[str, ...]) -> exp.Select:
    """The arrivals that count: the first of each `event_id`, within `late_hours` for a live model."""
    select = exp.select(*map(exp.column, [*(columns or (EVENT_TIME,)), *sorted(plan.carried)]))
    select = select.from_(exp.to_table(arrivals_name(event.name)), copy=False)
    select = select.where(exp.EQ(this=exp.column(COPY), expression=exp.Literal.number(1)), copy=False)
    late_hours = _late_hours(plan)
    return select if late_hours is None else select.where(on_time(late_hours), copy=False)


def on_time(late_hours: int) -> exp.Expr:
    """Condition of an event that is not too late for a live model."""
    earliest = plus(EpochMs(this=exp.column(ARRIVAL)), -late_hours * 3_600_000)
    return exp.GT(this=EpochMs(this=exp.column(EVENT_TIME)), expression=earliest)


def _late_hours(plan: Plan) -> int | None:
    live = plan.model.form == "live" and plan.mode == "as_streamed"
    return plan.model.resolved.parsed.rendered.source.promises.late_hours if live else None


def _union(plan: Plan, events: list[Event]) -> exp.Expr:
    columns = [*(plan.event_columns(UNION_TABLE) or (EVENT_TIME,)), *sorted(plan.carried)]
    selects = [
        exp.select(*map(exp.column, columns)).from_(counted_name(event.name), copy=False) for event in events
    ]
    query: exp.Expr = selects[0]
    for select in selects[1:]:
        query = exp.Union(this=query, expression=select, distinct=False)
    return query
