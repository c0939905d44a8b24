"""Lowers a model to Flink: one INSERT that streams its rows into the model's DynamoDB table."""

from __future__ import annotations

import sqlglot
from sqlglot import exp

from pipeline import names
from pipeline.lower._flink_items import item_values, literal_part, quoted, replay_from, sink_columns
from pipeline.lower._flink_live import live_rows
from pipeline.lower._flink_versions import without_null_keys
from pipeline.model.models import Classified, Window
from pipeline.queries import aggregates, branches, unaliased, window_of
from pipeline.resolving.ranks import KEEPS_FIRST
from pipeline.sql_types import from_tree
from sqlglot_flink import Session, TableArgument

__all__ = ["lower_flink", "quoted", "sink_columns"]
_NARROW = ("TINYINT", "SMALLINT", "INT")


def lower_flink(model: Classified) -> str:
    """The model's INSERT statement.

    Strict: the SELECT as the author wrote it; the watermark closes its windows. Live: the same windows by
    arithmetic, grouped without their end, so that Flink updates the row by key while the window fills. Around
    either, the item layout of a result row (docs/contracts.md) is worked out.
    """
    tree = _faithful(model.resolved.tree.copy())
    source = model.resolved.parsed.rendered.source
    common = "" if model.form == "live" else _common(tree)
    body = "\nUNION ALL\n".join(
        _branch(model, select, window) for select, window in zip(branches(tree), model.windows, strict=True)
    )
    columns = ",\n".join(f"  {quoted(name)}" for name in sink_columns(model))
    return (
        f"-- {model.resolved.question}\n"
        f"INSERT INTO {quoted(names.sink_table(source.name))} (\n{columns}\n)\n"
        f"{_with_common(body, common, columns)}\n"
    )


def _with_common(body: str, common: str, columns: str) -> str:
    """The rows with the query's CTEs before them; Flink takes no WITH between INSERT's columns and SELECT."""
    return f"SELECT\n{columns}\nFROM (\n{common}{body}\n) AS `rows`" if common else body


def _common(tree: exp.Expr) -> str:
    """The query's CTEs."""
    with_ = tree.args.get("with_")
    if not with_:
        return ""
    parts = [f"{quoted(cte.alias)} AS (\n{_indented(cte.this)}\n)" for cte in with_.expressions]
    return "WITH " + ", ".join(parts) + "\n"


def _indented(tree: exp.Expr) -> str:
    text = tree.sql(dialect="flink", pretty=True, comments=False, identify=True)
    return "\n".join(f"  {line}" for line in text.split("\n"))


def _branch(model: Classified, select: exp.Select, window: Window) -> str:
    """One branch of a UNION ALL, or the whole model: the item layout around its rows."""
    select.set("with_", None)
    literals = {
        column.name: literal_part(unaliased(item).name)
        for column, item in zip(model.resolved.columns, select.expressions, strict=True)
        if isinstance(unaliased(item), exp.Literal)
    }
    if model.form == "live":
        rows, guard = live_rows(model, select, window), None
    else:
        rows, guard = _strict(model, select, window)
    values = ",\n".join(f"  {value} AS {quoted(name)}" for name, value in item_values(model, literals))
    where = f"\nWHERE {guard.sql(dialect='flink', identify=True)}" if guard is not None else ""
    return f"SELECT\n{values}\nFROM (\n{_indented(rows)}\n){where}"


def _strict(model: Classified, rows: exp.Select, window: Window) -> tuple[exp.Select, exp.Expr | None]:
    """The SELECT with its time, and the condition that a replay puts on its rows, where it stands outside.

    A row is written when the watermark has passed its end: that is the watermark it saw.
    """
    by_name = {
        column.name: unaliased(item)
        for column, item in zip(model.resolved.columns, rows.expressions, strict=True)
    }
    time = by_name[model.time_column]
    start = time.copy() if window.kind != "row" else exp.cast(time.copy(), "TIMESTAMP(3)", dialect="flink")
    end = window_end(model, rows, window)
    plain = window_of(rows) is not None and any(aggregates(rows))
    rows.select(
        exp.alias_(start, names.WINDOW_START),
        exp.alias_(end, names.WINDOW_END),
        exp.alias_(exp.cast(end.copy(), "TIMESTAMP_LTZ(3)", dialect="flink"), names.WATERMARK),
        copy=False,
    )
    needed_ms = _needed_ms(model, window)
    since = replay_from()
    if needed_ms:
        since = exp.Anonymous(
            this="TIMESTAMPADD",
            expressions=[exp.var("SECOND"), exp.Literal.number(-(-needed_ms // 1000)), since],
        )
    if plain and not needed_ms and not isinstance(window_of(rows), Session):
        rows.where(exp.GTE(this=start.copy(), expression=since), copy=False)
        return rows, None
    return rows, exp.GTE(this=exp.column(names.WINDOW_START), expression=since)


def window_end(model: Classified, rows: exp.Select, window: Window) -> exp.Expr:
    """The end of a row's window; for a row without one its time."""
    first = {column.name: column for column in model.resolved.columns}[model.time_column]
    items = list(zip(model.resolved.columns, rows.expressions, strict=True))
    time = next(unaliased(item) for column, item in items if column.name == model.time_column)
    if window.kind == "row":
        return exp.cast(time.copy(), "TIMESTAMP(3)", dialect="flink")
    for column, item in items:
        if column.bound == "end" and column.span == first.span:
            return unaliased(item).copy()
    end = rows.meta.get("window_end")
    if end:
        return exp.column(end[1], table=end[0] or None)
    seconds = exp.Literal.number(window.size_ms // 1000)
    return exp.Anonymous(this="TIMESTAMPADD", expressions=[exp.var("SECOND"), seconds, time.copy()])


def _needed_ms(model: Classified, window: Window) -> int:
    """How much before a row's own window a replay must have read for the row to be whole."""
    own = window.reach_ms
    return max(model.reach_ms - own, 0) + window.gap_ms


def _faithful(tree: exp.Expr) -> exp.Expr:
    """What Flink would compute otherwise than everyone else, written so that it does not.

    SUM of an INT is an INT on Flink and wraps: it becomes a BIGINT. The first row of each key is numbered by
    a COUNT that takes rows in the order of their time: ROW_NUMBER() = 1 would take it back when an older one
    comes late. Inside a subquery Flink finds a MATCH_RECOGNIZE only by a name ("Table 'EXPR$1' not found").
    A version whose key is NULL would match a NULL.
    """
    without_null_keys(tree)
    for argument in list(tree.find_all(TableArgument)):
        _wrap_union(argument)
    for number, match in enumerate(tree.find_all(exp.MatchRecognize), 1):
        if not match.alias:
            match.set("alias", exp.TableAlias(this=exp.to_identifier(f"matches_{number}")))
    for node in list(tree.find_all(exp.Sum)):
        distinct = node.this if isinstance(node.this, exp.Distinct) else None
        added = distinct.expressions[0] if distinct else node.this
        kind = from_tree(added.type, True) if added.type else None
        if kind is not None and kind.name in _NARROW:
            added.replace(exp.cast(added.copy(), "BIGINT", dialect="flink"))
    for window in list(tree.find_all(exp.Window)):
        if window.meta.get(KEEPS_FIRST):
            window.set("this", exp.Count(this=exp.Star(), big_int=True))
            frame = "SELECT COUNT(*) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
            counted = sqlglot.parse_one(frame, dialect="flink").find(exp.WindowSpec)
            window.set("spec", counted)
    return tree


def _wrap_union(argument: TableArgument) -> None:
    """Of a UNION ALL that stands in a window function by itself Flink 1.20.5 reads the first branch only."""
    query = argument.this
    if isinstance(query, exp.Subquery) and isinstance(query.this, exp.SetOperation):
        united = query.this
        names_of = [item.alias_or_name for item in branches(united)[0].expressions]
        whole = exp.select(*(exp.column(name) for name in names_of))
        query.set("this", whole.from_(united.copy().subquery("united", copy=False), copy=False))
