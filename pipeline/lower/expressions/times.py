"""Functions of dates and times, and those that read them from text or from numbers."""

from __future__ import annotations

from sqlglot import exp

from pipeline.lower.engine import Engine
from pipeline.lower.expressions.call import Call, Lowering, is_literal_text, literal_int, once
from pipeline.lower.expressions.dates import (
    TIMESTAMP_TYPE,
    added,
    difference,
    epoch_ms,
    format_with,
    formatted,
    named_part,
    part,
    whole_seconds,
)
from pipeline.lower.expressions.letters import like
from pipeline.lower.expressions.moments import date, timestamp
from pipeline.lower.expressions.readings import Reading
from pipeline.lower.expressions.stops import stop

_SECONDS = r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,3})?\z"
_MAYBE = r"^[ ]*[-+]?[0-9]"
_NO_TIME = "-9223372036854775808"


def _from_text(call: Call, kind: str, reading: Reading) -> str:
    """NULL for what is no date or time; a stop at what Flink reads in a way of its own."""
    odd = stop(call.engine, f"{call.name} of a text in an unusual form", kind)
    return once(
        call,
        f"CASE WHEN _1 IS NULL THEN NULL WHEN {reading.clear} THEN {reading.value} "
        f"WHEN {reading.unclear} THEN {odd} END",
    )


def _to_date(call: Call) -> str:
    if call.family(0) != "text" or not (len(call.arguments) == 1 or _is(call.arguments[1], "yyyy-MM-dd")):
        raise call.refuse("TO_DATE with a format other than 'yyyy-MM-dd'")
    return _from_text(call, "DATE", date(call.engine))


def _to_timestamp(call: Call) -> str:
    usual = len(call.arguments) == 1
    if call.family(0) != "text" or not (usual or _is(call.arguments[1], "yyyy-MM-dd HH:mm:ss")):
        raise call.refuse("TO_TIMESTAMP with a format other than 'yyyy-MM-dd HH:mm:ss'")
    kind = TIMESTAMP_TYPE[call.engine]
    return _from_text(call, kind, timestamp(call.engine, kind, call.result()))


def _is(node: exp.Expr, text: str) -> bool:
    return is_literal_text(node) and node.name == text


def _to_timestamp_ltz(call: Call) -> str:
    digits = literal_int(call.arguments[1]) if len(call.arguments) > 1 else 3
    if call.family(0) != "integer" or digits not in (0, 3):
        raise call.refuse("TO_TIMESTAMP_LTZ of other than whole seconds (0) or milliseconds (3)")
    return _moment(call.engine, "CAST(_1 AS BIGINT)" if digits == 3 else "CAST(_1 AS BIGINT) * 1000")


def _moment(engine: Engine, milliseconds: str) -> str:
    # Trino adds no more milliseconds at once than an INT has.
    epoch = "CAST('1970-01-01 00:00:00.000' AS TIMESTAMP(3))"
    days = f"date_add('day', ({milliseconds}) / 86400000, {epoch})"
    return {
        "duckdb": f"epoch_ms(CAST({milliseconds} AS BIGINT))",
        "trino": f"date_add('millisecond', ({milliseconds}) % 86400000, {days})",
        "spark": f"timestamp_millis({milliseconds})",
    }[engine]


def _from_unixtime(call: Call) -> str:
    if call.family(0) != "integer":
        raise call.refuse("FROM_UNIXTIME of other than a whole number")
    moment = _moment(call.engine, "CAST(_1 AS BIGINT) * 1000")
    pattern = call.arguments[1] if len(call.arguments) > 1 else exp.Literal.string("yyyy-MM-dd HH:mm:ss")
    return format_with(call, moment, pattern)


def _unix_timestamp(call: Call) -> str:
    if len(call.arguments) != 1 or call.family(0) != "text":
        raise call.refuse("UNIX_TIMESTAMP of other than a text in the usual form")
    moment = f"TRY_CAST(_1 AS {TIMESTAMP_TYPE[call.engine]})"
    milliseconds = epoch_ms(call.engine, moment)
    seconds = whole_seconds(call.engine, milliseconds)
    return (
        f"CASE WHEN {like(call.engine, '_1', _SECONDS)} "
        f"THEN COALESCE({seconds}, CAST('{_NO_TIME}' AS BIGINT)) "
        f"WHEN {like(call.engine, '_1', _MAYBE)} THEN "
        f"{stop(call.engine, 'UNIX_TIMESTAMP of a text in an unusual form', 'BIGINT')} "
        f"WHEN _1 IS NOT NULL THEN CAST('{_NO_TIME}' AS BIGINT) END"
    )


_PARTS = {
    "YEAR": "YEAR",
    "QUARTER": "QUARTER",
    "MONTH": "MONTH",
    "WEEK": "WEEK",
    "DAYOFYEAR": "DOY",
    "DAYOFMONTH": "DAY",
    "DAYOFWEEK": "DOW",
    "HOUR": "HOUR",
    "MINUTE": "MINUTE",
    "SECOND": "SECOND",
}
FUNCTIONS: dict[str, Lowering] = {
    "EXTRACT": part,
    **{name: named_part(unit) for name, unit in _PARTS.items()},
    "DATE_FORMAT": formatted,
    "TIMESTAMPADD": added,
    "TIMESTAMPDIFF": difference,
    "TO_DATE": _to_date,
    "TO_TIMESTAMP": _to_timestamp,
    "TO_TIMESTAMP_LTZ": _to_timestamp_ltz,
    "FROM_UNIXTIME": _from_unixtime,
    "UNIX_TIMESTAMP": _unix_timestamp,
}
