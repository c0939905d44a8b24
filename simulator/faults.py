"""What goes wrong on the way to ingest: broken events, events sent twice, events that come late."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from ingest.timestamps import format_timestamp, parse_timestamp

_DAY_MS = 86_400_000


def _with(event: dict[str, Any], **changes: Any) -> bytes:
    return orjson.dumps({**event, **changes})


def _without(event: dict[str, Any], name: str) -> bytes:
    return orjson.dumps({key: value for key, value in event.items() if key != name})


def _moved(event: dict[str, Any], by_ms: int) -> bytes:
    return _with(event, timestamp=format_timestamp(parse_timestamp(event["timestamp"]) + by_ms))


# What is done to a good event, and the reason that ingest must then give.
BREAKAGES: tuple[tuple[str, Callable[[dict[str, Any]], bytes]], ...] = (
    ("malformed_json", lambda event: orjson.dumps(event)[:-20]),
    ("malformed_json", lambda event: orjson.dumps(event)[:-1] + b',"score":NaN}'),
    ("not_an_object", lambda event: orjson.dumps([event])),
    ("missing_field", lambda event: _without(event, "session_id")),
    ("missing_field", lambda event: _with(event, user_id=None)),
    ("wrong_type", lambda event: _with(event, page_url=17)),
    ("unknown_value", lambda event: _with(event, device_type="fridge")),
    ("unknown_event_type", lambda event: _with(event, event_type="add_to_basket")),
    ("too_long", lambda event: _with(event, referrer="https://x.example/" + "a" * 4000)),
    ("too_large", lambda event: _with(event, page_url="https://x.example/" + "a" * 1_000_000)),
    ("timestamp_in_future", lambda event: _moved(event, _DAY_MS)),
    ("timestamp_too_old", lambda event: _moved(event, -400 * _DAY_MS)),
    ("timestamp_without_zone", lambda event: _with(event, timestamp=event["timestamp"][:-1])),
    ("invalid_timestamp", lambda event: _with(event, timestamp="yesterday")),
    ("invalid_utf8", lambda event: orjson.dumps(event).replace(b'"user_id":"', b'"user_id":"\xff')),
    ("duplicate_key", lambda event: orjson.dumps(event)[:-1] + b',"user_id":"u-0"}'),
)


@dataclass(frozen=True)
class Shares:
    """What share of events is broken, sent twice, or late; `latest_ms` is how late at most."""

    bad: float = 0.002
    duplicate: float = 0.001
    late: float = 0.0
    latest_ms: int = 600_000


class Faults:
    """Does to a series of events what networks and clients do; the same seed does the same things."""

    def __init__(self, shares: Shares, seed: int) -> None:
        self.shares = shares
        self._random = np.random.default_rng([seed, 1])
        self._chances: list[float] = []
        self._sent: deque[bytes] = deque(maxlen=1000)
        self._breakage = 0

    def lateness_ms(self) -> int:
        """How late the next event is to be: 0 for most."""
        if self.shares.late and self._chance() < self.shares.late:
            return int(1000 + self._chance() * (self.shares.latest_ms - 1000))
        return 0

    def apply(self, event: dict[str, Any]) -> list[tuple[str, bytes]]:
        """What is sent for the event, as (label, bytes): itself, and by chance a copy of an earlier one.

        Labels: `good`, `duplicate`, or `bad:<reason>`.
        """
        chance = self._chance()
        if chance < self.shares.bad:
            reason, breakage = BREAKAGES[self._breakage % len(BREAKAGES)]
            self._breakage += 1
            return [(f"bad:{reason}", breakage(event))]
        raw = orjson.dumps(event)
        sent = [("good", raw)]
        if self._sent and chance > 1 - self.shares.duplicate:
            sent.append(("duplicate", self._sent[int(self._chance() * len(self._sent))]))
        self._sent.append(raw)
        return sent

    def _chance(self) -> float:
        if not self._chances:
            self._chances = self._random.random(4096).tolist()
        return self._chances.pop()
