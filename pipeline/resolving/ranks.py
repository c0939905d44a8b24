"""ROW_NUMBER(): the first rows of each partition, by a window, by time, or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from pipeline.queries import conjuncts
from pipeline.relations import Field, Rank, Relation
from pipeline.resolving.joins import column_of, field_at
from pipeline.scopes import Scope

KEEPS_FIRST = "keeps_first"
"""Note on a ROW_NUMBER() of which a condition keeps the first by time, over the whole stream."""


@dataclass(frozen=True)
class Limit:
    """A condition that keeps the first `most` rows by the rank in the column `field`."""

    field: Field
    most: int
    node: exp.Expr


def rank_of(window: exp.Window, scope: Scope) -> Rank | None:
    """What a ROW_NUMBER() OVER (...) counts; None where its partition or order is more than columns."""
    columns = [column_of(part, scope) for part in window.args.get("partition_by") or []]
    order = window.args.get("order")
    ordered = [_ordered(part, scope) for part in (order.expressions if order else [])]
    if any(column is None for column in columns) or not ordered:
        return None
    fields = [field_at(column, scope) for column in columns if column]
    bounds = {field.window for field in fields if field is not None}
    aligned = all(relation.aligned for relation in scope.values())
    by_time = None
    first = ordered[0]
    if len(ordered) == 1 and first is not None:
        field = field_at(first[0], scope)
        if field is not None and field.time_attribute:
            by_time = "last" if first[1] else "first"
    named = {column for column in columns if column} | {item[0] for item in ordered if item}
    return Rank(
        partition=tuple(column[1] for column in columns if column),
        windowed=aligned and {"start", "end"} <= bounds,
        by_time="last" if by_time == "last" else "first" if by_time else None,
        total=_is_total(named, scope),
        node=window,
    )


def limit_of(select: exp.Select, scope: Scope) -> Limit | None:
    """The condition `rank <= 3`, `rank = 1` of a SELECT over ranked rows, where it has one."""
    where = select.args.get("where")
    for part in conjuncts(where):
        most = _most(part, scope)
        if most is not None:
            return most
    return None


def _most(part: exp.Expr, scope: Scope) -> Limit | None:
    sides: dict[type[exp.Expr], int] = {exp.LTE: 0, exp.EQ: 0, exp.LT: -1, exp.GTE: 0, exp.GT: -1}
    if type(part) not in sides:
        return None
    left, right = part.this, part.expression
    if isinstance(part, (exp.GT, exp.GTE)) or (isinstance(part, exp.EQ) and isinstance(left, exp.Literal)):
        left, right = right, left
    column = column_of(left, scope)
    field = field_at(column, scope) if column else None
    if field is None or field.rank is None or not isinstance(right, exp.Literal) or not right.name.isdigit():
        return None
    most = int(right.name) + sides[type(part)]
    if isinstance(part, exp.EQ) and most != 1:
        return None
    return Limit(field, most, part) if most > 0 else None


def _ordered(part: exp.Expr, scope: Scope) -> tuple[tuple[str, str], bool] | None:
    inner = part.this if isinstance(part, exp.Ordered) else part
    column = column_of(inner, scope)
    return (column, bool(part.args.get("desc"))) if column else None


def _is_total(named: set[tuple[str, str]], scope: Scope) -> bool:
    """Whether the columns hold a key of the rows (a window's start stands for its end)."""
    if len(scope) != 1:
        return False
    relation: Relation = next(iter(scope.values()))
    names = {name for _, name in named}
    begun = {field.cut for field in relation.fields if field.window == "start" and field.name in names}
    names |= {field.name for field in relation.fields if field.window and field.span and field.cut in begun}
    return any(key <= names for key in relation.keys)
