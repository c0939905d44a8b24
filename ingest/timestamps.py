"""Times on the wire: ISO 8601 with a zone in, `yyyy-MM-ddTHH:mm:ss.SSSZ` out, epoch milliseconds between."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

_ISO = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?P<zone>[Zz]|[+-]\d\d(?::?\d\d)?)?", re.ASCII
)
_CANONICAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class TimestampError(ValueError):
    """The text is no time that can be placed in UTC; `without_zone` when only its zone is missing."""

    def __init__(self, message: str, without_zone: bool = False) -> None:
        super().__init__(message)
        self.without_zone = without_zone


def parse_timestamp(text: str) -> int:
    """Epoch milliseconds of an ISO 8601 date and time with a zone; finer fractions are cut off.

    Raises TimestampError.
    """
    if _CANONICAL.fullmatch(text):
        return _second(text[:19] + "Z") + int(text[20:23])
    return _parse(text)


@lru_cache(maxsize=1024)
def _second(text: str) -> int:
    return _parse(text)


def _parse(text: str) -> int:
    match = _ISO.fullmatch(text)
    if match is None:
        raise TimestampError("an ISO 8601 time such as 2026-01-15T12:00:00.000Z was expected")
    try:
        moment = datetime.fromisoformat(text.upper().replace(",", "."))
    except ValueError as error:
        raise TimestampError(f"no such time ({error})") from None
    if match["zone"] is None:
        raise TimestampError("its zone is missing: add Z for UTC, or +01:00", without_zone=True)
    return (moment - _EPOCH) // _MILLISECOND


def format_timestamp(epoch_ms: int) -> str:
    """`yyyy-MM-ddTHH:mm:ss.SSSZ`; for times in the years 1 to 9999."""
    second, millisecond = divmod(epoch_ms, 1000)
    return f"{_format_second(second)}.{millisecond:03d}Z"


@lru_cache(maxsize=1024)
def _format_second(second: int) -> str:
    return (_EPOCH + timedelta(seconds=second)).isoformat()[:19]
