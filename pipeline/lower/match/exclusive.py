"""Tells of two conditions whether one row can never meet both, as far as their texts show.

`False` means only that this was not seen. Conditions are those of DEFINE, of which only the parts about the
row itself are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from sqlglot import exp

_OPPOSITES: dict[type[exp.Expr], tuple[type[exp.Expr], ...]] = {
    exp.EQ: (exp.NEQ, exp.GT, exp.LT),
    exp.NEQ: (exp.EQ,),
    exp.GT: (exp.LTE, exp.LT, exp.EQ),
    exp.LT: (exp.GTE, exp.GT, exp.EQ),
    exp.GTE: (exp.LT,),
    exp.LTE: (exp.GT,),
}
_MIRRORED: dict[type[exp.Expr], type[exp.Binary]] = {
    exp.EQ: exp.EQ, exp.NEQ: exp.NEQ, exp.GT: exp.LT, exp.LT: exp.GT, exp.GTE: exp.LTE, exp.LTE: exp.GTE,
}  # fmt: skip


def exclusive(one: exp.Expr | None, first: str, other: exp.Expr | None, second: str) -> bool:
    """Whether no row meets both the condition `one` of variable `first` and `other` of `second`."""
    if one is None or other is None:
        return False
    return _contradict(_bare(one, first), _bare(other, second))


def _bare(condition: exp.Expr, variable: str) -> exp.Expr:
    """The condition without parentheses, its own columns without their variable."""
    holder = exp.Paren(this=condition.copy())
    for column in holder.find_all(exp.Column):
        if column.table == variable and _plain(column):
            column.set("table", None)
    for paren in list(holder.find_all(exp.Paren)):
        if paren is not holder:
            paren.replace(paren.this)
    bare = holder.this
    assert isinstance(bare, exp.Expr)
    return bare


def _plain(column: exp.Column) -> bool:
    """Whether the column is of the row itself: not inside a function that looks at other rows."""
    return column.find_ancestor(exp.AggFunc, exp.Anonymous, exp.First, exp.Last) is None


def _contradict(one: exp.Expr, other: exp.Expr) -> bool:
    if isinstance(one, exp.Or):
        return all(_contradict(part, other) for part in one.flatten())
    if isinstance(other, exp.Or):
        return all(_contradict(one, part) for part in other.flatten())
    if isinstance(one, exp.And):
        return any(_contradict(part, other) for part in one.flatten())
    if isinstance(other, exp.And):
        return any(_contradict(one, part) for part in other.flatten())
    if not _is_local(one) or not _is_local(other):
        return False
    return any(
        _denies(left, right) or _opposed(left, right) or _apart(left, right) or _null(left, right)
        for left, right in ((one, other), (other, one))
    )


def _is_local(node: exp.Expr) -> bool:
    return all(not column.table and _plain(column) for column in node.find_all(exp.Column)) and not any(
        node.find_all(exp.AggFunc, exp.Anonymous)
    )


def _denies(one: exp.Expr, other: exp.Expr) -> bool:
    return isinstance(one, exp.Not) and one.this == other


def _opposed(one: exp.Expr, other: exp.Expr) -> bool:
    """`a > b` against `a <= b` or `b > a`."""
    for kind, opposites in _OPPOSITES.items():
        if type(one) is kind:
            if type(other) in opposites and (one.this, one.expression) == (other.this, other.expression):
                return True
            mirrored = _MIRRORED.get(type(other))
            return mirrored in opposites and (one.this, one.expression) == (other.expression, other.this)
    return False


def _apart(one: exp.Expr, other: exp.Expr) -> bool:
    """`a IN (1, 2)` against `a = 3` or `a NOT IN (1, 2, 3)`; `a > 3` against `a < 2`."""
    left, right = _choices(one), _choices(other)
    if left and right and left[0] == right[0]:
        (_, inside, values), (_, also_inside, others) = left, right
        if inside and (values <= others if not also_inside else not values & others):
            return True
    below, above = _bound(one, (exp.LT, exp.LTE, exp.EQ)), _bound(other, (exp.GT, exp.GTE, exp.EQ))
    return below is not None and above is not None and below[0] == above[0] and below[1] < above[1]


def _choices(node: exp.Expr) -> tuple[exp.Expr, bool, frozenset[exp.Expr]] | None:
    """Column, whether it is one of the values (or none of them), and the literals."""
    inside = not isinstance(node, exp.Not)
    inner = node if inside else node.this
    if isinstance(inner, (exp.EQ, exp.NEQ)) and isinstance(inner.expression, exp.Literal):
        return inner.this, inside is isinstance(inner, exp.EQ), frozenset({inner.expression})
    if isinstance(inner, exp.In) and all(isinstance(item, exp.Literal) for item in inner.expressions):
        return (inner.this, inside, frozenset(inner.expressions)) if inner.expressions else None
    return None


def _bound(node: exp.Expr, kinds: tuple[type[exp.Expr], ...]) -> tuple[exp.Expr, Decimal] | None:
    if isinstance(node, kinds) and isinstance(node.expression, exp.Literal) and node.expression.is_number:
        return node.this, Decimal(node.expression.name)
    return None


def _null(one: exp.Expr, other: exp.Expr) -> bool:
    """`a IS NULL` against a comparison of `a`, or `a IS NOT NULL`."""
    if not (isinstance(one, exp.Is) and isinstance(one.expression, exp.Null)):
        return False
    return any(part == one.this for part in _compared(other))


def _compared(node: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(node, tuple(_OPPOSITES)):
        yield from (node.this, node.expression)
    elif isinstance(node, (exp.In, exp.Between, exp.Like)):
        yield node.this
    elif isinstance(node, exp.Not) and isinstance(node.this, exp.Is):
        yield node.this.this
