"""Stage `parse`: says what is wrong with the call of a window function, where Flink only says that it is."""

from __future__ import annotations

import re

from sqlglot import exp

from pipeline.locate import Locator
from pipeline.model.diagnostics import Diagnostic
from pipeline.resolving.intervals import place_of_interval
from sqlglot_flink import TableFunction, window_call_mistake

_EXPECTED = re.compile(r"^Expected (.+)$")
_EVENT = "<event>"
_FORMS = {
    "TUMBLE": "TUMBLE({}, INTERVAL '5' MINUTE)",
    "HOP": "HOP({}, INTERVAL '1' MINUTE, INTERVAL '5' MINUTE): the step, then the size",
    "CUMULATE": "CUMULATE({}, INTERVAL '1' MINUTE, INTERVAL '1' HOUR): the step, then the size",
    "SESSION": "SESSION({}, INTERVAL '30' MINUTE)",
}
"""Window function -> how it is written; the table and its time stand first."""


def form_of(name: str, table: str = _EVENT) -> str:
    """How the window function of that name is called; empty for what is none."""
    form = _FORMS.get(name.upper())
    return form.format(f"TABLE {table}, DESCRIPTOR(event_time)") if form else ""


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
        message = f'unexpected "{text}"' if expected else mistake[1]
        table = function.find(exp.Table)
        form = form_of(function.this.name, table.name if table is not None and table.name else _EVENT)
        hint = f"write {form}"
        if expected:
            hint = f"expected {expected[1]}: {form}"
        interval = isinstance(mistake[0], exp.Interval)
        at = place_of_interval(locator, mistake[0]) if interval else locator.between(start, end)
        found.append(Diagnostic(at, "syntax-error", message, hint))
    return tuple(found)
