"""Dates and times: parts, rounding, differences and formats, in UTC and to the millisecond on every engine.

They agree from 1970 on. Before it Flink takes a time with a fraction of a second for the second after it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from sqlglot import exp

from pipeline.lower.engine import ENGINES, Engine
from pipeline.lower.expressions.arithmetic import moved
from pipeline.lower.expressions.call import Call, is_literal_text
from pipeline.lower.expressions.patterns import quoted

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d{1,3})?")
_TRUNCATED = ("YEAR", "QUARTER", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")
_MILLISECONDS = {"SECOND": 1000, "MINUTE": 60_000, "HOUR": 3_600_000, "DAY": 86_400_000, "WEEK": 604_800_000}
_PART_OF_PATTERN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+")
_STRFTIME = {
    "yyyy": "%Y", "yy": "%y", "MM": "%m", "M": "%-m", "dd": "%d", "d": "%-d", "HH": "%H", "H": "%-H",
    "mm": "%M", "m": "%-M", "ss": "%S", "s": "%-S", "SSS": "%g",
}  # fmt: skip
"""Java's pattern letters that mean the same on every engine -> DuckDB's."""
_PARTS: dict[str, dict[Engine, str]] = {
    **{
        unit: dict.fromkeys(ENGINES, f"{unit.lower()}(@)")
        for unit in ("YEAR", "QUARTER", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")
    },
    "WEEK": {"duckdb": "week(@)", "trino": "week(@)", "spark": "weekofyear(@)"},
    "DOW": {"duckdb": "dayofweek(@) + 1", "trino": "day_of_week(@) % 7 + 1", "spark": "dayofweek(@)"},
    "ISODOW": {"duckdb": "isodow(@)", "trino": "day_of_week(@)", "spark": "weekday(@) + 1"},
    "DOY": {"duckdb": "dayofyear(@)", "trino": "day_of_year(@)", "spark": "dayofyear(@)"},
    "ISOYEAR": {"duckdb": "isoyear(@)", "trino": "year_of_week(@)"},
}
"""Unit -> how an engine takes it from the time that stands for `@`."""
TIMESTAMP_TYPE: dict[Engine, str] = {"duckdb": "TIMESTAMP", "trino": "TIMESTAMP(3)", "spark": "TIMESTAMP"}


def literal_time(node: exp.Expr, family: str, engine: Engine) -> str | None:
    """SQL for a date or timestamp that stands as a text in the usual form; None for any other."""
    if not is_literal_text(node):
        return None
    text = node.name
    try:
        if family == "date" and _DATE.fullmatch(text):
            dt.date.fromisoformat(text)
            return f"CAST('{text}' AS DATE)"
        if _DATE.fullmatch(text):
            text += " 00:00:00"
        if family == "timestamp" and _TIMESTAMP.fullmatch(text):
            dt.datetime.fromisoformat(text)
            return f"CAST('{text}' AS {TIMESTAMP_TYPE[engine]})"
    except ValueError:
        return None
    return None


def _time(call: Call, index: int) -> str:
    family = call.family(index)
    if family not in ("date", "timestamp"):
        raise call.refuse(f"{call.name} of other than a DATE or a TIMESTAMP")
    return family


def part(call: Call) -> str:
    """`EXTRACT(unit FROM time)`."""
    unit, family = call.arguments[0].name.upper(), _time(call, 1)
    return _part(call, unit, family, "_2")


def _part(call: Call, unit: str, family: str, place: str) -> str:
    engine = call.engine
    if unit in ("HOUR", "MINUTE", "SECOND") and family == "date":
        raise call.refuse(f"{unit} of a DATE")
    written = _PARTS.get(unit, {}).get(engine)
    if written is not None:
        return f"CAST({written.replace('@', place)} AS BIGINT)"
    if unit == "EPOCH":
        if family == "date":
            return f"{epoch_days(engine, place)} * 86400"
        if engine == "spark":
            return f"unix_seconds({place})"
        return whole_seconds(engine, epoch_ms(engine, place))
    if unit == "MILLISECOND" and family == "timestamp":
        milliseconds = epoch_ms(engine, place)
        return f"(({milliseconds} % 1000) + 1000) % 1000"
    raise call.refuse(f"EXTRACT({unit} FROM ...)")


def named_part(unit: str) -> Callable[[Call], str]:
    """The lowering of a function such as YEAR(time)."""

    def lowering(call: Call) -> str:
        return _part(call, unit, _time(call, 0), "_1")

    return lowering


def epoch_ms(engine: Engine, place: str) -> str:
    """Milliseconds since 1970, of a timestamp."""
    return {
        "duckdb": f"epoch_ms({place})",
        "trino": f"CAST(to_unixtime({place}) * 1000 AS BIGINT)",
        "spark": f"unix_millis({place})",
    }[engine]


def whole_seconds(engine: Engine, milliseconds: str) -> str:
    """Milliseconds rounded down to seconds."""
    return _quotient(engine, f"({milliseconds} - (({milliseconds} % 1000) + 1000) % 1000)", 1000)


def epoch_days(engine: Engine, place: str) -> str:
    """Days since 1970, of a date."""
    return {
        "duckdb": f"CAST(date_diff('day', CAST('1970-01-01' AS DATE), {place}) AS BIGINT)",
        "trino": f"date_diff('day', CAST('1970-01-01' AS DATE), {place})",
        "spark": f"CAST(unix_date({place}) AS BIGINT)",
    }[engine]


def floor_to(call: Call, place: str = "_1") -> str:
    """A template for `FLOOR(time TO unit)`; a week begins on Sunday."""
    unit, family = call.arguments[1].name.upper(), _time(call, 0)
    if family == "date" and unit in ("HOUR", "MINUTE", "SECOND"):
        raise call.refuse(f"{call.name} of a DATE TO {unit}")
    cast = "DATE" if family == "date" else TIMESTAMP_TYPE[call.engine]
    if unit == "WEEK":
        # The engines' weeks begin on Monday.
        one = "to_days(1)" if call.engine == "duckdb" else "INTERVAL '1' DAY"
        return f"CAST(date_trunc('week', {place} + {one}) - {one} AS {cast})"
    if unit not in _TRUNCATED:
        raise call.refuse(f"{call.name} TO {unit}")
    return f"CAST(date_trunc('{unit.lower()}', {place}) AS {cast})"


def ceil_to(call: Call) -> str:
    """A template for `CEIL(time TO unit)`."""
    unit, family = call.arguments[1].name.upper(), _time(call, 0)
    if unit == "WEEK":
        # Flink gives the Sunday itself for any time on a Sunday.
        raise call.refuse("CEIL TO WEEK")
    low = floor_to(call)
    cast = "DATE" if family == "date" else TIMESTAMP_TYPE[call.engine]
    step = "INTERVAL '3' MONTH" if unit == "QUARTER" else f"INTERVAL '1' {unit}"
    return f"CASE WHEN {low} = _1 THEN {low} ELSE CAST({low} + {step} AS {cast}) END"


def added(call: Call) -> str | exp.Expr:
    """`TIMESTAMPADD(unit, amount, time)`."""
    unit = call.arguments[0].name.upper()
    if call.family(1) != "integer":
        raise call.refuse("TIMESTAMPADD of other than a whole number")
    if unit not in (*_MILLISECONDS, "MONTH", "QUARTER", "YEAR"):
        raise call.refuse(f"TIMESTAMPADD({unit}, ...)")
    return moved(call, call.arguments[2], "_2", unit)


def difference(call: Call) -> str:
    """`TIMESTAMPDIFF(unit, from, to)`: whole units, towards zero; months as Flink counts them."""
    unit = call.arguments[0].name.upper()
    families = (_time(call, 1), _time(call, 2))
    kind = TIMESTAMP_TYPE[call.engine]
    if unit in _MILLISECONDS:
        if families == ("date", "date"):
            if unit not in ("DAY", "WEEK"):
                seconds = 86400 // (_MILLISECONDS[unit] // 1000)
                days = f"({epoch_days(call.engine, '_3')} - {epoch_days(call.engine, '_2')})"
                return f"CAST({days} * {seconds} AS INT)"
            days = f"({epoch_days(call.engine, '_3')} - {epoch_days(call.engine, '_2')})"
            return f"CAST({_quotient(call.engine, days, 7) if unit == 'WEEK' else days} AS INT)"
        first, last = (epoch_ms(call.engine, f"CAST(_{index} AS {kind})") for index in (2, 3))
        return f"CAST({_quotient(call.engine, f'({last} - {first})', _MILLISECONDS[unit])} AS INT)"
    if unit not in ("MONTH", "QUARTER", "YEAR"):
        raise call.refuse(f"TIMESTAMPDIFF({unit}, ...)")
    months = _months(call, "_2", "_3", families)
    factor = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}[unit]
    return f"CAST({_quotient(call.engine, months, factor) if factor > 1 else months} AS INT)"


def _quotient(engine: Engine, text: str, divisor: int) -> str:
    sign = {"duckdb": "//", "trino": "/", "spark": "DIV"}[engine]
    return f"{text} {sign} {divisor}"


def _months(call: Call, first: str, last: str, families: tuple[str, str]) -> str:
    """Months between two times: those between the dates, one less where the day is reached but not the hour.

    Flink does the latter whichever is earlier, so that the difference is not symmetric; so is this.
    """
    engine = call.engine

    def date(place: str) -> str:
        return f"CAST({place} AS DATE)"

    def plus(place: str, count: str) -> str:
        return {
            "duckdb": f"CAST({place} + to_months(CAST({count} AS INT)) AS DATE)",
            "trino": f"date_add('month', {count}, {place})",
            "spark": f"add_months({place}, CAST({count} AS INT))",
        }[engine]

    def apart(early: str, late: str) -> str:
        estimate = f"((year({late}) - year({early})) * 12 + month({late}) - month({early}))"
        return f"({estimate} - CASE WHEN {plus(early, estimate)} > {late} THEN 1 ELSE 0 END)"

    d1, d0 = date(first), date(last)
    between = f"(CASE WHEN {d0} >= {d1} THEN {apart(d1, d0)} ELSE -{apart(d0, d1)} END)"
    if families == ("date", "date"):
        return between
    clock = []
    for place in (first, last):
        moment = epoch_ms(engine, f"CAST({place} AS {TIMESTAMP_TYPE[engine]})")
        clock.append(f"({moment} - {epoch_days(engine, date(place))} * 86400000)")
    less = f"CASE WHEN {plus(d1, between)} = {d0} AND {clock[1]} < {clock[0]} THEN 1 ELSE 0 END"
    return f"({between} - {less})"


def formatted(call: Call) -> str:
    """`DATE_FORMAT(time, 'pattern')`: the letters that all engines read alike, and text in quotes."""
    if call.family(0) != "timestamp":
        raise call.refuse("DATE_FORMAT of other than a TIMESTAMP")
    return format_with(call, "_1", call.arguments[1])


def format_with(call: Call, place: str, pattern: exp.Expr) -> str:
    """A template for the time at `place` in a pattern that is written out."""
    known = f"(known: {', '.join(_STRFTIME)} and text in quotes)"
    if not is_literal_text(pattern):
        raise call.refuse(f"the pattern of {call.name} that is not written out")
    parts = _strftime(pattern.name)
    if parts is None:
        raise call.refuse(f"the pattern of {call.name} {known}")
    if call.engine == "duckdb":
        return f"strftime({place}, {quoted(parts, call)})"
    function = {"trino": "format_datetime", "spark": "date_format"}[call.engine]
    return f"{function}({place}, {quoted(pattern.name, call)})"


def _strftime(pattern: str) -> str | None:
    parts: list[str] = []
    at = 0
    for match in _PART_OF_PATTERN.finditer(pattern):
        if match.start() != at:
            return None
        at = match.end()
        text = match[0]
        if match[1] is not None:
            parts.append((match[1].replace("''", "'") or "'").replace("%", "%%"))
        elif match[2] is not None:
            if text not in _STRFTIME:
                return None
            parts.append(_STRFTIME[text])
        elif set(text) & set("[]{}#"):
            return None
        else:
            parts.append(text.replace("%", "%%"))
    return "".join(parts) if at == len(pattern) else None
