"""Rule: a join forgets."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.queries import from_table
from pipeline.resolving.joins import OF_MATCH
from pipeline.rules.rule import Rule, Subject


class UnboundedJoin(Rule):
    """A join is bounded in time: by an interval, by equal windows, or FOR SYSTEM_TIME AS OF.

    A regular join keeps both sides for ever. An interval has an earliest and a latest distance; windows are
    equal when both their bounds are compared and both sides were cut alike.
    """

    code = "unbounded-join"
    needs_types = True
    takes_part = True

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Joins with no bound in time."""
        for select in subject.all_selects():
            for join in select.args.get("joins") or []:
                if join.meta.get("bound") != "none" or not join.meta.get("known"):
                    continue
                if not subject.knows(join.args.get("on"), select.args.get("where")):
                    continue
                reason = join.meta.get("bound_reason")
                left, right = _aliases(select, join)
                hint = _interval(join, left, right)
                if reason and "window" in reason:
                    hint = (
                        f"compare {left}.window_start = {right}.window_start "
                        f"AND {left}.window_end = {right}.window_end"
                    )
                if reason and "different sizes" in reason:
                    hint = "give both the same INTERVAL"
                elif reason and "no longer" in reason:
                    hint = "group both sides by window_start, window_end before they are joined"
                why = "A regular join keeps every row of both sides for ever."
                message = "the join has no bound in time" + (f": {reason}" if reason else "")
                yield self.found(subject, join.this, message, hint, why)


def _interval(join: exp.Join, left: str, right: str) -> str:
    """The condition that would bound the join, or what a side lacks for one."""
    times = ["event_time", "event_time"]
    if join.meta.get("bound_reason") == OF_MATCH:
        return "let the pattern read both: FROM events MATCH_RECOGNIZE (...), with a variable for each"
    for index, (alias, time) in enumerate(join.meta.get("sides") or ()):
        if index == 0 and not alias.startswith("_"):
            left = alias
        if not time:
            added = "event_time, or window_time where it is windowed (behind a pattern there is none)"
            return f"{(left, right)[index]} has no time attribute: add to its SELECT {added}"
        times[index] = time
    begin = "AND" if join.args.get("on") else "ON"
    other = f"{right}.{times[1]}"
    return f"bound it: {begin} {left}.{times[0]} BETWEEN {other} - INTERVAL '1' HOUR AND {other}"


def _aliases(select: exp.Select, join: exp.Join) -> tuple[str, str]:
    """What the table before the join and the joined one are called; `a` and `b` where they have no name."""
    before = from_table(select)
    left = before.alias_or_name if before is not None else ""
    return left or "a", join.this.alias_or_name or "b"
