"""Visits that nearly follow a MATCH_RECOGNIZE, step by step: what a walk at random would seldom do.

Each step takes the values that its variable's DEFINE compares with, and a visit lasts just under, exactly or
just over WITHIN, or much less. Some steps are left out, done again or are any event at all.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlglot import exp

from pipeline.lower.match.spec import read
from pipeline.model.models import Classified

Wanted = Mapping[str, tuple[str | Decimal, ...]]
"""Column -> values of which one is wanted; columns that are not named may be anything."""
_MOST_REPEATS = 4


@dataclass(frozen=True)
class Step:
    """A variable of the pattern: how many rows it takes and what they are to hold."""

    least: int
    most: int
    wanted: Wanted


@dataclass(frozen=True)
class Episode:
    """A pattern's steps, the length of its WITHIN in milliseconds, and the columns that its rows share."""

    steps: tuple[Step, ...]
    within_ms: int
    keys: tuple[str, ...]

    def visit(self, chance: random.Random) -> Iterator[tuple[int, Wanted]]:
        """One visit: milliseconds since it began, ascending, and what the event is to hold."""
        rows: list[Wanted] = []
        for step in self.steps:
            kind = chance.random()
            again = step.least if kind < 0.4 else chance.randint(step.least, step.most)
            if kind > 0.92:
                again = max(0, step.least - 1)
            rows += [{} if chance.random() < 0.06 else step.wanted for _ in range(again)]
        lasts = self.within_ms + chance.choice((-1, 0, 1))
        if chance.random() < 0.6:
            lasts = chance.randrange(self.within_ms)
        inner = sorted(chance.randrange(lasts + 1) for _ in rows[1:-1])
        yield from zip([0, *inner, lasts], rows, strict=False)


def episodes_of(model: Classified) -> tuple[Episode, ...]:
    """An episode for each MATCH_RECOGNIZE of the model."""
    found = []
    for node in model.resolved.tree.find_all(exp.MatchRecognize):
        spec = read(node)
        steps = tuple(
            Step(
                item.least,
                item.most if item.most is not None else item.least + _MOST_REPEATS,
                _wanted(spec.define.get(item.variable)),
            )
            for item in spec.elements
        )
        if steps:
            found.append(Episode(steps, spec.within_ms, spec.keys))
    return tuple(found)


def _wanted(condition: exp.Expr | None) -> Wanted:
    """The values that a condition compares columns with by `=` or `IN`."""
    wanted: dict[str, tuple[str | Decimal, ...]] = {}
    for node in condition.find_all(exp.EQ, exp.In) if condition is not None else ():
        options = node.expressions if isinstance(node, exp.In) else [node.expression]
        values = [item for item in options if isinstance(item, exp.Literal)]
        if isinstance(node.this, exp.Column) and values and not isinstance(node.parent, exp.Not):
            found = tuple(item.name if item.is_string else Decimal(item.name) for item in values)
            wanted[node.this.name] = wanted.get(node.this.name, ()) + found
    return wanted
