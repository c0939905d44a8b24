"""How Flink reads dates and times in texts: which texts are some, which are not, and what they are.

Sources of the grammar: Flink's `DateTimeUtils`, whose dates are read by hand (`2024-2-9`, `2024`, anything
behind a space), and whose timestamps by Java's formatter, for which 30 February is the last of February.
"""

from __future__ import annotations

from pipeline.lower.engine import Engine
from pipeline.lower.expressions.letters import like
from pipeline.lower.expressions.readings import Reading, found
from pipeline.sql_types import SqlType

_YMD = r"([0-9]{1,9})(-([0-9]{1,9})(-([0-9]{1,9}))?)?"
_DATE = rf"\A( +{_YMD} *|{_YMD}( (?s:.*))?)\z"
_BEGINS = r"\A[\x{00}-\x{20}]*\p{Nd}"
_ODD = r"[\x{00}-\x{1F}]|\A |[0-9]{10}|[^\x{00}-\x{7F}]"
"""What Flink's reader of dates may pass over, in a text that begins with a digit."""
_TIMESTAMP = r"\A[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}( [0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}([.][0-9]{0,9})?)?\z"
_ALMOST = (
    r"\A([+][0-9]{5,10}|[0-9]{4})-[0-9]{0,3}-[0-9]{0,3}"
    r"( [0-9]{0,3}:[0-9]{0,3}:[0-9]{0,3}([.][0-9]*)?)?\z"
)
"""What Java's formatter may read with a part left out, or of a year of more digits."""
_END_OF_DAY = r"\A[0-9-]+ 24:0?0:0?0([.]0*)?\z"
_FINE = r"[.][0-9]{3}[0-9]*[1-9]"


def _group(engine: Engine, pattern: str, default: str) -> str:
    """SQL for the whole number that the pattern's group finds, of nine digits at most."""
    return f"COALESCE(TRY_CAST({found(engine, pattern)} AS INT), {default})"


def _two(engine: Engine, number: str) -> str:
    text = "STRING" if engine == "spark" else "VARCHAR"
    return f"lpad(CAST({number} AS {text}), 2, '0')"


def _year(engine: Engine, number: str) -> str:
    text = "STRING" if engine == "spark" else "VARCHAR"
    return f"lpad(CAST({number} AS {text}), 4, '0')"


def date(engine: Engine) -> Reading:
    """A DATE: a year alone is its first day; a day that its month has not is none."""
    year = _group(engine, r"\A *([0-9]+)", "0")
    month = _group(engine, r"\A *[0-9]+-([0-9]+)", "1")
    day = _group(engine, r"\A *[0-9]+-[0-9]+-([0-9]+)", "1")
    text = f"{_year(engine, year)} || '-' || {_two(engine, month)} || '-' || {_two(engine, day)}"
    fits = f"{year} <= 9999 AND {month} <= 12 AND {day} <= 31"
    clear = f"({like(engine, '_1', _DATE)} AND {year} > 0)"
    # Engines begin their calendars at other years.
    first = f"({like(engine, '_1', _DATE)} AND {year} = 0)"
    odd = f"({like(engine, '_1', _BEGINS)} AND {like(engine, '_1', _ODD)})"
    value = f"CASE WHEN {fits} THEN TRY_CAST({text} AS DATE) END"
    return Reading(clear, f"({first} OR {odd})", value)


def timestamp(engine: Engine, name: str, target: SqlType) -> Reading:
    """A TIMESTAMP, its fraction cut off; a day that its month has not is the last one that it has."""
    year = _group(engine, r"\A([0-9]+)", "0")
    month = _group(engine, r"\A[0-9]+-([0-9]+)", "0")
    day = _group(engine, r"\A[0-9]+-[0-9]+-([0-9]+)", "0")
    hour = _group(engine, r" ([0-9]+):", "0")
    minute = _group(engine, r" [0-9]+:([0-9]+)", "0")
    second = _group(engine, r" [0-9]+:[0-9]+:([0-9]+)", "0")
    leap = f"{year} % 4 = 0 AND ({year} % 100 <> 0 OR {year} % 400 = 0)"
    length = (
        f"CASE WHEN {month} IN (4, 6, 9, 11) THEN 30 WHEN {month} <> 2 THEN 31 "
        f"WHEN {leap} THEN 29 ELSE 28 END"
    )
    last = f"CASE WHEN {day} > {length} THEN {length} ELSE {day} END"
    digits = target.parameters[0] if target.parameters else 3
    fraction = ""
    if digits:
        cut = found(engine, rf"[.]([0-9]{{1,{min(digits, 3)}}})")
        fraction = f" || '.' || rpad(COALESCE({cut}, ''), 3, '0')"
    text = (
        f"{_year(engine, year)} || '-' || {_two(engine, month)} || '-' || {_two(engine, last)} || ' ' || "
        f"{_two(engine, hour)} || ':' || {_two(engine, minute)} || ':' || {_two(engine, second)}{fraction}"
    )
    fits = (
        f"{year} > 0 AND {month} BETWEEN 1 AND 12 AND {day} BETWEEN 1 AND 31 "
        f"AND {hour} <= 23 AND {minute} <= 59 AND {second} <= 59"
    )
    end = like(engine, "_1", _END_OF_DAY)
    fine = like(engine, "_1", _FINE) if digits > 3 else "FALSE"
    clear = f"({like(engine, '_1', _TIMESTAMP)} AND NOT {end} AND NOT {fine})"
    value = f"CASE WHEN {fits} THEN TRY_CAST({text} AS {name}) END"
    return Reading(clear, like(engine, "_1", _ALMOST), value)
