"""Properties of the check: it never raises, and what it accepts is accepted again, unchanged."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.model import Accepted, Reason, Rejected
from ingest.validate import Validator

Good = dict[str, dict[str, Any]]

# The fixtures are read, never changed, so that examples may share them; a busy machine is no failure.
_SETTINGS = settings(
    deadline=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers(-(2**63), 2**63 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
_NAMES = st.sampled_from(["click", "page_view", "purchase", "search"])
_FIELDS = st.sampled_from(
    [
        "event_id",
        "user_id",
        "event_type",
        "timestamp",
        "page_url",
        "device_type",
        "custom_properties",
        "other",
    ]
)


def _stable(validator: Validator, raw: bytes, now_ms: int) -> None:
    result = validator.check(raw, now_ms)
    if isinstance(result, Rejected):
        assert result.message
        assert result.raw == raw
        return
    again = validator.check(result.payload, now_ms)
    assert isinstance(again, Accepted), again
    assert again.payload == result.payload
    assert again.event_id == result.event_id


@_SETTINGS
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_accepted_or_rejected(validator: Validator, now_ms: int, raw: bytes) -> None:
    _stable(validator, raw, now_ms)


@_SETTINGS
@given(name=_NAMES, field=_FIELDS, value=_JSON)
def test_any_value_in_any_field_is_accepted_or_rejected(
    *, validator: Validator, good: Good, now_ms: int, name: str, field: str, value: Any
) -> None:
    _stable(validator, orjson.dumps({**good[name], field: value}), now_ms)


@_SETTINGS
@given(name=_NAMES, start=st.integers(0, 600), length=st.integers(0, 20), new=st.binary(max_size=20))
def test_a_good_event_damaged_anywhere_is_accepted_or_rejected(
    *, validator: Validator, good: Good, now_ms: int, name: str, start: int, length: int, new: bytes
) -> None:
    raw = orjson.dumps(good[name])
    _stable(validator, raw[:start] + new + raw[start + length :], now_ms)


@_SETTINGS
@given(custom=st.dictionaries(st.text(max_size=8), _JSON, max_size=4))
def test_whatever_stands_in_custom_properties_comes_out_as_it_went_in(
    validator: Validator, good: Good, now_ms: int, custom: dict[str, Any]
) -> None:
    event = {**good["search"], "custom_properties": {**custom, "query": "q", "results_count": 1}}
    raw = orjson.dumps(event)
    result = validator.check(raw, now_ms)
    assert isinstance(result, Accepted), result
    assert orjson.loads(result.payload) == orjson.loads(raw)


@_SETTINGS
@given(amount=st.decimals(min_value=0, max_value=10**13, allow_nan=False, allow_infinity=False))
def test_an_amount_is_accepted_exactly_when_two_decimals_and_ten_digits_hold_it(
    validator: Validator, good: Good, now_ms: int, amount: Decimal
) -> None:
    raw = orjson.dumps(good["purchase"]).replace(b'"amount":49.9', b'"amount":' + f"{amount:f}".encode())
    result = validator.check(raw, now_ms)
    wanted = amount <= Decimal("9999999999.99") and amount == amount.quantize(Decimal("0.01"))
    assert isinstance(result, Accepted) is wanted, result
    if isinstance(result, Accepted):
        kept = orjson.loads(result.payload)["custom_properties"]["amount"]
        assert Decimal(str(kept)) == amount


def test_depth_that_hides_behind_a_repeated_key_is_rejected(validator: Validator, now_ms: int) -> None:
    for depth in (40, 900, 1000, 1020):
        deep = b"[" * depth + b"]" * depth
        result = validator.check(b'{"event_type":"click","x":' + deep + b',"x":1}', now_ms)
        assert isinstance(result, Rejected)
        assert result.reason in {Reason.TOO_DEEP, Reason.DUPLICATE_KEY}


class _CountingKey(str):
    """A key that counts how often it is compared."""

    compared = 0
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        _CountingKey.compared += 1
        return str.__eq__(self, other)


def test_a_repeated_key_is_found_without_comparing_all_keys_with_each_other(
    validator: Validator, now_ms: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def loads(text: str, object_pairs_hook: Callable[[list[tuple[str, Any]]], Any]) -> Any:
        return object_pairs_hook(
            [(_CountingKey(key), value) for key, value in json.loads(text, object_pairs_hook=list)]
        )

    monkeypatch.setattr("ingest.parse.json", SimpleNamespace(loads=loads))
    keys = ",".join(f'"k{number}":1' for number in range(2000))
    result = validator.check(f'{{"event_type":"click",{keys},"k1999":2}}'.encode(), now_ms)
    assert isinstance(result, Rejected)
    assert result.reason is Reason.DUPLICATE_KEY
    assert '"k1999"' in result.message
    assert _CountingKey.compared < 10_000
