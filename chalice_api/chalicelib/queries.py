"""Reading rows of a model: from Valkey what it holds completely, from DynamoDB the rest.

In process (at most 100 ms old), then Valkey (one round trip for all hours), then DynamoDB (one query an
hour). No call of boto3 is made while the cache is warm.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import cache, clock, environment, log, rows
from chalicelib.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.manifest import Model
    from chalicelib.rows import Row, Stored

MEMORY_SECONDS = 0.1
_FUTURE_MS = 2 * clock.HOUR_MS
_BUCKETS_IN_MEMORY = 512
_LOAD_ATTEMPTS = 3
_REFUSED_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Result:
    """Rows in order of window start and key, with the watermark that their status is worked out at.

    `as_of` is the last write to any row of the model that this process knows of; `read_at` (`time.monotonic`)
    is when the oldest of the rows were read. Rows of windows that began at `recomputing_from` or later are
    being recomputed, and stay as they were until that is over.
    """

    rows: list[Row]
    watermark: str | None
    as_of: str | None
    read_at: float
    recomputing_from: str | None = None


@dataclass(slots=True)
class _Bucket:
    """One hour's rows in this process: cached value and parsed row by `sk`, and the rows in order."""

    read_at: float
    by_sk: dict[bytes, tuple[bytes, Row]]
    in_order: list[Row]


class _Memory:
    """What this process knows of one model; `lock` lets one thread fetch while the others wait for its
    result."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.model: Model | None = None
        self.buckets: dict[str, _Bucket] = {}
        self.watermark: str | None = None
        self.as_of: str | None = None
        self.refused_until = 0.0
        self.hold: cache.Hold | None = None


_memories: defaultdict[str, _Memory] = defaultdict(_Memory)


def forget_all() -> None:
    """Drop what this process remembers, as if it had just started."""
    _memories.clear()


def read(model: Model, from_ms: int, to_ms: int, max_age_seconds: float = MEMORY_SECONDS) -> Result:
    """The rows of windows that start in [from_ms, to_ms), epoch milliseconds.

    `max_age_seconds` 0 asks for rows as they are now. Hours that `keep_hours` has passed by are empty.

    Raises:
        ApiError: 503 `unavailable` where neither Valkey nor DynamoDB can be read.
    """
    now_ms = clock.now_ms()
    kept_from = now_ms - model.keep_hours * clock.HOUR_MS - model.longest_window_ms - clock.HOUR_MS
    first, last = max(from_ms, kept_from), min(to_ms, now_ms + _FUTURE_MS)
    wanted = clock.hour_buckets(first, last) if first < last else []
    memory = _memories[f"{environment.required('NAME_PREFIX')}:{model.name}"]
    oldest = time.monotonic() - max_age_seconds
    with memory.lock:
        if memory.model is not model:
            memory.model, memory.buckets = model, {}
        stale = [b for b in wanted if b not in memory.buckets or memory.buckets[b].read_at <= oldest]
        if memory.watermark is None:
            # An old range alone would not tell how far the stream has come.
            recent = clock.hour_buckets(now_ms - clock.HOUR_MS, now_ms + 1)
            stale += [b for b in recent if b not in stale]
        if stale:
            _fetch(model, memory, stale)
        found = [row for bucket in wanted for row in memory.buckets[bucket].in_order]
        read_at = min((memory.buckets[bucket].read_at for bucket in wanted), default=time.monotonic())
        watermark, as_of = memory.watermark, memory.as_of
        state = cache.State(watermark, as_of, memory.hold)
    start, end = clock.iso(from_ms), clock.iso(to_ms)
    shown = [row for row in found if start <= row.window_start < end]
    return Result(shown, watermark, as_of, read_at, state.recomputing_from(clock.iso(now_ms)))


def _fetch(model: Model, memory: _Memory, buckets: Sequence[str]) -> None:
    """Bring `buckets` of this process up to date."""
    read_at = time.monotonic()
    try:
        found, state = cache.current().read(model.name, buckets)
    except cache.CacheUnavailableError:
        found, state = (
            [cache.Bucket({}, complete=False, trusted=False)] * len(buckets),
            cache.State(None, None, memory.hold),
        )
    memory.watermark = rows.latest((memory.watermark, state.watermark))
    memory.as_of = rows.latest((memory.as_of, state.as_of))
    memory.hold = state.hold
    for name, bucket in zip(buckets, found, strict=True):
        values = bucket.values if bucket.trusted else _reload(memory, model, name, bucket)
        _remember(memory, model, name, values, read_at)
    if len(memory.buckets) > _BUCKETS_IN_MEMORY:
        memory.buckets = {name: memory.buckets[name] for name in buckets}


def _remember(memory: _Memory, model: Model, name: str, values: dict[bytes, bytes], read_at: float) -> None:
    before = memory.buckets.get(name)
    by_sk: dict[bytes, tuple[bytes, Row]] = {}
    for sk, value in values.items():
        known = before.by_sk.get(sk) if before else None
        by_sk[sk] = known if known is not None and known[0] == value else (value, rows.parse(model, value))
    in_order = [by_sk[sk][1] for sk in sorted(by_sk)]
    memory.buckets[name] = _Bucket(read_at, by_sk, in_order)
    memory.watermark = rows.latest((memory.watermark, *(row.watermark for row in in_order)))
    memory.as_of = rows.latest((memory.as_of, *(row.as_of for row in in_order)))


def _reload(memory: _Memory, model: Model, name: str, cached: cache.Bucket) -> dict[bytes, bytes]:
    """One hour from DynamoDB; where that does not answer, what is cached, if it was whole once."""
    if time.monotonic() >= memory.refused_until:
        try:
            return _load(model, name)
        except ApiError:
            # Callers wait in line for this: one of them finds out, the others are told at once.
            memory.refused_until = time.monotonic() + _REFUSED_SECONDS
            if not cached.complete:
                raise
    if cached.complete:
        return cached.values
    raise _unavailable(model)


def _load(model: Model, bucket: str) -> dict[bytes, bytes]:
    """One hour from DynamoDB, put into the cache and, where that worked, read back merged with what is newer
    there."""
    store = cache.current()
    for _ in range(_LOAD_ATTEMPTS):
        started_ms = clock.now_ms()
        try:
            token = store.begin_load(model.name, bucket)
        except cache.CacheUnavailableError:
            break
        stored = query(model, bucket)
        try:
            if store.end_load(model.name, bucket, stored, token, started_ms):
                ((merged,), _) = store.read(model.name, [bucket])
                if merged.trusted:
                    return merged.values
        except cache.CacheUnavailableError:
            return _values(stored)
    log.warning("the cache is not used for a bucket", model=model.name, bucket=bucket)
    return _values(query(model, bucket))


def _values(stored: list[Stored]) -> dict[bytes, bytes]:
    return {row.sk.encode(): row.value.encode() for row in stored}


def query(model: Model, bucket: str) -> list[Stored]:
    """All rows of one hour as DynamoDB has them now, page by page.

    Raises:
        ApiError: 503 `unavailable` where DynamoDB does not answer or has no such table.
    """
    table = environment.physical_name(model.table)
    found: list[Stored] = []
    refused = 0
    try:
        pages = (
            environment.dynamodb()
            .get_paginator("query")
            .paginate(
                TableName=table,
                KeyConditionExpression="pk = :bucket",
                ExpressionAttributeValues={":bucket": {"S": bucket}},
                ConsistentRead=True,
            )
        )
        for page in pages:
            for item in page["Items"]:
                try:
                    found.append(rows.from_image(item))
                except rows.RowError as error:
                    refused += 1
                    reason = str(error)
    except (BotoCoreError, ClientError) as error:
        log.exception("DynamoDB cannot be read", model=model.name, table=table)
        raise _unavailable(model) from error
    if refused:
        log.warning(
            "items that are no result rows were left out", model=model.name, items=refused, last=reason
        )
    return found


def _unavailable(model: Model) -> ApiError:
    detail = f"the rows of {model.name} cannot be read right now; try again in a few seconds"
    return ApiError(503, "unavailable", detail)
