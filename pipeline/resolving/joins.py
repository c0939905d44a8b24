"""What bounds a join in time: an interval, equal windows, or a version of the other side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from sqlglot import exp

from pipeline.queries import conjuncts, interval_ms
from pipeline.relations import Field
from pipeline.scopes import Scope

JoinKind = Literal["interval", "window", "temporal", "none"]
Column = tuple[str, str]
"""Alias of a table, and the name of its column."""
OF_MATCH = "the time of a pattern's match bounds none"
"""Why an interval is none, where a side of it is MATCH_ROWTIME."""
_UPPER, _LOWER = "upper", "lower"
_FLIPPED: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.GT: exp.LT,
    exp.GTE: exp.LTE,
    exp.LT: exp.GT,
    exp.LTE: exp.GTE,
}


@dataclass(frozen=True)
class Bound:
    """What a join's conditions say: `reason` tells why it is not bounded, where `kind` is `none`.

    `equal` are the pairs of columns that its conditions make equal, `alike` those that IS NOT DISTINCT FROM
    makes so, `reach_ms` how far apart the times of two rows that it joins may be.
    """

    kind: JoinKind
    equal: tuple[tuple[Column, Column], ...] = ()
    reach_ms: int = 0
    reason: str = ""
    alike: tuple[tuple[Column, Column], ...] = ()


def bound_of(conditions: Iterable[exp.Expr | None], scope: Scope, right: str) -> Bound:
    """How the conditions (ON, and WHERE) bound the join of the table `right` to those before it in scope."""
    parts = [part for condition in conditions for part in conjuncts(condition)]
    alike = tuple(pair for part in parts if (pair := _equal(part, scope, right, exp.NullSafeEQ)))
    return replace(_bound(parts, scope, right), alike=alike)


def keeps_unmatched(where: exp.Expr | None, scope: Scope, right: str, bound: Bound) -> bool:
    """Whether a WHERE keeps only the rows for which the outer join found none of the table `right`."""
    joined = {column for _, column in bound.equal}
    for part in conjuncts(where):
        column = part.this if isinstance(part, exp.Is) and isinstance(part.expression, exp.Null) else None
        if not isinstance(column, exp.Column):
            continue
        homes = [alias for alias, relation in scope.items() if relation.get(column.name)]
        home = column.table or (homes[0] if len(homes) == 1 else "")
        field = scope[right].get(column.name) if home == right else None
        if field is not None and (not field.kind.nullable or (right, field.name) in joined):
            return True
    return False


def _bound(parts: list[exp.Expr], scope: Scope, right: str) -> Bound:
    equal = tuple(pair for part in parts if (pair := _equal(part, scope, right, exp.EQ)))
    starts, ends = ([pair for pair in equal if _is(pair, scope, bound)] for bound in ("start", "end"))
    if starts and ends:
        return _window_join(starts, ends, equal, scope)
    limits = [limit for part in parts for limit in _limits(part, scope, right)]
    upper = [offset for side, offset in limits if side == _UPPER]
    lower = [offset for side, offset in limits if side == _LOWER]
    if upper and lower:
        return Bound("interval", equal, max(abs(min(upper)), abs(max(lower))))
    if starts or ends:
        missing = "window_end" if starts else "window_start"
        return Bound("none", equal, 0, f"{missing} is not compared: Flink sees no window in the join")
    if upper or lower:
        which = "no earliest" if (upper and not lower) else "no latest"
        return Bound("none", equal, 0, f"the times have {which} distance: one side is kept for ever")
    matches = any(_is_of_match(part, scope) for part in parts)
    return Bound("none", equal, 0, OF_MATCH if matches else "")


def _is_of_match(part: exp.Expr, scope: Scope) -> bool:
    columns = [column_of(node, scope) for node in part.find_all(exp.Column)]
    return any((field := field_at(column, scope)) and field.of_match for column in columns if column)


def column_of(node: exp.Expr, scope: Scope) -> Column | None:
    """The table and name of a column whose table is written, or known because there is one."""
    if not isinstance(node, exp.Column):
        return None
    alias = node.table or (next(iter(scope)) if len(scope) == 1 else "")
    return (alias, node.name) if alias in scope else None


def field_at(column: Column, scope: Scope) -> Field | None:
    """The field that a table and a name mean."""
    relation = scope.get(column[0])
    return relation.get(column[1]) if relation else None


def _equal(
    part: exp.Expr, scope: Scope, right: str, operator: type[exp.Expr]
) -> tuple[Column, Column] | None:
    if not isinstance(part, operator):
        return None
    first, second = column_of(part.this, scope), column_of(part.expression, scope)
    if first is None or second is None or (first[0] == right) == (second[0] == right):
        return None
    return (second, first) if first[0] == right else (first, second)


def _is(pair: tuple[Column, Column], scope: Scope, bound: str) -> bool:
    fields = [field_at(column, scope) for column in pair]
    return all(field is not None and field.window == bound for field in fields)


def _window_join(
    starts: list[tuple[Column, Column]],
    ends: list[tuple[Column, Column]],
    equal: tuple[tuple[Column, Column], ...],
    scope: Scope,
) -> Bound:
    spans = {
        field.span
        for pair in (*starts, *ends)
        for column in pair
        if (field := field_at(column, scope)) is not None
    }
    if len(spans) > 1:
        return Bound("none", equal, 0, "the two sides have windows of different sizes")
    sides = {column[0] for pair in starts for column in pair}
    if not all(scope[alias].aligned for alias in sides):
        return Bound("none", equal, 0, "one side is no longer cut into windows")
    return Bound("window", equal)


def _limits(part: exp.Expr, scope: Scope, right: str) -> Iterator[tuple[str, int]]:
    """What a condition says of (time of the right side) - (time of the left side), in milliseconds."""
    if isinstance(part, exp.Between):
        yield from _limit(part.this, part.args["low"], exp.GTE, scope, right)
        yield from _limit(part.this, part.args["high"], exp.LTE, scope, right)
    elif isinstance(part, (exp.GT, exp.GTE, exp.LT, exp.LTE)):
        yield from _limit(part.this, part.expression, type(part), scope, right)
    elif isinstance(part, exp.EQ):
        for operator in (exp.GTE, exp.LTE):
            yield from _limit(part.this, part.expression, operator, scope, right)


def _limit(
    left: exp.Expr, other: exp.Expr, operator: type[exp.Expr], scope: Scope, right: str
) -> Iterator[tuple[str, int]]:
    first, second = _moment(left, scope), _moment(other, scope)
    if first is None or second is None or (first[0] == right) == (second[0] == right):
        return
    if first[0] != right:
        first, second, operator = second, first, _FLIPPED[operator]
    offset = second[1] - first[1]
    yield (_LOWER if operator in (exp.GT, exp.GTE) else _UPPER), offset


def _moment(node: exp.Expr, scope: Scope) -> tuple[str, int] | None:
    """The table whose time attribute it is, and the milliseconds added to it."""
    if isinstance(node, exp.Paren):
        return _moment(node.this, scope)
    if isinstance(node, (exp.Add, exp.Sub)):
        inner, added = _moment(node.this, scope), interval_ms(node.expression)
        if inner is None or added is None:
            return None
        return inner[0], inner[1] + (added if isinstance(node, exp.Add) else -added)
    column = column_of(node, scope)
    field = field_at(column, scope) if column else None
    return (column[0], 0) if column and field and field.time_attribute else None
