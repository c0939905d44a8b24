"""What a comparison may compare: values of one family, and no NULL."""

from __future__ import annotations

from sqlglot import exp

from pipeline import sql_types as types
from pipeline.sql_types import SqlType

Problem = tuple[str, str, str]
"""Code, message and hint of what is wrong."""
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)


def problem_of(node: exp.Expr) -> Problem | None:
    """What is wrong with a predicate whose parts are typed; None where nothing is."""
    if isinstance(node, exp.ILike):
        return "unsupported-expression", "Flink has no ILIKE", "write LOWER(text) LIKE 'a%'"
    if isinstance(node, exp.RegexpLike):
        return "unsupported-expression", "Flink has no RLIKE", "write REGEXP(text, 'pattern')"
    if isinstance(node, exp.In) and not node.expressions and not node.args.get("query"):
        return "wrong-arguments", "IN of nothing", "list at least one value"
    if not isinstance(node, (*_COMPARISONS, exp.Between, exp.In, exp.Like)):
        return None
    sides = [side for side in node.iter_expressions() if not isinstance(side, exp.Query)]
    kinds = [kind for side in sides if side.type and (kind := types.from_tree(side.type, True))]
    return _of_kinds(node, kinds) if len(kinds) > 1 else None


def _of_kinds(node: exp.Expr, kinds: list[SqlType]) -> Problem | None:
    if any(kind.name == "NULL" for kind in kinds):
        hint = "take it out" if isinstance(node, exp.In) else "write IS NULL or IS NOT NULL"
        return "null-comparison", "nothing is equal to NULL", hint
    first, families = kinds[0], [_family(kind) for kind in kinds]
    if isinstance(node, exp.Like) and set(families) != {"text"}:
        other = next(kind for kind in kinds if not kind.is_text)
        return "type-mismatch", f"LIKE compares texts, not {other}", "CAST it to STRING"
    for kind, family in zip(kinds[1:], families[1:], strict=True):
        if family != families[0]:
            hint = "CAST one side to the other's type"
            if "time" in {family, families[0]}:
                hint = "write the time as TIMESTAMP '2026-01-31 12:00:00'"
            return "type-mismatch", f"{first} is compared with {kind}", hint
    return None


def _family(kind: SqlType) -> str:
    if kind.is_numeric:
        return "number"
    if kind.is_text:
        return "text"
    return "time" if kind.is_time or kind.name in ("DATE", "TIME") else kind.name
