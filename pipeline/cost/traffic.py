"""The traffic of one rate of events: events of streams, rows and frames of models, requests, calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

from pipeline.cost.assumptions import Assumption
from pipeline.cost.deployment import Deployment

HOURS_A_MONTH = 730
SECONDS_A_MONTH = HOURS_A_MONTH * 3600
GB = 2**30


@dataclass(frozen=True)
class Traffic:
    """What flows at `events_per_hour` (events that ingest takes). Rates are per second, on average."""

    events_per_hour: float
    manifest: Mapping[str, Any]
    deployment: Deployment
    assumptions: Mapping[str, Assumption]

    def value(self, name: str) -> float:
        """An assumption's number; of a group such as `weight.`, that of `.other` where it is not named."""
        if name not in self.assumptions:
            name = f"{name.partition('.')[0]}.other"
        return self.assumptions[name].value

    @property
    def events_per_month(self) -> float:
        """Events that ingest takes in 730 hours."""
        return self.events_per_hour * HOURS_A_MONTH

    @cached_property
    def event_rates(self) -> dict[str, float]:
        """Events a second of each stream. A standalone one (rejected events) comes on top of the mix."""
        events = self.manifest["events"]
        rate = self.events_per_hour / 3600
        weights = {
            name: self.value(f"weight.{name}") for name, e in events.items() if not e.get("standalone")
        }
        whole = sum(weights.values()) or 1
        return {
            name: rate * (weights[name] / whole if name in weights else self.value("rejected_share"))
            for name in events
        }

    def rate_of(self, event: str) -> float:
        """Events a second of a stream; 0 for one that the manifest does not have."""
        return self.event_rates.get(event, 0)

    @cached_property
    def all_records_per_month(self) -> float:
        """Records put in a month, rejected events included."""
        return sum(self.event_rates.values()) * self.value("records_per_event") * SECONDS_A_MONTH

    @cached_property
    def rows_by_model(self) -> dict[str, float]:
        """Rows written a second by each model."""
        return {name: self._rows(model) for name, model in self.manifest["models"].items()}

    def _rows(self, model: Mapping[str, Any]) -> float:
        rate = sum(self.rate_of(event) for event in model["sources"])
        flushes = 1000 / self.mini_batch_ms(model["app"]) + 1 / self.value("checkpoint_seconds")
        total = 0.0
        for window in model["windows"]:
            kind, slide_ms = window["kind"], window["slide_ms"] or window["size_ms"]
            told = set(window.get("discriminator") or {})
            keys = prod(
                self.value(f"cardinality.{column}")
                for column in model["key"]
                if column != model["time_column"] and column not in told
            )
            # How many windows (of CUMULATE: rows) an event counts in.
            fan = max(1.0, window["size_ms"] / slide_ms) if slide_ms else 1.0
            if kind == "row":
                total += rate
            elif kind == "session":
                total += rate / self.value("events_per_session")
            elif model["form"] == "live":
                # One upsert a key and mini-batch, and never more than the events touch.
                total += min(rate * fan, keys * fan * flushes)
            else:
                total += min(rate * fan, keys * 1000 / slide_ms)
        return total

    def mini_batch_ms(self, app: str) -> float:
        """How long an application collects changes before it writes them."""
        told = next((a.mini_batch_ms for a in self.deployment.applications if a.name == app), None)
        return told or self.value("mini_batch_ms")

    @cached_property
    def frames_per_second(self) -> float:
        """Frames of all models: one a mini-batch, bounded by the model's rows."""
        models = self.manifest["models"]
        return sum(
            min(rows, 1000 / self.mini_batch_ms(models[name]["app"]))
            for name, rows in self.rows_by_model.items()
        )

    @property
    def messages_per_month(self) -> float:
        """WebSocket messages: each page has all models, a frame is one message for each 32 KB."""
        each = max(1, -(-self.value("frame_bytes") // 32_768))
        return self.value("page_users") * self.frames_per_second * each * SECONDS_A_MONTH

    @property
    def collector_requests_per_month(self) -> float:
        """Requests that bring events."""
        return self.events_per_month / self.value("events_per_collector_request")

    @property
    def reads_per_month(self) -> float:
        """Reads of the API before the cache."""
        return self.events_per_month / 1000 * self.value("api_requests_per_1000_events")

    @property
    def uncached_reads_per_month(self) -> float:
        """Reads that reach API Gateway."""
        return self.reads_per_month * (1 - min(1, self.value("api_cache_share")))

    @property
    def rows_per_month(self) -> float:
        """Rows written, all models."""
        return sum(self.rows_by_model.values()) * SECONDS_A_MONTH
