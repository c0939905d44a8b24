"""When each event of a replayed file happens and is sent."""

from __future__ import annotations

import time
from dataclasses import dataclass

CLOCK_TOLERANCE_MS = 60_000
"""A time further ahead of the clock than this has not come yet, whatever file it stands in."""


@dataclass
class ReplayClock:
    """Moves event times to now and knows when each event is due; all times in epoch milliseconds.

    `latest_ms` is the latest time of the file where nothing is waited for (`unpaced`). A silence that would
    be waited for longer than `longest_gap_ms` is skipped; `skipped_now_ms` says how much of it the last event
    did. Where the line behind such a gap turns out to stand alone, the lines after it go on as if it had not
    been there.
    """

    speed: float
    shift: bool
    unpaced: bool
    latest_ms: int | None
    longest_gap_ms: int
    skipped_now_ms: int = 0
    _first_ms: int | None = None
    _begin_ms: int = 0
    _reached_ms: int = 0
    _skipped_ms: int = 0
    _before_gap: tuple[int, int] | None = None

    def place(self, event_ms: int, at_ms: int) -> tuple[int | None, int]:
        """(event time to set, or None to keep it; when to send) for the next event, asked at `at_ms`."""
        self.skipped_now_ms = 0
        if event_ms > at_ms + CLOCK_TOLERANCE_MS:
            return None, 0
        if self._first_ms is None:
            self._first_ms = self._reached_ms = event_ms
            self._begin_ms = at_ms
        if self.unpaced:
            reference = event_ms if self.latest_ms is None else self.latest_ms
            return (self._begin_ms + event_ms - reference if self.shift else None), 0
        self._skip_or_return(event_ms)
        self._reached_ms = max(self._reached_ms, event_ms)
        due = self._begin_ms + round((event_ms - self._first_ms - self._skipped_ms) / self.speed)
        return (due if self.shift else None), due

    def _skip_or_return(self, event_ms: int) -> None:
        gap_ms = event_ms - self._reached_ms
        if gap_ms > self.longest_gap_ms * self.speed:
            self._before_gap = (self._reached_ms, self._skipped_ms)
            self._skipped_ms += gap_ms
            self.skipped_now_ms = gap_ms
        elif self._before_gap is not None and abs(event_ms - self._before_gap[0]) < -gap_ms:
            self._reached_ms, self._skipped_ms = self._before_gap
            self._before_gap = None


def now_ms() -> int:
    """The wall clock."""
    return time.time_ns() // 1_000_000
