"""Which columns tell a query's rows apart, worked out from the inside outwards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from pipeline.relations import Cut, Field, Relation
from pipeline.scopes import Scope

Id = tuple[str, str]
"""A column as `(table's alias, name)`; another expression as `("", its text)`."""
_MOST = 6
_COALESCED = re.compile(r"COALESCE\((\w+)\.(\w+), \w+\.\w+\)")
"""How a column that both sides of a FULL JOIN share is written; its first side tells what it is."""


class Keys:
    """The keys of the rows that FROM gives, and which of their columns are always equal."""

    def __init__(self, alias: str, relation: Relation) -> None:
        self.found: list[frozenset[Id]] = _of(alias, relation)
        self._missing = relation.missing
        self._same: dict[Id, Id] = {}

    def join(self, alias: str, relation: Relation, side: str, pairs: Iterable[tuple[Id, Id]]) -> None:
        """Join another table by columns that are equal; `side` is LEFT, RIGHT, FULL or empty.

        Of a FULL JOIN the caller knows that of no pair both columns may be NULL without being equal.
        """
        equal = list(pairs)
        theirs = _of(alias, relation)
        self._missing = self._missing or relation.missing
        one_of_theirs = any(key <= {right for _, right in equal} for key in theirs)
        one_of_ours = any(key <= {left for left, _ in equal} for key in self.found)
        if side == "FULL" and one_of_theirs and one_of_ours:
            both = {("", f"COALESCE({left[0]}.{left[1]}, {right[0]}.{right[1]})") for left, right in equal}
            self.found = [frozenset(both)]
        elif one_of_theirs and side in ("", "LEFT"):
            pass
        elif one_of_ours and side in ("", "RIGHT"):
            self.found = theirs
        else:
            self.found = [mine | other for mine in self.found for other in theirs][:_MOST]
        if not side:
            self._equate(equal)

    def _equate(self, pairs: list[tuple[Id, Id]]) -> None:
        for left, right in pairs:
            first, second = self.root(left), self.root(right)
            if first != second:
                self._same[second] = first

    def root(self, column: Id) -> Id:
        """The one that stands for all columns that are equal to it."""
        while column in self._same:
            column = self._same[column]
        return column

    def group(self, key: Iterable[Id]) -> None:
        """GROUP BY, DISTINCT: one row for each value of these."""
        self.found = [frozenset(map(self.root, key))]

    def limit(self, key: Iterable[Id]) -> None:
        """Add a key that a condition made, such as the rank within its partition."""
        self.found.insert(0, frozenset(map(self.root, key)))

    def projected(
        self, outputs: Mapping[Id, str], scope: Scope
    ) -> tuple[tuple[frozenset[str], ...], tuple[str, ...]]:
        """The keys in terms of outputs; where none is left, what the nearest one lacks."""
        names: dict[Id, str] = {}
        for column, name in outputs.items():
            names.setdefault(self.root(column), name)
        whole: list[frozenset[str]] = []
        best: tuple[str, ...] | None = None
        for key in self.found:
            needed = _least({self.root(column) for column in key}, scope, set(names))
            lacking = sorted(_words(column, scope) for column in needed if column not in names)
            if not lacking:
                whole.append(frozenset(names[column] for column in needed))
            elif best is None or len(lacking) < len(best):
                best = tuple(lacking)
        return tuple(dict.fromkeys(whole)), () if whole else best or self._missing


def _of(alias: str, relation: Relation) -> list[frozenset[Id]]:
    return [frozenset((alias, name) for name in key) for key in relation.keys]


def _field(column: Id, scope: Scope) -> Field | None:
    joined = _COALESCED.fullmatch(column[1]) if not column[0] else None
    if joined:
        column = (joined[1], joined[2])
    relation = scope.get(column[0])
    return relation.get(column[1]) if relation else None


def _least(key: set[Id], scope: Scope, outputs: set[Id]) -> set[Id]:
    """The key without bounds of a window that another bound of the same window tells already."""
    cuts: dict[tuple[Cut | None, str], dict[str, list[Id]]] = {}
    for column in key:
        field = _field(column, scope)
        if field is not None and field.window and field.span is not None:
            bounds = cuts.setdefault((field.cut, field.span.kind), {})
            bounds.setdefault(field.window, []).append(column)
    told = {column for (_, kind), bounds in cuts.items() for column in _told(kind, bounds, outputs)}
    return key - told


def _told(kind: str, bounds: dict[str, list[Id]], outputs: set[Id]) -> Iterator[Id]:
    """The bounds of one window that follow from the others, those that are outputs preferred."""
    # All windows of a CUMULATE begin together. So can two sessions: a late row that is too late for the first
    # joins one that is still open, and begins it anew.
    begins_alone = kind not in ("cumulate", "session")
    telling_ones = ("start", "end", "time") if begins_alone else ("end", "time")
    tells = [bound for bound in telling_ones if bound in bounds]
    given = [bound for bound in tells if any(column in outputs for column in bounds[bound])]
    if not given and kind == "cumulate":
        return
    telling = {*(given or tells)[:1], *(("start",) if kind == "session" else ())}
    for bound, columns in bounds.items():
        if bound not in telling:
            yield from columns


def _words(column: Id, scope: Scope) -> str:
    alias, name = column
    return f"{alias}.{name}" if alias and len(scope) > 1 else name
