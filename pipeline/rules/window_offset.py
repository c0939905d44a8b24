"""Rule: a window has no offset."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model.diagnostics import Diagnostic
from pipeline.queries import window_of
from pipeline.rules.rule import Rule, Subject


class WindowOffset(Rule):
    """A window begins at whole multiples of its size, counted from 1970 in UTC.

    Flink takes an offset and then drops rows of such windows as late (FLINK-36664): of 20 events of one
    hourly window 19 were lost on 1.20.5.
    """

    code = "window-offset"

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Window functions with an offset."""
        for select in subject.all_selects():
            function = window_of(select)
            offset = function.args.get("offset") if function else None
            if offset is not None:
                yield self.found(
                    subject,
                    offset,
                    "a window with an offset loses rows on Flink",
                    "take the offset out; shorter windows can be added up by whoever reads them",
                    "Flink drops rows of such windows as late (FLINK-36664).",
                )
