"""How long an edit takes to go live: from the save of a query to the first row of its new meaning, through
the API and the WebSocket, while the demo sends 100 events a second.

    .venv/bin/python -m tests.benchmarks edit                  a minute of history, and fifteen
    .venv/bin/python -m tests.benchmarks.bench_edit 60         the seconds of history named, printed only

History is what the streams hold when the first edit is saved. The CPU seconds are Flink's, from save to live.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tests.benchmarks.results import Measured, machine, median_of
from tests.end_to_end.demo_run import DemoRun, copy_project

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
NAME = "page_types_per_minute"
WITHIN_SECONDS = 180.0


class Edits:
    """A running demo with a model that is edited again and again."""

    def __init__(self, run: DemoRun) -> None:
        self._run = run
        run.wait_for_line("live: first number")
        while not (run.state / "stack.json").exists():
            time.sleep(0.05)
        stack = json.loads((run.state / "stack.json").read_bytes())
        self._api, self._websocket = stack["api"], stack["websocket"]
        self._query = run.project / "sql" / "metrics" / NAME / "query.sql"
        self._query.parent.mkdir()
        self._pushed: dict[int, float] = {}
        self._ended = threading.Event()
        self._listener = threading.Thread(target=self._listen)

    def start(self) -> None:
        """Add the model, and subscribe to it."""
        self.edit(0, pushed=False)
        self._listener.start()

    def end(self) -> None:
        """Stop to listen."""
        self._ended.set()
        self._listener.join()

    def edit(self, edition: int, *, pushed: bool = True) -> dict[str, float]:
        """Save once; seconds until its first row, and what it cost. Raises TimeoutError when none comes."""
        after = len(self._run.said)
        cpu = self._cpu_seconds()
        self._query.write_text(QUERY.format(edition=edition))
        saved = time.time()
        shown = None
        while shown is None or (pushed and edition not in self._pushed):
            if shown is None and edition in self._editions():
                shown = time.time()
            if time.time() - saved > WITHIN_SECONDS:
                raise TimeoutError("\n".join(self._run.said[after:]))
            time.sleep(0.02)
        self._run.wait_for_line("is live", after=after)
        return {
            "api": round(shown - saved, 2),
            "websocket": round(self._pushed.get(edition, shown) - saved, 2),
            "flink_cpu": round(self._cpu_seconds() - cpu, 1),
        }

    def _editions(self) -> set[int]:
        try:
            with urllib.request.urlopen(f"{self._api}/metrics/{NAME}") as answer:
                return {row["edition"] for row in json.load(answer)["rows"]}
        except OSError:
            return set()  # not served yet

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                with connect(self._websocket, max_size=None, open_timeout=10) as socket:
                    socket.send(json.dumps({"action": "subscribe", "topics": [f"metrics/{NAME}"]}))
                    while not self._ended.is_set():
                        self._receive(socket)
            except (OSError, WebSocketException):
                continue

    def _receive(self, socket: Any) -> None:
        try:
            message = json.loads(socket.recv(timeout=0.5))
        except TimeoutError:
            # As the page does: what a lost frame leaves out is asked for again.
            return
        if message["type"] == "delta" or message["type"] == "snapshot":
            self._seq_gap(socket, message)
            for row in message["rows"]:
                self._pushed.setdefault(row["edition"], time.time())

    def _seq_gap(self, socket: Any, message: dict[str, Any]) -> None:
        before = getattr(self, "_seq", None)
        self._seq = message["seq"]
        if message["type"] == "delta" and before is not None and message["seq"] > before + 1:
            socket.send(json.dumps({"action": "subscribe", "topics": [f"metrics/{NAME}"]}))

    def _cpu_seconds(self) -> float:
        group = self._run.pids().get("flink")
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has ended meanwhile
            if int(fields[2]) == group:
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


def measure(history_seconds: float, edits: int) -> list[Measured]:
    """Edit `edits` times, the first with so much history; each figure is the median and its spread."""
    with tempfile.TemporaryDirectory() as folder:
        run = DemoRun(copy_project(Path(folder)), for_seconds=3600)
        try:
            live = Edits(run)
            time.sleep(max(0.0, history_seconds))
            live.start()
            try:
                found = []
                for edition in range(1, edits + 1):
                    figures = live.edit(edition)
                    sys.stderr.write(f"  {history_seconds:g} s of history: {figures}; {machine()}\n")
                    found.append(figures)
                log = (run.state / "logs" / "flink.log").read_text().splitlines()
                swaps = [json.loads(line) for line in log if "replaces the job" in line][-edits:]
            finally:
                live.end()
        finally:
            run.close()
    minutes = f"{history_seconds / 60:g}_min"
    swap = ("plan_seconds", "submit_seconds", "stopped_after_seconds")
    return [
        *(
            median_of(f"save_to_{name}_{minutes}", "s", [each[name] for each in found])
            for name in ("api", "websocket")
        ),
        median_of(f"flink_cpu_{minutes}", "s", [each["flink_cpu"] for each in found]),
        *(median_of(f"swap_{name}_{minutes}", "s", [each[name] for each in swaps]) for name in swap),
    ]


def run(*, histories: tuple[float, ...] = (60, 900), edits: int = 5) -> list[Measured]:
    """Edits with each length of history, in seconds."""
    return [figure for history in histories for figure in measure(history, edits)]


if __name__ == "__main__":
    for each in run(histories=tuple(map(float, sys.argv[1:])) or (60,)):
        print(each)
