"""Rule: what is counted is counted over a window."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.queries import aggregates, from_table, group_keys, window_of
from pipeline.rules.rule import Rule, Subject

_WHY = "An aggregation without a window never ends: its state grows with every new group."


class GroupWithoutWindow(Rule):
    """Aggregation and DISTINCT read a window function, or windowed rows, and keep both of their bounds.

    Over the whole stream they would keep every group for ever.
    """

    code = "group-without-window"
    needs_types = True
    takes_part = True

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Aggregating SELECTs that Flink sees no window in."""
        for select in subject.all_selects():
            if select.meta.get("windowed") is not False:
                continue
            keys = group_keys(select)
            grouped = bool(keys) or any(aggregates(select))
            if grouped and window_of(select) is not None:
                # A rule of its own tells which bound is missing from GROUP BY.
                continue
            node = keys[0] if keys else select.expressions[0]
            if not grouped:
                hint = "add window_start and window_end, or GROUP BY them"
                yield self.found(subject, node, "DISTINCT has no window", hint, _WHY)
                continue
            read = from_table(select)
            event = read.name if isinstance(read, exp.Table) and read.name else "<event>"
            hint = (
                f"read FROM TABLE(TUMBLE(TABLE {event}, DESCRIPTOR(event_time), INTERVAL '1' MINUTE)) "
                "and GROUP BY window_start, window_end"
            )
            if _reads_windows(select):
                hint = "group by window_start and window_end of the windowed rows, or cut a window over them"
            yield self.found(subject, node, "the aggregation has no window", hint, _WHY)


def _reads_windows(select: exp.Select) -> bool:
    """Whether what stands in its FROM is windowed somewhere below."""
    source = select.args.get("from_")
    below = source.find_all(exp.Select) if source else ()
    with_ = select.root().args.get("with_")
    ctes = with_.find_all(exp.Select) if with_ else ()
    return any(window_of(other) is not None for other in (*below, *ctes))
