"""When a replayed event happens and is sent."""

from __future__ import annotations

from simulator.replay_clock import ReplayClock

NOW = 1_800_000_000_000
THEN = 1_700_000_000_000
MINUTE = 60_000


def _clock(speed: float = 1.0) -> ReplayClock:
    return ReplayClock(speed, shift=True, unpaced=False, latest_ms=None, longest_gap_ms=MINUTE)


def _dues(clock: ReplayClock, *offsets_ms: int) -> list[int]:
    return [clock.place(THEN + offset, NOW)[1] - NOW for offset in offsets_ms]


def test_distances_are_kept() -> None:
    assert _dues(_clock(), 0, 500, 59_000, 58_000) == [0, 500, 59_000, 58_000]


def test_a_silence_that_is_too_long_is_skipped_and_the_distances_after_it_are_kept() -> None:
    clock = _clock()
    assert _dues(clock, 0, 1000, 9 * 60 * MINUTE) == [0, 1000, 1000]
    assert clock.skipped_now_ms == 9 * 60 * MINUTE - 1000
    assert _dues(clock, 9 * 60 * MINUTE + 700, 9 * 60 * MINUTE + 300) == [1700, 1300]
    assert clock.skipped_now_ms == 0


def test_what_would_be_waited_for_decides_and_that_depends_on_the_speed() -> None:
    clock = _clock(speed=60)
    assert _dues(clock, 0, 60 * MINUTE) == [0, MINUTE]
    assert clock.skipped_now_ms == 0


def test_one_line_with_a_wrong_time_does_not_move_the_lines_after_it() -> None:
    year = 365 * 24 * 60 * MINUTE
    assert _dues(_clock(), 0, 1000, year, 2000, 3000) == [0, 1000, 1000, 2000, 3000]


def test_a_time_that_has_not_come_yet_is_not_waited_for_and_stays_as_it_is() -> None:
    clock = _clock()
    assert clock.place(NOW + 2 * MINUTE, NOW) == (None, 0)
    assert _dues(clock, 0, 100) == [0, 100]
