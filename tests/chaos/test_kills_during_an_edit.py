"""kill -9 of Flink while it plans an edit and while it replays: the edit goes live, every number exact."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.demo_run import DemoRun, copy_project

# Ends by itself where a part does not come up; it only bounds a hang on a busy machine.
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(900)]

NAME = "page_types_per_minute"
QUERY = """\
-- How many pages are shown each minute, by kind of page?
SELECT
    window_start AS minute_start,                        -- start of the minute
    page_type,                                           -- kind of page
    COUNT(*) AS page_views,                              -- pages shown
    CAST(COUNT(*) * 0 + {edition} AS BIGINT) AS edition  -- which edit wrote the row
FROM TABLE(TUMBLE(TABLE page_view, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, page_type
"""
PLANNING, REPLAYING = 1, 2
"""Editions of the query, named for what Flink does when it is killed."""


class Killed:
    """A run in which Flink is killed while it plans an edit, and while it replays for the next."""

    def __init__(self, run: DemoRun) -> None:
        run.wait_for_line("live: first number")
        while not (run.state / "stack.json").exists():
            assert run.process.poll() is None, "\n".join(run.said)
            time.sleep(0.05)
        self._run = run
        self._api = json.loads((run.state / "stack.json").read_bytes())["api"]
        self._query = run.project / "sql" / "metrics" / NAME / "query.sql"
        self._query.parent.mkdir()
        self._edit(0, until=None)
        self.editions = {
            PLANNING: self._edit(PLANNING, until=lambda wanted: wanted != self._status()["build_id"]),
            REPLAYING: self._edit(
                REPLAYING,
                until=lambda wanted: (
                    self._status()["build_id"] == wanted and self._status()["state"] == "recomputing"
                ),
            ),
        }
        os.kill(run.supervisor_pid(), signal.SIGUSR1)
        self.code, self.result = run.result()
        self.said = run.said
        self.left_over = run.left_over()

    def _edit(self, edition: int, until: Any) -> set[int]:
        """Save, kill Flink once `until` holds of the wanted build, and wait for the edit; what is served."""
        after = len(self._run.said)
        self._query.write_text(QUERY.format(edition=edition))
        if until is not None:
            self._run.wait_for_line(" replaces ", after=after)
            while not until(self._read("follow.json")["build_id"]):
                assert self._run.process.poll() is None, "\n".join(self._run.said)
                time.sleep(0.005)
            os.kill(self._run.pids()["flink"], signal.SIGKILL)
        self._run.wait_for_line("is live", after=after)
        with urllib.request.urlopen(f"{self._api}/metrics/{NAME}") as answer:
            return {row["edition"] for row in json.load(answer)["rows"]}

    def _status(self) -> dict[str, Any]:
        return self._read(Path("flink") / "main" / "status.json")

    def _read(self, name: str | Path) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self._run.state / name).read_bytes())
        return document


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killed]:
    run = DemoRun(copy_project(tmp_path_factory.mktemp("swap")), for_seconds=900)
    try:
        yield Killed(run)
    finally:
        run.close()


@pytest.mark.parametrize("edition", [PLANNING, REPLAYING])
def test_an_edit_during_which_flink_was_killed_is_served_in_every_window(
    killed: Killed, edition: int
) -> None:
    assert killed.editions[edition] == {edition}


def test_every_window_equals_what_was_sent_and_nothing_is_left_running(killed: Killed) -> None:
    assert killed.code == 0, "\n".join(killed.said)
    assert killed.result["events_sent"] == killed.result["events_counted"] > 0
    assert not any(killed.result["mismatches"].values())
    assert killed.left_over == []
