"""CAST and TRY_CAST, from every type to every type that agrees.

Where Flink's CAST of a value fails (`CAST('x' AS INT)`), so does the engine's; where Flink's never fails but
wraps around (`CAST(300 AS TINYINT)`), the engine may fail, and never gives another value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from pipeline.lower.engine import Engine
from pipeline.lower.expressions.call import Call, Family, family_of, once
from pipeline.lower.expressions.dates import TIMESTAMP_TYPE, literal_time
from pipeline.lower.expressions.moments import date, timestamp
from pipeline.lower.expressions.readings import Reading, exact, real, whole
from pipeline.lower.expressions.stops import stop
from pipeline.sql_types import STRING, SqlType, from_tree


@dataclass(frozen=True)
class Conversion(Call):
    """A CAST to `target`; `attempt` where it is a TRY_CAST."""

    target: SqlType = STRING
    attempt: bool = False


def cast(call: Call) -> str | exp.Expr:
    """A CAST or TRY_CAST node."""
    node = call.node
    to = node.args["to"]
    target = from_tree(to, True)
    if target is None:
        raise call.refuse(f"CAST to {to.sql(dialect='flink')}")
    name = engine_type(call, target)
    if isinstance(call.arguments[0], exp.Null) or call.family(0) == "null":
        return f"CAST(NULL AS {name})"
    source, goal = call.family(0), family_of(target)
    writer = _WRITERS.get((source, goal))
    if writer is None:
        raise call.refuse(f"CAST of {call.kind(0)} to {target}")
    attempt = isinstance(node, exp.TryCast)
    return writer(Conversion(call.name, call.arguments, call.engine, node, None, target, attempt))


def engine_type(call: Call, kind: SqlType) -> str:
    """What the engine calls a type."""
    if kind.name in ("TIMESTAMP", "TIMESTAMP_LTZ"):
        return TIMESTAMP_TYPE[call.engine]
    if kind.name in ("STRING", "VARCHAR", "CHAR"):
        return "STRING" if call.engine == "spark" else "VARCHAR"
    if kind.name == "FLOAT":
        return "REAL" if call.engine != "spark" else "FLOAT"
    if kind.name == "TIME":
        raise call.refuse("the type TIME")
    return str(kind)


def _plain(call: Conversion) -> str:
    return f"CAST(_1 AS {engine_type(call, call.target)})"


def _to_integer(call: Conversion) -> str:
    name = engine_type(call, call.target)
    if call.engine == "duckdb":
        return f"CAST(trunc(_1) AS {name})"
    if call.engine == "trino":
        return f"CAST(truncate(_1) AS {name})"
    return f"CAST(_1 AS {name})"


def _to_decimal(call: Conversion) -> str:
    """What does not fit is NULL on Flink, also without TRY_."""
    name = engine_type(call, call.target)
    value = "_1"
    if call.family(0) == "float":
        # By the shortest text, as Java does it: 1.005 is 1.01, though the nearest binary is below it.
        if call.kind(0).name == "FLOAT":
            raise call.refuse(f"CAST of FLOAT to {call.target}")
        if call.engine == "duckdb":
            value = "CAST(_1 AS VARCHAR)"
        if call.engine == "trino":
            raise call.refuse(f"CAST of DOUBLE to {call.target}")
    return f"TRY_CAST({value} AS {name})"


def _boolean_to_text(call: Conversion) -> str:
    return _cut(call, "CASE _1 WHEN TRUE THEN 'TRUE' WHEN FALSE THEN 'FALSE' END")


def _boolean_to_integer(call: Conversion) -> str:
    name = engine_type(call, call.target)
    return f"CAST(CASE _1 WHEN TRUE THEN 1 WHEN FALSE THEN 0 END AS {name})"


def _to_text(call: Conversion) -> str:
    return _cut(call, f"CAST(_1 AS {engine_type(call, call.target)})")


def _timestamp_to_text(call: Conversion) -> str:
    digits = call.kind(0).parameters[0] if call.kind(0).parameters else 3
    if digits == 3:
        text = {
            "duckdb": "strftime(_1, '%Y-%m-%d %H:%M:%S.%g')",
            "trino": "format_datetime(_1, 'yyyy-MM-dd HH:mm:ss.SSS')",
            "spark": "date_format(_1, 'yyyy-MM-dd HH:mm:ss.SSS')",
        }[call.engine]
        return _cut(call, text)
    raise call.refuse(f"CAST of {call.kind(0)} to {call.target}")


def _cut(call: Conversion, text: str) -> str:
    """A text of at most so many characters; CHAR(n) is filled up with spaces."""
    if call.target.name == "STRING":
        return text
    length = call.target.parameters[0]
    cut = f"substr({text}, 1, {length})" if call.engine == "trino" else f"left({text}, {length})"
    return f"rpad({cut}, {length}, ' ')" if call.target.name == "CHAR" else cut


def _text_to_text(call: Conversion) -> str:
    return (
        _cut(call, "_1") if call.target.name != "STRING" else f"CAST(_1 AS {engine_type(call, call.target)})"
    )


def _date_to_timestamp(call: Conversion) -> str:
    return f"CAST(_1 AS {engine_type(call, call.target)})"


def _timestamp_to_timestamp(call: Conversion) -> str:
    digits = call.target.parameters[0]
    if digits >= 3:
        return f"CAST(_1 AS {engine_type(call, call.target)})"
    if digits == 0:
        return f"CAST(date_trunc('second', _1) AS {engine_type(call, call.target)})"
    raise call.refuse(f"CAST to {call.target}, which cuts off milliseconds")


def _text_to_number(read: Callable[[Engine, str, SqlType], Reading]) -> Callable[[Conversion], str]:
    """Texts in the forms that Flink reads; others are NULL with TRY_, and fail without."""

    def writer(call: Conversion) -> str:
        return _read(call, read(call.engine, engine_type(call, call.target), call.target))

    return writer


def _read(call: Conversion, reading: Reading) -> str:
    name = engine_type(call, call.target)
    unclear = stop(call.engine, f"a text in an unusual form of {call.target}", name)
    # A DECIMAL that does not fit is NULL without TRY_ as well; other values make Flink fail.
    otherwise = "" if call.attempt else f" ELSE {failure(call, name)}"
    value = reading.value
    if not call.attempt and call.target.name != "DECIMAL":
        value = f"CASE WHEN {value} IS NULL THEN {failure(call, name)} ELSE {value} END"
    return once(
        call,
        f"CASE WHEN _1 IS NULL THEN NULL WHEN {reading.clear} THEN {value} "
        f"WHEN {reading.unclear} THEN {unclear}{otherwise} END",
    )


def failure(call: Conversion, name: str) -> str:
    """SQL that fails where Flink fails, too."""
    return stop(call.engine, f"a text that is no {call.target}, where Flink may stop as well", name)


def _text_to_time(call: Conversion) -> str:
    family = family_of(call.target)
    literal = literal_time(call.arguments[0], family, call.engine)
    if literal is not None:
        return literal
    return _read(call, date(call.engine) if family == "date" else _moment(call))


def _moment(call: Conversion) -> Reading:
    return timestamp(call.engine, engine_type(call, call.target), call.target)


def _text_to_boolean(call: Conversion) -> str:
    otherwise = "" if call.attempt else f" ELSE {failure(call, 'BOOLEAN')}"
    return (
        "CASE WHEN _1 IS NULL THEN NULL WHEN lower(_1) IN ('t', 'true', 'y', 'yes', '1') THEN TRUE "
        f"WHEN lower(_1) IN ('f', 'false', 'n', 'no', '0') THEN FALSE{otherwise} END"
    )


def _float_to_text(call: Conversion) -> str:
    if call.engine != "spark":
        raise call.refuse(f"CAST of {call.kind(0)} to {call.target}")
    return _cut(call, "CAST(_1 AS STRING)")


_WRITERS: dict[tuple[Family, Family], Callable[[Conversion], str]] = {
    ("integer", "integer"): _plain,
    ("integer", "decimal"): _to_decimal,
    ("integer", "float"): _plain,
    ("integer", "text"): _to_text,
    ("integer", "boolean"): lambda _: "_1 <> 0",
    ("decimal", "integer"): _to_integer,
    ("decimal", "decimal"): _to_decimal,
    ("decimal", "float"): _plain,
    ("decimal", "text"): _to_text,
    ("float", "integer"): _to_integer,
    ("float", "decimal"): _to_decimal,
    ("float", "float"): _plain,
    ("float", "text"): _float_to_text,
    ("text", "integer"): _text_to_number(whole),
    ("text", "decimal"): _text_to_number(exact),
    ("text", "float"): _text_to_number(real),
    ("text", "text"): _text_to_text,
    ("text", "boolean"): _text_to_boolean,
    ("text", "date"): _text_to_time,
    ("text", "timestamp"): _text_to_time,
    ("boolean", "boolean"): _plain,
    ("boolean", "text"): _boolean_to_text,
    ("boolean", "integer"): _boolean_to_integer,
    ("date", "date"): _plain,
    ("date", "timestamp"): _date_to_timestamp,
    ("date", "text"): _to_text,
    ("timestamp", "date"): _plain,
    ("timestamp", "timestamp"): _timestamp_to_timestamp,
    ("timestamp", "text"): _timestamp_to_text,
}
"""What an engine can do -> how; what is not here is refused."""
