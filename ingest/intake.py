"""One event from bytes to what goes on a stream: checked, enriched, or turned into a rejected event."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ingest.enrich import Enricher
from ingest.model import Accepted, Rejected
from ingest.rejects import rejected_event
from ingest.validate import Validator


@dataclass
class Intake:
    """Checks and enriches; `source` names who sends (collector, simulator, replay). Counts what it saw."""

    validator: Validator
    enricher: Enricher
    source: str
    accepted: Counter[str] = field(default_factory=Counter)
    """Events by name."""
    rejected: Counter[str] = field(default_factory=Counter)
    """Events turned away by reason."""

    def take(
        self, raw: bytes, now_ms: int, *, event_time_ms: int | None = None, id_seed: bytes | None = None
    ) -> tuple[Accepted, Rejected | None]:
        """What to put on a stream, and what was wrong if that is a rejected event (see Validator.check)."""
        result = self.validator.check(raw, now_ms, event_time_ms=event_time_ms, id_seed=id_seed)
        if isinstance(result, Accepted):
            self.accepted[result.event_name] += 1
            return self.enricher.enrich(result, now_ms), None
        self.rejected[result.reason.value] += 1
        return rejected_event(result, now_ms, self.source, self.enricher.hash_ip), result
