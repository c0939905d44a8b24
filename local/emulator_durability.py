"""Keeps the emulator's streams and tables in journals, so that it can be killed and go on.

Every change is written before it is answered; at the start the journals are read, compacted and put back into
the emulator's memory. Which fault this mends is told in `emulator_patches`.
"""

from __future__ import annotations

import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from ministack.core.responses import request_scope
from ministack.services import dynamodb, kinesis

from local import journal

_Response = tuple[int, dict[str, Any], Any]
_Stream = dict[str, Any]
_Table = dict[str, Any]


def restore_and_journal(data: Path) -> None:
    """Bring back what the journals in `data` hold, then journal all that changes.

    Raises OSError when the folder cannot be written, ValueError when a journal is damaged.
    """
    _restore_kinesis(data / "kinesis.journal")
    _restore_dynamodb(data / "dynamodb.journal")
    _journal_kinesis(journal.Journal(data / "kinesis.journal"))
    _journal_dynamodb(journal.Journal(data / "dynamodb.journal"))


def _write(log: journal.Journal) -> None:
    """Write before the answer. What cannot be written must not be answered for: the process ends at once.

    Whoever called tries again, and finds the state as it was before.
    """
    try:
        log.flush()
    except OSError as error:
        sys.stderr.write(f"The emulator cannot write {log.path} and ends: {error}\n")
        sys.stderr.flush()
        os._exit(1)


class _JournalledRecords(list[dict[str, Any]]):
    """A shard's records; what is appended is journalled too."""

    def __init__(self, log: journal.Journal, arn: str, shard_id: str, records: list[dict[str, Any]]) -> None:
        super().__init__(records)
        self._log = log
        self._arn = arn
        self._shard_id = shard_id

    def append(self, record: dict[str, Any]) -> None:
        super().append(record)
        self._log.add(_record_entry(self._arn, self._shard_id, record))


def _record_entry(arn: str, shard_id: str, record: dict[str, Any]) -> list[Any]:
    return [
        "record",
        arn,
        shard_id,
        record["SequenceNumber"],
        record["ApproximateArrivalTimestamp"],
        record["PartitionKey"],
        record["Data"],
    ]


def _stream_entry(stream: _Stream) -> list[Any]:
    shards = {
        shard_id: {name: value for name, value in shard.items() if name != "records"}
        for shard_id, shard in stream["shards"].items()
    }
    return ["stream", stream["StreamARN"], {**stream, "shards": shards}]


def _whole_stream(stream: _Stream) -> Iterator[list[Any]]:
    yield _stream_entry(stream)
    for shard_id, shard in stream["shards"].items():
        for record in shard["records"]:
            yield _record_entry(stream["StreamARN"], shard_id, record)


def _restore_kinesis(path: Path) -> None:
    streams: dict[str, _Stream] = {}
    for kind, arn, *rest in journal.read(path):
        if kind == "stream":
            streams[arn] = rest[0]
            for shard in rest[0]["shards"].values():
                shard["records"] = []
        elif kind == "deleted":
            del streams[arn]
        else:
            shard_id, sequence, arrival, partition_key, data = rest
            streams[arn]["shards"][shard_id]["records"].append(
                {
                    "SequenceNumber": sequence,
                    "ApproximateArrivalTimestamp": arrival,
                    "Data": data,
                    "PartitionKey": partition_key,
                }
            )
    for arn, stream in streams.items():
        account, region = kinesis._kinesis_arn_scope(arn)
        kinesis._streams.set_scoped(account, region, stream["StreamName"], stream)
        for shard in stream["shards"].values():
            last = (
                shard["records"][-1]["SequenceNumber"]
                if shard["records"]
                else shard["starting_sequence_number"]
            )
            kinesis._sequence_counter = max(kinesis._sequence_counter, int(last[-10:]))
        kinesis._expire_records(stream)
    journal.replace(path, (entry for stream in streams.values() for entry in _whole_stream(stream)))


_RECORD_CALLS = frozenset({"GetRecords", "GetShardIterator", "PutRecord", "PutRecords"})


def _snapshot(entry: list[Any]) -> bytes:
    return orjson.dumps(entry, option=orjson.OPT_NON_STR_KEYS)


class _StreamChanges:
    """Journals streams that appear, change their settings or shards, or go."""

    def __init__(self, log: journal.Journal) -> None:
        self._log = log
        self._known: dict[str, bytes] = {}
        for stream in kinesis._streams.all_values():
            self._follow(stream)

    def note(self) -> None:
        streams = {stream["StreamARN"]: stream for stream in kinesis._streams.all_values()}
        for arn in self._known.keys() - streams.keys():
            del self._known[arn]
            self._log.add(["deleted", arn])
        for arn, stream in streams.items():
            if self._known.get(arn) != _snapshot(_stream_entry(stream)):
                # Written whole: such changes are rare and mostly made while the stream is empty.
                for entry in _whole_stream(stream):
                    self._log.add(entry)
                self._follow(stream)

    def _follow(self, stream: _Stream) -> None:
        self._known[stream["StreamARN"]] = _snapshot(_stream_entry(stream))
        for shard_id, shard in stream["shards"].items():
            shard["records"] = _JournalledRecords(self._log, stream["StreamARN"], shard_id, shard["records"])


def _journal_kinesis(log: journal.Journal) -> None:
    changes = _StreamChanges(log)
    original, original_put = kinesis.handle_request, kinesis.put_record_internal

    async def handle_request(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
    ) -> _Response:
        response: _Response = await original(method, path, headers, body, query)
        if headers.get("x-amz-target", "").rpartition(".")[2] not in _RECORD_CALLS:
            changes.note()
        _write(log)
        return response

    def put_record_internal(stream_arn: str, partition_key: str, data: bytes) -> bool:
        put: bool = original_put(stream_arn, partition_key, data)
        _write(log)
        return put

    kinesis.handle_request = handle_request
    kinesis.put_record_internal = put_record_internal


def _table_entry(account: str, region: str, table: _Table) -> list[Any]:
    name = table["TableName"]
    kept = {k: v for k, v in table.items() if k not in ("items", dynamodb._INDEX_MEMBERS)}
    ttl = dynamodb._ttl_settings.get_scoped(account, region, name)
    tags = dynamodb._tags.get_scoped(account, region, table["TableArn"])
    return ["table", table["TableArn"], account, region, kept, ttl, tags]


def _whole_table(account: str, region: str, table: _Table) -> Iterator[list[Any]]:
    yield _table_entry(account, region, table)
    for partition, items in table["items"].items():
        for sort, item in items.items():
            yield ["put", table["TableArn"], partition, sort, item]


def _restore_dynamodb(path: Path) -> None:
    tables: dict[str, list[Any]] = {}
    items: dict[str, dict[str, dict[str, Any]]] = {}
    for kind, arn, *rest in journal.read(path):
        if kind == "table":
            tables[arn] = rest
            items.setdefault(arn, defaultdict(dict))
        elif kind == "deleted":
            del tables[arn], items[arn]
        elif kind == "put":
            partition, sort, item = rest
            items[arn][partition][sort] = item
        else:
            partition, sort = rest
            items[arn][partition].pop(sort, None)
            if not items[arn][partition]:
                del items[arn][partition]
    for arn, (account, region, table, ttl, tags) in tables.items():
        table["items"] = items[arn]
        dynamodb._tables.set_scoped(account, region, table["TableName"], table)
        if ttl:
            dynamodb._ttl_settings.set_scoped(account, region, table["TableName"], ttl)
        if tags:
            dynamodb._tags.set_scoped(account, region, arn, tags)
        dynamodb._items_replaced(table)
        _begin_change_stream(account, region, table)
    journal.replace(
        path,
        (
            entry
            for account, region, table, _ttl, _tags in tables.values()
            for entry in _whole_table(account, region, table)
        ),
    )


def _begin_change_stream(account: str, region: str, table: _Table) -> None:
    """Put each item's latest image on the table's change stream.

    It begins beyond any position of an earlier process, as long as that made less than a million changes a
    second.
    """
    with request_scope(account, region):
        dynamodb._stream_trimmed[table["TableName"]] = int(time.time() * 1_000_000)
        for items in table["items"].values():
            for item in items.values():
                dynamodb._emit_stream_event(table["TableName"], "INSERT", None, item, replicate=False)


def _journal_dynamodb(log: journal.Journal) -> None:
    known: dict[str, bytes] = {}
    set_item, remove_item = dynamodb._set_item, dynamodb._remove_item

    def journalled_set(table: _Table, partition: str, sort: str, item: dict[str, Any]) -> Any:
        old = set_item(table, partition, sort, item)
        log.add(["put", table["TableArn"], partition, sort, item])
        return old

    def journalled_remove(table: _Table, partition: str, sort: str) -> Any:
        old = remove_item(table, partition, sort)
        log.add(["removed", table["TableArn"], partition, sort])
        return old

    def note_changed_tables() -> None:
        tables = {table["TableArn"]: (key, table) for key, table in dynamodb._tables.all_items()}
        for arn in known.keys() - tables.keys():
            del known[arn]
            log.add(["deleted", arn])
        for arn, ((account, region, _name), table) in tables.items():
            entry = _table_entry(account, region, table)
            if known.get(arn) != _snapshot(entry):
                known[arn] = _snapshot(entry)
                log.add(entry)

    for (account, region, _name), table in dynamodb._tables.all_items():
        known[table["TableArn"]] = _snapshot(_table_entry(account, region, table))
    original = dynamodb.handle_request

    async def handle_request(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
    ) -> _Response:
        response: _Response = await original(method, path, headers, body, query)
        if headers.get("x-amz-target", "").rpartition(".")[2] in _TABLE_CHANGES:
            note_changed_tables()
        _write(log)
        return response

    dynamodb._set_item = journalled_set
    dynamodb._remove_item = journalled_remove
    dynamodb.handle_request = handle_request


_TABLE_CHANGES = frozenset(
    {"CreateTable", "DeleteTable", "UpdateTable", "UpdateTimeToLive", "TagResource", "UntagResource"}
)
