"""Rule: a query stands in FROM, not in a condition."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model.diagnostics import Diagnostic
from pipeline.rules.rule import Rule, Subject, is_value


class SubqueryAsValue(Rule):
    """No subquery in IN, EXISTS, a comparison or an output.

    Flink makes it a join that keeps every row of both sides for ever.
    """

    code = "subquery-as-value"

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Subqueries outside FROM."""
        # The condition or output around it is walked, what is inside it is not.
        for node in subject.nodes():
            for query in filter(is_value, node.iter_expressions()):
                hint = (
                    "join it, bounded in time: a.event_time BETWEEN b.event_time - INTERVAL '1' HOUR AND "
                    "...; or group it by a window, and join it ON a.window_start = b.window_start AND "
                    "a.window_end = b.window_end"
                )
                why = "Flink would keep every row of both sides for ever."
                yield self.found(subject, query, "a subquery cannot be a value", hint, why)
