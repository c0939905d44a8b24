"""Lowers a model to Flink: one INSERT that streams its rows into the model's DynamoDB table."""

# ruff: noqa: S608  all names in the SQL were checked by the compiler
from __future__ import annotations

import sqlglot
from sqlglot import exp

from pipeline import names
from pipeline.flink_options import REPLAY_PLACEHOLDER
from pipeline.model.models import Classified, Column, Window
from pipeline.queries import branches, unaliased, window_of
from pipeline.sql_types import from_tree, parse_type

HOUR_SECONDS = 3600
LIVE_ALIAS = "w"
_ISO = "yyyy-MM-dd''T''HH:mm:ss.SSS''Z''"
_NARROW = ("TINYINT", "SMALLINT", "INT")
_HOUR = "yyyy-MM-dd''T''HH"
_TEXT_IN_ITEMS = {"TIMESTAMP", "TIMESTAMP_LTZ", "DATE", "TIME"}
_WINDOW_COLUMNS = {"window_start", "window_end"}
_EPOCH = "EXTRACT(EPOCH FROM `event_time`)"


def lower_flink(model: Classified) -> str:
    """The model's INSERT statement.

    Strict: the SELECT as the author wrote it; the watermark closes its windows. Live: the same windows by
    arithmetic, grouped without their end, so that Flink updates the row by key while the window fills. Around
    either, the item layout of a result row (docs/contracts.md) is worked out.
    """
    selects = branches(model.resolved.tree)
    source = model.resolved.parsed.rendered.source
    body = "\nUNION ALL\n".join(
        _branch(model, select, window) for select, window in zip(selects, model.windows, strict=True)
    )
    columns = ",\n".join(f"  {quoted(name)}" for name in sink_columns(model))
    return (
        f"-- {model.resolved.question}\n"
        f"INSERT INTO {quoted(names.sink_table(source.name))} (\n{columns}\n)\n{body}\n"
    )


def sink_columns(model: Classified) -> dict[str, str]:
    """Columns of the sink with their types, in order."""
    return {
        names.PARTITION_KEY: "STRING",
        names.SORT_KEY: "STRING",
        **{column.name: _item_type(column) for column in model.resolved.columns},
        names.WINDOW_START: "STRING",
        names.WINDOW_END: "STRING",
        names.UPDATED_AT: "STRING",
        names.WATERMARK: "STRING",
        names.TTL: "BIGINT",
    }


def quoted(name: str) -> str:
    """The name as an identifier that Flink takes whatever it is."""
    return f"`{name}`"


def _branch(model: Classified, select: exp.Select, window: Window) -> str:
    """One branch of a UNION ALL, or the whole model: the item layout around the rows of its windows."""
    rows = _live(model, select, window) if model.form == "live" else _strict(select)
    literals = {
        column.name: _literal_part(unaliased(item).name)
        for column, item in zip(model.resolved.columns, select.expressions, strict=True)
        if isinstance(unaliased(item), exp.Literal)
    }
    values = ",\n".join(f"  {value} AS {quoted(name)}" for name, value in _items(model, literals))
    text = rows.sql(dialect="flink", pretty=True, comments=False, identify=True)
    indented = "\n".join(f"  {line}" for line in text.split("\n"))
    return f"SELECT\n{values}\nFROM (\n{indented}\n)"


def _strict(select: exp.Select) -> exp.Select:
    rows = _with_room(select.copy())
    end = exp.column("window_end")
    # The row is written when the watermark has passed the window's end: that is the watermark it saw.
    _add_item_columns(rows, end, exp.cast(end.copy(), "TIMESTAMP_LTZ(3)", dialect="flink"))
    return rows


def _with_room(rows: exp.Select) -> exp.Select:
    """Sums of whole numbers as BIGINT: Flink's SUM of an INT is an INT and wraps; the other engines widen."""
    for node in list(rows.find_all(exp.Sum)):
        distinct = node.this if isinstance(node.this, exp.Distinct) else None
        added = distinct.expressions[0] if distinct else node.this
        kind = from_tree(added.type, True) if added.type else None
        if kind is not None and kind.name in _NARROW:
            added.replace(exp.cast(added.copy(), "BIGINT", dialect="flink"))
    return rows


def _live(model: Classified, select: exp.Select, window: Window) -> exp.Select:
    rows = _with_room(select.copy())
    promises = model.resolved.parsed.rendered.source.promises
    function = window_of(rows)
    assert function is not None
    table = rows.args["from_"].this
    alias = table.alias or LIVE_ALIAS
    columns = {column.name for column in rows.find_all(exp.Column)} - _WINDOW_COLUMNS
    assigned = sqlglot.parse_one(
        _assigned(function.this.this.name, [*sorted(columns), names.WATERMARK], window, promises.late_hours),
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
    _add_item_columns(
        rows, sqlglot.parse_one(end, dialect="flink"), exp.Max(this=exp.column(names.WATERMARK))
    )
    # The launcher's slack is in state_ttl_ms; de-duplication lives by the shorter TTL of the whole job.
    hint = exp.Anonymous(
        this="STATE_TTL",
        expressions=[
            exp.EQ(this=exp.Literal.string(alias), expression=exp.Literal.string(f"{model.state_ttl_ms} ms"))
        ],
    )
    rows.set("hint", exp.Hint(expressions=[hint]))
    return rows


def _assigned(table: str, columns: list[str], window: Window, late_hours: int) -> str:
    """The events of a table with `window_start`, as TUMBLE or HOP assigns it, without what is too late.

    The window function itself would make Flink flush by the slowest stream's watermark instead of by the
    clock. Lateness is measured at arrival, not by the watermark, so that a replay decides as the stream did.
    `columns` are named, for Flink prunes none through UNNEST: each reader would get a Deduplicate of its own.
    """
    size, slide = window.size_ms // 1000, window.slide_ms // 1000
    on_time = f"WHERE `event_time` > `{names.ARRIVAL}` - INTERVAL '{late_hours}' HOUR"
    last = f"{_EPOCH} - MOD({_EPOCH}, {slide})"
    kept = ", ".join(map(quoted, columns))
    if size == slide:
        start = f"CAST(TO_TIMESTAMP_LTZ(({last}) * 1000, 3) AS TIMESTAMP(3)) AS `window_start`"
        return f"SELECT {kept}, {start} FROM {quoted(table)} {on_time}"
    # The array depends on the row: of constants alone Flink would make a join with state.
    starts = ", ".join(f"`_last` - {index * slide}" if index else "`_last`" for index in range(size // slide))
    start = "CAST(TO_TIMESTAMP_LTZ(`s`.`_start` * 1000, 3) AS TIMESTAMP(3)) AS `window_start`"
    return (
        f"SELECT {', '.join(f'`t`.{quoted(name)}' for name in columns)}, {start} "
        f"FROM (SELECT {kept}, {last} AS `_last` FROM {quoted(table)} {on_time}) AS `t` "
        f"CROSS JOIN UNNEST(ARRAY[{starts}]) AS `s`(`_start`)"
    )


def _add_item_columns(rows: exp.Select, end: exp.Expr, watermark: exp.Expr) -> None:
    start = exp.column("window_start")
    rows.select(
        exp.alias_(start, names.WINDOW_START),
        exp.alias_(end, names.WINDOW_END),
        exp.alias_(watermark, names.WATERMARK),
        copy=False,
    )
    replay = exp.cast(exp.var(REPLAY_PLACEHOLDER), "TIMESTAMP(3)", dialect="flink")
    rows.where(exp.GTE(this=start.copy(), expression=replay), copy=False)


def _items(model: Classified, literals: dict[str, str]) -> list[tuple[str, str]]:
    """Attributes of a result row and how each is worked out, in the order of the sink's columns."""
    start, end = quoted(names.WINDOW_START), quoted(names.WINDOW_END)
    columns = {column.name: column for column in model.resolved.columns}
    dimensions = [columns[name] for name, role in model.roles if role == "dimension"]
    keep_seconds = model.resolved.parsed.rendered.source.promises.keep_hours * HOUR_SECONDS
    parts = [literals.get(column.name) or _key_part(column) for column in dimensions]
    return [
        (names.PARTITION_KEY, f"DATE_FORMAT({start}, '{_HOUR}')"),
        (names.SORT_KEY, " || '#' || ".join([iso(start), *parts])),
        *((column.name, _value(column)) for column in model.resolved.columns),
        (names.WINDOW_START, iso(start)),
        (names.WINDOW_END, iso(end)),
        (names.UPDATED_AT, iso("CURRENT_TIMESTAMP")),
        (names.WATERMARK, iso(quoted(names.WATERMARK))),
        (names.TTL, f"EXTRACT(EPOCH FROM {end}) + {keep_seconds}"),
    ]


def iso(expression: str) -> str:
    """The time as `2026-11-22T18:03:00.000Z`."""
    return f"DATE_FORMAT({expression}, '{_ISO}')"


def _item_type(column: Column) -> str:
    return "STRING" if parse_type(column.sql_type).name in _TEXT_IN_ITEMS else column.sql_type


def _value(column: Column) -> str:
    kind = parse_type(column.sql_type)
    if kind.is_time:
        return iso(quoted(column.name))
    if kind.name in _TEXT_IN_ITEMS:
        return f"CAST({quoted(column.name)} AS STRING)"
    return quoted(column.name)


def _literal_part(text: str) -> str:
    escaped = text.replace("%", "%25").replace("#", "%23").replace("'", "''")
    return f"'{escaped}'"


def _key_part(column: Column) -> str:
    """A dimension in the sort key: `%` and `#` escaped, NULL as `%N`."""
    value = _value(column)
    text = value if _item_type(column) == "STRING" else f"CAST({value} AS STRING)"
    escaped = f"REPLACE(REPLACE({text}, '%', '%25'), '#', '%23')"
    return f"COALESCE({escaped}, '%N')" if column.nullable else escaped
