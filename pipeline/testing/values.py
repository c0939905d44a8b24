"""Cells to typed values and back: what `25.25` means in a DECIMAL column and `12:00` in a TIMESTAMP one.

Python types by SQL type: STRING, CHAR and VARCHAR `str`; integers `int`; DECIMAL `Decimal`; FLOAT and DOUBLE
`float`; BOOLEAN `bool`; DATE `date`; TIME `time`; TIMESTAMP and TIMESTAMP_LTZ `datetime` in UTC,
without a zone.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from pipeline.testing.text_table import Cell, quote

DAY = dt.date(2026, 1, 15)
"""The day of a time without a date."""

Value = str | int | Decimal | float | bool | dt.date | dt.time | dt.datetime | None

_INTEGERS = {"TINYINT": 8, "SMALLINT": 16, "INT": 32, "INTEGER": 32, "BIGINT": 64}
_TIME = re.compile(r"(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?")
_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:\d\d)?")


class ValueFormatError(ValueError):
    """A cell does not hold a value of its type; says what was expected."""


@dataclass(frozen=True)
class SqlType:
    """A Flink type taken apart: `DECIMAL(12, 2)` is `DECIMAL` and `(12, 2)`."""

    name: str
    arguments: tuple[int, ...]
    text: str

    @classmethod
    def of(cls, text: str) -> SqlType:
        """The type that the text spells."""
        match = re.fullmatch(r"\s*([A-Z_]+)\s*(?:\(([\d,\s]+)\))?(?:\s+NOT NULL)?\s*", text.upper())
        if match is None:
            return cls(text.upper(), (), text)
        arguments = tuple(int(part) for part in (match[2] or "").split(",") if part.strip())
        return cls(match[1], arguments, text)


def parse_value(cell: Cell, sql_type: str) -> Value:
    """The value in the cell. Raises `ValueFormatError` where it is none of that type."""
    return None if cell.is_null else parse_text(cell.text, sql_type)


def parse_text(text: str, sql_type: str) -> Value:
    """The value of that type that the text spells. Raises `ValueFormatError` where there is none."""
    kind = SqlType.of(sql_type)
    parser = _PARSERS.get(kind.name)
    if parser is None:
        raise ValueFormatError(f"columns of type {sql_type} cannot be written in a text table")
    return parser(text, kind)


def parse_example(example: object, sql_type: str) -> Value:
    """A contract's example (as YAML reads it) as a value of the column. Raises `ValueFormatError`."""
    if example is None:
        return None
    text = str(example).upper() if isinstance(example, bool) else str(example)
    kind = SqlType.of(sql_type)
    parser = _PARSERS.get(kind.name)
    if parser is None:
        raise ValueFormatError(f"columns of type {sql_type} cannot be given in a test yet")
    return parser(text, kind)


def format_value(value: Value) -> str:
    """The value as a cell: what `parse_value` reads back. Times of `DAY` stand without the date."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        if value.date() != DAY:
            return value.isoformat(sep="T", timespec="milliseconds" if value.microsecond else "seconds") + "Z"
        return _format_time(value.time())
    if isinstance(value, dt.time):
        return _format_time(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return quote(str(value))


def equal(left: Value, right: Value) -> bool:
    """Whether two values of one column are the same: DECIMAL by amount, FLOAT and DOUBLE to 9 digits."""
    if left is None or right is None:
        return left is right
    if isinstance(left, float) or isinstance(right, float):
        if not isinstance(left, int | float | Decimal) or not isinstance(right, int | float | Decimal):
            return False
        return (math.isnan(left) and math.isnan(right)) or math.isclose(
            left, right, rel_tol=1e-9, abs_tol=1e-12
        )
    return left == right


def _format_time(value: dt.time) -> str:
    if value.microsecond % 1000:
        return value.isoformat(timespec="microseconds")
    if value.microsecond:
        return value.isoformat(timespec="milliseconds")
    return value.isoformat(timespec="seconds" if value.second else "minutes")


def _string(text: str, kind: SqlType) -> Value:
    if kind.arguments and len(text) > kind.arguments[0]:
        raise ValueFormatError(f"{kind.text} holds at most {kind.arguments[0]} characters")
    return text


def _integer(text: str, kind: SqlType) -> Value:
    if not re.fullmatch(r"[+-]?\d+", text):
        raise ValueFormatError(f"{kind.text} was expected, such as 42")
    value, bits = int(text), _INTEGERS[kind.name]
    if not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1):
        raise ValueFormatError(f"{kind.text} goes from {-(2 ** (bits - 1))} to {2 ** (bits - 1) - 1}")
    return value


def _decimal(text: str, kind: SqlType) -> Value:
    precision, scale = (*kind.arguments, 0)[:2] if kind.arguments else (10, 0)
    match = re.fullmatch(r"[+-]?(\d+)(?:\.(\d+))?", text)
    if match is None:
        raise ValueFormatError(f"{kind.text} was expected, such as {Decimal(1295).scaleb(-scale):f}")
    if len(match[2] or "") > scale:
        raise ValueFormatError(f"{kind.text} has {scale} digits after the point")
    if len(match[1].lstrip("0")) > precision - scale:
        raise ValueFormatError(f"{kind.text} has {precision - scale} digits before the point")
    return Decimal(text)


def _double(text: str, kind: SqlType) -> Value:
    try:
        return float(text)
    except ValueError:
        raise ValueFormatError(f"{kind.text} was expected, such as 0.25") from None


def _boolean(text: str, kind: SqlType) -> Value:
    if text.upper() not in {"TRUE", "FALSE"}:
        raise ValueFormatError(f"{kind.text} was expected: TRUE or FALSE")
    return text.upper() == "TRUE"


def _date(text: str, kind: SqlType) -> Value:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueFormatError(f"{kind.text} was expected, such as {DAY}") from None


def _time(text: str, kind: SqlType) -> Value:
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueFormatError(f"{kind.text} was expected, such as 12:00:05")
    try:
        moment = dt.time(
            int(match[1]), int(match[2]), int(match[3] or 0), int((match[4] or "").ljust(6, "0")[:6])
        )
    except ValueError:
        raise ValueFormatError("there is no such time of day") from None
    precision = kind.arguments[0] if kind.arguments else 3
    if len((match[4] or "").rstrip("0")) > precision:
        raise ValueFormatError(f"{kind.text} has {precision} digits after the seconds' point")
    return moment


def _timestamp(text: str, kind: SqlType) -> Value:
    if _TIME.fullmatch(text):
        moment = _time(text, kind)
        assert isinstance(moment, dt.time)
        return dt.datetime.combine(DAY, moment)
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        raise ValueFormatError(
            f"{kind.text} was expected: a time of {DAY} such as 12:00:05.250, or {DAY}T12:00:05Z"
        )
    day, moment = _date(match[1], SqlType.of("DATE")), _time(match[2], kind)
    assert isinstance(day, dt.date)
    assert isinstance(moment, dt.time)
    offset = dt.timedelta(0)
    if match[3] and match[3] != "Z":
        hours, minutes = match[3][1:].split(":")
        offset = dt.timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if match[3][0] == "-" else 1)
    return dt.datetime.combine(day, moment) - offset


_PARSERS: dict[str, Callable[[str, SqlType], Value]] = {
    **dict.fromkeys(("STRING", "VARCHAR", "CHAR"), _string),
    **dict.fromkeys(_INTEGERS, _integer),
    **dict.fromkeys(("DECIMAL", "NUMERIC"), _decimal),
    **dict.fromkeys(("FLOAT", "DOUBLE"), _double),
    "BOOLEAN": _boolean,
    "DATE": _date,
    "TIME": _time,
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_LTZ"), _timestamp),
}
