"""The one form of a time in everything that `local` writes: ISO 8601 in UTC with milliseconds and a `Z`."""

from __future__ import annotations

from datetime import UTC, datetime


def iso(moment: datetime) -> str:
    """`2026-01-15T12:00:00.000Z`; `moment` has a zone."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_now() -> str:
    """The present moment."""
    return iso(datetime.now(UTC))


def iso_ms(millis: int) -> str:
    """Of milliseconds since the epoch."""
    return iso(datetime.fromtimestamp(millis / 1000, UTC))
