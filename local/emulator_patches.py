"""What the AWS emulator (ministack 1.5.33) does wrong for a live pipeline, and the patch for each.

Each fault is one function, listed in `FAULTS`; `apply` installs all of them before the first request. Only
this file and `emulator_durability` know the emulator's insides.
"""

from __future__ import annotations

import base64
import bisect
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ministack.core.responses import (
    error_response_json,
    json_response,
)
from ministack.services import dynamodb, dynamodb_streams, kinesis

from local import emulator_durability

KINESIS_RETENTION_SECONDS = 6 * 3600
"""Streams say 24 h, as on AWS; memory holds this much: a replay reads back three hours."""

CHANGES_RETENTION_SECONDS = 300
"""A table's change stream holds 24 h on AWS; here each change costs some 4 KB of memory."""

ITERATOR_SECONDS = 300
GET_RECORDS_MAX_BYTES = 10_000_000
_LAST_PLAUSIBLE_SECONDS = 1e11  # the year 5138

_Request = dict[str, Any]
_Response = tuple[int, dict[str, Any], Any]


def expiry_rebuilds_every_shard_on_every_call(_data: Path) -> None:
    """Fault: each call copies the records of all shards to drop the expired (a put of one took 30 ms)."""

    def expire_records(stream: dict[str, Any]) -> None:
        kept = min(stream["RetentionPeriodHours"] * 3600, KINESIS_RETENTION_SECONDS)
        cutoff = time.time() - kept
        for shard in stream["shards"].values():
            records = shard["records"]
            if records and records[0]["ApproximateArrivalTimestamp"] < cutoff:
                del records[: bisect.bisect_left(records, cutoff, key=_arrival)]

    kinesis._expire_records = expire_records


def sequence_numbers_follow_the_clock_backwards(_data: Path) -> None:
    """Fault: a sequence number begins with the time, so a clock set back gives a smaller one than before."""
    state = {"millis": 0}

    def next_sequence_number() -> str:
        with kinesis._sequence_lock:
            kinesis._sequence_counter += 1
            state["millis"] = max(state["millis"], int(time.time() * 1000))
            return f"{state['millis']:020d}{kinesis._sequence_counter:010d}"

    kinesis._next_sequence_number = next_sequence_number


def shard_iterators_are_kept_and_swept(_data: Path) -> None:
    """Fault: iterators live in a table that every request walks (30,000 after five minutes of polling).

    They also hold an index into a list that expiry shortens, and die with the process. Here an iterator says
    itself where it stands, by sequence number, so it costs nothing and outlives a restart.
    """

    kinesis._get_shard_iterator = _get_shard_iterator
    kinesis._get_records = _get_records
    kinesis._expire_iterators = lambda: None


def change_streams_grow_without_end(_data: Path) -> None:
    """Fault: a table's change stream keeps a day of full images: gigabytes after an hour of live rows."""
    dynamodb._STREAM_RETENTION_SECONDS = CHANGES_RETENTION_SECONDS


def a_page_of_changes_is_measured_by_encoding_it(_data: Path) -> None:
    """Fault: GetRecords of a change stream encodes each record once more only to know its size."""

    def cap_page_bytes(page: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return page[:500]

    dynamodb_streams._cap_page_bytes = cap_page_bytes


def a_killed_emulator_forgets_everything(data: Path) -> None:
    """Fault: streams, tables and items live in memory, so a kill -9 of the emulator loses what was sent.

    Every change is journalled before it is answered and restored at the next start: Kinesis records with
    their sequence numbers, shards and arrival times; tables with their items and settings. Change streams
    begin anew with the latest image of each item, beyond every position handed out before: an old iterator
    answers TrimmedDataAccessException and its reader starts at TRIM_HORIZON, as after a day on AWS.
    """
    emulator_durability.restore_and_journal(data)


FAULTS: tuple[Callable[[Path], None], ...] = (
    expiry_rebuilds_every_shard_on_every_call,
    sequence_numbers_follow_the_clock_backwards,
    shard_iterators_are_kept_and_swept,
    change_streams_grow_without_end,
    a_page_of_changes_is_measured_by_encoding_it,
    a_killed_emulator_forgets_everything,
)


def apply(data: Path) -> None:
    """Install all patches; `data` is the folder of the journals. Call once, before the first request."""
    for patch in FAULTS:
        patch(data)


def _error(code: str, message: str) -> _Response:
    response: _Response = error_response_json(code, message, 400)
    return response


def _arrival(record: dict[str, Any]) -> float:
    arrival: float = record["ApproximateArrivalTimestamp"]
    return arrival


def _sequence(record: dict[str, Any]) -> str:
    sequence: str = record["SequenceNumber"]
    return sequence


def _iterator(arn: str, shard_id: str, after: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([arn, shard_id, after, time.time()]).encode()).decode()


def _position(records: list[dict[str, Any]], kind: str, data: _Request) -> int | None:
    if kind == "TRIM_HORIZON":
        return 0
    if kind == "LATEST":
        return len(records)
    if kind == "AT_SEQUENCE_NUMBER":
        return bisect.bisect_left(records, data["StartingSequenceNumber"], key=_sequence)
    if kind == "AT_TIMESTAMP":
        moment = float(data["Timestamp"])
        # Seconds; but the Java SDK, told to speak JSON instead of CBOR, goes on sending milliseconds.
        seconds = moment / 1000 if moment > _LAST_PLAUSIBLE_SECONDS else moment
        return bisect.bisect_left(records, seconds, key=_arrival)
    return None


def _get_shard_iterator(data: _Request) -> _Response:
    name, stream = kinesis._resolve_stream(data)
    if not stream:
        return _error("ResourceNotFoundException", f"Stream {name} not found")
    shard_id: str = data.get("ShardId", "")
    if shard_id not in stream["shards"]:
        return _error("ResourceNotFoundException", f"Shard {shard_id} in stream {name} not found")
    kind: str = data.get("ShardIteratorType", "")
    if kind == "AT_TIMESTAMP" and data.get("Timestamp") is None:
        return _error("InvalidArgumentException", "Timestamp is required for AT_TIMESTAMP")
    if kind.endswith("_SEQUENCE_NUMBER") and not data.get("StartingSequenceNumber"):
        return _error("InvalidArgumentException", f"StartingSequenceNumber is required for {kind}")
    kinesis._expire_records(stream)
    records = stream["shards"][shard_id]["records"]
    if kind == "AFTER_SEQUENCE_NUMBER":
        after = data["StartingSequenceNumber"]
    else:
        position = _position(records, kind, data)
        if position is None:
            return _error("InvalidArgumentException", f"Invalid ShardIteratorType: {kind}")
        after = records[position - 1]["SequenceNumber"] if position else ""
    response: _Response = json_response({"ShardIterator": _iterator(stream["StreamARN"], shard_id, after)})
    return response


def _get_records(data: _Request) -> _Response:
    try:
        arn, shard_id, after, issued = json.loads(base64.urlsafe_b64decode(data.get("ShardIterator") or ""))
    except ValueError:
        return _error("InvalidArgumentException", "Invalid ShardIterator.")
    if time.time() - issued > ITERATOR_SECONDS:
        return _error(
            "ExpiredIteratorException", f"Iterator expired: it was issued {ITERATOR_SECONDS} s ago."
        )
    stream = kinesis._resolve_stream_by_arn(arn)
    if not stream or shard_id not in stream["shards"]:
        return _error("ResourceNotFoundException", f"Shard {shard_id} in stream {arn} not found")
    kinesis._expire_records(stream)
    records = stream["shards"][shard_id]["records"]
    start = bisect.bisect_right(records, after, key=_sequence) if after else 0
    page: list[dict[str, Any]] = []
    size = 0
    for record in records[start : start + min(data.get("Limit") or 10_000, 10_000)]:
        size += len(record["Data"])
        if page and size > GET_RECORDS_MAX_BYTES:
            break
        page.append({**record, "EncryptionType": stream.get("EncryptionType", "NONE")})
    end = start + len(page)
    behind = time.time() - _arrival(records[end]) if end < len(records) else 0.0
    last = page[-1]["SequenceNumber"] if page else after
    response: _Response = json_response(
        {
            "Records": page,
            "NextShardIterator": _iterator(arn, shard_id, last),
            "MillisBehindLatest": max(0, int(behind * 1000)),
        }
    )
    return response
