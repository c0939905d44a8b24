"""Every event has a latency of its own."""

from __future__ import annotations

import pytest

from local.latency import Latencies, percentile

KEY = (0, "laptops")


def test_the_kth_event_is_seen_when_the_count_reaches_k() -> None:
    latencies = Latencies()
    for at in (10.0, 10.1, 10.2):
        latencies.sent(KEY, at)
    latencies.shown({KEY: 1}, 10.3)
    latencies.shown({KEY: 3}, 10.5)
    found, left_out = latencies.milliseconds(0.0, [])
    assert found == pytest.approx([300, 300, 400])
    assert left_out == 0


def test_events_before_the_first_number_are_left_out() -> None:
    latencies = Latencies()
    latencies.sent(KEY, 1.0)
    latencies.sent(KEY, 3.0)
    latencies.shown({KEY: 2}, 3.5)
    assert latencies.milliseconds(2.0, [])[0] == pytest.approx([500])


def test_events_under_way_during_an_outage_are_left_out_and_counted() -> None:
    latencies = Latencies()
    for at in (9.9, 10.5, 30.0):
        latencies.sent(KEY, at)
    latencies.shown({KEY: 2}, 13.0)
    latencies.shown({KEY: 3}, 30.25)
    found, left_out = latencies.milliseconds(0.0, [(10.0, 12.0)])
    assert found == pytest.approx([250])
    assert left_out == 2


def test_a_count_that_stays_or_falls_adds_nothing() -> None:
    latencies = Latencies()
    latencies.sent(KEY, 1.0)
    latencies.shown({KEY: 1}, 1.2)
    latencies.shown({KEY: 0}, 1.3)
    latencies.shown({KEY: 1}, 1.4)
    assert latencies.milliseconds(0.0, [])[0] == pytest.approx([200])


def test_percentiles_interpolate() -> None:
    assert percentile([1.0, 2.0, 3.0, 4.0], 50) == pytest.approx(2.5)
    assert percentile([7.0], 95) == pytest.approx(7.0)
    assert percentile([], 50) is None
