"""Leaves out mistakes that are gone, or read otherwise, once another one is mended."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.model.diagnostics import Diagnostic

_FOLLOWS_FROM: dict[str, frozenset[str]] = {
    "aggregate-without-cast": frozenset(
        {"type-mismatch", "wrong-arguments", "misplaced-aggregate", "fraction-lost", "not-repeatable"}
    ),
}
"""Code -> codes of mistakes inside the same stretch of text that it follows from."""
_UNKNOWN = re.compile(r'unknown column "[^"]*" in event "([^"]+)"|unknown table "([^"]+)"')


def without_consequences(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The mistakes by place, each once, without those that only follow from another."""
    found = sorted(set(diagnostics), key=lambda item: (item.position, item.code, item.message))
    files = {one.position.file for one in found}
    return tuple(one for one in found if not _of_a_broken_contract(one, files) and not _follows(one, found))


def _follows(one: Diagnostic, found: list[Diagnostic]) -> bool:
    causes = _FOLLOWS_FROM.get(one.code, frozenset())
    return any(other.code in causes and _holds(one, other) for other in found)


def _of_a_broken_contract(one: Diagnostic, files: set[str]) -> bool:
    """Whether a name is unknown that a contract with mistakes of its own may well define."""
    event = _UNKNOWN.match(one.message)
    return event is not None and f"sql/events/{event[1] or event[2]}.yaml" in files


def _holds(outer: Diagnostic, inner: Diagnostic) -> bool:
    around, at = outer.position, inner.position
    same_line = (around.file, around.line) == (at.file, at.line)
    return same_line and around.column <= at.column < around.column + around.length
