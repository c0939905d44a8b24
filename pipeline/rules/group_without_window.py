"""Rule: what is counted is counted over a window."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.queries import aggregates, window_of
from pipeline.rules.rule import Rule, Subject


class GroupWithoutWindow(Rule):
    """Aggregation reads a window function, or a subquery that does.

    Over the whole stream it would keep every group for ever.
    """

    code = "group-without-window"

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Aggregating SELECTs with no window anywhere below them."""
        for select in subject.all_selects():
            if not select.args.get("group") and not any(aggregates(select)):
                continue
            if window_of(select) is not None or _reads_windows(select):
                continue
            anchor = select.args.get("group")
            node = anchor.expressions[0] if anchor and anchor.expressions else select.expressions[0]
            hint = "read FROM TABLE(TUMBLE(TABLE <event>, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))"
            why = "An aggregation without a window never ends: its state grows with every new group."
            yield self.found(subject, node, "the aggregation has no window", hint, why)


def _reads_windows(select: exp.Select) -> bool:
    """Whether a subquery or CTE that it may read is windowed (which of them, `shape` sees to)."""
    root = select.root()
    return any(
        window_of(other) is not None for other in root.find_all(exp.Select) if other is not select
    ) and not (isinstance(root, exp.Union) and select.parent is root)
