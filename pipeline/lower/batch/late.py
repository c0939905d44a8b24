"""Counts the events that a model left out because they came too late."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.lower.batch.lowering import PASSES, planned, written
from pipeline.lower.batch.passes.event_tables import COPY, arrivals, event_tables, on_time
from pipeline.lower.batch.passes.quoted_names import quoted_names
from pipeline.lower.batch.passes.read_tables import read_tables
from pipeline.lower.batch.passes.spelling import spelling
from pipeline.lower.batch.plan import Plan, relations
from pipeline.lower.batch.primitives import SessionFold
from pipeline.lower.engine import Engine
from pipeline.model.contracts import Contracts
from pipeline.model.models import Classified
from pipeline.names import WATERMARK


def late_rows_exact(model: Classified) -> bool:
    """Whether the batch form `as_streamed` leaves out exactly what the stream drops as late.

    True for live models, for which lateness is a matter of the arrival alone, and for strict ones over one
    stream. False for several streams (it depends on how they interleave), for joins without windows, for
    joins of a window's rows as they come (a late row may overtake the watermark of the other side), and for
    OVER with a bounded frame (Flink drops by key there). For these `as_streamed` equals the stream while
    nothing comes late: while each event comes before the watermark has reached its time.
    """
    if model.form == "live":
        return True
    tree = model.resolved.tree
    if len(model.sources) != 1:
        return False
    bounded = [spec for spec in tree.find_all(exp.WindowSpec) if spec.args.get("start") != "UNBOUNDED"]
    joins = [join for join in tree.find_all(exp.Join) if join.args.get("on") and not _is_windowed(join)]
    raced = [select for select in tree.find_all(exp.Select) if _joins_rows_as_they_come(select, tree)]
    return not bounded and not joins and not raced


def lower_late(model: Classified, contracts: Contracts, engine: Engine) -> str:
    """A SELECT of one number: how many events were too late for at least one window of the model.

    Over the same tables as `lower_batch`. A repeat of an event that was counted is not late. Raises
    `RefusedError` as `lower_batch` does.
    """
    plan = planned(model, contracts, engine, "as_streamed", PASSES[: PASSES.index(event_tables)])
    sessions = list(_late_for_sessions(plan))
    plan.result = exp.select(exp.alias_(_total(sessions), "late"))
    read_tables(plan)
    event_tables(plan)
    plan.result = exp.select(exp.alias_(_total([*sessions, *_late_arrivals(plan)]), "late"))
    quoted_names(plan)
    spelling(plan)
    return written(plan)


def _total(counts: list[exp.Expr]) -> exp.Expr:
    total: exp.Expr = counts[0].copy() if counts else exp.Literal.number(0)
    for count in counts[1:]:
        total = exp.Add(this=total, expression=count)
    return total


def _late_for_sessions(plan: Plan) -> Iterator[exp.Expr]:
    """For each table of sessions as streamed: the rows that are in none."""
    for name, query in plan.tables.items():
        if isinstance(query, SessionFold):
            rows, members = (
                exp.select("COUNT(*)").from_(table, copy=False) for table in (query.this.name, name)
            )
            yield exp.Sub(this=rows.subquery(copy=False), expression=members.subquery(copy=False))


def _late_arrivals(plan: Plan) -> Iterator[exp.Expr]:
    """For each event: the first arrivals that were late, for a live model or for a window of a strict one."""
    condition = _too_late(plan)
    for event in plan.events() if condition is not None else ():
        name = plan.free_name(f"{event.name}_arrived")
        plan.tables[name] = arrivals(plan, event, ())
        count = exp.select("COUNT(*)").from_(name, copy=False)
        count = count.where(exp.EQ(this=exp.column(COPY), expression=exp.Literal.number(1)), copy=False)
        yield count.where(condition, copy=False).subquery(copy=False)


def _too_late(plan: Plan) -> exp.Expr | None:
    if plan.model.form == "live":
        promises = plan.model.resolved.parsed.rendered.source.promises
        return exp.not_(exp.paren(on_time(promises.late_hours)))
    if not plan.closed:
        return None
    known = exp.not_(exp.Is(this=exp.column(WATERMARK), expression=exp.Null()))
    return exp.and_(known, exp.or_(*(condition.copy() for condition in plan.closed)))


def _joins_rows_as_they_come(select: exp.Select, tree: exp.Expr) -> bool:
    """Whether a side of its joins is rows that no aggregate held back until their window closed."""
    if not select.args.get("joins"):
        return False
    with_ = tree.args.get("with_")
    common = {cte.alias: cte.this for cte in with_.expressions} if with_ else {}

    def held_back(relation: exp.Expr) -> bool:
        query = common.get(relation.name) if isinstance(relation, exp.Table) else relation.this
        if not isinstance(query, exp.Select):
            return False
        return bool(query.args.get("group") or query.args.get("distinct")) or all(
            map(held_back, relations(query))
        )

    return not all(map(held_back, relations(select)))


def _is_windowed(join: exp.Join) -> bool:
    return any(column.name == "window_start" for column in join.args["on"].find_all(exp.Column))
