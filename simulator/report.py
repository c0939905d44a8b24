"""What a run says while it goes and when it ends: progress on stderr, the summary on stdout."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from typing import Any

from ingest.producer import Statistics

_TERMINAL_SECONDS = 0.5
_PLAIN_SECONDS = 10.0


def say(line: str) -> None:
    """One line for a person, on stderr."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


class Progress:
    """A line that is rewritten on a terminal; now and then a line elsewhere."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._begin = time.monotonic()
        self._last = self._begin
        self._last_sent = 0

    def show(self, sent: int, rejected: int, statistics: Statistics) -> None:
        """Told as often as the caller likes; speaks when it is time."""
        now = time.monotonic()
        passed = now - self._last
        if passed < (_TERMINAL_SECONDS if self._terminal else _PLAIN_SECONDS):
            return
        rate = (sent - self._last_sent) / passed
        self._last, self._last_sent = now, sent
        line = f"{now - self._begin:.0f} s: {sent:,} events, {rate:,.0f}/s, {rejected:,} rejected"
        if statistics.stalled_since is not None:
            line += f", {statistics.buffered:,} waiting ({statistics.last_error[:100]})"
        if self._terminal:
            sys.stderr.write(f"\r\x1b[K{line}")
            sys.stderr.flush()
        else:
            say(line)

    def end(self) -> None:
        """Leave the rewritten line."""
        if self._terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def print_summary(summary: Mapping[str, Any], as_json: bool) -> None:
    """The run's result on stdout: JSON, or `key: value` lines."""
    if as_json:
        sys.stdout.write(json.dumps(summary) + "\n")
    else:
        for key, value in summary.items():
            sys.stdout.write(f"{key.replace('_', ' ')}: {_shown(value)}\n")
    sys.stdout.flush()


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {count:,}" for name, count in sorted(value.items())) or "none"
    return f"{value:,}" if isinstance(value, int) else str(value)
