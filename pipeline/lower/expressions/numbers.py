"""Functions of numbers; of DOUBLEs by each engine's own mathematics, so that the last digit may differ."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from pipeline.lower.engine import Engine
from pipeline.lower.expressions.arithmetic import remainder
from pipeline.lower.expressions.call import Call, Lowering, literal_int
from pipeline.lower.expressions.dates import ceil_to, floor_to
from pipeline.sql_types import decimal_of

_NUMBERS = ("integer", "decimal", "float")
_WHOLE = "4503599627370496"
"""2 to the 52: a DOUBLE beyond it has no fraction."""


def _number(call: Call, index: int = 0) -> str:
    family = call.family(index)
    if family not in _NUMBERS:
        raise call.refuse(f"{call.name} of {call.kind(index)}")
    return family


def _real(*templates: str, **by_engine: str) -> Callable[[Call], str]:
    """A function of DOUBLEs; `_1` and `_2` in the template are the arguments as DOUBLE."""

    def lowering(call: Call) -> str:
        text = by_engine.get(call.engine, templates[0] if templates else "")
        for index in range(len(call.arguments)):
            _number(call, index)
            text = text.replace(f"_{index + 1}", f"CAST(@{index + 1} AS DOUBLE)")
        return text.replace("@", "_")

    return lowering


def _abs(call: Call) -> str:
    _number(call)
    return "abs(_1)"


def _sign(call: Call) -> str:
    family = _number(call)
    if family == "float":
        return "CASE WHEN _1 > 0 THEN CAST(1 AS DOUBLE) WHEN _1 < 0 THEN CAST(-1 AS DOUBLE) ELSE _1 END"
    return f"CAST(CASE WHEN _1 > 0 THEN 1 WHEN _1 < 0 THEN -1 WHEN _1 = 0 THEN 0 END AS {call.kind(0)})"


def _whole(call: Call) -> str | exp.Expr:
    """FLOOR and CEIL, of a number or of a time."""
    if len(call.arguments) > 1:
        return floor_to(call) if call.name == "FLOOR" else ceil_to(call)
    family = _number(call)
    if family == "integer":
        return call.arguments[0].copy()
    name = call.name.lower()
    if family == "decimal":
        return f"CAST({name}(_1) AS {call.result()})"
    if call.engine == "spark":
        return f"CASE WHEN abs(_1) < {_WHOLE} THEN CAST({name}(_1) AS DOUBLE) ELSE _1 END"
    return f"{name}(_1)"


def _round(call: Call) -> str | exp.Expr:
    """Half away from zero; of a DOUBLE by its shortest text, as Java does it."""
    family = _number(call)
    digits = literal_int(call.arguments[1]) if len(call.arguments) > 1 else 0
    if digits is None:
        raise call.refuse("ROUND to a number of digits that is not written out")
    if family == "integer":
        if digits >= 0:
            return call.arguments[0].copy()
        raise call.refuse("ROUND of a whole number to tens")
    if family == "decimal":
        if digits < 0:
            raise call.refuse("ROUND of a DECIMAL to tens")
        precision, scale = decimal_of(call.kind(0))
        _last_step(call)
        if digits >= scale:
            return call.arguments[0].copy()
        return f"CAST(_1 AS DECIMAL({min(38, precision - scale + 1 + digits)}, {digits}))"
    if digits == 0:
        down = "floor(abs(_1))"
        near = f"({down} + CASE WHEN abs(_1) - {down} >= 0.5 THEN 1 ELSE 0 END)"
        signed = f"CAST(CASE WHEN _1 < 0 THEN -{near} ELSE {near} END AS DOUBLE)"
        return f"CASE WHEN abs(_1) < {_WHOLE} THEN {signed} ELSE _1 END"
    if call.kind(0).name != "DOUBLE" or not 0 < digits <= 18 or call.engine == "trino":
        raise call.refuse(f"ROUND of {call.kind(0)} to {digits} digits")
    if call.engine == "spark":
        return "round(_1, _2)"
    return f"CAST(CAST(CAST(_1 AS VARCHAR) AS DECIMAL(38, {digits})) AS DOUBLE)"


def _last_step(call: Call) -> None:
    """Of ROUND(DECIMAL, 2) the type depends on the 2, which the types of the arguments don't tell."""
    parent = call.node.parent
    while isinstance(parent, exp.Paren):
        parent = parent.parent
    if (
        len(call.arguments) > 1
        and isinstance(parent, exp.Condition)
        and not isinstance(
            parent, (exp.Cast, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.Is)
        )
    ):
        raise call.refuse(f"{call.name} of a DECIMAL inside another expression (CAST it to a DECIMAL)")


def _truncate(call: Call) -> str | exp.Expr:
    family = _number(call)
    digits = literal_int(call.arguments[1]) if len(call.arguments) > 1 else 0
    if family == "integer" and digits is not None and digits >= 0:
        return call.arguments[0].copy()
    if family == "decimal" and digits is not None and digits >= 0:
        _last_step(call)
        precision, scale = decimal_of(call.kind(0))
        if digits >= scale:
            return call.arguments[0].copy()
        factor = f"CAST(1{'0' * digits} AS DECIMAL({digits + 1}, 0))"
        if precision + digits + 1 > 38:
            raise call.refuse(f"TRUNCATE of {call.kind(0)}")
        whole = {
            "duckdb": f"trunc(_1 * {factor})",
            "trino": f"truncate(_1 * {factor})",
            "spark": f"CASE WHEN _1 < 0 THEN ceil(_1 * {factor}) ELSE floor(_1 * {factor}) END",
        }[call.engine]
        whole = f"CAST({whole} AS DECIMAL({precision - scale + digits + 1}, 0))"
        one = f"CAST('0.{'0' * (digits - 1)}1' AS DECIMAL({digits + 1}, {digits}))" if digits else "1"
        return f"CAST({whole} * {one} AS DECIMAL({precision - scale + digits + 1}, {digits}))"
    raise call.refuse(f"TRUNCATE of {call.kind(0)}")


def _log(call: Call) -> str:
    if len(call.arguments) == 1:
        return _ln(call, "_1")
    return f"{_ln(call, '_2')} / {_ln(call, '_1')}"


def _ln(call: Call, place: str, name: str = "ln") -> str:
    index = int(place[1]) - 1
    _number(call, index)
    value = f"CAST({place} AS DOUBLE)"
    plain = f"{name}({value})"
    if call.engine == "trino":
        return plain
    # Spark gives NULL, and DuckDB may fail, where Java gives -Infinity and NaN.
    below = f"WHEN {value} = 0 THEN CAST('-Infinity' AS DOUBLE) WHEN {value} < 0 THEN CAST('NaN' AS DOUBLE)"
    return f"(CASE {below} ELSE {plain} END)"


def table(engine: Engine) -> dict[str, Lowering]:
    """The number functions of an engine."""
    return {
        "ABS": _abs,
        "SIGN": _sign,
        "FLOOR": _whole,
        "CEIL": _whole,
        "ROUND": _round,
        "TRUNCATE": _truncate,
        "MOD": remainder,
        "POWER": _real("power(_1, _2)"),
        "SQRT": _real("sqrt(_1)"),
        "EXP": _real("exp(_1)"),
        "LN": lambda call: _ln(call, "_1"),
        "LOG": _log,
        "LOG10": lambda call: _ln(call, "_1", "log10"),
        "LOG2": lambda call: f"{_ln(call, '_1')} / ln(CAST(2 AS DOUBLE))",
        "SIN": _real("sin(_1)"),
        "COS": _real("cos(_1)"),
        "TAN": _real("tan(_1)"),
        "COT": _real("CAST(1 AS DOUBLE) / tan(_1)"),
        "ASIN": _real("CASE WHEN abs(_1) > 1 THEN CAST('NaN' AS DOUBLE) ELSE asin(_1) END"),
        "ACOS": _real("CASE WHEN abs(_1) > 1 THEN CAST('NaN' AS DOUBLE) ELSE acos(_1) END"),
        "ATAN": _real("atan(_1)"),
        "ATAN2": _real("atan2(_1, _2)"),
        "SINH": _real("sinh(_1)"),
        "COSH": _real("cosh(_1)"),
        "TANH": _real("tanh(_1)"),
        "DEGREES": _real("degrees(_1)"),
        "RADIANS": _real("radians(_1)"),
        "PI": "pi()",
        "E": "exp(CAST(1 AS DOUBLE))" if engine == "duckdb" else "e()",
    }
