"""What ingest says about one event: accepted or rejected, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson


class Reason(StrEnum):
    """Why an event was rejected: the closed set of codes that `rejected_event.reason` can hold."""

    TOO_LARGE = "too_large"
    INVALID_UTF8 = "invalid_utf8"
    INVALID_UNICODE = "invalid_unicode"
    MALFORMED_JSON = "malformed_json"
    NOT_AN_OBJECT = "not_an_object"
    TOO_DEEP = "too_deep"
    DUPLICATE_KEY = "duplicate_key"
    UNKNOWN_EVENT_TYPE = "unknown_event_type"
    MISSING_FIELD = "missing_field"
    WRONG_TYPE = "wrong_type"
    UNKNOWN_VALUE = "unknown_value"
    OUT_OF_RANGE = "out_of_range"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    WRONG_FORMAT = "wrong_format"
    TOO_MANY_DIGITS = "too_many_digits"
    INVALID_TIMESTAMP = "invalid_timestamp"
    TIMESTAMP_WITHOUT_ZONE = "timestamp_without_zone"
    TIMESTAMP_IN_FUTURE = "timestamp_in_future"
    TIMESTAMP_TOO_OLD = "timestamp_too_old"


@dataclass(slots=True)
class Accepted:
    """An event that fulfils its contract.

    `event` is the wire object with `event_id` set and times normalised to `yyyy-MM-ddTHH:mm:ss.SSSZ`;
    enrichment works on it in place. It may hold `orjson.Fragment` where a DECIMAL has more digits than a
    float can keep.
    """

    event_name: str
    event_id: str
    partition_key: str
    stream: str
    """Suffix of the stream's name, such as `page-view`."""
    event_time_ms: int
    contract_version: int
    event: dict[str, Any]

    @property
    def payload(self) -> bytes:
        """The event as it is put on the stream."""
        return orjson.dumps(self.event)


@dataclass(frozen=True, slots=True)
class Rejected:
    """An event that does not fulfil its contract. `path` is a JSON path, empty where no field is at fault."""

    reason: Reason
    message: str
    path: str
    event_type: str | None
    contract_version: int | None
    raw: bytes
