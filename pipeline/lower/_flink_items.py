"""The item layout of a result row (docs/contracts.md), in Flink SQL."""

from __future__ import annotations

from sqlglot import exp

from pipeline import names
from pipeline.flink_options import REPLAY_PLACEHOLDER
from pipeline.model.models import Classified, Column
from pipeline.sql_types import parse_type

HOUR_SECONDS = 3600
_ISO = "yyyy-MM-dd''T''HH:mm:ss.SSS''Z''"
_HOUR = "yyyy-MM-dd''T''HH"
_TEXT_IN_ITEMS = {"TIMESTAMP", "TIMESTAMP_LTZ", "DATE", "TIME"}


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


def replay_from() -> exp.Expr:
    """The moment before which a replay writes no rows, as a TIMESTAMP(3)."""
    return exp.cast(exp.var(REPLAY_PLACEHOLDER), "TIMESTAMP(3)", dialect="flink")


def item_values(model: Classified, literals: dict[str, str]) -> list[tuple[str, str]]:
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


def literal_part(text: str) -> str:
    escaped = text.replace("%", "%25").replace("#", "%23").replace("'", "''")
    return f"'{escaped}'"


def _key_part(column: Column) -> str:
    """A dimension in the sort key: `%` and `#` escaped, NULL as `%N`."""
    value = _value(column)
    text = value if _item_type(column) == "STRING" else f"CAST({value} AS STRING)"
    escaped = f"REPLACE(REPLACE({text}, '%', '%25'), '#', '%23')"
    return f"COALESCE({escaped}, '%N')" if column.nullable else escaped
