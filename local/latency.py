"""How long an event takes to be counted in what the API answers.

The k-th event sent of a minute and category is in the answer from the first moment the answer's count is at
least k. So each event has a latency of its own, and a mean over events or windows hides nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from local.expected import Key

SETTLE_SECONDS = 5.0


@dataclass
class Latencies:
    """Brings together when events were sent and when counts were seen; times in seconds since the epoch."""

    _sent: defaultdict[Key, list[float]] = field(default_factory=lambda: defaultdict(list))
    _counts: dict[Key, int] = field(default_factory=dict)
    _seen: defaultdict[Key, list[float]] = field(default_factory=lambda: defaultdict(list))

    def sent(self, key: Key, at: float) -> None:
        """An event of `key` was sent."""
        self._sent[key].append(at)

    def shown(self, counts: Mapping[Key, int], at: float) -> None:
        """The API answered with these counts at `at`."""
        for key, count in counts.items():
            new = count - self._counts.get(key, 0)
            if new > 0:
                self._seen[key].extend([at] * new)
                self._counts[key] = count

    def forget(self, before_ms: int) -> None:
        """Drop the times of minutes before `before_ms`, not their counts; keys begin with the minute."""
        for times in (self._sent, self._seen):
            for key in [key for key in times if isinstance(key[0], int) and key[0] < before_ms]:
                del times[key]

    def milliseconds(self, since: float, outages: list[tuple[float, float]]) -> tuple[list[float], int]:
        """The latencies of all events sent after `since`, sorted, and how many were left out for an outage.

        Left out are events under way during an outage (from, until) or in the `SETTLE_SECONDS` after it.
        """
        latencies: list[float] = []
        left_out = 0
        for key, sent in self._sent.items():
            for at, seen in zip(sorted(sent), self._seen[key], strict=False):
                if at < since:
                    continue
                if any(at < until + SETTLE_SECONDS and seen > begin for begin, until in outages):
                    left_out += 1
                else:
                    latencies.append((seen - at) * 1000)
        return sorted(latencies), left_out


def percentile(ordered: list[float], percent: float) -> float | None:
    """The value below which `percent` of the sorted values lie, interpolated; None of nothing."""
    if not ordered:
        return None
    place = (len(ordered) - 1) * percent / 100
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
