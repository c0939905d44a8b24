"""A backlog on skewed shards, read from its start, loses no row.

Strict windows are the proof: a live row takes late events in, so it would hide a watermark that runs ahead.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.flink.harness import Aws, Launcher, event, iso, wait_for

EVENTS = 100_000
WEIGHTS = (12, 4, 2, 1)
HOUR_SECONDS = 3600
SHARD_KEYS = 2**128 // len(WEIGHTS)


def counts(times: list[datetime], step_seconds: int) -> dict[str, int]:
    """Events by the ISO start of their window."""
    starts = Counter(int(time.timestamp()) // step_seconds * step_seconds for time in times)
    return {iso(datetime.fromtimestamp(start, UTC)): count for start, count in starts.items()}


@pytest.fixture(scope="module")
def backlog(aws: Aws) -> list[datetime]:
    """Event times: an hour on each shard, evenly, so that the shards differ in density only."""
    aws.create_stream("backlog", shards=len(WEIGHTS))
    begin = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=70)
    times: list[datetime] = []
    for shard, weight in enumerate(WEIGHTS):
        number = EVENTS * weight // sum(WEIGHTS)
        gap = HOUR_SECONDS / number
        own = [begin + timedelta(milliseconds=int(1000 * gap * i)) for i in range(number)]
        hash_key = str(shard * SHARD_KEYS)
        aws.put("backlog", *(event("page_view", at, category="all") for at in own), hash_key=hash_key)
        # The strict windows of the hour close when every shard has gone beyond it.
        beyond = begin + timedelta(seconds=HOUR_SECONDS + 30)
        aws.put("backlog", event("page_view", beyond, category="beyond"), hash_key=hash_key)
        times += own
    return times


@pytest.mark.parametrize("parallelism", [1, 2])
def test_every_row_of_a_backlog_is_counted(
    aws: Aws, launcher: Launcher, backlog: list[datetime], parallelism: int
) -> None:
    tables = ("backlog-live", "backlog-strict")
    for table in tables:
        aws.create_table(table)
    flink = launcher.start("backlog", parallelism=parallelism, state=f"backlog-{parallelism}")
    flink.announced()
    live = {f"{start}#all": count for start, count in counts(backlog, 60).items()}
    strict = counts(backlog, 5)

    def found_live() -> dict[str, int]:
        rows = aws.numbers("backlog-live", "page_views")
        return {sk: count for sk, count in rows.items() if sk.endswith("#all")}

    wait_for("last strict window", lambda: max(strict) in aws.rows("backlog-strict"), 120)
    wait_for("live rows", lambda: sum(found_live().values()) >= len(backlog), 60)
    assert found_live() == live
    assert aws.numbers("backlog-strict", "page_views") == strict

    flink.kill()
    for table in tables:
        aws.delete_table(table)
