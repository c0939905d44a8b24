"""The cache in Valkey: result rows by model and hour, frames on their way to subscribers, and who subscribes.

A bucket (a model's rows of one hour) is trusted only with its completeness mark, which lives in the same
hash as the rows: whatever loses rows (a restart, a flush, an eviction) loses the mark too, and the next
reader loads the bucket from DynamoDB again.
"""

from __future__ import annotations

import threading
import time
import uuid
from dataclasses import dataclass
from functools import cache as cached_function
from typing import TYPE_CHECKING, Any, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from chalicelib import clock, environment, scripts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from chalicelib.rows import Stored

T = TypeVar("T")

ROWS_TTL_SECONDS = 26 * 3600
"""A little beyond the longest range the API serves."""
TRUST_MS = 15 * 60 * 1000
"""A complete bucket is loaded anew after this: a lost stream record then heals by itself."""
FRAME_BYTES = 16_000
"""Rows in a frame, as cached; rendered they stay below 32 KB."""
FRAMES_KEPT = 600
FRAMES_TTL_SECONDS = 15 * 60
CONNECTION_TTL_SECONDS = 2 * 3600 + 300
"""API Gateway closes a connection after 2 h."""
LOCK_TTL_MS = 15_000
_DOWN_SECONDS = 0.5
_MERGE_ROWS = 500
_JSON_AT = 25
"""Where a cached row's JSON begins: after the flag and `_updated_at`."""


class CacheUnavailableError(redis.RedisError):
    """Valkey cannot be used right now; readers go to DynamoDB, writers are retried."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """The cached rows of one hour: `sk` -> JSON.

    Not `complete`: rows may be missing. Not `trusted`: they are to be loaded again, if DynamoDB answers.
    """

    values: dict[bytes, bytes]
    complete: bool
    trusted: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """What a model's table says of its being recomputed (`recomputing.py`); times as text.

    Windows that began at `from_` or later are concerned; while `until` has not passed, their rows stay as
    they were. `done`: all of it was written. `buckets` are to be read from the table when the hold is over.
    """

    since: str
    from_: str
    until: str
    done: bool
    buckets: frozenset[str]

    def active(self, now: str) -> bool:
        """Whether rows are held back."""
        return self.until > now

    def concerns(self, bucket: str) -> bool:
        """Whether the rows of an hour may be held back."""
        return bucket >= self.from_[:13]


@dataclass(frozen=True, slots=True)
class State:
    """What is known of a model as a whole: the greatest watermark and `_updated_at` of its rows; its hold."""

    watermark: str | None
    as_of: str | None
    hold: Hold | None = None

    def recomputing_from(self, now: str) -> str | None:
        """Windows that began then or later are being recomputed; None where none are."""
        return self.hold.from_ if self.hold is not None and self.hold.active(now) else None


@dataclass(frozen=True, slots=True)
class Frame:
    """One delta: its sequence number and its rows as a JSON array of `Stored.value`."""

    seq: int
    rows: bytes


class Cache:
    """One Valkey database; all methods are thread-safe and raise `CacheUnavailableError` where it does not
    answer."""

    def __init__(self, url: str, prefix: str) -> None:
        # One retry without waiting: after a restart of the server a pooled connection is dead, and a new one
        # works.
        self._client: redis.Redis = redis.Redis.from_url(
            url,
            socket_timeout=2.0,
            socket_connect_timeout=1.0,
            retry=Retry(NoBackoff(), 1),
            max_connections=64,
        )
        self._prefix = prefix
        self._lock = threading.Lock()
        self._down_until = 0.0
        self._was_down = False
        self._trusted_from_ms = 0
        register = self._client.register_script
        self._merge = register(scripts.MERGE)
        self._hold = register(scripts.HOLD)
        self._push = register(scripts.PUSH)
        self._released = register(scripts.RELEASED)
        self._begin_load = register(scripts.BEGIN_LOAD)
        self._end_load = register(scripts.END_LOAD)
        self._sequence = register(scripts.SEQUENCE)
        self._next_frame = register(scripts.NEXT_FRAME)
        self._deltas_after = register(scripts.DELTAS_AFTER)
        self._release = register(scripts.RELEASE)

    def close(self) -> None:
        """Give all connections back."""
        self._client.close()

    def _key(self, model: str, *parts: str) -> str:
        return ":".join((f"{{{self._prefix}:{model}}}", *parts))

    def _call(self, operation: Callable[[], T]) -> T:
        if time.monotonic() < self._down_until:
            raise CacheUnavailableError("Valkey did not answer a moment ago")
        try:
            result = operation()
        except redis.RedisError as error:
            with self._lock:
                self._down_until = time.monotonic() + _DOWN_SECONDS
                self._was_down = True
            raise CacheUnavailableError(f"Valkey does not answer ({type(error).__name__})") from error
        if self._was_down:
            with self._lock:
                self._was_down = False
                # What this process read from DynamoDB meanwhile may be newer than what the cache still holds.
                self._trusted_from_ms = clock.now_ms()
        return result

    def ping(self) -> None:
        """Return if Valkey answers."""
        self._call(self._client.ping)

    # Rows

    def read(self, model: str, buckets: Sequence[str]) -> tuple[list[Bucket], State]:
        """The rows of `buckets`, in their order, and the state of the model, in one round trip."""

        def operation() -> list[Any]:
            with self._client.pipeline(transaction=False) as pipe:
                pipe.hmget(self._key(model, "meta"), ["watermark", "as_of", *_HOLD_FIELDS])
                pipe.smembers(self._key(model, "held"))
                for bucket in buckets:
                    pipe.hgetall(self._key(model, "rows", bucket))
                return pipe.execute()

        meta, held, *hashes = self._call(operation)
        watermark, as_of, *hold_fields = (None if value is None else _text(value) for value in meta)
        hold = _hold(hold_fields, held)
        now = clock.iso(clock.now_ms())
        oldest_ms = max(clock.now_ms() - TRUST_MS, self._trusted_from_ms)
        found = []
        for name, values in zip(buckets, hashes, strict=True):
            values.pop(b"!load", None)
            stamp = int(values.pop(b"!complete", 0))
            rows = {sk: value[_JSON_AT:] for sk, value in values.items()}
            trusted = stamp > oldest_ms
            if hold is not None and hold.active(now) and hold.concerns(name):
                trusted = stamp > 0  # the table holds rows that are not whole yet
            elif hold is not None and name in hold.buckets:
                trusted = trusted and stamp >= clock.epoch_ms(hold.until)
            found.append(Bucket(rows, complete=stamp > 0, trusted=trusted))
        return found, State(watermark, as_of, hold)

    def publish(self, model: str, rows: Iterable[Stored]) -> int:
        """Keep the newer of each row, and queue those that changed for the subscribers; returns how many
        did."""
        return self._merge_rows(model, rows, "P")

    def begin_load(self, model: str, bucket: str) -> str:
        """Announce a load of `bucket`, before DynamoDB is read; returns the token for `end_load`."""
        keys = [self._key(model, "rows", bucket)]
        token = self._call(lambda: self._begin_load(keys=keys, args=[ROWS_TTL_SECONDS, uuid.uuid4().hex]))
        return str(token.decode())

    def end_load(self, model: str, bucket: str, rows: Iterable[Stored], token: str, started_ms: int) -> bool:
        """Add what DynamoDB held and mark the bucket complete; False where the bucket was lost since
        `begin_load`."""
        self._merge_rows(model, rows, "L")
        keys = [self._key(model, "rows", bucket)]
        return bool(self._call(lambda: self._end_load(keys=keys, args=[token, started_ms])))

    def forget(self, model: str, bucket: str, sk: str) -> None:
        """Drop a row that was deleted, and the bucket's completeness with it: the next reader asks
        DynamoDB."""
        self._call(lambda: self._client.hdel(self._key(model, "rows", bucket), sk, "!complete", "!load"))

    def _merge_rows(self, model: str, rows: Iterable[Stored], origin: str) -> int:
        by_bucket: dict[str, list[Stored]] = {}
        for row in rows:
            by_bucket.setdefault(row.pk, []).append(row)
        changed = 0
        for bucket, members in by_bucket.items():
            keys = [
                self._key(model, *part) for part in (("rows", bucket), ("meta",), ("pending",), ("held",))
            ]
            for start in range(0, len(members), _MERGE_ROWS):
                chunk = members[start : start + _MERGE_ROWS]
                watermark = max((row.watermark or "" for row in chunk), default="")
                newest, now = max(row.updated_at for row in chunk), clock.iso(clock.now_ms())
                args: list[Any] = [ROWS_TTL_SECONDS, origin, watermark, newest, now, bucket]
                for row in chunk:
                    args += (row.sk, row.updated_at + row.value)
                changed += len(self._call(lambda keys=keys, args=args: self._merge(keys=keys, args=args)))  # type: ignore[misc]
        return changed

    # Recomputing

    def hold(self, model: str, since: str, from_: str, until: str) -> bool:
        """Hold back rows of windows that began at `from_` or later, until `until` or `end_hold`; False where
        that only moves the deadline."""
        return self._set_hold(model, [since, from_, until, "running"])

    def end_hold(self, model: str, since: str, from_: str, buckets: Sequence[str]) -> bool:
        """All is written: `buckets` are to be read anew; False where that was handled before."""
        now = clock.iso(clock.now_ms())
        return self._set_hold(model, [since, from_, now, "done"], buckets)

    def _set_hold(self, model: str, args: list[str], buckets: Sequence[str] = ()) -> bool:
        keys = [self._key(model, "meta"), self._key(model, "held")]
        now = clock.iso(clock.now_ms())
        return bool(self._call(lambda: self._hold(keys=keys, args=[*args, now, *buckets])))

    def released(self, model: str, bucket: str, gone: Iterable[str]) -> None:
        """A bucket was read anew after a hold; `gone` are rows that are no more."""
        keys = [self._key(model, *part) for part in (("rows", bucket), ("meta",), ("pending",), ("held",))]
        self._call(lambda: self._released(keys=keys, args=[bucket, *gone]))

    def push(self, model: str, bucket: str) -> None:
        """Queue every row of a bucket for the subscribers, changed or not."""
        keys = [self._key(model, "rows", bucket), self._key(model, "pending")]
        self._call(lambda: self._push(keys=keys))

    # Frames

    def sequence(self, model: str) -> int:
        """The newest sequence number of the model's topic."""
        return int(self._call(lambda: self._sequence(keys=[self._key(model, "meta")])))

    def next_frame(self, model: str) -> int | None:
        """Make the next frame of the rows that wait; its sequence number, or None where none waits."""
        keys = [self._key(model, part) for part in ("meta", "pending", "deltas")]
        args = [FRAME_BYTES, FRAMES_KEPT, FRAMES_TTL_SECONDS]
        seq = self._call(lambda: self._next_frame(keys=keys, args=args))
        return None if seq is None else int(seq)

    def frames_after(self, model: str, seq: int) -> list[Frame] | None:
        """The frames after `seq`, in order; None where they are not all kept."""
        keys = [self._key(model, "meta"), self._key(model, "deltas")]
        kept, *entries = self._call(lambda: self._deltas_after(keys=keys, args=[seq]))
        frames = [
            Frame(int(number), rows) for number, _, rows in (entry.partition(b"|") for entry in entries)
        ]
        if not kept or [frame.seq for frame in frames] != list(range(seq + 1, seq + 1 + len(frames))):
            return None
        return frames

    def sent(self, model: str) -> int:
        """The sequence number of the last frame that went out to subscribers."""
        value = self._call(lambda: self._client.hget(self._key(model, "meta"), "sent"))
        return self.sequence(model) if value is None else int(value)

    def set_sent(self, model: str, seq: int) -> None:
        """Remember that the frames up to `seq` went out."""
        self._call(lambda: self._client.hset(self._key(model, "meta"), "sent", str(seq)))

    def waiting(self, model: str) -> bool:
        """Whether rows wait to be put into a frame."""
        return bool(self._call(lambda: self._client.exists(self._key(model, "pending"))))

    def lock(self, model: str) -> str | None:
        """Take the right to send the model's frames, for a limited time; None where another has it."""
        token = uuid.uuid4().hex
        key = self._key(model, "lock")
        return token if self._call(lambda: self._client.set(key, token, nx=True, px=LOCK_TTL_MS)) else None

    def unlock(self, model: str, token: str) -> None:
        """Give that right back."""
        self._call(lambda: self._release(keys=[self._key(model, "lock")], args=[token]))

    # Subscriptions

    def subscribe(self, connection: str, model: str) -> None:
        """Remember that a connection wants the model's frames."""
        subscribers, topics = self._key(model, "subscribers"), self._connection_key(connection)

        def operation() -> None:
            with self._client.pipeline(transaction=False) as pipe:
                pipe.sadd(subscribers, connection)
                pipe.expire(subscribers, CONNECTION_TTL_SECONDS)
                pipe.sadd(topics, model)
                pipe.expire(topics, CONNECTION_TTL_SECONDS)
                pipe.execute()

        self._call(operation)

    def unsubscribe(self, connection: str, models: Iterable[str] | None = None) -> None:
        """Forget these subscriptions of a connection, or all of them."""
        key = self._connection_key(connection)
        names = list(models) if models is not None else self.subscriptions(connection)

        def operation() -> None:
            with self._client.pipeline(transaction=False) as pipe:
                for name in names:
                    pipe.srem(self._key(name, "subscribers"), connection)
                    pipe.srem(key, name)
                if models is None:
                    pipe.delete(key)
                pipe.execute()

        self._call(operation)

    def subscribers(self, model: str) -> list[str]:
        """The connections that want the model's frames."""
        members = self._call(lambda: self._client.smembers(self._key(model, "subscribers")))
        return sorted(_text(member) for member in members)

    def subscriptions(self, connection: str) -> list[str]:
        """The models a connection is subscribed to."""
        members = self._call(lambda: self._client.smembers(self._connection_key(connection)))
        return sorted(_text(member) for member in members)

    def is_subscribed(self, connection: str, model: str) -> bool:
        """Whether the model's frames go to that connection."""
        return bool(self._call(lambda: self._client.sismember(self._key(model, "subscribers"), connection)))

    def _connection_key(self, connection: str) -> str:
        return f"{self._prefix}:connection:{connection}"


_HOLD_FIELDS = ("held_since", "held_from", "held_until", "held_done")


def _hold(fields: Sequence[str | None], buckets: Iterable[bytes | str]) -> Hold | None:
    since, from_, until, done = (field or "" for field in fields)
    if not since:
        return None
    return Hold(since, from_, until, done == since, frozenset(_text(bucket) for bucket in buckets))


def _text(value: bytes | str) -> str:
    return value if isinstance(value, str) else value.decode()


@cached_function
def _of(url: str, prefix: str) -> Cache:
    return Cache(url, prefix)


def current() -> Cache:
    """The cache of this environment (`VALKEY_URL`, `NAME_PREFIX`)."""
    return _of(environment.required("VALKEY_URL"), environment.required("NAME_PREFIX"))
