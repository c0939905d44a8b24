from __future__ import annotations

from typing import Any

import orjson
import pytest
from chalicelib import frames, manifest, rows
from chalicelib.cache import Frame, State
from chalicelib.queries import Result

UPDATED = "2026-11-22T18:03:30.250Z"
UPDATED_MS = 1_795_370_610_250

NOTHING = Result([], None, None, 0.0)


def image(**changes: Any) -> dict[str, Any]:
    base = {
        "pk": {"S": "2026-11-22T18"},
        "sk": {"S": "2026-11-22T18:03:00.000Z#EUR"},
        "minute_start": {"S": "2026-11-22T18:03:00.000Z"},
        "currency": {"S": "EUR"},
        "revenue": {"N": "25.5"},
        "purchases": {"N": "2"},
        "_window_start": {"S": "2026-11-22T18:03:00.000Z"},
        "_window_end": {"S": "2026-11-22T18:04:00.000Z"},
        "_updated_at": {"S": UPDATED},
        "_watermark": {"S": "2026-11-22T18:03:25.000Z"},
        "_ttl": {"N": "1795975440"},
    }
    return {name: value for name, value in (base | changes).items() if value is not None}


def shown(model: manifest.Model, watermark: str | None = None, **changes: Any) -> dict[str, Any]:
    row = rows.parse(model, rows.from_image(image(**changes)).value)
    result: dict[str, Any] = orjson.loads(row.render(watermark, UPDATED_MS + 40))
    return result


def test_row_is_shown_with_its_columns_window_status_and_age(model: manifest.Model) -> None:
    assert shown(model) == {
        "minute_start": "2026-11-22T18:03:00.000Z",
        "currency": "EUR",
        "revenue": "25.50",
        "purchases": 2,
        "window_start": "2026-11-22T18:03:00.000Z",
        "window_end": "2026-11-22T18:04:00.000Z",
        "status": "provisional",
        "as_of": UPDATED,
        "age_ms": 40,
    }


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("0", "0.00"),
        ("-0.5", "-0.50"),
        ("25.50", "25.50"),
        ("1E+3", "1000.00"),
        ("9999999999999999.99", "9999999999999999.99"),
        ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678.00"),
    ],
)
def test_money_keeps_every_digit_and_its_decimals(model: manifest.Model, number: str, expected: str) -> None:
    assert shown(model, revenue={"N": number})["revenue"] == expected


@pytest.mark.parametrize("absent", [None, {"NULL": True}])
def test_null_and_absent_attributes_are_both_null(
    model: manifest.Model, absent: dict[str, bool] | None
) -> None:
    assert shown(model, revenue=absent, currency=absent)["revenue"] is None
    assert rows.parse(model, rows.from_image(image(currency=absent)).value).dimensions == ("",)


@pytest.mark.parametrize(
    ("watermark", "status"),
    [
        (None, "provisional"),
        ("2026-11-22T18:03:59.999Z", "provisional"),
        ("2026-11-22T18:04:00.000Z", "fresh"),
        ("2026-11-23T00:00:00.000Z", "fresh"),
    ],
)
def test_row_is_provisional_until_the_watermark_reaches_its_windows_end(
    model: manifest.Model, watermark: str | None, status: str
) -> None:
    assert shown(model, watermark)["status"] == status


def test_times_of_another_precision_are_brought_to_milliseconds() -> None:
    stored = rows.from_image(image(_updated_at={"S": "2026-11-22T18:03:30Z"}, _watermark={"NULL": True}))
    assert (stored.updated_at, stored.watermark) == ("2026-11-22T18:03:30.000Z", None)


def test_what_only_storage_needs_is_not_cached() -> None:
    assert not {"pk", "_ttl"} & set(orjson.loads(rows.from_image(image()).value))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pk": None}, "pk and sk"),
        ({"sk": {"NULL": True}}, "pk and sk"),
        ({"_updated_at": None}, "_updated_at is missing"),
        ({"_window_end": {"S": "soon"}}, "_window_end is no ISO 8601 time"),
        ({"revenue": {"M": {}}}, "revenue has type M"),
    ],
)
def test_item_that_is_no_result_row_is_refused_by_attribute(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(rows.RowError, match=message):
        rows.from_image(image(**changes))


def test_value_that_does_not_fit_its_type_stays_as_it_was_written(model: manifest.Model) -> None:
    assert shown(model, purchases={"S": "many"}, revenue={"N": "NaN"})["purchases"] == "many"


def many(model: manifest.Model, count: int, text: str = "EUR") -> list[rows.Row]:
    return [rows.parse(model, rows.from_image(image(currency={"S": text})).value) for _ in range(count)]


@pytest.mark.parametrize("text", ["EUR", "€uro" * 40])
def test_snapshot_parts_stay_below_32_kb_and_lose_no_row(model: manifest.Model, text: str) -> None:
    parts = frames.snapshot(model, 7, many(model, 500, text), NOTHING, UPDATED_MS)
    assert max(map(len, parts)) < 32 * 1024
    messages = [orjson.loads(part) for part in parts]
    assert sum(len(message["rows"]) for message in messages) == 500
    assert [message["part"] for message in messages] == list(range(1, len(messages) + 1))
    assert {(message["seq"], message["parts"]) for message in messages} == {(7, len(messages))}


def test_snapshot_without_rows_is_one_part(model: manifest.Model) -> None:
    (part,) = frames.snapshot(model, 7, [], NOTHING, UPDATED_MS)
    assert orjson.loads(part)["rows"] == []


def test_delta_orders_rows_and_takes_the_newest_watermark(model: manifest.Model) -> None:
    values = [
        rows.from_image(image(sk={"S": sk}, _watermark={"S": mark})).value
        for sk, mark in (("b", "2026-11-22T18:04:00.000Z"), ("a", "2026-11-22T18:03:00.000Z"))
    ]
    frame = Frame(8, f"[{','.join(values)}]".encode())
    message = orjson.loads(frames.delta(model, frame, State("2026-11-22T18:02:00.000Z", None), UPDATED_MS))
    assert message["watermark"] == "2026-11-22T18:04:00.000Z"
    assert [row["status"] for row in message["rows"]] == ["fresh", "fresh"]
    assert (message["type"], message["topic"], message["seq"]) == ("delta", "metrics/revenue_per_minute", 8)


def test_a_row_of_a_window_that_is_being_recomputed_says_so(model: manifest.Model) -> None:
    row = rows.parse(model, rows.from_image(image()).value)

    def status(recomputing_from: str | None) -> str:
        text = row.render(row.window_end, UPDATED_MS, recomputing_from)
        return str(orjson.loads(text)["status"])

    assert status(None) == "fresh"
    assert status(row.window_start) == "recomputing"
    assert status(row.window_end) == "fresh"
