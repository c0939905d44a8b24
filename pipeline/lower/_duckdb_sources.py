"""The streams of a model as tables of DuckDB: types, watermarks, repeats, late events and windows.

Times are `TIMESTAMP` without a zone, in UTC, whatever Flink calls them. A table of arrivals is named after
its event and holds the contract's columns, `_arrival` (when the stream took the event) and `_sequence`, a
number that grows in arrival order.
"""

# ruff: noqa: S608  all names in the SQL were checked by the compiler
from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from pipeline.model.contracts import Contracts, Event
from pipeline.names import ARRIVAL, WATERMARK, column_name
from sqlglot_flink.expressions import Cumulate, Hop, Tumble, WindowFunction

SEQUENCE = "_sequence"
"""Column of a table of arrivals: grows from row to row in arrival order."""

_TYPES = {"STRING": "VARCHAR", "BYTES": "BLOB", "FLOAT": "FLOAT", "INT": "INTEGER"}
_MILLISECONDS = {"MILLISECOND": 1, "SECOND": 1000, "MINUTE": 60_000, "HOUR": 3_600_000, "DAY": 86_400_000}


def duckdb_type(sql_type: str) -> str:
    """The DuckDB type of a Flink type of the contracts, such as `TIMESTAMP` for `TIMESTAMP_LTZ(3)`."""
    if sql_type.startswith("TIMESTAMP"):
        return "TIMESTAMP"
    return _TYPES.get(sql_type, sql_type)


def column_names(event: Event) -> tuple[str, ...]:
    """The event's columns in SQL."""
    return tuple(column_name(field.name) for field in event.fields)


def create_table(event: Event) -> str:
    """DDL of the event's table of arrivals."""
    columns = [
        f'"{name}" {duckdb_type(field.sql_type)}'
        for name, field in zip(column_names(event), event.fields, strict=True)
    ]
    return f'CREATE TABLE "{event.name}" ({", ".join(columns)}, {ARRIVAL} TIMESTAMP, {SEQUENCE} BIGINT)'


def arrivals_name(event: str) -> str:
    """Name of the common table expression with each event's first arrival and the watermark it met."""
    return f"{event}_arrivals"


def counted_name(event: str) -> str:
    """Name of the common table expression with the events that count."""
    return f"{event}_counted"


def arrivals(event: Event) -> str:
    """First arrivals of an event; repeats of an `event_id` are left out.

    Each has the watermark it met: the greatest event time that had arrived before it, less the delay.
    """
    return (
        f"SELECT * FROM (\n"
        f"    SELECT *, MAX(event_time) OVER (\n"
        f"        ORDER BY {SEQUENCE} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING\n"
        f"    ) - INTERVAL {event.watermark_delay_ms} MILLISECONDS AS {WATERMARK}\n"
        f'    FROM "{event.name}"\n'
        f")\n"
        f"QUALIFY ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY {SEQUENCE}) = 1"
    )


def counted(event: Event, late_hours: int | None) -> str:
    """The events that count: first arrivals, within `late_hours` after they happened (None: all)."""
    name = arrivals_name(event.name)
    if late_hours is None:
        return f"SELECT * FROM {name}"
    return f"SELECT * FROM {name}\nWHERE {on_time(late_hours)}"


def on_time(late_hours: int) -> str:
    """Condition of an event that is not too late for a live model."""
    return f"event_time > {ARRIVAL} - INTERVAL {late_hours} HOURS"


def common_columns(contracts: Contracts) -> tuple[str, ...]:
    """Columns of `events`: what all but the standalone events share."""
    event = next(event for event in contracts.events if not event.standalone)
    return tuple(
        name
        for name, field in zip(column_names(event), event.fields, strict=True)
        if field.origin in {"common", "enrichment"}
    )


def union_of(events: Sequence[str], contracts: Contracts) -> str:
    """The table `events`: the common columns of all that count."""
    columns = ", ".join((*common_columns(contracts), WATERMARK))
    return "\nUNION ALL\n".join(f"SELECT {columns} FROM {counted_name(event)}" for event in events)


def milliseconds(interval: exp.Expr | None) -> int | None:
    """Length of `INTERVAL '5' MINUTE`; None where it is no literal of a fixed length."""
    if interval is None:
        return 0
    if not isinstance(interval, exp.Interval) or not isinstance(interval.this, exp.Literal):
        return None
    unit = interval.args.get("unit")
    factor = _MILLISECONDS.get(unit.name.upper()) if isinstance(unit, exp.Expr) else None
    text = interval.this.name.strip()
    return int(text) * factor if factor and text.lstrip("-").isdigit() else None


def windowed(window: WindowFunction, table: str, *, drop_late: bool) -> str:
    """The rows of `table` once for each of their windows: `window_start`, `window_end`, `window_time`.

    `drop_late` leaves out what came when its window had closed. Raises `ValueError` for a window that Flink
    would not take either (sizes that are no multiples).
    """
    time = window.args["time"].expressions[0].name
    at = f"epoch_ms({time})"
    size, offset = (_length(window, key) for key in ("size", "offset"))
    if isinstance(window, Tumble):
        starts, ends = _floor(at, size, offset), f"_start + {size}"
    elif isinstance(window, Hop):
        slide = _length(window, "slide")
        _must_divide(slide, size)
        starts = f"UNNEST(range({_floor(at, slide, offset)}, {at} - {size}, -{slide}))"
        ends = f"_start + {size}"
    elif isinstance(window, Cumulate):
        step = _length(window, "step")
        _must_divide(step, size)
        starts = _floor(at, size, offset)
        ends = f"UNNEST(range({_floor(at, step, offset)} + {step}, _start + {size} + 1, {step}))"
    else:
        raise TypeError(f"{window.NAME} is not lowered to DuckDB")
    rows = (
        f"SELECT * EXCLUDE (_start, _end), make_timestamp_ms(_start) AS window_start,\n"
        f"    make_timestamp_ms(_end) AS window_end, make_timestamp_ms(_end - 1) AS window_time\n"
        f"FROM (SELECT *, {ends} AS _end FROM (SELECT *, {starts} AS _start FROM {table}))"
    )
    if drop_late:
        rows += f"\nWHERE {WATERMARK} IS NULL OR _end - 1 > epoch_ms({WATERMARK})"
    return rows


def _length(window: WindowFunction, key: str) -> int:
    length = milliseconds(window.args.get(key))
    if length is None:
        raise ValueError(f"the {key} of {window.NAME} is no INTERVAL of a fixed length")
    return length


def _must_divide(step: int, size: int) -> None:
    if step <= 0 or size % step:
        raise ValueError("the window's size is no multiple of its step")


def _floor(at: str, size: int, offset: int) -> str:
    """The greatest multiple of `size` (moved by `offset`) that is not beyond `at`, also before 1970."""
    shifted = f"({at} - {offset})" if offset else at
    return f"{at} - (({shifted} % {size} + {size}) % {size})"
