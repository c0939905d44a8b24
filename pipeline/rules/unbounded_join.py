"""Rule: a join forgets."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.rules.rule import Rule, Subject


class UnboundedJoin(Rule):
    """A join is bounded in time: by an interval, by equal windows, or FOR SYSTEM_TIME AS OF.

    A regular join keeps both sides for ever.
    """

    code = "unbounded-join"

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Joins with no bound in time."""
        for select in subject.all_selects():
            for join in select.args.get("joins") or []:
                if not _bounded(join):
                    hint = "bound it: a.event_time BETWEEN b.event_time - INTERVAL '1' HOUR AND b.event_time"
                    why = "A regular join keeps every row of both sides for ever."
                    yield self.found(subject, join.this, "the join has no bound in time", hint, why)


def _bounded(join: exp.Join) -> bool:
    if join.this.args.get("version"):
        return True
    condition = join.args.get("on")
    if condition is None:
        return False
    names = {
        side.name
        for equality in condition.find_all(exp.EQ)
        for side in (equality.this, equality.expression)
        if isinstance(side, exp.Column)
    }
    if {"window_start", "window_end"} <= names:
        return True
    ranges = condition.find_all(exp.Between, exp.GT, exp.GTE, exp.LT, exp.LTE)
    return any(
        column.name.endswith(("_time", "window_start", "window_end"))
        for found in ranges
        for column in found.find_all(exp.Column)
    )
