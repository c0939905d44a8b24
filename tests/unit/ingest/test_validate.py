"""Checking events: what is accepted and how it is normalised, and the answer to every kind of bad input."""

from __future__ import annotations

import re
from typing import Any

import orjson
import pytest

from ingest.model import Accepted, Reason, Rejected
from ingest.timestamps import format_timestamp
from ingest.validate import Validator

Good = dict[str, dict[str, Any]]


def accepted(validator: Validator, raw: bytes, now_ms: int, **more: Any) -> Accepted:
    result = validator.check(raw, now_ms, **more)
    assert isinstance(result, Accepted), result
    return result


def rejected(validator: Validator, raw: bytes, now_ms: int) -> Rejected:
    result = validator.check(raw, now_ms)
    assert isinstance(result, Rejected), result
    assert result.raw == raw
    return result


@pytest.mark.parametrize("name", ["click", "page_view", "purchase", "search"])
def test_a_good_event_is_accepted_for_its_stream(
    validator: Validator, good: Good, now_ms: int, name: str
) -> None:
    result = accepted(validator, orjson.dumps(good[name]), now_ms)
    assert result.event_name == name
    assert result.stream == name.replace("_", "-")
    assert result.partition_key == good[name]["user_id"]
    assert result.event_id == good[name]["event_id"]
    assert orjson.loads(result.payload) == good[name]


def test_what_the_contract_does_not_know_is_kept(validator: Validator, good: Good, now_ms: int) -> None:
    event = good["page_view"]
    event["custom_properties"]["theme"] = {"dark": [True, None, 1.5]}
    assert orjson.loads(accepted(validator, orjson.dumps(event), now_ms).payload) == event


@pytest.mark.parametrize(
    ("written", "normalised"),
    [
        ("2026-01-15T12:00:00.000Z", "2026-01-15T12:00:00.000Z"),
        ("2026-01-15T12:00:00Z", "2026-01-15T12:00:00.000Z"),
        ("2026-01-15T12:00Z", "2026-01-15T12:00:00.000Z"),
        ("2026-01-15 12:00:00.5z", "2026-01-15T12:00:00.500Z"),
        ("2026-01-15T12:00:00,25Z", "2026-01-15T12:00:00.250Z"),
        ("2026-01-15T12:00:00.123999999Z", "2026-01-15T12:00:00.123Z"),
        ("2026-01-15T13:00:00+01:00", "2026-01-15T12:00:00.000Z"),
        ("2026-01-15T17:30:00.001+0530", "2026-01-15T12:00:00.001Z"),
        ("2026-01-15T04:00:00-08", "2026-01-15T12:00:00.000Z"),
        ("2026-01-14T22:00:00-14:00", "2026-01-15T12:00:00.000Z"),
    ],
)
def test_a_time_in_any_zone_becomes_utc_with_milliseconds(
    validator: Validator, good: Good, now_ms: int, written: str, normalised: str
) -> None:
    event = {**good["click"], "timestamp": written}
    assert accepted(validator, orjson.dumps(event), now_ms).event["timestamp"] == normalised


@pytest.mark.parametrize(
    ("written", "reason", "said"),
    [
        (
            "2026-01-15T12:00:00",
            Reason.TIMESTAMP_WITHOUT_ZONE,
            "its zone is missing: add Z for UTC, or +01:00",
        ),
        ("2026-02-30T12:00:00Z", Reason.INVALID_TIMESTAMP, "no such time (day is out of range for month)"),
        ("2026-01-15T24:00:00Z", Reason.INVALID_TIMESTAMP, "no such time"),
        ("2026-01-15T12:00:60Z", Reason.INVALID_TIMESTAMP, "no such time"),
        ("15.01.2026 12:00", Reason.INVALID_TIMESTAMP, "an ISO 8601 time such as 2026-01-15T12:00:00.000Z"),
        ("2026-01-15", Reason.INVALID_TIMESTAMP, "an ISO 8601 time"),
        ("1768478400", Reason.INVALID_TIMESTAMP, "an ISO 8601 time"),
        ("", Reason.INVALID_TIMESTAMP, "an ISO 8601 time"),
        ("٢٠٢٦-01-15T12:00:00Z", Reason.INVALID_TIMESTAMP, "an ISO 8601 time"),
        ("2026-01-15T12:01:00.501Z", Reason.TIMESTAMP_IN_FUTURE, "is 60 s in the future: at most 60 s"),
        ("9999-12-31T23:59:59Z", Reason.TIMESTAMP_IN_FUTURE, "in the future"),
        ("9999-12-31T23:59:59-12:00", Reason.TIMESTAMP_IN_FUTURE, "in the future"),
        ("2025-12-16T12:00:00.499Z", Reason.TIMESTAMP_TOO_OLD, "is 720 h old: at most 720 h were expected"),
        ("0001-01-01T00:00:00+14:00", Reason.TIMESTAMP_TOO_OLD, "older events belong in a backfill"),
    ],
)
def test_a_time_that_cannot_be_right_is_rejected(
    *, validator: Validator, good: Good, now_ms: int, written: str, reason: Reason, said: str
) -> None:
    result = rejected(validator, orjson.dumps({**good["click"], "timestamp": written}), now_ms)
    assert (result.reason, result.path) == (reason, "$.timestamp")
    assert said in result.message
    assert result.message.startswith("click.timestamp is ")


@pytest.mark.parametrize("written", ["2026-01-15T12:01:00.500Z", "2025-12-16T12:00:00.500Z"])
def test_a_time_just_within_the_limits_is_accepted(
    validator: Validator, good: Good, now_ms: int, written: str
) -> None:
    event = {**good["click"], "timestamp": written}
    assert accepted(validator, orjson.dumps(event), now_ms).event["timestamp"] == written


FIELDS = [
    (
        "click",
        {"user_id": None},
        Reason.MISSING_FIELD,
        "$.user_id",
        "click.user_id is null: STRING was expected",
    ),
    (
        "click",
        {"user_id": ""},
        Reason.TOO_SHORT,
        "$.user_id",
        "click.user_id is too short: at least 1 characters were expected",
    ),
    (
        "click",
        {"user_id": 7},
        Reason.WRONG_TYPE,
        "$.user_id",
        "click.user_id is a number: STRING was expected",
    ),
    (
        "click",
        {"device_type": "phone"},
        Reason.UNKNOWN_VALUE,
        "$.device_type",
        'click.device_type is "phone": one of mobile, desktop, tablet was expected',
    ),
    (
        "click",
        {"timestamp": 1768478400},
        Reason.WRONG_TYPE,
        "$.timestamp",
        "click.timestamp is a number (1768478400): TIMESTAMP_LTZ(3) was expected",
    ),
    (
        "click",
        {"page_url": "x" * 2049},
        Reason.TOO_LONG,
        "$.page_url",
        "click.page_url is too long: at most 2048 characters were expected",
    ),
    (
        "click",
        {"custom_properties": None},
        Reason.MISSING_FIELD,
        "$.custom_properties",
        "click.custom_properties is null: an object was expected",
    ),
    (
        "click",
        {"custom_properties": "x"},
        Reason.WRONG_TYPE,
        "$.custom_properties",
        'click.custom_properties is a string ("x"): an object was expected',
    ),
    (
        "click",
        {"custom_properties": {}},
        Reason.MISSING_FIELD,
        "$.custom_properties.element",
        "click.custom_properties.element is missing: STRING was expected",
    ),
    (
        "click",
        {"custom_properties": {"element": "menu", "position": -1}},
        Reason.OUT_OF_RANGE,
        "$.custom_properties.position",
        "click.custom_properties.position is -1: at least 0 was expected",
    ),
    (
        "click",
        {"custom_properties": {"element": "menu", "position": 1.5}},
        Reason.WRONG_TYPE,
        "$.custom_properties.position",
        "click.custom_properties.position is a number (1.5): INT was expected",
    ),
    (
        "click",
        {"event_type": "swipe"},
        Reason.UNKNOWN_EVENT_TYPE,
        "$.event_type",
        'event_type is "swipe": one of click, page_view, purchase, search was expected',
    ),
    (
        "click",
        {"event_type": "rejected_event"},
        Reason.UNKNOWN_EVENT_TYPE,
        "$.event_type",
        'event_type is "rejected_event": one of click, page_view, purchase, search was expected',
    ),
    (
        "click",
        {"event_type": None},
        Reason.MISSING_FIELD,
        "$.event_type",
        "event_type is null: STRING was expected",
    ),
    (
        "click",
        {"event_type": ["click"]},
        Reason.WRONG_TYPE,
        "$.event_type",
        "event_type is an array: STRING was expected",
    ),
    (
        "click",
        {"event_id": 5},
        Reason.WRONG_TYPE,
        "$.event_id",
        "click.event_id is a number (5): STRING was expected",
    ),
    (
        "click",
        {"user_id": 7, "device_type": "phone", "page_url": ""},
        Reason.WRONG_TYPE,
        "$.user_id",
        "click.user_id is a number: STRING was expected (and 2 more fields at fault)",
    ),
]


@pytest.mark.parametrize(("name", "changes", "reason", "path", "message"), FIELDS)
def test_a_field_against_its_contract_is_named_with_what_was_expected(
    *,
    validator: Validator,
    good: Good,
    now_ms: int,
    name: str,
    changes: dict[str, Any],
    reason: Reason,
    path: str,
    message: str,
) -> None:
    result = rejected(validator, orjson.dumps({**good[name], **changes}), now_ms)
    assert (result.reason, result.path, result.message) == (reason, path, message)


def test_the_missing_amount_of_a_purchase_is_told_with_its_type(
    validator: Validator, good: Good, now_ms: int
) -> None:
    del good["purchase"]["custom_properties"]["amount"]
    result = rejected(validator, orjson.dumps(good["purchase"]), now_ms)
    assert result.message == ("purchase.custom_properties.amount is missing: DECIMAL(12, 2) was expected")
    assert (result.event_type, result.contract_version) == ("purchase", 1)


def test_optional_fields_may_be_null_or_absent(validator: Validator, good: Good, now_ms: int) -> None:
    event = {**good["page_view"], "product_id": None, "referrer": None, "custom_properties": None}
    del event["category"]
    accepted(validator, orjson.dumps(event), now_ms)


BYTES = [
    (b"", Reason.MALFORMED_JSON, "it is empty: a JSON object was expected"),
    (b"   ", Reason.MALFORMED_JSON, "it is empty: a JSON object was expected"),
    (b"{", Reason.MALFORMED_JSON, "not JSON: unexpected end of data (line 1, column 2)"),
    (b"{'a': 1}", Reason.MALFORMED_JSON, "not JSON: "),
    (b'{"a": 1}}', Reason.MALFORMED_JSON, "not JSON: "),
    (b'{"a": NaN}', Reason.MALFORMED_JSON, "NaN and Infinity are no JSON numbers (character 6)"),
    (b'{"a": -Infinity}', Reason.MALFORMED_JSON, "NaN and Infinity are no JSON numbers (character 7)"),
    (b'{"a": 1e400}', Reason.MALFORMED_JSON, "not JSON: "),
    (b'{"a": "\x01"}', Reason.MALFORMED_JSON, "not JSON: "),
    (b"[]", Reason.NOT_AN_OBJECT, "a JSON object was expected, not an array"),
    (b"null", Reason.NOT_AN_OBJECT, "a JSON object was expected, not null"),
    (b'"click"', Reason.NOT_AN_OBJECT, "a JSON object was expected, not a string"),
    (b'{"a": "\xff"}', Reason.INVALID_UTF8, "byte 7 is not UTF-8"),
    (b'{"a": "\xed\xa0\x80"}', Reason.INVALID_UTF8, "byte 7 is not UTF-8"),
    ('{"a": 1}'.encode("utf-16"), Reason.INVALID_UTF8, "byte 0 is not UTF-8; it looks like UTF-16"),
    (b'{"a": "\\ud800"}', Reason.INVALID_UNICODE, "an unpaired surrogate stands at character"),
    (b'{"a": "\\udc00 "}', Reason.INVALID_UNICODE, "an unpaired surrogate stands at character"),
    (b'{"a": 1, "a": 1}', Reason.DUPLICATE_KEY, 'the key "a" stands more than once in one object'),
    (b'{"a": {"b": [{"c": 1, "c": 2}]}}', Reason.DUPLICATE_KEY, 'the key "c" stands more than once'),
    (b'{"a\\u0062": 1, "ab": 1}', Reason.DUPLICATE_KEY, 'the key "ab" stands more than once'),
    (b'{"a":' * 40 + b"1" + b"}" * 40, Reason.TOO_DEEP, "it is nested deeper than 32 levels"),
    (b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}", Reason.TOO_DEEP, "it is nested deeper than 32 levels"),
]


@pytest.mark.parametrize(("raw", "reason", "message"), BYTES)
def test_bytes_that_are_no_clear_json_object_are_rejected(
    validator: Validator, now_ms: int, raw: bytes, reason: Reason, message: str
) -> None:
    result = rejected(validator, raw, now_ms)
    assert result.reason is reason
    assert message in result.message


def test_an_event_with_a_string_of_a_megabyte_is_too_large(
    validator: Validator, good: Good, now_ms: int
) -> None:
    raw = orjson.dumps({**good["click"], "referrer": "x" * 1_000_000})
    result = rejected(validator, raw, now_ms)
    assert result.reason is Reason.TOO_LARGE
    assert result.message == f"the event has {len(raw)} bytes: at most 65536 were expected"


def test_a_byte_order_mark_is_no_fault(validator: Validator, good: Good, now_ms: int) -> None:
    for name in ("click", "purchase"):
        accepted(validator, b"\xef\xbb\xbf" + orjson.dumps(good[name]), now_ms)


def test_escaped_quotes_and_spaces_do_not_look_like_repeated_keys(
    validator: Validator, good: Good, now_ms: int
) -> None:
    event = {**good["search"], "custom_properties": {"query": 'say "hi":1, "a":\\ \n \u2028', "x": ['"', {}]}}
    assert orjson.loads(accepted(validator, orjson.dumps(event), now_ms).payload) == event
    accepted(validator, orjson.dumps(event, option=orjson.OPT_INDENT_2), now_ms)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("19.99", "19.99"),
        ("0.10", "0.1"),
        ("1e3", "1000.0"),
        ("9999999999.99", "9999999999.99"),
        ("25", "25"),
        ("2500E-2", "25.0"),
    ],
)
def test_an_amount_arrives_with_the_value_it_was_sent_with(
    validator: Validator, good: Good, now_ms: int, written: str, kept: str
) -> None:
    raw = orjson.dumps(good["purchase"]).replace(b'"amount":49.9', b'"amount":' + written.encode())
    payload = accepted(validator, raw, now_ms).payload
    found = re.search(rb'"amount":([^,}]+)', payload)
    assert found is not None
    assert found[1].decode() == kept


@pytest.mark.parametrize(
    ("written", "reason", "said"),
    [
        ("0.30000000000000004", Reason.TOO_MANY_DIGITS, "is 0.30000000000000004, which has too many digits"),
        ("19.990000000000000001", Reason.TOO_MANY_DIGITS, "is 19.990000000000000001, which has too many"),
        ("1e-400", Reason.TOO_MANY_DIGITS, "which has too many digits for DECIMAL(12, 2)"),
        ("1e-99999999999999999999", Reason.TOO_MANY_DIGITS, "which has too many digits for DECIMAL(12, 2)"),
        ("19.999", Reason.TOO_MANY_DIGITS, "is 19.999, which has too many digits for DECIMAL(12, 2)"),
        ("10000000000", Reason.OUT_OF_RANGE, "is 10000000000: at most 9999999999.99 was expected"),
        ("-0.01", Reason.OUT_OF_RANGE, "is -0.01: at least 0 was expected"),
        ('"25.25"', Reason.WRONG_TYPE, 'is a string ("25.25"): DECIMAL(12, 2) was expected'),
        ("true", Reason.WRONG_TYPE, "is a boolean (true): DECIMAL(12, 2) was expected"),
        ("null", Reason.MISSING_FIELD, "is null: DECIMAL(12, 2) was expected"),
        ("NaN", Reason.MALFORMED_JSON, "NaN and Infinity are no JSON numbers"),
        ("1e999999999", Reason.MALFORMED_JSON, "not JSON"),
    ],
)
def test_an_amount_that_would_have_to_be_rounded_is_rejected(
    *, validator: Validator, good: Good, now_ms: int, written: str, reason: Reason, said: str
) -> None:
    raw = orjson.dumps(good["purchase"]).replace(b'"amount":49.9', b'"amount":' + written.encode())
    result = rejected(validator, raw, now_ms)
    assert (result.reason, said in result.message) == (reason, True), result.message


def test_an_integer_written_as_a_fraction_arrives_as_an_integer(
    validator: Validator, good: Good, now_ms: int
) -> None:
    good["click"]["custom_properties"]["position"] = 3.0
    assert b'"position":3}' in accepted(validator, orjson.dumps(good["click"]), now_ms).payload


def test_personal_data_is_not_repeated_in_messages(validator: Validator, good: Good, now_ms: int) -> None:
    result = rejected(validator, orjson.dumps({**good["click"], "ip_address": ["203.0.113.7"]}), now_ms)
    assert result.message == "click.ip_address is an array: STRING was expected"


def test_an_event_without_an_id_is_given_one(validator: Validator, good: Good, now_ms: int) -> None:
    raw = orjson.dumps({**good["click"], "event_id": None})
    first, second = (accepted(validator, raw, now_ms).event_id for _ in range(2))
    assert first != second


def test_the_given_id_is_the_same_for_the_same_line_of_a_replay_and_only_for_it(
    validator: Validator, good: Good, now_ms: int
) -> None:
    del good["click"]["event_id"]
    raw = orjson.dumps(good["click"])
    ids = [accepted(validator, raw, now_ms, id_seed=seed).event_id for seed in (b"1", b"1", b"2")]
    assert ids[0] == ids[1] != ids[2]


def test_a_replay_moves_the_event_before_its_age_is_judged(
    validator: Validator, good: Good, now_ms: int
) -> None:
    raw = orjson.dumps({**good["click"], "timestamp": "2019-06-01T00:00:00Z"})
    moved = accepted(validator, raw, now_ms, event_time_ms=now_ms - 5)
    assert moved.event["timestamp"] == format_timestamp(now_ms - 5)
    result = validator.check(
        orjson.dumps({**good["click"], "timestamp": "soon"}), now_ms, event_time_ms=now_ms
    )
    assert isinstance(result, Rejected)
    assert result.reason is Reason.INVALID_TIMESTAMP
