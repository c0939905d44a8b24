"""Rule: a join forgets."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model.diagnostics import Diagnostic
from pipeline.rules.rule import Rule, Subject


class UnboundedJoin(Rule):
    """A join is bounded in time: by an interval, by equal windows, or FOR SYSTEM_TIME AS OF.

    A regular join keeps both sides for ever. An interval has an earliest and a latest distance; windows are
    equal when both their bounds are compared and both sides were cut alike.
    """

    code = "unbounded-join"
    needs_types = True

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Joins with no bound in time."""
        for select in subject.all_selects():
            for join in select.args.get("joins") or []:
                if join.meta.get("bound") != "none" or not join.meta.get("known"):
                    continue
                reason = join.meta.get("bound_reason")
                hint = "bound it: a.event_time BETWEEN b.event_time - INTERVAL '1' HOUR AND b.event_time"
                if reason and "window" in reason:
                    hint = "compare a.window_start = b.window_start AND a.window_end = b.window_end"
                why = "A regular join keeps every row of both sides for ever."
                message = "the join has no bound in time" + (f": {reason}" if reason else "")
                yield self.found(subject, join.this, message, hint, why)
