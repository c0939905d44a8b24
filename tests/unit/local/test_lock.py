"""A state folder belongs to one stack at a time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from local.lock import AlreadyRunning, StackLock


def test_a_second_stack_is_told_who_runs_and_how_to_end_it(tmp_path: Path) -> None:
    with StackLock(tmp_path) as first:
        first.note({"page": "http://127.0.0.1:8080"})
        with pytest.raises(AlreadyRunning, match=rf"process {os.getpid()} \(http://127.0.0.1:8080\)"):
            StackLock(tmp_path).__enter__()
    with StackLock(tmp_path):
        pass


def test_emptying_keeps_only_the_lock(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "flink.log").write_text("old")
    (tmp_path / "triggers.json").write_text("{}")
    with StackLock(tmp_path) as lock:
        lock.empty_folder()
        assert [path.name for path in tmp_path.iterdir()] == ["stack.lock"]
