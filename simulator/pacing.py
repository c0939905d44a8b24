"""The clock of a run: which events are due, and when each of them happened."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

_LONGEST_TICK_SECONDS = 0.05
_STALL_SECONDS = 2.0
_MOST_AT_ONCE = 5000


@dataclass
class Pace:
    """`rate` events a second from now on, at most `count` and for at most `seconds`.

    A run that fell behind (a full buffer while the endpoint was away) does not catch up in one burst: it goes
    on at its rate from then on.
    """

    rate: float
    count: int | None = None
    seconds: float | None = None
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._begin = self._anchor = time.monotonic()
        self._wall_ms = time.time() * 1000
        self._done_since_anchor = 0
        self._done = 0

    def due(self) -> list[int]:
        """Epoch milliseconds of the events that are due, waiting for at least one; [] at the end."""
        while not self.stop.is_set() and not self._over():
            now = time.monotonic()
            behind = (now - self._anchor) * self.rate - self._done_since_anchor
            if behind > max(self.rate * _STALL_SECONDS, 1):
                self._anchor, self._done_since_anchor, behind = now, 0, 0
                self._wall_ms = time.time() * 1000
            count = min(int(behind), _MOST_AT_ONCE)
            if self.count is not None:
                count = min(count, self.count - self._done)
            if count > 0:
                first = self._done_since_anchor + 1
                self._done_since_anchor += count
                self._done += count
                return [int(self._wall_ms + (first + index) * 1000 / self.rate) for index in range(count)]
            self.stop.wait(
                max((1 - behind) / self.rate, 0.001) if self.rate < 20 else _LONGEST_TICK_SECONDS / 2
            )
        return []

    def _over(self) -> bool:
        if self.count is not None and self._done >= self.count:
            return True
        return self.seconds is not None and time.monotonic() - self._begin >= self.seconds
