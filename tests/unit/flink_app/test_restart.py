"""How a stopped job goes on: restored where that is right, read again where it is not."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flink_app.errors import FlinkAppError
from flink_app.job import Job, Statement
from flink_app.restart import (
    Run,
    Start,
    begin_restore,
    choose_start,
    end_restore,
    failed_restores,
    give_up_restore,
    newest_checkpoint,
    plan_hash,
    read_run,
)

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
JOB = Job(
    app="main",
    build_id="abc",
    ddl=(Statement("flink/main/ddl/00_t.sql", "CREATE TABLE t (a INT)"),),
    inserts=(Statement("flink/main/m.sql", "-- A question?\nINSERT INTO t SELECT 1"),),
    longest_window_ms=60 * 60 * 1000,
    late_ms=2 * 60 * 60 * 1000,
)


def checkpoint(state: Path, run: Run, number: int, taken: datetime, *, complete: bool = True) -> Path:
    directory = run.checkpoint_dir(state) / "job" / f"chk-{number}"
    directory.mkdir(parents=True)
    if complete:
        (directory / "_metadata").touch()
        os.utime(directory / "_metadata", (taken.timestamp(), taken.timestamp()))
    return directory


@pytest.fixture
def run() -> Run:
    return replace(Run.new("plan", None, NOW), caught_up=True)


def test_the_first_start_has_no_state_and_takes_every_window() -> None:
    start = choose_start("plan", JOB, None, None, NOW)
    assert (start.checkpoint, start.run.start, start.reason) == (None, None, "first start")


def test_the_same_plan_goes_on_from_the_newest_checkpoint(tmp_path: Path, run: Run) -> None:
    newest = checkpoint(tmp_path, run, 12, NOW - timedelta(minutes=5))
    start = choose_start("plan", JOB, run, newest, NOW)
    assert start.checkpoint == newest
    assert start.run == run


def test_a_changed_plan_rewrites_all_windows_that_can_still_change(tmp_path: Path, run: Run) -> None:
    taken = NOW - timedelta(minutes=5)
    start = choose_start("other", JOB, run, checkpoint(tmp_path, run, 12, taken), NOW)
    assert start.checkpoint is None
    assert start.run.start == taken - timedelta(hours=3)
    assert start.run.run_id != run.run_id


def test_state_that_may_have_expired_is_not_used(tmp_path: Path, run: Run) -> None:
    # Ten minutes of the slack are kept for the start itself and for what has piled up.
    taken = NOW - timedelta(minutes=50, seconds=1)
    start = choose_start("plan", JOB, run, checkpoint(tmp_path, run, 12, taken), NOW)
    assert start.checkpoint is None
    assert start.run.start == taken - timedelta(hours=3)


def test_a_checkpoint_from_the_future_does_not_move_the_replay_forward(tmp_path: Path, run: Run) -> None:
    start = choose_start("other", JOB, run, checkpoint(tmp_path, run, 1, NOW + timedelta(hours=5)), NOW)
    assert start.run.start == NOW - timedelta(hours=3)


@pytest.mark.parametrize(("plan", "taken"), [("other", NOW), ("plan", NOW - timedelta(hours=1))])
def test_before_it_has_caught_up_a_life_that_must_begin_anew_begins_where_it_began(
    tmp_path: Path, run: Run, plan: str, taken: datetime
) -> None:
    # A checkpoint taken in the middle of a backlog says nothing about how far the streams were read.
    behind = replace(run, start=NOW - timedelta(hours=23), caught_up=False)
    start = choose_start(plan, JOB, behind, checkpoint(tmp_path, behind, 12, taken), NOW)
    assert (start.checkpoint, start.run.start, start.run.caught_up) == (None, behind.start, False)


def test_a_life_that_does_not_say_whether_it_has_caught_up_has_not(tmp_path: Path, run: Run) -> None:
    run.write(tmp_path)
    path = tmp_path / "run.json"
    document = json.loads(path.read_text())
    del document["caught_up"], document["began"]
    path.write_text(json.dumps(document))
    found = read_run(tmp_path)
    assert found is not None
    assert not found.caught_up


def test_without_a_checkpoint_the_last_start_is_made_again(run: Run) -> None:
    before = replace(run, start=NOW - timedelta(hours=3))
    assert choose_start("other", JOB, before, None, NOW).run.start == before.start


def test_a_torn_checkpoint_and_one_of_another_life_do_not_count(tmp_path: Path, run: Run) -> None:
    whole = checkpoint(tmp_path, run, 9, NOW - timedelta(seconds=10))
    checkpoint(tmp_path, run, 10, NOW, complete=False)
    checkpoint(tmp_path, Run.new("plan", None, NOW), 11, NOW)
    assert newest_checkpoint(tmp_path, run) == whole
    assert newest_checkpoint(tmp_path, None) is None


def test_a_life_is_remembered(tmp_path: Path, run: Run) -> None:
    assert read_run(tmp_path) is None
    begun = replace(run, start=NOW)
    begun.write(tmp_path)
    assert read_run(tmp_path) == begun


def test_the_plan_is_statements_and_jar_but_no_comment_on_top_and_no_build_id(tmp_path: Path) -> None:
    jar, other_jar = tmp_path / "a.jar", tmp_path / "b.jar"
    jar.write_bytes(b"one")
    other_jar.write_bytes(b"two")
    (insert,) = JOB.inserts
    asked = replace(insert, sql="-- Another question?\nINSERT INTO t SELECT 1")
    changed = replace(insert, sql="INSERT INTO t SELECT 2")
    plan = plan_hash(JOB, jar)
    assert plan_hash(replace(JOB, build_id="def", inserts=(asked,)), jar) == plan
    assert plan_hash(replace(JOB, inserts=(changed,)), jar) != plan
    assert plan_hash(JOB, other_jar) != plan


def test_a_restore_that_never_ran_is_tried_once_more_and_then_the_streams_are_read_again(
    tmp_path: Path, run: Run
) -> None:
    taken = NOW - timedelta(minutes=5)
    newest = checkpoint(tmp_path, run, 12, taken)

    def start() -> Start:
        return choose_start("plan", JOB, run, newest, NOW, failed=failed_restores(tmp_path, newest))

    for _ in range(2):
        assert start().checkpoint == newest
        begin_restore(tmp_path, newest)
    assert start().checkpoint is None
    assert start().run.run_id != run.run_id
    assert start().run.start == taken - timedelta(hours=3)
    assert start().reason == "chk-12 could not be restored in 2 attempts"


def test_a_restore_that_ran_or_was_of_another_checkpoint_does_not_count(tmp_path: Path, run: Run) -> None:
    older, newer = (checkpoint(tmp_path, run, number, NOW) for number in (1, 2))
    begin_restore(tmp_path, older)
    begin_restore(tmp_path, older)
    assert failed_restores(tmp_path, older) == 2
    assert failed_restores(tmp_path, newer) == 0
    begin_restore(tmp_path, newer)
    assert failed_restores(tmp_path, newer) == 1
    end_restore(tmp_path)
    assert failed_restores(tmp_path, newer) == 0


def test_state_that_flink_cannot_load_is_not_tried_again(tmp_path: Path, run: Run) -> None:
    newest = checkpoint(tmp_path, run, 12, NOW)
    begin_restore(tmp_path, newest)
    give_up_restore(tmp_path, newest)
    failed = failed_restores(tmp_path, newest)
    assert choose_start("plan", JOB, run, newest, NOW, failed=failed).checkpoint is None


@pytest.mark.parametrize("torn", ["", "{", "[]", "{}", '{"checkpoint": "job/chk-12", "attempts": "many"}'])
def test_a_torn_record_of_attempts_leads_to_reading_again(tmp_path: Path, run: Run, torn: str) -> None:
    newest = checkpoint(tmp_path, run, 12, NOW)
    (tmp_path / "restoring.json").write_text(torn, encoding="utf-8")
    assert failed_restores(tmp_path, newest) == 2


@pytest.mark.parametrize("torn", ["", "{", "[]", "{}", '{"run_id": "a", "plan": "b", "start": null}'])
def test_a_torn_record_of_the_last_life_is_told_with_the_way_out(tmp_path: Path, torn: str) -> None:
    (tmp_path / "run.json").write_text(torn, encoding="utf-8")
    with pytest.raises(FlinkAppError, match=r"run\.json: .*--start"):
        read_run(tmp_path)
