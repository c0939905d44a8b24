"""Time as the API speaks it: epoch milliseconds inside, ISO 8601 UTC with milliseconds outside."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

HOUR_MS = 3_600_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_MS = -62_135_596_800_000
_LAST_MS = 253_402_300_799_999
_LONGEST_TIME = 40
_PLUS_AS_SPACE = re.compile(r" (\d\d:?\d\d)$")


def now_ms() -> int:
    """The current time, epoch milliseconds."""
    return time.time_ns() // 1_000_000


def iso(epoch_ms: int) -> str:
    """`2026-11-22T18:03:00.000Z` of epoch milliseconds."""
    seconds, milliseconds = divmod(epoch_ms, 1000)
    whole = datetime.fromtimestamp(seconds, UTC)
    return f"{whole:%Y-%m-%dT%H:%M:%S}.{milliseconds:03d}Z"


def epoch_ms(text: str) -> int:
    """Epoch milliseconds of an ISO 8601 time; without an offset it is UTC.

    A `+` in an offset may have become a space, as it does in a query string that nobody encoded.

    Raises:
        ValueError: the text is no such time.
    """
    upper = text.upper()
    if len(text) > _LONGEST_TIME or "T" not in upper:
        raise ValueError("not an ISO 8601 time")
    moment = datetime.fromisoformat(_PLUS_AS_SPACE.sub(r"+\1", upper))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    # timedelta arithmetic instead of timestamp(): exact, and without the platform's limits on years.
    since = moment - _EPOCH
    result = (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000
    if not _FIRST_MS <= result <= _LAST_MS:
        raise ValueError("outside of the years 1 to 9999 in UTC")
    return result


def hour_bucket(moment_ms: int) -> str:
    """The partition of a window that starts then: `2026-11-22T18`."""
    return iso(moment_ms)[:13]


def hour_buckets(from_ms: int, to_ms: int) -> list[str]:
    """The partitions of all windows that start in [from_ms, to_ms), in order."""
    first = from_ms // HOUR_MS
    last = (to_ms - 1) // HOUR_MS
    return [hour_bucket(hour * HOUR_MS) for hour in range(first, last + 1)]
