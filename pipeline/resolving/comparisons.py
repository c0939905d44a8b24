"""What a comparison may compare: values of one family, and no NULL."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlglot import exp

from pipeline import sql_types as types
from pipeline.sql_types import SqlType


@dataclass(frozen=True)
class Problem:
    """What is wrong with a comparison, and at which of its parts."""

    place: exp.Expr
    code: str
    message: str
    hint: str
    why: str = ""


_MOMENT = "TIMESTAMP '2026-01-31 12:00:00'"
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)


def problem_of(node: exp.Expr) -> Problem | None:
    """What is wrong with a predicate whose parts are typed; None where nothing is."""
    if isinstance(node, exp.ILike):
        return Problem(node, "unsupported-expression", "Flink has no ILIKE", "write LOWER(text) LIKE 'a%'")
    if isinstance(node, exp.RegexpLike):
        return Problem(node, "unsupported-expression", "Flink has no RLIKE", "write REGEXP(text, 'pattern')")
    if isinstance(node, exp.In) and not node.expressions and not node.args.get("query"):
        return Problem(node, "wrong-arguments", "IN of nothing", "list at least one value")
    if not isinstance(node, (*_COMPARISONS, exp.Between, exp.In, exp.Like)):
        return None
    sides = [side for side in node.iter_expressions() if not isinstance(side, exp.Query)]
    typed: list[tuple[exp.Expr, SqlType]] = [
        (side, kind) for side in sides if side.type and (kind := types.from_tree(side.type, True))
    ]
    return _of_kinds(node, typed) if len(typed) > 1 else None


def _of_kinds(node: exp.Expr, typed: list[tuple[exp.Expr, SqlType]]) -> Problem | None:
    if any(kind.name == "NULL" for _, kind in typed):
        text = typed[0][0].sql(dialect="flink", comments=False)
        negated = "NOT " if isinstance(node, exp.NEQ) else ""
        hint = "take it out" if isinstance(node, exp.In) else f"write {text} IS {negated}NULL"
        return Problem(node, "null-comparison", "nothing is equal to NULL", hint)
    (first, kind), family = typed[0], _family(typed[0][1])
    if isinstance(node, exp.Like) and {_family(other) for _, other in typed} != {"text"}:
        side, wrong = next((side, other) for side, other in typed if not other.is_text)
        text = side.sql(dialect="flink", comments=False)
        return Problem(
            side, "type-mismatch", f"LIKE compares texts, not {wrong}", f"write CAST({text} AS STRING)"
        )
    for side, other in typed[1:]:
        if _family(other) != family:
            # A value that is written out is the wrong side, not the column.
            literals = [part for part in (side, first) if isinstance(part, exp.Literal)]
            place = literals[0] if len(literals) == 1 else node
            column = kind if place is side else other
            hint = _hint(place, column, {family, _family(other)})
            return Problem(place, "type-mismatch", f"{kind} is compared with {other}", hint)
    return None


def _hint(place: exp.Expr, column: SqlType, families: set[str]) -> str:
    if families & {"time"}:
        literal = f"{column.name} '2026-01-31'" if column.name in ("DATE", "TIME") else ""
        return f"write the time as {literal or _MOMENT}"
    if isinstance(place, exp.Literal) and column.is_numeric and _NUMBER.fullmatch(place.name):
        return f"write it without quotes: {place.name}"
    if isinstance(place, exp.Literal) and column.is_text and not place.is_string:
        return f"write it in quotes: '{place.name}'"
    if column.name == "BOOLEAN":
        return "write TRUE or FALSE"
    return "CAST one side to the other's type"


def _family(kind: SqlType) -> str:
    if kind.is_numeric:
        return "number"
    if kind.is_text:
        return "text"
    return "time" if kind.is_time or kind.name in ("DATE", "TIME") else kind.name
