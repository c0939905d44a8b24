"""The producer against a real endpoint: batches, partial failures, an endpoint that is away for a while."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from botocore.exceptions import ClientError

from ingest.producer import Limits, Producer, ProducerError, Record

from .conftest import Emulator, wait_for

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient

FAST = Limits(linger_seconds=0.01, first_backoff_seconds=0.01, longest_backoff_seconds=0.2)


def records(count: int, stream: str = "click", size: int = 0) -> list[Record]:
    return [
        Record(stream, f"u-{number % 7}", orjson.dumps({"n": number, "pad": "x" * size}), number)
        for number in range(count)
    ]


class Faulty:
    """The emulator's client, which fails at what it is told to: the rest goes through."""

    def __init__(self, client: KinesisClient) -> None:
        self._client = client
        self.calls: list[int] = []
        self.failing: set[int] = set()
        """Numbers `n` of records that are throttled once."""
        self.invalid: set[int] = set()
        """Numbers `n` of records whose whole request is called invalid, always."""

    def put_records(self, **request: Any) -> Any:
        entries = request["Records"]
        numbers = [orjson.loads(entry["Data"])["n"] for entry in entries]
        self.calls.append(len(entries))
        if self.invalid.intersection(numbers):
            error = {"Error": {"Code": "ValidationException", "Message": "no such thing"}}
            raise ClientError(error, "PutRecords")  # type: ignore[arg-type]
        through = [
            entry for number, entry in zip(numbers, entries, strict=True) if number not in self.failing
        ]
        answer = (
            iter(self._client.put_records(**{**request, "Records": through})["Records"])
            if through
            else iter(())
        )
        throttled = {"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "slow down"}
        results = [throttled if number in self.failing else next(answer) for number in numbers]
        failed = sum(number in self.failing for number in numbers)
        self.failing.difference_update(numbers)
        return {"FailedRecordCount": failed, "Records": results}


@pytest.fixture
def client(emulator: Emulator) -> Iterator[KinesisClient]:
    client = emulator.client()
    yield client
    client.close()


def test_records_arrive_once_in_order_and_are_acknowledged(emulator: Emulator, client: KinesisClient) -> None:
    prefix = emulator.streams()
    acknowledged: list[int] = []
    producer = Producer(
        client, prefix, limits=FAST, on_acknowledged=lambda got: acknowledged.extend(r.token for r in got)
    )
    producer.put_all(records(2500))
    assert producer.close(60) == 0
    assert [event["n"] for event in emulator.read(prefix, "click")] == list(range(2500))
    assert acknowledged == list(range(2500))
    statistics = producer.statistics()
    assert (statistics.put, statistics.acknowledged, statistics.buffered) == (2500, 2500, 0)
    assert statistics.requests >= 5  # a request takes 500


def test_a_request_never_exceeds_its_bytes(emulator: Emulator, client: KinesisClient) -> None:
    prefix = emulator.streams()
    faulty = Faulty(client)
    limits = Limits(linger_seconds=0.01, batch_bytes=100_000)
    producer = Producer(faulty, prefix, limits=limits)  # type: ignore[arg-type]
    producer.put_all(records(50, size=30_000))
    assert producer.close(60) == 0
    assert max(faulty.calls) == 3
    assert len(emulator.read(prefix, "click")) == 50


def test_only_the_records_that_failed_are_sent_again(emulator: Emulator, client: KinesisClient) -> None:
    prefix = emulator.streams()
    faulty = Faulty(client)
    faulty.failing = set(range(0, 1000, 3))
    producer = Producer(faulty, prefix, limits=FAST)  # type: ignore[arg-type]
    producer.put_all(records(1000))
    assert producer.close(60) == 0
    assert Counter(event["n"] for event in emulator.read(prefix, "click")) == Counter(range(1000))
    statistics = producer.statistics()
    assert statistics.retried == 334
    assert statistics.errors == {"ProvisionedThroughputExceededException": 334}
    assert "slow down" in statistics.last_error


def test_a_record_that_no_retry_mends_is_refused_and_its_neighbours_get_through(
    emulator: Emulator, client: KinesisClient
) -> None:
    prefix = emulator.streams()
    faulty = Faulty(client)
    faulty.invalid = {17, 333}
    refused: list[int] = []
    producer = Producer(
        faulty,  # type: ignore[arg-type]
        prefix,
        limits=FAST,
        on_refused=lambda record, why: refused.append(record.token),
    )
    producer.put_all(records(500))
    assert producer.close(60) == 0
    assert sorted(refused) == [17, 333]
    assert sorted(event["n"] for event in emulator.read(prefix, "click")) == [
        number for number in range(500) if number not in {17, 333}
    ]


def test_an_endpoint_that_goes_away_and_comes_back_loses_nothing(
    emulator: Emulator, client: KinesisClient
) -> None:
    prefix = emulator.streams()
    producer = Producer(client, prefix, limits=FAST)
    producer.put_all(records(1000))
    assert producer.flush(60)
    emulator.kill()
    producer.put_all(records(3000)[1000:])
    wait_for("a failed request", lambda: producer.statistics().retried > 0)
    assert producer.statistics().stalled_since is not None
    assert not producer.flush(0.2)
    emulator.start()
    assert producer.close(120) == 0
    assert producer.statistics().stalled_since is None
    # A request whose answer was lost may have been sent twice; none is missing.
    assert {event["n"] for event in emulator.read(prefix, "click")} == set(range(3000))


def test_a_stream_that_is_made_later_gets_what_waited_for_it(
    emulator: Emulator, client: KinesisClient
) -> None:
    prefix = emulator.streams()
    producer = Producer(client, prefix, limits=FAST)
    producer.put_all(records(10, stream="new"))
    wait_for("a failed request", lambda: producer.statistics().retried > 0)
    assert "ResourceNotFoundException" in producer.statistics().errors
    client.create_stream(StreamName=f"{prefix}-new", ShardCount=1)
    assert producer.close(60) == 0
    assert len(emulator.read(prefix, "new")) == 10


def test_put_waits_while_the_buffer_is_full(emulator: Emulator, client: KinesisClient) -> None:
    prefix = emulator.streams()
    emulator.kill()
    limits = Limits(buffer_records=100, linger_seconds=0.01, longest_backoff_seconds=0.2)
    producer = Producer(client, prefix, limits=limits)
    done = threading.Event()

    def put() -> None:
        producer.put_all(records(500))
        done.set()

    thread = threading.Thread(target=put)
    thread.start()
    wait_for("the buffer to fill", lambda: producer.statistics().buffered == 100)
    wait_for("a failed request", lambda: producer.statistics().retried > 0)
    assert not done.is_set()
    assert producer.statistics().put == 100
    emulator.start()
    thread.join(60)
    assert done.is_set()
    assert producer.close(60) == 0
    assert {event["n"] for event in emulator.read(prefix, "click")} == set(range(500))


def test_close_gives_up_in_time_and_says_how_many_are_left(emulator: Emulator, client: KinesisClient) -> None:
    prefix = emulator.streams()
    emulator.kill()
    producer = Producer(client, prefix, limits=FAST)
    producer.put_all(records(30))
    assert producer.close(0.3) == 30
    with pytest.raises(ProducerError, match="closed"):
        producer.put(records(1)[0])
    emulator.start()


def test_an_error_in_a_sender_is_raised_where_it_is_seen(emulator: Emulator, client: KinesisClient) -> None:
    prefix = emulator.streams()

    def broken(got: object) -> None:
        raise OSError("disk full")

    producer = Producer(client, prefix, limits=FAST, on_acknowledged=broken)
    producer.put(records(1)[0])
    with pytest.raises(ProducerError, match="disk full"):
        producer.flush(60)
    with pytest.raises(ProducerError, match="disk full"):
        producer.close(1)
