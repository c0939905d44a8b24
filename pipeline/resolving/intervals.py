"""Where an interval stands: the tree keeps the place of its number only."""

from __future__ import annotations

import re

from sqlglot import exp

from pipeline.locate import Locator
from pipeline.model.diagnostics import Position

_WORD = re.compile(r"\bINTERVAL\s+$", re.IGNORECASE)
_UNIT = re.compile(r"\s*[A-Za-z]+")


def place_of_interval(locator: Locator, node: exp.Expr) -> Position:
    """The place of `INTERVAL '5' MINUTE` from its first word to its unit; of any other node its own."""
    span = locator.span(node)
    if not isinstance(node, exp.Interval) or span is None:
        return locator.at(node)
    word, unit = _WORD.search(locator.sql[: span[0]]), _UNIT.match(locator.sql, span[1])
    return locator.between(word.start() if word else span[0], unit.end() if unit else span[1])
