"""A model whose build adds an application, and its removal, while events flow: nothing is started again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.end_to_end.demo_run import DemoRun, copy_project

# Ends by itself where a part does not come up; it only bounds a hang on a busy machine.
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(900)]

NAME = "finished_views"
QUERY = """\
-- How many pages were shown in each ten seconds that are over?
SELECT
    window_start AS began,   -- start of the ten seconds
    COUNT(*) AS page_views   -- pages shown
FROM TABLE(TUMBLE(TABLE page_view, DESCRIPTOR(event_time), INTERVAL '10' SECOND))
GROUP BY window_start, window_end
"""


class Changed:
    """A run to which the first strict model was added, and from which it was removed again."""

    def __init__(self, run: DemoRun) -> None:
        run.wait_for_line("live: first number")
        while not (run.state / "stack.json").exists():
            assert run.process.poll() is None, "\n".join(run.said)
            time.sleep(0.05)
        self._api = json.loads((run.state / "stack.json").read_bytes())["api"]
        before = run.pids()
        folder = run.project / "sql" / "metrics" / NAME
        folder.mkdir()
        after = len(run.said)
        (folder / "metric.yaml").write_text("live: false\n")
        (folder / "query.sql").write_text(QUERY)
        run.wait_for_line("is live", after=after)
        self.rows: list[dict[str, Any]] = []
        while not self.rows:
            self.rows = self._get(f"metrics/{NAME}")["rows"]
            assert run.process.poll() is None, "\n".join(run.said)
            time.sleep(0.1)
        self.same = {part: run.pids()[part] == pid for part, pid in before.items()}
        self.added = set(run.pids()) - set(before)
        after = len(run.said)
        shutil.rmtree(folder)
        run.wait_for_line("is live", after=after)
        self.metrics = {metric["name"] for metric in self._get("metrics")["metrics"]}
        while set(run.pids()) != set(before):
            assert run.process.poll() is None, "\n".join(run.said)
            time.sleep(0.05)
        os.kill(run.supervisor_pid(), signal.SIGUSR1)
        self.code, self.result = run.result()
        self.said, self.left_over = run.said, run.left_over()

    def _get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self._api}/{path}") as answer:
            return json.load(answer)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Changed]:
    run = DemoRun(copy_project(tmp_path_factory.mktemp("application")), for_seconds=900)
    try:
        yield Changed(run)
    finally:
        run.close()


def test_the_first_strict_model_goes_live_without_a_restart_of_anything(changed: Changed) -> None:
    assert changed.rows
    assert changed.added == {"flink-main_strict"}
    assert all(changed.same.values()), changed.same


def test_a_model_that_is_removed_is_no_longer_served_and_its_application_ends(changed: Changed) -> None:
    assert NAME not in changed.metrics
    assert changed.left_over == []


def test_all_other_numbers_stay_exact(changed: Changed) -> None:
    assert changed.code == 0, "\n".join(changed.said)
    assert changed.result["events_sent"] == changed.result["events_counted"] > 0
