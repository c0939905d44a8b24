"""The patched emulator keeps what it was given over kill -9, and answers iterators as AWS does."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from local.aws_json import AwsJson

if TYPE_CHECKING:
    from tests.integration.local.conftest import Emulator

SHARDS = ("shardId-000000000000", "shardId-000000000001")


def _records(emulator: Emulator, shard: str, **start: Any) -> list[dict[str, Any]]:
    iterator = emulator.kinesis.get_shard_iterator(StreamName="s", ShardId=shard, **start)["ShardIterator"]
    found: list[dict[str, Any]] = []
    while True:
        page = emulator.kinesis.get_records(ShardIterator=iterator, Limit=100)
        found += [dict(record) for record in page["Records"]]
        if not page["Records"]:
            return found
        iterator = page["NextShardIterator"]


def _put(emulator: Emulator, first: int, count: int) -> None:
    answer = emulator.kinesis.put_records(
        StreamName="s",
        Records=[
            {"Data": f"record {n}".encode(), "PartitionKey": f"user {n}"} for n in range(first, first + count)
        ],
    )
    assert answer["FailedRecordCount"] == 0


def _create_table(emulator: Emulator) -> str:
    table = emulator.dynamodb.create_table(
        TableName="rows",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )
    emulator.dynamodb.update_time_to_live(
        TableName="rows", TimeToLiveSpecification={"Enabled": True, "AttributeName": "_ttl"}
    )
    return table["TableDescription"]["LatestStreamArn"]


def _write(emulator: Emulator, sort_key: str, value: int) -> None:
    emulator.dynamodb.put_item(
        TableName="rows", Item={"pk": {"S": "hour"}, "sk": {"S": sort_key}, "value": {"N": str(value)}}
    )


def _changes_iterator(emulator: Emulator, arn: str, kind: Any = "TRIM_HORIZON") -> str:
    shard = emulator.changes.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    return emulator.changes.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType=kind)[
        "ShardIterator"
    ]


def test_a_killed_emulator_goes_on_with_the_same_records_and_sequence_numbers(emulator: Emulator) -> None:
    emulator.kinesis.create_stream(StreamName="s", ShardCount=2)
    _put(emulator, 0, 300)
    before = {shard: _records(emulator, shard, ShardIteratorType="TRIM_HORIZON") for shard in SHARDS}
    assert sum(map(len, before.values())) == 300
    assert all(before.values())

    for _ in range(2):
        emulator.kill()
        emulator.start()
        after = {shard: _records(emulator, shard, ShardIteratorType="TRIM_HORIZON") for shard in SHARDS}
        assert after == before  # data, partition keys, sequence numbers, arrival times

    _put(emulator, 300, 1)
    new = [
        r
        for s in SHARDS
        for r in _records(emulator, s, ShardIteratorType="TRIM_HORIZON")
        if r not in before[s]
    ]
    assert [record["Data"] for record in new] == [b"record 300"]
    assert new[0]["SequenceNumber"] > max(r["SequenceNumber"] for found in before.values() for r in found)


def test_a_consumer_goes_on_after_its_last_sequence_number_when_the_emulator_was_killed(
    emulator: Emulator,
) -> None:
    emulator.kinesis.create_stream(StreamName="s", ShardCount=1)
    _put(emulator, 0, 10)
    fifth = _records(emulator, SHARDS[0], ShardIteratorType="TRIM_HORIZON")[4]
    emulator.kill()
    emulator.start()
    rest = _records(
        emulator,
        SHARDS[0],
        ShardIteratorType="AFTER_SEQUENCE_NUMBER",
        StartingSequenceNumber=fifth["SequenceNumber"],
    )
    assert [record["Data"] for record in rest] == [f"record {n}".encode() for n in range(5, 10)]


def test_an_iterator_outlives_the_process_that_gave_it(emulator: Emulator) -> None:
    emulator.kinesis.create_stream(StreamName="s", ShardCount=1)
    latest = emulator.kinesis.get_shard_iterator(
        StreamName="s", ShardId=SHARDS[0], ShardIteratorType="LATEST"
    )
    emulator.kill()
    emulator.start()
    _put(emulator, 0, 1)
    page = emulator.kinesis.get_records(ShardIterator=latest["ShardIterator"])
    assert [record["Data"] for record in page["Records"]] == [b"record 0"]


def test_iterators_by_timestamp_and_sequence_number_begin_where_aws_would(emulator: Emulator) -> None:
    emulator.kinesis.create_stream(StreamName="s", ShardCount=1)
    _put(emulator, 0, 2)
    time.sleep(0.01)  # arrival times are in milliseconds; the next record is to have a later one
    _put(emulator, 2, 1)
    every = _records(emulator, SHARDS[0], ShardIteratorType="TRIM_HORIZON")
    since = _records(
        emulator,
        SHARDS[0],
        ShardIteratorType="AT_TIMESTAMP",
        Timestamp=every[2]["ApproximateArrivalTimestamp"],
    )
    at = _records(
        emulator,
        SHARDS[0],
        ShardIteratorType="AT_SEQUENCE_NUMBER",
        StartingSequenceNumber=every[1]["SequenceNumber"],
    )
    assert since == every[2:]
    assert at == every[1:]


def test_a_timestamp_in_milliseconds_means_the_same_as_the_java_sdk_sends_it(
    emulator: Emulator,
) -> None:
    emulator.kinesis.create_stream(StreamName="s", ShardCount=1)
    _put(emulator, 0, 2)
    every = _records(emulator, SHARDS[0], ShardIteratorType="TRIM_HORIZON")
    at = every[0]["ApproximateArrivalTimestamp"].timestamp()
    with closing(AwsJson(emulator.endpoint, "kinesis", "Kinesis_20131202", "eu-central-1")) as client:
        for moment in (at, round(at * 1000)):
            iterator = client.call(
                "GetShardIterator",
                StreamName="s",
                ShardId=SHARDS[0],
                ShardIteratorType="AT_TIMESTAMP",
                Timestamp=moment,
            )["ShardIterator"]
            assert len(client.call("GetRecords", ShardIterator=iterator)["Records"]) == 2


def test_a_made_up_iterator_is_refused_as_an_invalid_argument(emulator: Emulator) -> None:
    emulator.kinesis.create_stream(StreamName="s", ShardCount=1)
    with pytest.raises(ClientError) as refused:
        emulator.kinesis.get_records(ShardIterator="nonsense")
    assert refused.value.response["Error"]["Code"] == "InvalidArgumentException"


def test_tables_items_and_settings_survive_a_kill(emulator: Emulator) -> None:
    arn = _create_table(emulator)
    for value in range(3):
        _write(emulator, "a", value)
    _write(emulator, "b", 7)
    _write(emulator, "gone", 1)
    emulator.dynamodb.delete_item(TableName="rows", Key={"pk": {"S": "hour"}, "sk": {"S": "gone"}})
    emulator.kill()
    emulator.start()

    items = emulator.dynamodb.scan(TableName="rows")["Items"]
    assert {item["sk"]["S"]: item["value"]["N"] for item in items} == {"a": "2", "b": "7"}
    table = emulator.dynamodb.describe_table(TableName="rows")["Table"]
    assert table["ItemCount"] == 2
    assert table["LatestStreamArn"] == arn
    ttl = emulator.dynamodb.describe_time_to_live(TableName="rows")["TimeToLiveDescription"]
    assert ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "_ttl"}


def test_after_a_kill_a_change_stream_is_trimmed_and_begins_with_the_latest_images(
    emulator: Emulator,
) -> None:
    arn = _create_table(emulator)
    _write(emulator, "a", 1)
    _write(emulator, "a", 2)
    old = _changes_iterator(emulator, arn, "LATEST")
    emulator.kill()
    emulator.start()

    with pytest.raises(ClientError) as refused:
        emulator.changes.get_records(ShardIterator=old)
    assert refused.value.response["Error"]["Code"] == "TrimmedDataAccessException"
    page = emulator.changes.get_records(ShardIterator=_changes_iterator(emulator, arn))
    assert [record["dynamodb"]["NewImage"]["value"] for record in page["Records"]] == [{"N": "2"}]
    _write(emulator, "a", 3)
    page = emulator.changes.get_records(ShardIterator=page["NextShardIterator"])
    assert [record["dynamodb"]["NewImage"]["value"] for record in page["Records"]] == [{"N": "3"}]


def test_a_deleted_stream_and_table_do_not_come_back(emulator: Emulator) -> None:
    emulator.kinesis.create_stream(StreamName="s", ShardCount=1)
    _create_table(emulator)
    emulator.kinesis.delete_stream(StreamName="s")
    emulator.dynamodb.delete_table(TableName="rows")
    emulator.kill()
    emulator.start()
    assert emulator.kinesis.list_streams()["StreamNames"] == []
    assert emulator.dynamodb.list_tables()["TableNames"] == []


def test_a_torn_last_line_of_a_journal_is_dropped(emulator: Emulator) -> None:
    emulator.kinesis.create_stream(StreamName="s", ShardCount=1)
    _put(emulator, 0, 2)
    emulator.kill()
    with (emulator.data / "kinesis.journal").open("ab") as journal:
        journal.write(b'["record","arn:aws:kinesis:eu-cent')
    emulator.start()
    assert len(_records(emulator, SHARDS[0], ShardIteratorType="TRIM_HORIZON")) == 2
    _put(emulator, 2, 1)
    emulator.kill()
    emulator.start()
    assert len(_records(emulator, SHARDS[0], ShardIteratorType="TRIM_HORIZON")) == 3
