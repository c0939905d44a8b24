"""When a job counts as caught up: shards read to their end, then two checkpoints, in this order."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from local.catch_up import CatchUp

JOB = "/jobs/j"
SHARDS = {"p-click.shardId-000000000000", "p-view.shardId-000000000000", "p-view.shardId-000000000001"}


class Flink:
    """Answers as Flink's REST API does; `behind` is `millisBehindLatest` by shard."""

    def __init__(self) -> None:
        self.now = 100.0
        self.restarts = 0
        self.running = True
        self.behind = dict.fromkeys(sorted(SHARDS), -1.0)
        self.triggered = 0
        self.asked = 0
        self.completed: set[str] = set()
        self.failed: set[str] = set()
        self.catch_up = CatchUp(0, "j", SHARDS, get=self.get, post=self.post, clock=lambda: self.now)

    def get(self, path: str) -> Any:
        self.asked += 1
        if path.startswith(f"{JOB}/metrics"):
            return [{"id": "numRestarts", "value": str(self.restarts)}]
        if path == JOB:
            counts = {"RUNNING": 2 if self.running else 1, "CREATED": 0 if self.running else 1}
            return {"status-counts": counts, "vertices": [{"id": "source"}, {"id": "sink"}]}
        names = {
            f"0.x.stream.{s.replace('.', '.shardId.')}.millisBehindLatest": v for s, v in self.behind.items()
        }
        if path == f"{JOB}/vertices/source/metrics":
            return [{"id": name} for name in names] + [{"id": "0.numRecordsIn"}]
        if path.startswith(f"{JOB}/vertices/source/metrics?get="):
            asked = path.partition("=")[2].split(",")
            return [{"id": name, "value": str(value)} for name, value in names.items() if name in asked]
        if path.startswith(f"{JOB}/checkpoints/"):
            trigger = path.rpartition("/")[2]
            if trigger in self.failed:
                return {"status": {"id": "COMPLETED"}, "operation": {"failure-cause": {}}}
            return {"status": {"id": "COMPLETED" if trigger in self.completed else "IN_PROGRESS"}}
        return []

    def post(self, path: str, _body: dict[str, Any]) -> Any:
        assert path == f"{JOB}/checkpoints"
        self.triggered += 1
        return {"request-id": f"t{self.triggered}"}

    def at_the_end(self, *shards: str) -> None:
        self.behind |= dict.fromkeys(shards or SHARDS, 0.0)


def test_each_shard_must_have_been_at_its_end_once_before_a_checkpoint_counts() -> None:
    flink = Flink()
    flink.at_the_end("p-click.shardId-000000000000")
    assert not flink.catch_up.look()
    flink.behind["p-click.shardId-000000000000"] = 40.0
    flink.at_the_end("p-view.shardId-000000000000", "p-view.shardId-000000000001")
    assert not flink.catch_up.look()
    assert flink.triggered == 0
    assert not flink.catch_up.look()
    assert flink.triggered == 1


def test_a_shard_whose_consumer_has_not_begun_is_waited_for() -> None:
    flink = Flink()
    flink.at_the_end()
    missing = flink.behind.pop("p-view.shardId-000000000001")
    for _ in range(3):
        assert not flink.catch_up.look()
    assert flink.triggered == 0
    flink.behind["p-view.shardId-000000000001"] = missing
    flink.at_the_end()
    flink.catch_up.look()
    flink.catch_up.look()
    assert flink.triggered == 1


def test_the_second_checkpoint_begins_after_the_sinks_have_had_time_to_flush() -> None:
    flink = Flink()
    flink.at_the_end()
    flink.catch_up.look()
    flink.catch_up.look()
    flink.completed.add("t1")
    assert not flink.catch_up.look()
    assert not flink.catch_up.look()
    assert flink.triggered == 1
    flink.now += 0.3
    assert not flink.catch_up.look()
    assert flink.triggered == 2
    assert not flink.catch_up.look()
    flink.completed.add("t2")
    assert flink.catch_up.look()


def test_a_failed_checkpoint_is_made_again() -> None:
    flink = Flink()
    flink.at_the_end()
    flink.catch_up.look()
    flink.catch_up.look()
    flink.failed.add("t1")
    flink.catch_up.look()
    flink.now += 1
    flink.catch_up.look()
    assert flink.triggered == 2


def test_a_job_that_was_restarted_starts_over() -> None:
    flink = Flink()
    flink.at_the_end()
    flink.catch_up.look()
    flink.catch_up.look()
    flink.completed.add("t1")
    flink.catch_up.look()
    flink.restarts, flink.running = 1, False
    flink.now += 10
    assert not flink.catch_up.look()
    assert flink.triggered == 1
    flink.running = True
    flink.catch_up.look()
    flink.catch_up.look()
    assert flink.triggered == 2
    flink.completed.add("t2")
    assert not flink.catch_up.look()


def test_a_flink_that_does_not_answer_has_not_caught_up() -> None:
    silent: dict[str, Any] = {}
    assert not CatchUp(0, "j", SHARDS, get=lambda _: silent, post=lambda *_: silent).look()


def test_the_longer_it_reads_the_less_often_it_asks() -> None:
    flink = Flink()
    asked = []
    for tenth in range(400):
        flink.now = 100 + tenth / 10
        before = flink.asked
        flink.catch_up.look()
        if flink.asked > before:
            asked.append(flink.now)
    pauses = [after - before for before, after in pairwise(asked)]
    assert max(pauses[:3]) < 0.3
    assert 1.9 < max(pauses) < 2.2
    assert len(asked) < 60
