"""COALESCE, IF, GREATEST and their like."""

from __future__ import annotations

from sqlglot import exp

from pipeline.lower.expressions.call import Call, Lowering
from pipeline.lower.expressions.casts import engine_type


def unified(call: Call, text: str, indexes: range) -> str:
    """The template, in a CAST to Flink's type where the arguments are numbers of several types."""
    kinds = [call.kind(index) for index in indexes]
    known = {(kind.name, kind.parameters) for kind in kinds if kind.name != "NULL"}
    families = {call.family(index) for index in indexes} - {"null"}
    if not families:
        return text
    if len(families) > 1 and not families <= {"integer", "decimal", "float"}:
        raise call.refuse(f"{call.name} of {', '.join(sorted(str(kind) for kind in kinds))}")
    return f"CAST({text} AS {engine_type(call, call.result())})" if len(known) > 1 else text


def _coalesce(call: Call) -> str:
    every = range(len(call.arguments))
    return unified(call, f"COALESCE({', '.join(f'_{index + 1}' for index in every)})", every)


def _if(call: Call) -> str:
    return unified(call, "CASE WHEN _1 THEN _2 ELSE _3 END", range(1, 3))


def _extreme(call: Call) -> str:
    every = range(len(call.arguments))
    kinds = [call.kind(index) for index in every]
    if "float" in {call.family(index) for index in every}:
        parts = [f"CAST(_{index + 1} AS DOUBLE)" for index in every]
    else:
        parts = [f"_{index + 1}" for index in every]
    name = call.name.lower()
    if any(call.family(index) in ("boolean", "time", "null") for index in every):
        raise call.refuse(f"{call.name} of {', '.join(map(str, kinds))}")
    if len(parts) == 1:
        return parts[0]
    text = unified(call, f"{name}({', '.join(parts)})", every)
    nullable = [part for part, kind in zip(parts, kinds, strict=True) if kind.nullable]
    if call.engine == "trino" or not nullable:
        return text
    return f"CASE WHEN {' OR '.join(f'{part} IS NULL' for part in nullable)} THEN NULL ELSE {text} END"


def _grouping(call: Call) -> str | exp.Expr:
    places = [f"_{index + 1}" for index in range(len(call.arguments))]
    if call.engine != "spark":
        return f"CAST(grouping({', '.join(places)}) AS BIGINT)"
    most = len(places) - 1
    return " + ".join(
        f"CAST(grouping({place}) AS BIGINT) * {2 ** (most - at)}" for at, place in enumerate(places)
    )


FUNCTIONS: dict[str, Lowering] = {
    "COALESCE": _coalesce,
    "IFNULL": _coalesce,
    "IF": _if,
    "GREATEST": _extreme,
    "LEAST": _extreme,
    "GROUPING": _grouping,
    "GROUPING_ID": _grouping,
}
