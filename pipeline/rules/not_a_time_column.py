"""Rule: windows are cut by event time."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model.diagnostics import Diagnostic
from pipeline.rules.rule import Rule, Subject
from sqlglot_flink import Descriptor


class NotATimeColumn(Rule):
    """DESCRIPTOR names a time attribute: event_time of an event, or window_time of a window.

    Only for these the stream knows how far time has come.
    """

    code = "not-a-time-column"
    needs_types = True

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Descriptors of other columns."""
        for descriptor in subject.nodes():
            if isinstance(descriptor, Descriptor) and descriptor.meta.get("time_attribute") is False:
                column = descriptor.expressions[0]
                times = descriptor.meta.get("time_columns") or []
                hint = f"use DESCRIPTOR({times[0]})" if times else "its input has none: add window_time to it"
                message = f'a window cannot be cut by "{column.name}"'
                why = "The stream knows how far time has come only for a time attribute."
                yield self.found(subject, column, message, hint, why)
