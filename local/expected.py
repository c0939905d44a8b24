"""What the demo's metrics must show, worked out from the events that were sent, without any SQL."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from local.times import iso_ms

MINUTE_MS = 60_000
METRICS = ("page_views_per_minute", "revenue_per_minute", "active_users", "events_per_minute")
"""What a checked demo must show."""
CHECKED = (*METRICS, "rejected_events_per_minute")
"""What is compared with what was sent; of the last there may be nothing."""

Key = tuple[object, ...]
Values = tuple[object, ...]


@dataclass(frozen=True)
class SentEvent:
    """One event of the simulator's ledger; times in milliseconds since the epoch.

    `amount` is the money it took: None for what is no purchase, or none that was paid. `reason` is why ingest
    turned it away.
    """

    event_id: str
    event_type: str
    event_time_ms: int
    sent_at: float
    user_id: str
    category: str | None
    currency: str | None
    amount: Decimal | None
    reason: str | None = None


@dataclass
class Expected:
    """Sums up sent events; each `event_id` counts once.

    `periods` are the windows of `active_users`: (label, size, step), in milliseconds. An event that was sent
    `late_ms` or more after it happened is left to the batch layer, and to `too_late`.
    """

    periods: tuple[tuple[str, int, int], ...]
    late_ms: int
    too_late: int = 0
    _seen: set[str] = field(default_factory=set)
    _events: Counter[Key] = field(default_factory=Counter)
    _rejected: Counter[Key] = field(default_factory=Counter)
    _page_views: Counter[Key] = field(default_factory=Counter)
    _purchases: Counter[Key] = field(default_factory=Counter)
    _revenue: defaultdict[Key, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    _users: defaultdict[Key, set[str]] = field(default_factory=lambda: defaultdict(set))

    @property
    def events(self) -> int:
        """How many different events of the shop must be counted."""
        return self._events.total()

    def add(self, event: SentEvent) -> bool:
        """Count an event; False for one that was counted before or comes too late."""
        if event.event_id in self._seen:
            return False
        self._seen.add(event.event_id)
        if event.event_time_ms <= event.sent_at * 1000 - self.late_ms:
            self.too_late += 1
            return False
        minute = event.event_time_ms - event.event_time_ms % MINUTE_MS
        if event.reason is not None:
            self._rejected[minute, event.reason] += 1
            return True
        self._events[minute, event.event_type] += 1
        if event.event_type == "page_view":
            self._page_views[minute, event.category] += 1
        if event.event_type == "purchase" and event.amount is not None:
            self._purchases[minute, event.currency] += 1
            self._revenue[minute, event.currency] += event.amount
        for label, size, step in self.periods:
            start = event.event_time_ms - event.event_time_ms % step
            while start > event.event_time_ms - size:
                self._users[label, start].add(event.user_id)
                start -= step
        return True

    def rows(self) -> dict[str, dict[Key, Values]]:
        """For each metric its rows: key (start in ms and dimension, or label and start) and values."""
        return {
            "page_views_per_minute": {key: (count,) for key, count in self._page_views.items()},
            "revenue_per_minute": {key: (self._revenue[key], n) for key, n in self._purchases.items()},
            "active_users": {key: (len(users),) for key, users in self._users.items()},
            "events_per_minute": {key: (count,) for key, count in self._events.items()},
            "rejected_events_per_minute": {key: (count,) for key, count in self._rejected.items()},
        }


def counted(metric: str, row: Mapping[str, Any]) -> tuple[Key, Values]:
    """A row of the API in the form of `Expected.rows`."""
    if metric == "page_views_per_minute":
        return (epoch_ms(row["minute_start"]), row["category"]), (int(row["page_views"]),)
    if metric == "revenue_per_minute":
        key = (epoch_ms(row["minute_start"]), row["currency"])
        return key, (Decimal(row["revenue"]), int(row["purchases"]))
    if metric == "events_per_minute":
        return (epoch_ms(row["minute_start"]), row["event_type"]), (int(row["events"]),)
    if metric == "rejected_events_per_minute":
        return (epoch_ms(row["minute_start"]), row["reason"]), (int(row["rejected"]),)
    return (row["period"], epoch_ms(row["period_start"])), (int(row["active_users"]),)


def mismatches(wanted: Mapping[Key, Values], found: Mapping[Key, Values]) -> list[str]:
    """One line for each row that is missing, wrong or too many."""
    return [
        f"{' '.join(map(_word, key))}: sent {_words(wanted.get(key))}, counted {_words(found.get(key))}"
        for key in sorted(wanted.keys() | found.keys(), key=str)
        if wanted.get(key) != found.get(key)
    ]


def epoch_ms(text: str) -> int:
    """Milliseconds since the epoch of an ISO 8601 time with a zone."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def _word(part: object) -> str:
    return iso_ms(part) if isinstance(part, int) else str(part)


def _words(values: Values | None) -> str:
    return "nothing" if values is None else ", ".join(str(value) for value in values)
