"""A live model's rows on Flink: the same windows by arithmetic, updated by key while they fill."""

# ruff: noqa: S608  all names in the SQL were checked by the compiler
from __future__ import annotations

import sqlglot
from sqlglot import exp

from pipeline import names
from pipeline.lower._flink_items import quoted, replay_from
from pipeline.model.models import Classified, Window
from pipeline.queries import window_of
from pipeline.resolving.live import pipe_of

LIVE_ALIAS = "w"
_WINDOW_COLUMNS = {"window_start", "window_end"}


def live_rows(model: Classified, select: exp.Select, window: Window) -> exp.Select:
    """The SELECT with its window worked out by arithmetic, grouped without the window's end.

    `select` may be changed. CTEs and subqueries that only choose rows and columns are put in its place.
    """
    rows = select
    promises = model.resolved.parsed.rendered.source.promises
    function = window_of(rows)
    assert function is not None
    table = rows.args["from_"].this
    alias = table.alias or LIVE_ALIAS
    columns = _columns(rows) - _WINDOW_COLUMNS
    assigned = sqlglot.parse_one(
        _assigned(
            _events(function.this.this, model.resolved.tree),
            function.args["time"].expressions[0].name,
            [*sorted(columns), names.WATERMARK],
            window,
            promises.late_hours,
        ),
        dialect="flink",
    )
    rows.set(
        "from_",
        exp.From(this=exp.Subquery(this=assigned, alias=exp.TableAlias(this=exp.to_identifier(alias)))),
    )
    group = rows.args["group"]
    group.set("expressions", [key for key in group.expressions if key.name != "window_end"])
    end = f"TIMESTAMPADD(SECOND, {window.size_ms // 1000}, `window_start`)"
    for column in [found for found in rows.find_all(exp.Column) if found.name == "window_end"]:
        column.replace(sqlglot.parse_one(end, dialect="flink"))
    rows.select(
        exp.alias_(exp.column("window_start"), names.WINDOW_START),
        exp.alias_(sqlglot.parse_one(end, dialect="flink"), names.WINDOW_END),
        exp.alias_(exp.Max(this=exp.column(names.WATERMARK)), names.WATERMARK),
        copy=False,
    )
    rows.where(exp.GTE(this=exp.column("window_start"), expression=replay_from()), copy=False)
    # The launcher's slack is in state_ttl_ms; de-duplication lives by the shorter TTL of the whole job.
    hint = exp.Anonymous(
        this="STATE_TTL",
        expressions=[
            exp.EQ(this=exp.Literal.string(alias), expression=exp.Literal.string(f"{model.state_ttl_ms} ms"))
        ],
    )
    rows.set("hint", exp.Hint(expressions=[hint]))
    return rows


def _columns(select: exp.Select) -> set[str]:
    """The columns that the SELECT itself names, those inside FROM left out."""
    parts = (part for part in select.iter_expressions() if not isinstance(part, exp.From))
    return {column.name for part in parts for column in part.find_all(exp.Column)}


def _events(source: exp.Expr, tree: exp.Expr) -> str:
    """What stands in FROM for the events: the event, or the SELECTs that choose from it, with what we add."""
    pipe = pipe_of(source, tree)
    assert pipe is not None, "a live model reads one event's rows as they come"
    if not pipe:
        return quoted(source.name)
    inner = pipe[-1].args["from_"].this
    text = f"{quoted(inner.name)} AS {quoted(inner.alias)}" if inner.alias else quoted(inner.name)
    for number, select in enumerate(reversed(pipe)):
        chosen = select.copy()
        for name in (names.ARRIVAL, names.WATERMARK):
            chosen.select(exp.column(name), copy=False)
        # The name of what it reads may stand before its columns.
        alias = quoted(select.args["from_"].this.alias_or_name or "e")
        chosen.set("from_", exp.From(this=exp.to_table("here")))
        written = chosen.sql(dialect="flink", comments=False, identify=True)
        source_text = text if number == 0 else f"({text}) AS {alias}"
        text = written.replace("FROM `here`", f"FROM {source_text}", 1)
    return f"({text})"


def _assigned(source: str, time: str, columns: list[str], window: Window, late_hours: int) -> str:
    """The events of a table with `window_start`, as TUMBLE or HOP assigns it, without what is too late.

    The window function itself would make Flink flush by the slowest stream's watermark instead of by the
    clock. Lateness is measured at arrival, not by the watermark, so that a replay decides as the stream did.
    `columns` are named, for Flink prunes none through UNNEST: each reader would get a Deduplicate of its own.
    """
    size, slide = window.size_ms // 1000, window.slide_ms // 1000
    epoch = f"EXTRACT(EPOCH FROM {quoted(time)})"
    on_time = f"WHERE {quoted(time)} > `{names.ARRIVAL}` - INTERVAL '{late_hours}' HOUR"
    last = f"{epoch} - MOD({epoch}, {slide})"
    kept = ", ".join(map(quoted, columns))
    if size == slide:
        start = f"CAST(TO_TIMESTAMP_LTZ(({last}) * 1000, 3) AS TIMESTAMP(3)) AS `window_start`"
        return f"SELECT {kept}, {start} FROM {source} {on_time}"
    # The array depends on the row: of constants alone Flink would make a join with state.
    starts = ", ".join(f"`_last` - {index * slide}" if index else "`_last`" for index in range(size // slide))
    start = "CAST(TO_TIMESTAMP_LTZ(`s`.`_start` * 1000, 3) AS TIMESTAMP(3)) AS `window_start`"
    return (
        f"SELECT {', '.join(f'`t`.{quoted(name)}' for name in columns)}, {start} "
        f"FROM (SELECT {kept}, {last} AS `_last` FROM {source} {on_time}) AS `t` "
        f"CROSS JOIN UNNEST(ARRAY[{starts}]) AS `s`(`_start`)"
    )
