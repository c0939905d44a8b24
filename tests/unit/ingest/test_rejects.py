"""Rejected events: they fulfil their own contract, keep the original, and leak no address."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest

from ingest.enrich import Enricher
from ingest.model import Rejected
from ingest.rejects import KEPT_BYTES, as_line, rejected_event
from ingest.validate import Validator

Good = dict[str, dict[str, Any]]


def reject(validator: Validator, raw: bytes, now_ms: int) -> Rejected:
    result = validator.check(raw, now_ms)
    assert isinstance(result, Rejected)
    return result


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b'{"event_type": 5}', b'{"event_type": "click"}'])
def test_a_rejected_event_fulfils_its_own_contract(
    validator: Validator, enricher: Enricher, build_dir: Path, now_ms: int, raw: bytes
) -> None:
    schema = orjson.loads((build_dir / "schemas" / "events" / "rejected_event.json").read_bytes())
    made = rejected_event(reject(validator, raw, now_ms), now_ms, "replay", enricher.hash_ip)
    jsonschema_rs.Draft202012Validator(schema).validate(orjson.loads(made.payload))
    assert made.stream == schema["x-contract"]["stream"]
    assert made.partition_key == made.event["event_id"]


def test_a_rejected_event_says_what_was_wrong_and_keeps_the_original(
    validator: Validator, enricher: Enricher, good: Good, now_ms: int
) -> None:
    del good["purchase"]["custom_properties"]["amount"]
    del good["purchase"]["ip_address"]
    raw = orjson.dumps(good["purchase"])
    event = rejected_event(reject(validator, raw, now_ms), now_ms, "collector", enricher.hash_ip, "r-1").event
    assert b64decode(event.pop("raw_base64")) == raw
    assert event == {
        "event_id": "r-1",
        "timestamp": "2026-01-15T12:00:00.500Z",
        "reason": "missing_field",
        "message": "purchase.custom_properties.amount is missing: DECIMAL(12, 2) was expected",
        "path": "$.custom_properties.amount",
        "event_type": "purchase",
        "source": "collector",
        "contract_version": 1,
        "raw_bytes": len(raw),
    }


def test_a_huge_original_is_cut_and_its_length_told(
    validator: Validator, enricher: Enricher, now_ms: int
) -> None:
    raw = b'{"a":"' + b"x" * 1_000_000 + b'"}'
    made = rejected_event(reject(validator, raw, now_ms), now_ms, "collector", enricher.hash_ip)
    assert len(b64decode(made.event["raw_base64"])) == KEPT_BYTES
    assert made.event["raw_bytes"] == len(raw)
    assert len(made.payload) < 131_072


@pytest.mark.parametrize(
    "raw",
    [
        b'{"ip_address":"203.0.113.7"}',
        b'{"ip_address" : "203.0.113.7", "event_type": 5}',
        b'{"event_type":"click","ip_address":["203.0.113.7"]}',
        b'{"x":1,"ip_address":"203.0.113.7',
        '{"ip_address":"203.0.113.7"}'.encode("utf-16"),
        b'[{"ip_address":"203.0.113.7"},{"ip_address":"203.0.113.7"}]',
        b'{"ip_address":["10.0.0.1", "203.0.113.7"]}',
        b'{"ip_address":["10.0.0.1","203.0.113.7',
        b'{"ip_address":{"client":"203.0.113.7"}}',
    ],
)
def test_the_address_in_a_rejected_original_is_hashed_too(
    validator: Validator, enricher: Enricher, now_ms: int, raw: bytes
) -> None:
    made = rejected_event(reject(validator, raw, now_ms), now_ms, "collector", enricher.hash_ip)
    kept = b64decode(made.event["raw_base64"])
    assert b"203.0.113.7" not in kept
    assert enricher.hash_ip("203.0.113.7").encode() in kept
    assert b"203.0.113.7" not in made.payload


def test_the_work_on_a_rejected_original_is_bounded(
    validator: Validator, enricher: Enricher, now_ms: int
) -> None:
    raw = b'"ip_address":"203.0.113.7",' * 100_000
    hashed = []

    def hash_ip(address: str) -> str:
        hashed.append(address)
        return enricher.hash_ip(address)

    made = rejected_event(reject(validator, raw, now_ms), now_ms, "collector", hash_ip)
    assert len(hashed) < 2 * KEPT_BYTES / len('"ip_address":"203.0.113.7",') + 1
    assert made.event["raw_bytes"] == len(raw)
    assert b"203.0.113.7" not in b64decode(made.event["raw_base64"])


def test_the_list_for_a_person_names_line_reason_and_message(validator: Validator, now_ms: int) -> None:
    line = orjson.loads(as_line(reject(validator, b"[1]", now_ms), 17))
    assert line == {
        "line": 17,
        "reason": "not_an_object",
        "path": "$",
        "message": "a JSON object was expected, not an array",
        "event_type": None,
        "start": "[1]",
    }
