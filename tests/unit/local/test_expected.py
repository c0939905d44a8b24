"""What the demo holds the numbers against is worked out from events alone."""

from __future__ import annotations

from decimal import Decimal

from local.expected import Expected, SentEvent, counted, epoch_ms, mismatches

NOON = epoch_ms("2026-01-15T12:00:00.000Z")
PERIODS = (("1m", 60_000, 60_000), ("5m", 300_000, 60_000))
TWO_HOURS = 7_200_000


def _event(event_id: str, at_ms: int, **fields: object) -> SentEvent:
    values: dict[str, object] = {
        "event_type": "page_view",
        "sent_at": (NOON + at_ms) / 1000,
        "user_id": "u1",
        "category": "laptops",
        "currency": None,
        "amount": None,
    }
    return SentEvent(event_id=event_id, event_time_ms=NOON + at_ms, **{**values, **fields})  # type: ignore[arg-type]


def test_page_views_count_by_minute_and_category_and_each_id_once() -> None:
    expected = Expected(PERIODS, TWO_HOURS)
    assert expected.add(_event("a", 0))
    assert not expected.add(_event("a", 5))
    expected.add(_event("b", 59_999))
    expected.add(_event("c", 60_000, category=None))
    assert expected.rows()["page_views_per_minute"] == {
        (NOON, "laptops"): (2,),
        (NOON + 60_000, None): (1,),
    }
    assert expected.rows()["events_per_minute"] == {
        (NOON, "page_view"): (2,),
        (NOON + 60_000, "page_view"): (1,),
    }
    assert expected.events == 3


def test_revenue_is_an_exact_decimal_sum() -> None:
    expected = Expected(PERIODS, TWO_HOURS)
    for number, amount in enumerate(["0.10", "0.20", "9999999999.99"]):
        expected.add(_event(str(number), 0, event_type="purchase", currency="EUR", amount=Decimal(amount)))
    assert expected.rows()["revenue_per_minute"] == {(NOON, "EUR"): (Decimal("10000000000.29"), 3)}


def test_a_user_is_active_in_every_window_that_the_event_lies_in() -> None:
    expected = Expected(PERIODS, TWO_HOURS)
    expected.add(_event("a", 0))
    expected.add(_event("b", 30_000))
    expected.add(_event("c", 30_000, user_id="u2"))
    users = expected.rows()["active_users"]
    assert users["1m", NOON] == (2,)
    assert {start for label, start in users if label == "5m"} == {NOON - 60_000 * n for n in range(5)}


def test_an_event_that_came_too_late_is_left_out_and_counted_as_such() -> None:
    expected = Expected(PERIODS, TWO_HOURS)
    assert not expected.add(_event("a", 0, sent_at=(NOON + TWO_HOURS) / 1000))
    assert expected.add(_event("b", 0, sent_at=(NOON + TWO_HOURS - 1) / 1000))
    assert expected.too_late == 1


def test_rows_of_the_api_are_compared_by_value() -> None:
    key, values = counted(
        "revenue_per_minute",
        {"minute_start": "2026-01-15T12:00:00.000Z", "currency": "EUR", "revenue": "25.250", "purchases": 2},
    )
    assert (key, values) == ((NOON, "EUR"), (Decimal("25.25"), 2))
    assert mismatches({key: values}, {key: (Decimal("25.25"), 2)}) == []


def test_a_mismatch_says_what_was_sent_and_what_was_counted() -> None:
    assert mismatches({(NOON, "EUR"): (1,)}, {(NOON, "USD"): (2,)}) == [
        "2026-01-15T12:00:00.000Z EUR: sent 1, counted nothing",
        "2026-01-15T12:00:00.000Z USD: sent nothing, counted 2",
    ]


def test_a_rejected_event_counts_by_its_reason_and_nowhere_else() -> None:
    expected = Expected(PERIODS, TWO_HOURS)
    assert expected.add(_event("a", 0, event_type="rejected", reason="missing_field"))
    assert expected.rows()["rejected_events_per_minute"] == {(NOON, "missing_field"): (1,)}
    assert expected.events == 0


def test_a_purchase_that_took_no_money_is_an_event_and_no_revenue() -> None:
    expected = Expected(PERIODS, TWO_HOURS)
    expected.add(_event("a", 0, event_type="purchase", currency="EUR", amount=None))
    assert expected.rows()["revenue_per_minute"] == {}
    assert expected.events == 1
