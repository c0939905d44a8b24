"""The made-up shop's events: in contract, in the business's mix, the same for the same seed."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import orjson
import pytest

from ingest.intake import Intake
from simulator.events import MIX, Events
from simulator.faults import BREAKAGES, Faults, Shares

NOW_MS = 1_768_478_400_000
NO_FAULTS = Shares(bad=0, duplicate=0, late=0)


def some(count: int, seed: int = 7, run_ms: int = NOW_MS) -> list[dict[str, Any]]:
    events = Events(seed, run_ms)
    return [events.next(NOW_MS + index)[1] for index in range(count)]


def test_every_event_fulfils_its_contract(intake: Intake) -> None:
    for event in some(20_000):
        _, rejected = intake.take(orjson.dumps(event), NOW_MS + 20_000)
        assert rejected is None, rejected
    assert intake.accepted.total() == 20_000


def test_the_types_come_in_the_businesss_mix() -> None:
    counts = Counter(event["event_type"] for event in some(100_000))
    total = sum(MIX.values())
    for name, share in MIX.items():
        wanted = 100_000 * share / total
        # Five standard deviations of a binomial count: a wrong share fails, chance does not.
        assert abs(counts[name] - wanted) < 5 * wanted**0.5, (name, counts[name], wanted)


def test_the_same_seed_and_start_give_the_same_bytes() -> None:
    assert orjson.dumps(some(5000)) == orjson.dumps(some(5000))


def test_another_seed_gives_other_events() -> None:
    assert orjson.dumps(some(100)) != orjson.dumps(some(100, seed=8))


def test_another_run_of_a_seed_does_the_same_under_other_ids() -> None:
    first, second = some(2000), some(2000, run_ms=NOW_MS + 1)
    ids = {"event_id", "session_id", "custom_properties"}
    for one, other in zip(first, second, strict=True):
        assert {key: one[key] for key in one if key not in ids} == {
            key: other[key] for key in other if key not in ids
        }
    assert not {event["event_id"] for event in first} & {event["event_id"] for event in second}


def test_ids_are_unique() -> None:
    events = some(50_000)
    assert len({event["event_id"] for event in events}) == len(events)
    orders = [event["custom_properties"]["order_id"] for event in events if event["event_type"] == "purchase"]
    assert len(set(orders)) == len(orders)


def test_a_visit_keeps_its_user_device_and_address() -> None:
    visits = defaultdict(set)
    for event in some(20_000):
        who = (event["user_id"], event["device_type"], event["user_agent"], event["ip_address"])
        visits[event["session_id"]].add(who)
    assert {len(people) for people in visits.values()} == {1}


def test_money_is_whole_cents_and_amount_is_price_times_quantity() -> None:
    purchases = [event for event in some(200_000) if event["event_type"] == "purchase"]
    assert len(purchases) > 500
    currencies = Counter(event["custom_properties"]["currency"] for event in purchases)
    assert {name for name, _ in currencies.most_common(3)} == {"EUR", "USD", "GBP"}
    for event in purchases:
        said = event["custom_properties"]
        cents = round(said["unit_price"] * 100)
        assert said["unit_price"] == cents / 100
        assert said["amount"] == cents * said["quantity"] / 100


@pytest.mark.parametrize("index", range(len(BREAKAGES)), ids=[reason for reason, _ in BREAKAGES])
def test_every_broken_event_is_rejected_for_its_reason(intake: Intake, index: int) -> None:
    reason, breakage = BREAKAGES[index]
    for event in some(20):
        _, rejected = intake.take(breakage(event), NOW_MS + 20)
        assert rejected is not None
        assert rejected.reason.value == reason


def test_faults_come_in_their_shares() -> None:
    faults = Faults(Shares(bad=0.05, duplicate=0.1, late=0.2, latest_ms=60_000), 7)
    labels: Counter[str] = Counter()
    late = []
    for event in some(20_000):
        late.append(faults.lateness_ms())
        labels.update(label.partition(":")[0] for label, _ in faults.apply(event))
    assert labels["bad"] == pytest.approx(1000, rel=0.2)
    assert labels["duplicate"] == pytest.approx(2000, rel=0.2)
    delays = [delay for delay in late if delay]
    assert len(delays) == pytest.approx(4000, rel=0.2)
    assert 1000 <= min(delays) < max(delays) <= 60_000


def test_a_duplicate_has_the_bytes_of_an_event_sent_before() -> None:
    faults = Faults(Shares(bad=0, duplicate=0.5, late=0), 7)
    sent = set()
    for event in some(500):
        for label, raw in faults.apply(event):
            assert (raw in sent) is (label == "duplicate")
            sent.add(raw)


def test_without_faults_every_event_is_sent_once_as_it_is() -> None:
    faults = Faults(NO_FAULTS, 7)
    for event in some(1000):
        assert faults.lateness_ms() == 0
        assert faults.apply(event) == [("good", orjson.dumps(event))]
