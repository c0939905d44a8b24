from __future__ import annotations

import pytest
from chalicelib import clock

MOMENT_MS = 1_795_284_180_000
"""2026-11-21T18:03:00Z"""


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21T18:03:00Z",
        "2026-11-21T18:03:00.000Z",
        "2026-11-21T18:03",
        "2026-11-21t18:03:00z",
        "2026-11-21T19:03:00+01:00",
        "2026-11-21T19:03:00 01:00",
        "2026-11-21T19:03:00.000 0100",
        "2026-11-21T13:03:00-05:00",
    ],
)
def test_iso_time_in_any_offset_is_the_same_moment(text: str) -> None:
    assert clock.epoch_ms(text) == MOMENT_MS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-11-21",
        "1795284180",
        "2026-13-01T00:00:00Z",
        "2026-11-21T25:00:00Z",
        "2026-11-21T18:03:00Z" + " " * 40,
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "\uff12026-11-21T18:03:00Z!",
    ],
)
def test_text_that_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        clock.epoch_ms(text)


def test_iso_keeps_milliseconds_and_comes_back() -> None:
    assert clock.iso(MOMENT_MS + 7) == "2026-11-21T18:03:00.007Z"
    assert clock.epoch_ms(clock.iso(MOMENT_MS + 7)) == MOMENT_MS + 7


def test_buckets_of_a_range_exclude_the_hour_that_begins_at_its_end() -> None:
    start = clock.epoch_ms("2026-11-21T23:30:00Z")
    assert clock.hour_buckets(start, start + 30 * 60_000) == ["2026-11-21T23"]
    assert clock.hour_buckets(start, start + 30 * 60_000 + 1) == ["2026-11-21T23", "2026-11-22T00"]
