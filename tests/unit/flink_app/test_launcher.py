"""What the launcher makes of Flink's list of exceptions, and when it no longer trusts a job's state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from local.flink_job import expired
from local.flink_rest import loading_failures

LOADING = """java.lang.Exception: Exception while creating StreamOperatorStateContext.
\tat org.apache.flink.streaming.runtime.tasks.StreamTask.restoreInternal(StreamTask.java:858)
\tat org.apache.flink.streaming.runtime.tasks.StreamTask.restore(StreamTask.java:812)
\tat org.apache.flink.runtime.taskmanager.Task.run(Task.java:566)
Caused by: org.apache.flink.util.FlinkException: Could not restore keyed state backend
\t... 11 more
Caused by: java.io.IOException: Corruption: file is too short
\t... 21 more
"""
RUNNING = """java.lang.RuntimeException: No shards can be found for all subscribed streams
\tat org.apache.flink.streaming.connectors.kinesis.internals.KinesisDataFetcher.runFetcher(K.java:567)
\tat org.apache.flink.streaming.runtime.tasks.StreamTask.invoke(StreamTask.java:962)
"""


def exceptions(*traces: str) -> dict[str, Any]:
    return {"exceptionHistory": {"entries": [{"stacktrace": trace} for trace in traces]}}


def test_only_failures_before_a_task_ran_count_and_are_told_by_their_deepest_cause() -> None:
    told = loading_failures(exceptions(RUNNING, LOADING, RUNNING))
    assert told == ["java.io.IOException: Corruption: file is too short"]
    bare = "java.lang.OutOfMemoryError: heap\n\tat o.a.f.StreamTask.restore(StreamTask.java:812)"
    assert loading_failures(exceptions(bare)) == ["java.lang.OutOfMemoryError: heap"]


def test_a_flink_that_does_not_answer_yet_has_no_failures() -> None:
    assert loading_failures({}) == []
    assert loading_failures(exceptions()) == []


def test_a_job_that_has_stood_still_for_longer_than_its_state_may_be_old_has_to_begin_anew() -> None:
    now = datetime(2026, 1, 15, 12, tzinfo=UTC)
    assert not expired(now - timedelta(minutes=50), now)
    assert expired(now - timedelta(minutes=50, seconds=1), now)
