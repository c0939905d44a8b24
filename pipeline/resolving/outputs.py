"""The columns that a SELECT gives: their names, types and what they stand for."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from pipeline import sql_types as types
from pipeline.expressions import ExpressionTyper
from pipeline.queries import unaliased
from pipeline.relations import Field
from pipeline.resolving.joins import column_of, field_at
from pipeline.resolving.ranks import rank_of
from pipeline.scopes import Scope


def expand_stars(select: exp.Select, scope: Scope, typer: ExpressionTyper, *, outermost: bool) -> None:
    """Write out `*` and `t.*` of an inner SELECT; in the outermost one they are refused."""
    items: list[exp.Expr] = []
    for item in select.expressions:
        alias = _starred(item)
        if alias is None:
            items.append(item)
            continue
        if outermost:
            hint = "name each column, so that a new field changes nothing by itself"
            typer.report(item, "select-star", "SELECT * hides what the model gives", hint)
            items.append(item)
            continue
        relations = {alias: scope[alias]} if alias in scope else scope
        for name, relation in relations.items():
            for field in relation.fields:
                column = exp.column(field.name, table=name if len(scope) > 1 else None)
                _place(column, item)
                items.append(column)
    select.set("expressions", items)


def output(item: exp.Expr, scope: Scope, typer: ExpressionTyper) -> Field | None:
    """The column that one item of a SELECT gives; None where it has no name, or is a star."""
    expression = unaliased(item)
    if _starred(item) is not None:
        return None
    field = None
    if isinstance(expression, exp.Column):
        field = typer.field_of(expression, scope)
        kind = field.kind if field else None
        if kind:
            typer.type_of(item, scope)
    else:
        kind = typer.type_of(item, scope)
    name = item.alias if isinstance(item, exp.Alias) else item.name if field else ""
    if not name:
        if not isinstance(expression, exp.Column):
            typer.report(expression, "no-alias", "this output has no name", "add AS <name>")
        return None
    # A mistake in the expression is reported: the name goes on, so that it is not unknown further out.
    kind = kind or types.NULL
    if field is not None:
        return replace(field, name=name, kind=kind)
    return _derived(expression, Field(name, kind, money=_is_money(expression, scope)), scope)


def _derived(expression: exp.Expr, field: Field, scope: Scope) -> Field:
    """What an expression keeps of what it is made of: a literal, a rank, a moment, a window's bound."""
    if isinstance(expression, exp.Literal):
        return replace(field, literals=frozenset({expression.name}))
    if isinstance(expression, exp.Window) and isinstance(expression.this, exp.RowNumber):
        return replace(field, rank=rank_of(expression, scope))
    if isinstance(expression, exp.Cast):
        inner = _source(expression.this, scope)
        moment = bool(inner and inner.event_time and field.kind.is_time)
        return replace(field, event_time=moment, identifier=bool(inner and inner.identifier))
    if isinstance(expression, exp.Coalesce):
        # Both sides of a FULL JOIN of windows have the same bound.
        parts = [_source(part, scope) for part in (expression.this, *expression.expressions)]
        bounds = {(part.window, part.span) if part else (None, None) for part in parts}
        if len(bounds) == 1 and parts[0] is not None and parts[0].window:
            joined = field.kind.null(False)
            window, span, cut = parts[0].window, parts[0].span, parts[0].cut
            return replace(field, window=window, span=span, cut=cut, kind=joined)
    return field


def _source(node: exp.Expr, scope: Scope) -> Field | None:
    column = column_of(node, scope)
    return field_at(column, scope) if column else None


def _starred(item: exp.Expr) -> str | None:
    """The table before `.*`, an empty text for a bare `*`; None for what is no star."""
    if isinstance(item, exp.Star):
        return ""
    if isinstance(item, exp.Column) and isinstance(item.this, exp.Star):
        return item.table
    return None


def _place(column: exp.Column, star: exp.Expr) -> None:
    for part in star.walk():
        if part._meta and "start" in part._meta:
            column.this.meta.update(start=part._meta["start"], end=part._meta["end"])
            return


def _is_money(expression: exp.Expr, scope: Scope) -> bool:
    """Whether the value is an amount of money: reckoned from one by sums, not by counting it."""
    if isinstance(expression, (exp.Count, exp.Predicate, exp.Window, exp.Query)):
        return isinstance(expression, exp.Window) and _is_money(expression.this, scope)
    if isinstance(expression, exp.Column):
        found = _source(expression, scope)
        return bool(found and found.money)
    # A quotient of two amounts is a ratio.
    if isinstance(expression, exp.Div):
        return _is_money(expression.this, scope) and not _is_money(expression.expression, scope)
    if isinstance(expression, exp.Case):
        results = [part.args["true"] for part in expression.args["ifs"]]
        return any(_is_money(part, scope) for part in (*results, expression.args.get("default")) if part)
    parts = [expression.this] if isinstance(expression, exp.Filter) else expression.iter_expressions()
    return any(_is_money(part, scope) for part in parts)
