"""Edits while events flow: what changed switches over at once, and of all else no number ever falls back."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tests.end_to_end.demo_run import DemoRun, copy_project

# Ends by itself where a part does not come up; it only bounds a hang on a busy machine.
pytestmark = pytest.mark.timeout(900)

COUNTS = {
    "metrics/events_per_minute": "events",
    "metrics/page_views_per_minute": "page_views",
    "metrics/revenue_per_minute": "purchases",
    "metrics/active_users": "active_users",
}
QUERY = """\
-- How many pages are shown each minute, by kind of page?
SELECT
    window_start AS minute_start,                   -- start of the minute
    page_type,                                      -- kind of page
    CAST(COUNT(*) * {factor} AS BIGINT) AS weighed  -- pages shown, weighed
FROM TABLE(TUMBLE(TABLE page_view, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, page_type
"""
CASE = """\
given:
  page_view: |
    event_time | page_type
    12:00:05   | product
expect: |
    minute_start | page_type | weighed
    12:00        | product   | {weighed}
"""


class Watcher:
    """Watches the WebSocket as a page does; `falls` are counts that were seen to go down."""

    def __init__(self, stack: dict[str, Any], keys: dict[str, list[str]]) -> None:
        self._address, self._keys = stack["websocket"], keys
        self._ended = threading.Event()
        self.counts: dict[tuple[Any, ...], int] = {}
        self.falls: list[str] = []
        self.statuses: set[str] = set()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def end(self) -> None:
        """Stop watching."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                with connect(self._address, max_size=None, open_timeout=10) as socket:
                    self._listen(socket)
            except (OSError, WebSocketException):
                continue

    def _listen(self, socket: Any) -> None:
        socket.send(json.dumps({"action": "subscribe", "topics": list(COUNTS)}))
        while not self._ended.is_set():
            try:
                message = json.loads(socket.recv(timeout=1))
            except TimeoutError:
                socket.send('{"action": "ping"}')
                continue
            for row in message.get("rows", []):
                self._see(message["topic"], row)

    def _see(self, topic: str, row: dict[str, Any]) -> None:
        key = (topic, *(row[column] for column in self._keys[topic]))
        count = int(row[COUNTS[topic]])
        if count < self.counts.get(key, 0):
            self.falls.append(f"{key}: {self.counts[key]} -> {count} ({row['status']})")
        self.counts[key] = count
        self.statuses.add(row["status"])


class Edited:
    """A run in which a model is added, broken and edited twice in a row."""

    def __init__(self, run: DemoRun) -> None:
        run.wait_for_line("live: first number")
        self._run = run
        self._folder = run.project / "sql" / "metrics" / "page_types_per_minute"
        while not (run.state / "stack.json").exists():
            assert run.process.poll() is None, "\n".join(run.said)
            time.sleep(0.05)
        stack = json.loads((run.state / "stack.json").read_bytes())
        self._api = stack["api"]
        models = json.loads((run.project / "build" / "manifest.json").read_bytes())["models"].values()
        watcher = Watcher(stack, {model["topic"]: model["key"] for model in models})
        try:
            (self._folder / "tests").mkdir(parents=True)
            self.values = {101: self._live_after(101)}
            self.broken = self._refused(QUERY.format(factor=2).replace("page_type,", "page_tipe,"), 2)
            self.wrong = self._refused(QUERY.format(factor=2), 3)
            self.still = self._values()
            after = len(run.said)
            self._save(5)
            run.wait_for_line("it goes live now", after=after)
            self.values[7] = self._live_after(7)
        finally:
            watcher.end()
        self.watcher = watcher
        os.kill(run.supervisor_pid(), signal.SIGUSR1)
        self.code, self.result = run.result()
        self.said = run.said

    def _save(self, factor: int) -> None:
        # The case first: a save whose cases fail stays where it is.
        (self._folder / "tests" / "one_page.yaml").write_text(CASE.format(weighed=factor))
        (self._folder / "query.sql").write_text(QUERY.format(factor=factor))

    def _live_after(self, factor: int) -> set[int]:
        after = len(self._run.said)
        self._save(factor)
        self._run.wait_for_line("is live", after=after)
        return self._values()

    def _refused(self, query: str, weighed: int) -> list[str]:
        after = len(self._run.said)
        (self._folder / "tests" / "one_page.yaml").write_text(CASE.format(weighed=weighed))
        (self._folder / "query.sql").write_text(query)
        self._run.wait_for_line("The last good build keeps serving", after=after)
        return self._run.said[after:]

    def _values(self) -> set[int]:
        with urllib.request.urlopen(f"{self._api}/metrics/page_types_per_minute") as answer:
            return {row["weighed"] for row in json.load(answer)["rows"]}


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edited]:
    run = DemoRun(copy_project(tmp_path_factory.mktemp("edit")), for_seconds=900)
    try:
        yield Edited(run)
    finally:
        run.close()


def test_no_number_of_another_model_falls_back_while_a_model_is_edited(edited: Edited) -> None:
    assert edited.watcher.counts
    assert edited.watcher.falls == []
    assert "recomputing" in edited.watcher.statuses


def test_after_all_edits_every_window_equals_what_was_sent(edited: Edited) -> None:
    assert edited.code == 0, "\n".join(edited.said)
    assert edited.result["events_sent"] == edited.result["events_counted"] > 0


def test_a_save_that_does_not_compile_or_fails_its_cases_changes_nothing(edited: Edited) -> None:
    assert any("page_tipe" in line for line in edited.broken)
    assert any("one_page" in line or "one page" in line for line in edited.wrong), edited.wrong
    assert edited.values[101]
    assert all(value % 101 == 0 for value in edited.still | edited.values[101])
    assert max(edited.still) >= max(edited.values[101])


def test_of_two_edits_in_a_row_the_second_is_live_in_every_window(edited: Edited) -> None:
    assert edited.values[7]
    assert all(value % 7 == 0 for value in edited.values[7])
