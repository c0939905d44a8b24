"""Writes the old form of windows, GROUP BY TUMBLE(event_time, ...), as the window function that it means.

Flink computes the same with both. The one difference: a WHERE beside the old SESSION chooses the events
before the sessions are made. So does Flink with a WHERE over the new one: it moves into a subquery here.
"""

from __future__ import annotations

from sqlglot import exp

from pipeline.locate import Locator
from pipeline.queries import from_table, group_keys, window_of
from pipeline.relations import WINDOW_COLUMNS
from sqlglot_flink import (
    Descriptor,
    Hop,
    Session,
    TableArgument,
    TableFunction,
    Tumble,
    WindowFunction,
)

_WINDOWS: dict[str, tuple[type[WindowFunction], tuple[str, ...]]] = {
    "TUMBLE": (Tumble, ("size",)),
    "HOP": (Hop, ("slide", "size")),
    "SESSION": (Session, ("gap",)),
}
_BOUNDS = {"START": "window_start", "END": "window_end", "ROWTIME": "window_time"}


def modernise(select: exp.Select, locator: Locator) -> None:
    """Change `select` in place, where it groups by an old window or filters sessions."""
    call = next((key for key in group_keys(select) if _is_window(key)), None)
    table = from_table(select)
    if call is not None and table is not None and not select.args.get("joins") and window_of(select) is None:
        _modernise(select, call, table, locator)
    window = window_of(select)
    if isinstance(window, Session):
        _filter_first(select, window)


def _is_window(node: exp.Expr) -> bool:
    if not isinstance(node, exp.Anonymous) or node.name.upper() not in _WINDOWS:
        return False
    wanted = 1 + len(_WINDOWS[node.name.upper()][1])
    return len(node.expressions) == wanted and isinstance(node.expressions[0], exp.Column)


def _modernise(select: exp.Select, call: exp.Expr, table: exp.Expr, locator: Locator) -> None:
    name = call.name.upper()
    kind, intervals = _WINDOWS[name]
    arguments = call.expressions
    alias = table.args.get("alias") or _alias(table)
    inner = table.copy()
    inner.set("alias", None)
    keys = [key for key in group_keys(select) if key is not call]
    partition = [_bare(key) for key in keys if isinstance(key, exp.Column)] if kind is Session else None
    window = kind(
        this=TableArgument(this=inner, partition_by=partition),
        time=Descriptor(expressions=[arguments[0].this.copy()]),
        **{key: value.copy() for key, value in zip(intervals, arguments[1:], strict=True)},
    )
    window.meta.update(call.meta)
    table.replace(exp.Table(this=TableFunction(this=window), alias=alias.copy() if alias else None))
    used = {"window_start", "window_end"}
    for found in list(select.find_all(exp.Anonymous)):
        begin, _, bound = found.name.upper().rpartition("_")
        if begin == name and bound in _BOUNDS and found.find_ancestor(exp.Select) is select:
            used.add(_BOUNDS[bound])
            found.replace(_column(_BOUNDS[bound], found, locator))
    group = select.args["group"]
    bounds = [_column(bound, call, locator) for bound in WINDOW_COLUMNS if bound in used]
    at = next(index for index, part in enumerate(group.expressions) if part is call)
    group.set("expressions", [*group.expressions[:at], *bounds, *group.expressions[at + 1 :]])


def _alias(table: exp.Expr) -> exp.TableAlias | None:
    return exp.TableAlias(this=table.this.copy()) if isinstance(table, exp.Table) else None


def _column(name: str, call: exp.Expr, locator: Locator) -> exp.Column:
    column = exp.column(name)
    span = locator.span(call)
    if span:
        column.this.meta.update(start=span[0], end=span[1] - 1)
    return column


def _filter_first(select: exp.Select, window: Session) -> None:
    """Move the WHERE of a session's SELECT below the window: so Flink does, and a reader should see it."""
    where = select.args.get("where")
    argument = window.this
    columns = {column.name for column in where.find_all(exp.Column)} if where else set()
    if where is None or columns & set(WINDOW_COLUMNS):
        return
    for column in where.find_all(exp.Column):
        column.set("table", None)
    source = argument.this
    if isinstance(source, exp.Subquery):
        source = exp.Subquery(
            this=source.this, alias=exp.TableAlias(this=exp.to_identifier("session_events"))
        )
    filtered = exp.Select(
        expressions=[exp.Star()], from_=exp.From(this=source), where=exp.Where(this=where.this)
    )
    filtered.expressions[0].meta["generated"] = True
    argument.set("this", exp.Subquery(this=filtered))
    select.set("where", None)


def _bare(column: exp.Column) -> exp.Column:
    bare = column.copy()
    bare.set("table", None)
    return bare
