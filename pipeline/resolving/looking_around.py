"""The types of what looks at other rows: OVER, and FIRST and LAST in a pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from pipeline import sql_types as types
from pipeline.functions import FUNCTIONS
from pipeline.names import EVENT_TIME
from pipeline.sql_types import SqlType

if TYPE_CHECKING:
    from pipeline.expressions import ExpressionTyper
    from pipeline.relations import Field
    from pipeline.scopes import Scope

_LAG_ARGUMENTS = 3
_NAVIGATION_ARGUMENTS = 2


def type_of_over(typer: ExpressionTyper, node: exp.Expr, scope: Scope) -> SqlType | None:
    """The type of `f(...) OVER (...)`; its order is noted as that of a time attribute or not."""
    from pipeline.expressions import RANKS, arguments_of, function_name  # noqa: PLC0415  it imports this module

    for part in node.args.get("partition_by") or []:
        typer.type_of(part, scope)
    order = node.args.get("order")
    for part in order.expressions if order else []:
        typer.type_of(part, scope)
        field = typer.field_of(part.this, scope) if isinstance(part.this, exp.Column) else None
        told = field is not None and tell_time_of_match(typer, part.this, field)
        part.meta["time_attribute"] = told or bool(field and field.time_attribute)
        part.meta["time_columns"] = [
            item.name for relation in scope.values() for item in relation.fields if item.time_attribute
        ]
    called = node.this
    name = function_name(called) or ""
    if name in RANKS:
        return types.BIGINT.null(False)
    if name == "LAG":
        return _lag(typer, called, [typer.type_of(part, scope) for part in arguments_of(called, name)])
    function = FUNCTIONS.get(name)
    if not isinstance(called, exp.AggFunc) and not (function and function.aggregate):
        hint = f"only aggregates, LAG and {', '.join(RANKS)} look at other rows"
        if name == "LEAD":
            hint = "it looks at rows that are still to come: use LAG, and let the later row say it"
        typer.report(called, "unknown-function", f"{name or 'this'} cannot stand before OVER", hint)
        return None
    kind = typer.type_of(called, scope)
    return kind.null(not isinstance(called, exp.Count)) if kind else None


def tell_time_of_match(typer: ExpressionTyper, node: exp.Expr, field: Field) -> bool:
    """Report a column that is MATCH_ROWTIME where rows are ordered or cut by it; whether it is one.

    Flink loses the time attribute behind a pattern when it plans what is deployed: a window over it alone
    fails, all else beside a second statement that has the same pattern.
    """
    if field.of_match:
        message = f'"{field.name}" is the time of a match: it cuts no windows and orders no rows'
        hint = "give one row a match; or find the rows by LAG(...) OVER (...), which keeps event_time"
        why = "Flink cannot plan it: behind a pattern it no longer knows how far time has come."
        typer.report(node, "time-of-a-match", message, hint, why)
    return field.of_match


def _lag(typer: ExpressionTyper, called: exp.Expr, kinds: list[SqlType | None]) -> SqlType | None:
    if not 1 <= len(kinds) <= _LAG_ARGUMENTS:
        typer.report(called, "wrong-arguments", "LAG takes 1 to 3 arguments", "LAG(amount, 1)")
        return None
    first = kinds[0]
    if first is None:
        return None
    default = kinds[2] if len(kinds) == _LAG_ARGUMENTS else None
    return first.null(default is None or default.nullable or first.nullable)


def type_of_navigation(
    typer: ExpressionTyper, node: exp.Expr, name: str, arguments: list[exp.Expr], scope: Scope
) -> SqlType | None:
    """The type of FIRST(A.x), LAST(A.x, 1) and MATCH_ROWTIME(event_time) in a pattern."""
    kinds = [typer.type_of(argument, scope) for argument in arguments]
    if name == "MATCH_ROWTIME":
        if len(kinds) != 1:
            hint = f"write MATCH_ROWTIME({EVENT_TIME})"
            typer.report(node, "wrong-arguments", "MATCH_ROWTIME is not told which time", hint)
            return None
        return kinds[0]
    if not 1 <= len(kinds) <= _NAVIGATION_ARGUMENTS:
        hint = f"{name}(A.amount), or {name}(A.amount, 1)"
        typer.report(node, "wrong-arguments", f"{name} takes a column of a variable", hint)
        return None
    first = kinds[0]
    return first.null(first.nullable or len(kinds) > 1) if first else None
