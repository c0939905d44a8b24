"""The Lambda that makes events into rows of the lake, called as Firehose calls it."""

import base64
import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
ARRIVED_MS = 1_768_478_405_123


@pytest.fixture(scope="module")
def transform() -> ModuleType:
    path = ROOT / "terraform/modules/lake/transform/transform.py"
    spec = importlib.util.spec_from_file_location("lake_transform", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def record(payload: bytes, shard: str = "shardId-000000000000") -> dict[str, Any]:
    return {
        "recordId": "49546986683135544286507457936321625675700192471156785154",
        "approximateArrivalTimestamp": ARRIVED_MS,
        "kinesisRecordMetadata": {
            "shardId": shard,
            "partitionKey": "u-1",
            "approximateArrivalTimestamp": ARRIVED_MS,
            "sequenceNumber": "49546986683135544286507457936321625675700192471156785154",
        },
        "data": base64.b64encode(payload).decode(),
    }


def event(**fields: Any) -> bytes:
    return json.dumps(
        {"event_id": "e-1", "user_id": "u-1", "timestamp": "2026-01-15T11:59:58.250Z", **fields}
    ).encode()


def rows(transform: ModuleType, *records: dict[str, Any]) -> list[dict[str, Any]]:
    answer = transform.handler({"records": list(records)}, None)
    return [json.loads(base64.b64decode(result["data"])) for result in answer["records"]]


def test_an_events_own_fields_come_up_beside_the_common_ones(transform: ModuleType) -> None:
    [row] = rows(transform, record(event(custom_properties={"amount": "20.00", "currency": "EUR"})))
    assert row == {
        "event_id": "e-1",
        "user_id": "u-1",
        "event_time": "2026-01-15T11:59:58.250Z",
        "amount": "20.00",
        "currency": "EUR",
        "_arrival": ARRIVED_MS,
        "_sequence": ARRIVED_MS * 1000,
    }


def test_a_row_lies_in_the_hour_it_happened_in_not_the_one_it_came_in(transform: ModuleType) -> None:
    [result] = transform.handler({"records": [record(event())]}, None)["records"]
    assert result["result"] == "Ok"
    assert result["metadata"] == {"partitionKeys": {"dt": "2026-01-15", "hour": "11"}}


def test_a_custom_property_never_hides_a_common_field(transform: ModuleType) -> None:
    [row] = rows(transform, record(event(custom_properties={"user_id": "someone-else"})))
    assert row["user_id"] == "u-1"


def test_records_of_one_millisecond_keep_their_order_within_a_shard(transform: ModuleType) -> None:
    first, other, second = rows(
        transform,
        record(event()),
        record(event(), shard="shardId-000000000001"),
        record(event()),
    )
    assert second["_sequence"] == first["_sequence"] + 1
    assert other["_sequence"] == first["_sequence"]


@pytest.mark.parametrize(
    "payload",
    [
        b"not json",
        b"[]",
        b"{}",
        event(timestamp="yesterday"),
        event(timestamp=7),
        event(custom_properties="x"),
    ],
)
def test_what_is_no_event_is_given_back_with_its_bytes(transform: ModuleType, payload: bytes) -> None:
    answer = transform.handler({"records": [record(payload), record(event())]}, None)
    assert [result["result"] for result in answer["records"]] == ["ProcessingFailed", "Ok"]
    assert base64.b64decode(answer["records"][0]["data"]) == payload


def test_a_log_line_says_how_many_failed_and_nothing_of_them(
    transform: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    transform.handler({"records": [record(b"secret"), record(event())]}, None)
    line = json.loads(capsys.readouterr().out)
    assert line == {"message": "not an event", "failed": 1, "of": 2, "part": "lake"}
