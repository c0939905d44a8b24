"""Rule: the same events give the same numbers."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.expressions import function_name
from pipeline.functions import FUNCTIONS
from pipeline.model.diagnostics import Diagnostic
from pipeline.rules.rule import Rule, Subject

_INSTEAD = {
    "FIRST_VALUE": "MIN, or MATCH_RECOGNIZE where the order matters",
    "LAST_VALUE": "MAX, or MATCH_RECOGNIZE where the order matters",
    "LISTAGG": "COUNT(DISTINCT ...), or one row for each value",
}


class NotRepeatable(Rule):
    """No function whose value depends on when, where or in which order the events are read.

    A replay, the batch layer and the tests would each give another number.
    """

    code = "not-repeatable"

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Calls of such functions."""
        for node in subject.nodes():
            name = function_name(node)
            function = FUNCTIONS.get(name) if name else None
            if name and function and not function.repeatable:
                why = "A replay and the batch layer would give another value for the same events."
                hint = f"use {_INSTEAD.get(name, 'event_time or the window columns')}"
                place = subject.locator.head(node)
                yield Diagnostic(place, self.code, f"{name} does not give the same value twice", hint, why)
