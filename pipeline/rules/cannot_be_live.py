"""Rule: what is declared live can be updated while it fills."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model.diagnostics import Diagnostic
from pipeline.queries import group_keys
from pipeline.resolving.live import why_not_live
from pipeline.rules.rule import Rule, Subject


class CannotBeLive(Rule):
    """A model with `live: true` is a GROUP BY of TUMBLE or HOP over the rows of one event.

    Only there can Flink update a row by its key, and count late events in their own window.
    """

    code = "cannot-be-live"
    needs_types = True

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """SELECTs that cannot be live in a model that is declared so."""
        model = subject.classified
        if model is None or not model.resolved.parsed.rendered.source.promises.live:
            return
        for select in subject.selects():
            reason = why_not_live(select, subject.tree)
            if not reason:
                continue
            having = select.args.get("having")
            group = group_keys(select)
            place = having.this if having else group[0] if group else select.expressions[0]
            hint = "take live: true out of metric.yaml"
            yield self.found(subject, place, f"this cannot be live: {reason}", hint)
