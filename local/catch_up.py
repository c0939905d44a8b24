"""Knows when a job has read, counted and written all that its streams held when it started.

Steps, each begun after the one before:
1. every shard has been read to its end once since the start (the consumer's `millisBehindLatest` was 0);
2. a checkpoint begun after that is complete: its barrier pushed every row of those events into the sinks;
3. another one, begun longer than the sinks' flush timeout later, is complete too: a sink writes what it has
   buffered within that time, and waits for its requests before it lets a barrier pass.
A job that Flink restarts meanwhile starts over: it may have gone back behind the end.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from flink_app import settings
from local import flink_rest

_BEHIND = ".millisBehindLatest"
_NAMES_ASKED = 20
_FLUSHED_AFTER_SECONDS = 3 * int(settings.values(settings.SINK)["sink.flush-buffer.timeout"]) / 1000
_CHECKPOINT_WITHIN_SECONDS = 30.0
_SHARE_OF_ELAPSED = 0.1
_LONGEST_PAUSE_SECONDS = 2.0

Get = Callable[[str], Any]
Post = Callable[[str, dict[str, Any]], Any]


class CatchUp:
    """Watches one job; ask `look` again and again until it says True.

    `shards` are `stream.shardId` of all that must have been read to their ends.
    """

    def __init__(
        self,
        port: int,
        job_id: str,
        shards: set[str],
        *,
        get: Get | None = None,
        post: Post | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._job = f"/jobs/{job_id}"
        self._shards = shards
        self._get = get or (lambda path: flink_rest.get(port, path))
        self._post = post or (lambda path, body: flink_rest.post(port, path, body))
        self._clock = clock
        self._sources: dict[str, list[str]] | None = None
        """Metric names by the path of their vertex."""
        self._restarts: str | None = None
        self._unread = set(shards)
        self._checkpoints = 0
        self._trigger: str | None = None
        self._began = clock()
        self.reached_seconds: dict[str, float] = {}
        """Since `look` was first asked: when each step was done, for the log."""
        self._not_before = 0.0
        self._triggered_at = 0.0
        self._look_at = self._began

    def look(self) -> bool:
        """Take the next step where it is due; True once all steps are taken."""
        now = self._clock()
        if self._unread and now < self._look_at:
            return False
        # Each question has Flink gather the metrics of all tasks: asked ten times a second, that took a fifth
        # of the CPU of a longer replay. What has lasted long may end a little later unnoticed.
        pause = min(_LONGEST_PAUSE_SECONDS, _SHARE_OF_ELAPSED * (now - self._began))
        self._look_at = now + pause
        restarts = self._metric(f"{self._job}/metrics", "numRestarts")
        if restarts is None:
            return False
        if restarts != self._restarts:
            self._start_over(restarts)
        if self._unread:
            self._read_shards()
            if not self._unread:
                self._reached("read")
            return False
        if self._checkpoints < 2:
            self._checkpoint()
        return self._checkpoints == 2

    def _start_over(self, restarts: str) -> None:
        self._restarts, self._unread, self._sources = restarts, set(self._shards), None
        self._checkpoints, self._trigger, self._not_before, self._look_at = 0, None, 0.0, 0.0

    def _read_shards(self) -> None:
        if self._sources is None:
            job = self._get(self._job)
            if not flink_rest.all_run(job):
                return
            paths = [f"{self._job}/vertices/{vertex['id']}/metrics" for vertex in job["vertices"]]
            names = {path: [metric["id"] for metric in self._get(path) or []] for path in paths}
            self._sources = {p: [n for n in ids if n.endswith(_BEHIND)] for p, ids in names.items()}
            self._sources = {path: ids for path, ids in self._sources.items() if ids}
            if self._shards - {_shard(name) for ids in self._sources.values() for name in ids}:
                self._sources = None  # a shard's consumer has yet to begin
                return
        for path, names_of_vertex in self._sources.items():
            for begin in range(0, len(names_of_vertex), _NAMES_ASKED):
                asked = ",".join(names_of_vertex[begin : begin + _NAMES_ASKED])
                for metric in self._get(f"{path}?get={asked}") or []:
                    if float(metric["value"]) == 0:
                        self._unread.discard(_shard(metric["id"]))

    def _checkpoint(self) -> None:
        now = self._clock()
        if self._trigger is None:
            if now >= self._not_before:
                answer = self._post(f"{self._job}/checkpoints", {"checkpointType": "CONFIGURED"})
                self._trigger, self._triggered_at = answer.get("request-id"), now
            return
        status = self._get(f"{self._job}/checkpoints/{self._trigger}")
        done = status.get("status", {}).get("id") == "COMPLETED"
        failed = "failure-cause" in (status.get("operation") or {})
        if done and not failed:
            self._checkpoints += 1
            self._reached(("counted", "written")[self._checkpoints - 1])
            self._trigger, self._not_before = None, now + _FLUSHED_AFTER_SECONDS
        elif failed or now - self._triggered_at > _CHECKPOINT_WITHIN_SECONDS:
            self._trigger, self._not_before = None, now + 1

    def _reached(self, step: str) -> None:
        self.reached_seconds[step] = round(self._clock() - self._began, 2)

    def _metric(self, path: str, name: str) -> str | None:
        answer = self._get(f"{path}?get={name}")
        return str(answer[0]["value"]) if answer else None


def _shard(metric: str) -> str:
    """`rta-local-click.shardId-000000000000` of
    `0.Source__….stream.rta-local-click.shardId.shardId-….millis…`."""
    stream, _, shard = metric.removesuffix(_BEHIND).rpartition(".shardId.")
    return f"{stream.rpartition('.stream.')[2]}.{shard}"
