"""The one table of settings."""

from __future__ import annotations

from collections import Counter

import pytest

from flink_app import settings
from flink_app.settings import Setting

TABLES = {"job": settings.JOB, "cluster": settings.CLUSTER, "source": settings.SOURCE, "sink": settings.SINK}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
def test_every_setting_is_made_once_and_says_why(table: tuple[Setting, ...]) -> None:
    assert max(Counter(setting.name for setting in table).values()) == 1
    assert all(setting.reason and setting.value for setting in table)


def test_event_ids_are_remembered_for_ten_minutes_and_an_outage() -> None:
    state_ttl_ms = int(settings.values(settings.JOB)["table.exec.state.ttl"].removesuffix(" ms"))
    assert state_ttl_ms == 10 * 60 * 1000 + settings.STATE_SLACK_MS


def test_updates_of_a_row_are_never_in_flight_together() -> None:
    assert settings.values(settings.SINK)["sink.requests.max-inflight"] == "1"


def test_quiet_shards_are_set_aside_and_alignment_is_on() -> None:
    assert int(settings.values(settings.SOURCE)["scan.shard.idle.interval"]) > 0


def test_a_job_that_must_remember_rows_for_a_day_keeps_its_state_for_a_day_and_an_outage() -> None:
    day_ms = 24 * 3600 * 1000
    remembered = settings.job_values(day_ms)["table.exec.state.ttl"]
    assert remembered == f"{day_ms + settings.STATE_SLACK_MS} ms"


@pytest.mark.parametrize("state_ttl_ms", [0, 1000])
def test_event_ids_are_remembered_however_little_else_a_job_must_remember(state_ttl_ms: int) -> None:
    assert settings.job_values(state_ttl_ms) == settings.values(settings.JOB)
