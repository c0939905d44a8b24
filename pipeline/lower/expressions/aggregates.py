"""Aggregates and OVER functions, with their DISTINCT, FILTER and OVER.

Flink gives AVG of whole numbers as a whole number and works variances out from sums of squares.
FILTER within OVER, which only DuckDB knows, becomes a CASE in the argument.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from pipeline.functions import FUNCTIONS
from pipeline.lower.expressions.arithmetic import decimal_division
from pipeline.lower.expressions.call import Call, CannotLowerError, Lowering
from pipeline.lower.expressions.named import argument_list, called_name
from pipeline.sql_types import BIGINT, SqlType

OVER_ONLY = frozenset(
    {"ROW_NUMBER", "RANK", "DENSE_RANK", "NTILE", "PERCENT_RANK", "CUME_DIST", "LAG", "LEAD"}
)


@dataclass
class Wrapped:
    """An aggregate call without its clauses."""

    call: exp.Expr
    distinct: exp.Distinct | None
    filter: exp.Filter | None
    window: exp.Window | None

    @property
    def parts(self) -> list[exp.Expr]:
        """The clauses, whose inner expressions are lowered on their own."""
        found: list[exp.Expr] = [self.filter.expression] if self.filter else []
        return found + ([self.distinct] if self.distinct else [])

    @property
    def arguments(self) -> list[exp.Expr]:
        """The arguments, without DISTINCT; with OVER the FILTER is a CASE about the first."""
        arguments = list(self.distinct.expressions) if self.distinct else argument_list(self.call)
        if self.window and self.filter:
            first: exp.Expr = arguments[0] if arguments else exp.Literal.number(1)
            case = exp.Case(ifs=[exp.If(this=self.filter.expression.this.copy(), true=first.copy())])
            if isinstance(first.type, exp.DataType):
                case.type = first.type
                case.meta["nullable"] = True
            else:
                case.type = exp.DataType.build("INT")
            arguments = [case, *arguments[1:]]
        return arguments


def is_wrapped(node: exp.Expr) -> bool:
    """Whether the node is an aggregate call, or the FILTER or OVER about one."""
    if isinstance(node, (exp.Window, exp.Filter)):
        return True
    name = called_name(node)
    if name in OVER_ONLY or isinstance(node, exp.AggFunc):
        return True
    function = FUNCTIONS.get(name) if name else None
    return function is not None and function.aggregate


def unwrap(node: exp.Expr) -> Wrapped:
    """The call inside FILTER and OVER, and these."""
    window = node if isinstance(node, exp.Window) else None
    inner = window.this if window else node
    filtered = inner if isinstance(inner, exp.Filter) else None
    call = filtered.this if filtered else inner
    distinct = call.this if isinstance(call.this, exp.Distinct) else None
    first = call.expressions[0] if isinstance(call, exp.Anonymous) and call.expressions else None
    if isinstance(first, exp.Distinct):
        distinct = first
    return Wrapped(call, distinct, filtered, window)


def around(wrapped: Wrapped, name: str) -> Callable[[exp.Expr], exp.Expr]:
    """What puts DISTINCT, FILTER and OVER about an aggregate of the engine."""
    if wrapped.window is not None and wrapped.distinct is not None:
        raise CannotLowerError(f"{name}(DISTINCT ...) OVER (...)")

    def put(node: exp.Expr) -> exp.Expr:
        if wrapped.distinct is not None:
            node.set("expressions", [exp.Distinct(expressions=node.expressions)])
        if wrapped.window is not None:
            window = wrapped.window.copy()
            window.set("this", node)
            return window
        if wrapped.filter is not None:
            return exp.Filter(this=node, expression=wrapped.filter.expression.copy())
        return node

    return put


def lower(call: Call, wrapped: Wrapped, table: dict[str, Lowering]) -> str | exp.Expr:
    """A template in which each aggregate will get the clauses put about it."""
    writer = _WRITERS.get(call.name)
    if wrapped.distinct is not None and len(call.arguments) > 1:
        raise call.refuse(f"{call.name}(DISTINCT ...) of several columns")
    if writer is not None:
        if call.name in OVER_ONLY and wrapped.window is None:
            raise call.refuse(f"{call.name} without OVER")
        return writer(call)
    lowering = table.get(call.name)
    if lowering is None:
        raise CannotLowerError(f"the function {call.name}")
    return lowering if isinstance(lowering, str) else lowering(call)


def _count(call: Call) -> str:
    return "COUNT(_1)" if call.arguments else "COUNT(*)"


def _sum(call: Call) -> str:
    family, kind = call.family(0), call.kind(0)
    if family == "integer":
        return "CAST(SUM(_1) AS BIGINT)"
    if family == "decimal":
        return f"CAST(SUM(_1) AS DECIMAL(38, {kind.parameters[1]}))"
    if family != "float":
        raise call.refuse(f"SUM of {kind}")
    return "SUM(_1)" if kind.name == "DOUBLE" else _refused_float(call)


def _refused_float(call: Call) -> str:
    raise call.refuse(f"{call.name} of FLOAT (CAST it to DOUBLE)")


def _average(call: Call) -> str:
    family, kind = call.family(0), call.kind(0)
    if family == "integer":
        quotient = {"duckdb": "//", "trino": "/", "spark": "DIV"}[call.engine]
        return f"CAST(CAST(SUM(_1) AS BIGINT) {quotient} NULLIF(COUNT(_1), 0) AS {kind})"
    if family == "decimal":
        total = SqlType("DECIMAL", (38, kind.parameters[1]))
        result = SqlType("DECIMAL", (38, max(6, kind.parameters[1])))
        above = f"CAST(SUM(_1) AS {total})"
        return decimal_division(call, (above, total), ("NULLIF(COUNT(_1), 0)", BIGINT), result)
    if family != "float":
        raise call.refuse(f"AVG of {kind}")
    if kind.name == "FLOAT":
        _refused_float(call)
    return "SUM(_1) / CAST(NULLIF(COUNT(_1), 0) AS DOUBLE)"


def _extreme(call: Call) -> str:
    if call.family(0) not in {"integer", "decimal", "float", "text", "boolean", "date", "timestamp"}:
        raise call.refuse(f"{call.name} of {call.kind(0)}")
    return f"{call.name}(_1)"


def _spread(call: Call) -> str:
    """Variance and deviation by the sums that Flink keeps, so that they cancel out alike."""
    kind = call.kind(0)
    if kind.name != "DOUBLE":
        raise call.refuse(f"{call.name} of {kind} (CAST it to DOUBLE)")
    squares = "(SUM(_1 * _1) - SUM(_1) * SUM(_1) / CAST(NULLIF(COUNT(_1), 0) AS DOUBLE))"
    count = "COUNT(_1)" if call.name.endswith("POP") else "(COUNT(_1) - 1)"
    variance = f"{squares} / CAST(NULLIF({count}, 0) AS DOUBLE)"
    if call.name.startswith("VAR"):
        return variance
    return f"power({variance}, 0.5)"


def _first_or_last(call: Call) -> str | exp.Expr:
    if call.window is None:
        raise call.refuse(f"{call.name} without OVER, which is decided by the order of arrival")
    if call.engine == "spark":
        return f"{call.name}(_1, TRUE)"
    # Each engine has its own place for IGNORE NULLS, which sqlglot knows for its own nodes.
    kind = exp.FirstValue if call.name == "FIRST_VALUE" else exp.LastValue
    window = call.window.copy()
    window.set("this", exp.IgnoreNulls(this=kind(this=call.arguments[0].copy())))
    return window


def _offset(call: Call) -> str:
    return f"{call.name}({', '.join(f'_{index + 1}' for index in range(len(call.arguments)))})"


def _rank(call: Call) -> str:
    return f"{call.name}({'_1' if call.arguments else ''})"


_WRITERS: dict[str, Callable[[Call], str | exp.Expr]] = {
    "COUNT": _count,
    "SUM": _sum,
    "AVG": _average,
    "MIN": _extreme,
    "MAX": _extreme,
    **dict.fromkeys(("STDDEV_POP", "STDDEV_SAMP", "VAR_POP", "VAR_SAMP"), _spread),
    "FIRST_VALUE": _first_or_last,
    "LAST_VALUE": _first_or_last,
    "LAG": _offset,
    "LEAD": _offset,
    **dict.fromkeys(("ROW_NUMBER", "RANK", "DENSE_RANK", "NTILE", "PERCENT_RANK", "CUME_DIST"), _rank),
}
LOWERED = frozenset(_WRITERS)
"""The aggregates that every engine computes."""
