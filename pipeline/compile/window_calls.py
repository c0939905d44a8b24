"""Stage `parse`: says what is wrong with the call of a window function, where Flink only says that it is."""

from __future__ import annotations

import re

from sqlglot import exp

from pipeline.locate import Locator
from pipeline.model.diagnostics import Diagnostic
from sqlglot_flink import TableFunction, window_call_mistake

_EXPECTED = re.compile(r"^Expected (.+)$")


def wrong_window_calls(tree: exp.Expr, locator: Locator) -> tuple[Diagnostic, ...]:
    """One diagnostic for each `TABLE(TUMBLE(...))` and its like whose arguments Flink would refuse."""
    found = []
    for function in tree.find_all(TableFunction):
        mistake = window_call_mistake(function.this)
        if mistake is None:
            continue
        place = next((node for node in mistake[0].walk() if "start" in node.meta), function)
        start, end = int(place.meta["start"]), int(place.meta["end"]) + 1
        expected = _EXPECTED.match(mistake[1])
        text = locator.sql[start:end]
        message, hint = (f'unexpected "{text}"', f"expected {expected[1]}") if expected else (mistake[1], "")
        found.append(Diagnostic(locator.between(start, end), "syntax-error", message, hint))
    return tuple(found)
