"""Pass: each window function becomes a table with `window_start`, `window_end` and `window_time`.

A row stands there once for each of its windows. Windows are reckoned in whole milliseconds since 1970, which
is right for any size and offset, and before 1970 too.
"""

from __future__ import annotations

from sqlglot import exp

from pipeline.lower.batch.intervals import length
from pipeline.lower.batch.passes.late_rows import DROP_LATE
from pipeline.lower.batch.passes.session_windows import sessions, sessions_as_streamed
from pipeline.lower.batch.plan import WINDOW_COLUMNS, Plan, assigned, window_of
from pipeline.lower.batch.primitives import EpochMs, Series, floored, number, plus
from pipeline.names import WATERMARK, windows_name
from sqlglot_flink.expressions import Cumulate, Hop, Session, Tumble, WindowFunction

_START = "_start"


def window_tables(plan: Plan) -> None:
    """Define a table for each window function and have the query read that."""
    for query in plan.queries():
        # Windows over windows: the inner ones first.
        for table in reversed(list(query.find_all(exp.Table, bfs=False))):
            window = window_of(table)
            if window is not None:
                _define(plan, query, table, window)


def _define(plan: Plan, query: exp.Expr, table: exp.Table, window: WindowFunction) -> None:
    try:
        rows = _rows(plan, query, window)
    except ValueError as problem:
        plan.refuse(window, f"{window.NAME} ({problem})")
        return
    label = _label(window)
    count = sum(f"{label}_windows_" in name for name in plan.tables) + 1
    name = plan.define_before(query, windows_name(label, count), rows)
    table.replace(exp.Table(this=exp.to_identifier(name), alias=table.args.get("alias")))


def _rows(plan: Plan, query: exp.Expr, window: WindowFunction) -> exp.Select:
    time = window.args["time"].expressions[0].name
    source = window.this.this
    columns = list(plan.columns(source))
    kept = [name for name in columns if name not in WINDOW_COLUMNS and not name.startswith("_")]
    kept += sorted(window.meta.get("carried", set()) & set(columns))
    relation = source.copy()
    if isinstance(relation, exp.Subquery) and not relation.alias:
        relation.set("alias", exp.TableAlias(this=exp.to_identifier("rows_to_window")))
    dropping = bool(window.meta.get(DROP_LATE))
    if isinstance(window, Session):
        if dropping:
            return sessions_as_streamed(plan, query, window, relation, kept)
        return sessions(plan, window, relation, kept)
    at = EpochMs(this=exp.column(time))
    if window.this.args.get("partition_by"):
        raise ValueError("PARTITION BY means nothing to it")
    own = [*kept, WATERMARK] if dropping else kept
    starts = exp.select(*map(exp.column, own)).from_(relation, copy=False)
    size, offset = length(window, "size"), length(window, "offset")
    end = plus(exp.column(_START), size)
    if isinstance(window, Tumble):
        starts = starts.select(exp.alias_(floored(at, size, offset), _START), copy=False)
    elif isinstance(window, Hop):
        slide = length(window, "slide")
        _must_divide(slide, size)
        back = exp.Sub(this=floored(at, slide, offset), expression=exp.column("back", table="hops"))
        starts = starts.select(exp.alias_(back, _START), copy=False)
        _cross(starts, _series("hops", "back", 0, size - slide, slide))
    elif isinstance(window, Cumulate):
        step = length(window, "step")
        _must_divide(step, size)
        start = floored(at, size, offset)
        span = exp.column("length", table="steps")
        starts = starts.select(exp.alias_(start, _START), exp.alias_(span, "_length"), copy=False)
        _cross(starts, _series("steps", "length", step, size, step))
        starts = starts.where(exp.GT(this=exp.paren(_sum(start, span)), expression=at.copy()), copy=False)
        end = _sum(exp.column(_START), exp.column("_length"))
    else:
        raise TypeError(f"{window.NAME} is no window that is known here")
    rows = assigned(kept, exp.column(_START), end).from_(starts.subquery("starts", copy=False), copy=False)
    if dropping:
        watermark = exp.column(WATERMARK)
        still_open = exp.GT(this=plus(end.copy(), -1), expression=watermark.copy())
        rows = rows.where(exp.or_(exp.Is(this=watermark, expression=exp.Null()), still_open), copy=False)
    return rows


def _label(window: WindowFunction) -> str:
    source = window.this.this
    return str(source.name) if isinstance(source, exp.Table) else "query"


def _sum(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.Add(this=left.copy(), expression=right.copy())


def _series(table: str, column: str, start: int, stop: int, step: int) -> Series:
    return Series(
        start=number(start),
        stop=number(stop),
        step=number(step),
        alias=exp.to_identifier(table),
        column=exp.to_identifier(column),
    )


def _cross(select: exp.Select, table: exp.Expr) -> None:
    select.append("joins", exp.Join(this=table, kind="CROSS"))


def _must_divide(step: int, size: int) -> None:
    if size % step:
        raise ValueError("the window's size is no multiple of its step")
