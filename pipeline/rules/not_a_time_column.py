"""Rule: windows are cut by event time."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.expressions import function_name
from pipeline.model.diagnostics import Diagnostic
from pipeline.rules.rule import Rule, Subject
from sqlglot_flink import Descriptor


class NotATimeColumn(Rule):
    """DESCRIPTOR names a time attribute: event_time of an event, or window_time of a window.

    Only for these the stream knows how far time has come.
    """

    code = "not-a-time-column"
    needs_types = True
    takes_part = True

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Descriptors of other columns."""
        # Whoever takes PROCTIME() out, as another rule asks for, names another column here.
        if any(function_name(node) == "PROCTIME" for node in subject.nodes()):
            return
        for descriptor in subject.nodes():
            if isinstance(descriptor, Descriptor) and descriptor.meta.get("time_attribute") is False:
                column = descriptor.expressions[0]
                times = descriptor.meta.get("time_columns") or []
                none = "its input has none: add event_time to its SELECT, or window_time where it is windowed"
                hint = f"use DESCRIPTOR({times[0]})" if times else none
                message = f'a window cannot be cut by "{column.name}"'
                why = "The stream knows how far time has come only for a time attribute."
                yield self.found(subject, column, message, hint, why)
