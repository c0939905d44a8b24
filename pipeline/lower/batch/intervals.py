"""Lengths of time as Flink writes them: `INTERVAL '5' MINUTE` and its relatives, in milliseconds."""

from __future__ import annotations

import re
from decimal import Decimal

from sqlglot import exp

from sqlglot_flink.expressions import WindowFunction

_UNITS = {"MILLISECOND": 1, "SECOND": 1000, "MINUTE": 60_000, "HOUR": 3_600_000, "DAY": 86_400_000}
_UNITS["WEEK"] = 7 * _UNITS["DAY"]
_PART = re.compile(r"\d+(?:\.\d+)?")
_ORDER = ("DAY", "HOUR", "MINUTE", "SECOND")


def milliseconds(interval: exp.Expr | None) -> int | None:
    """The length of an interval of days to seconds; None for other than a literal of a fixed length.

    `INTERVAL '1 02:03' DAY TO MINUTE` and `-INTERVAL '8' HOUR` are understood too.
    """
    if isinstance(interval, exp.Paren):
        return milliseconds(interval.this)
    if isinstance(interval, exp.Neg):
        length = milliseconds(interval.this)
        return None if length is None else -length
    if not isinstance(interval, exp.Interval) or not isinstance(interval.this, (exp.Literal, exp.Neg)):
        return None
    text = interval.this.sql(dialect="flink").strip("'").replace(" ", " ").strip()
    sign = -1 if text.startswith("-") else 1
    numbers = _PART.findall(text)
    units = _units(interval.args.get("unit"))
    if not units or len(units) != len(numbers):
        return None
    total = sum(Decimal(number) * _UNITS[unit] for number, unit in zip(numbers, units, strict=True))
    return sign * int(total) if total == int(total) else None


def length(window: WindowFunction, key: str) -> int:
    """The length that a window function is given, in milliseconds; 0 for an `offset` that is not there.

    Raises `ValueError` where it is no literal of a fixed length, or not above 0.
    """
    argument = window.args.get(key)
    if argument is None and key == "offset":
        return 0
    found = milliseconds(argument)
    if found is None:
        raise ValueError(f"its {key} is no INTERVAL of a fixed length")
    if found <= 0 and key != "offset":
        raise ValueError(f"its {key} is not above 0")
    return found


def _units(unit: exp.Expr | None) -> tuple[str, ...]:
    if isinstance(unit, exp.IntervalSpan):
        first, last = (_singular(unit.this), _singular(unit.expression))
        if first in _ORDER and last in _ORDER:
            return _ORDER[_ORDER.index(first) : _ORDER.index(last) + 1]
        return ()
    name = _singular(unit)
    return (name,) if name in _UNITS else ()


def _singular(unit: exp.Expr | None) -> str:
    # A precision, as in SECOND(3), says nothing about the length.
    return unit.name.upper().partition("(")[0].removesuffix("S") if isinstance(unit, exp.Expr) else ""
