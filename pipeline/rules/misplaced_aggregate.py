"""Rule: an aggregate stands where groups are known."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model.diagnostics import Diagnostic
from pipeline.queries import aggregates, group_keys
from pipeline.rules.rule import Rule, Subject


class MisplacedAggregate(Rule):
    """No aggregate in WHERE, in GROUP BY, or inside another aggregate.

    WHERE and GROUP BY decide about single rows, before there are groups.
    """

    code = "misplaced-aggregate"

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Aggregates in such places."""
        for select in subject.all_selects():
            where = select.args.get("where")
            for part in [*([where.this] if where else []), *group_keys(select)]:
                for call in aggregates(part):
                    hint = "put a condition on groups into HAVING"
                    yield self.found(subject, call, "an aggregate cannot stand here", hint)
            for item in select.expressions:
                for call in aggregates(item):
                    inner = next((other for other in aggregates(call) if other is not call), None)
                    if inner is not None:
                        message = "an aggregate cannot stand inside another"
                        yield self.found(
                            subject,
                            inner,
                            message,
                            "aggregate in a CTE with window_start and window_end, and again over it",
                        )
