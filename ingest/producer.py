"""Puts records on Kinesis streams: batched, retried record by record, never dropped while there is hope.

One thread ("lane") a stream sends one request at a time, so that a stream's records keep their order but for
retries. The buffer is bounded: `put` blocks while it is full, which is the back pressure on whoever produces.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient
    from mypy_boto3_kinesis.type_defs import PutRecordsRequestEntryTypeDef

# What no retry mends: the request itself is at fault. All else (throttling, outage, a stream that is being
# created again, credentials that are being renewed) is tried until it works.
_HOPELESS = frozenset({"ValidationException", "InvalidArgumentException", "SerializationException"})
_RECORD_OVERHEAD_BYTES = 256
_KEY_CHARACTERS = 256


@dataclass(frozen=True, slots=True)
class Record:
    """What goes on a stream. `token` is the caller's own; it comes back when the record is acknowledged."""

    stream: str
    """Suffix of the stream's name, such as `page-view`."""
    partition_key: str
    payload: bytes
    token: Any = None


@dataclass(frozen=True)
class Limits:
    """Sizes and times; a batch keeps within Kinesis's own limits (500 records, 5 MiB a request)."""

    batch_records: int = 500
    batch_bytes: int = 4_500_000
    linger_seconds: float = 0.05
    buffer_records: int = 200_000
    buffer_bytes: int = 128 * 1024 * 1024
    first_backoff_seconds: float = 0.05
    longest_backoff_seconds: float = 3.0


@dataclass
class Statistics:
    """Counts since the producer began. `buffered` is what waits or is on its way."""

    put: int = 0
    acknowledged: int = 0
    retried: int = 0
    refused: int = 0
    """Records that the service called invalid: they are never sent again."""
    requests: int = 0
    buffered: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    last_error: str = ""
    stalled_since: float | None = None
    """`time.monotonic()` of the first failure since the last success, else None."""


class ProducerError(RuntimeError):
    """The producer is closed, or one of its threads met an error that it does not know."""


class Producer:
    """Sends records to `<name_prefix>-<stream>`. `put`, `flush` and `close` may be called from any thread.

    `on_acknowledged` is called by the lanes with the records that the service has taken, `on_refused` with a
    record that it never will take and why.
    """

    def __init__(
        self,
        client: KinesisClient,
        name_prefix: str,
        *,
        limits: Limits | None = None,
        on_acknowledged: Callable[[Sequence[Record]], None] | None = None,
        on_refused: Callable[[Record, str], None] | None = None,
    ) -> None:
        self.client = client
        self.name_prefix = name_prefix
        self.limits = limits or Limits()
        self._on_acknowledged = on_acknowledged
        self._on_refused = on_refused
        self._lock = threading.Lock()
        self._room = threading.Condition(self._lock)
        self._statistics = Statistics()
        self._buffered_bytes = 0
        self._lanes: dict[str, _Lane] = {}
        self._closed = False
        self._crash: BaseException | None = None

    def put(self, record: Record) -> None:
        """Take one record; waits while the buffer is full. Raises ProducerError when closed."""
        size = len(record.payload) + _RECORD_OVERHEAD_BYTES
        with self._lock:
            while self._full() and not self._closed and self._crash is None:
                self._room.wait(1.0)
            self._check_open()
            self._statistics.put += 1
            self._statistics.buffered += 1
            self._buffered_bytes += size
            lane = self._lanes.get(record.stream)
            if lane is None:
                lane = self._lanes[record.stream] = _Lane(self, record.stream)
                lane.start()
        lane.add(record)

    def put_all(self, records: Iterable[Record]) -> None:
        """Take records in their order, as `put`."""
        for record in records:
            self.put(record)

    def flush(self, timeout_seconds: float | None = None) -> bool:
        """Send everything now; whether all was acknowledged (or refused) in time."""
        for lane in list(self._lanes.values()):
            lane.hurry()
        with self._lock:
            done = self._room.wait_for(
                lambda: self._statistics.buffered == 0 or self._crash is not None, timeout_seconds
            )
            self._raise_crash()
            return done

    def close(self, timeout_seconds: float | None = None) -> int:
        """Flush, then end the threads; returns how many records were not acknowledged in time."""
        with self._lock:
            self._closed = True
            self._room.notify_all()
        try:
            self.flush(timeout_seconds)
        finally:
            for lane in list(self._lanes.values()):
                lane.stop()
            for lane in list(self._lanes.values()):
                lane.join()
        return self._statistics.buffered

    def statistics(self) -> Statistics:
        """A copy of the counts as they are now."""
        with self._lock:
            now = self._statistics
            return Statistics(**{**vars(now), "errors": Counter(now.errors)})

    def _full(self) -> bool:
        limits = self.limits
        return (
            self._statistics.buffered >= limits.buffer_records or self._buffered_bytes >= limits.buffer_bytes
        )

    def _check_open(self) -> None:
        self._raise_crash()
        if self._closed:
            raise ProducerError("the producer is closed")

    def _raise_crash(self) -> None:
        if self._crash is not None:
            raise ProducerError(f"a sender died: {self._crash!r}") from self._crash

    def _settled(self, records: Sequence[Record]) -> None:
        """The service has taken them."""
        if records and self._on_acknowledged:
            self._on_acknowledged(records)
        with self._lock:
            self._statistics.requests += 1
            self._statistics.acknowledged += len(records)
            if records:
                self._statistics.stalled_since = None
            self._forget(records)

    def _refuse(self, record: Record, why: str) -> None:
        if self._on_refused:
            self._on_refused(record, why)
        with self._lock:
            self._statistics.refused += 1
            self._statistics.last_error = why
            self._forget([record])

    def _forget(self, records: Sequence[Record]) -> None:
        self._statistics.buffered -= len(records)
        self._buffered_bytes -= sum(len(record.payload) + _RECORD_OVERHEAD_BYTES for record in records)
        self._room.notify_all()

    def _failed(self, count: int, code: str, message: str) -> None:
        with self._lock:
            self._statistics.retried += count
            self._statistics.errors[code] += count
            self._statistics.last_error = message
            if self._statistics.stalled_since is None:
                self._statistics.stalled_since = time.monotonic()

    def _crashed(self, error: BaseException) -> None:
        with self._lock:
            self._crash = error
            self._room.notify_all()


class _Lane(threading.Thread):
    """One stream's queue and the thread that empties it."""

    def __init__(self, producer: Producer, stream: str) -> None:
        super().__init__(name=f"producer-{stream}", daemon=True)
        self._producer = producer
        self._stream_name = f"{producer.name_prefix}-{stream}"
        self._queue: deque[tuple[float, Record]] = deque()
        self._wake = threading.Condition()
        self._hurry = False
        self._stop_now = False
        self._failures = 0

    def add(self, record: Record) -> None:
        with self._wake:
            self._queue.append((time.monotonic(), record))
            if len(self._queue) in {1, self._producer.limits.batch_records}:
                self._wake.notify()

    def hurry(self) -> None:
        with self._wake:
            self._hurry = True
            self._wake.notify()

    def stop(self) -> None:
        with self._wake:
            self._stop_now = True
            self._wake.notify()

    def run(self) -> None:
        try:
            while batch := self._next_batch():
                left = self._send(batch)
                if left:
                    self._put_back(left)
                    self._pause()
                else:
                    self._failures = 0
        except BaseException as error:  # noqa: BLE001 - it is raised in the caller's thread, by put and flush
            self._producer._crashed(error)

    def _next_batch(self) -> list[Record]:
        """The records that go next, once there are enough or the first has waited its time; [] at the end."""
        limits = self._producer.limits
        with self._wake:
            while not self._stop_now:
                if not self._queue:
                    self._hurry = False
                    self._wake.wait()
                    continue
                waited = time.monotonic() - self._queue[0][0]
                if self._hurry or len(self._queue) >= limits.batch_records or waited >= limits.linger_seconds:
                    return self._take()
                self._wake.wait(limits.linger_seconds - waited)
            return []

    def _take(self) -> list[Record]:
        limits = self._producer.limits
        batch: list[Record] = []
        size = 0
        while self._queue and len(batch) < limits.batch_records:
            size += len(self._queue[0][1].payload) + len(self._queue[0][1].partition_key)
            if batch and size > limits.batch_bytes:
                break
            batch.append(self._queue.popleft()[1])
        return batch

    def _put_back(self, records: list[Record]) -> None:
        with self._wake:
            self._queue.extendleft((0.0, record) for record in reversed(records))

    def _pause(self) -> None:
        """Wait before trying again: longer each time, and never as long as the neighbours wait."""
        limits = self._producer.limits
        longest = min(limits.longest_backoff_seconds, limits.first_backoff_seconds * 2**self._failures)
        self._failures = min(self._failures + 1, 16)
        deadline = time.monotonic() + random.uniform(longest / 2, longest)  # noqa: S311 - jitter is no secret
        with self._wake:
            while not self._stop_now and (left := deadline - time.monotonic()) > 0:
                self._wake.wait(left)

    def _send(self, batch: list[Record]) -> list[Record]:
        """Put the batch; returns what has to be sent again."""
        entries: list[PutRecordsRequestEntryTypeDef] = [
            {"Data": record.payload, "PartitionKey": record.partition_key[:_KEY_CHARACTERS]}
            for record in batch
        ]
        try:
            response = self._producer.client.put_records(StreamName=self._stream_name, Records=entries)
        except ClientError as error:
            return self._client_error(batch, error)
        except (BotoCoreError, ResponseParserError) as error:
            self._producer._failed(len(batch), type(error).__name__, f"{self._stream_name}: {error}")
            return batch
        left = []
        taken = []
        for record, result in zip(batch, response["Records"], strict=True):
            if code := result.get("ErrorCode"):
                self._producer._failed(1, code, f"{self._stream_name}: {result.get('ErrorMessage', code)}")
                left.append(record)
            else:
                taken.append(record)
        self._producer._settled(taken)
        if taken:
            self._failures = 0
        return left

    def _client_error(self, batch: list[Record], error: ClientError) -> list[Record]:
        code = error.response.get("Error", {}).get("Code", "Unknown")
        message = f"{self._stream_name}: {error}"
        if code not in _HOPELESS:
            self._producer._failed(len(batch), code, message)
            return batch
        if len(batch) == 1:
            self._producer._refuse(batch[0], message)
            return []
        half = len(batch) // 2  # find the one at fault, so that its neighbours get through
        return self._send(batch[:half]) + self._send(batch[half:])
