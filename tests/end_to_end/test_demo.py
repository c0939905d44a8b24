"""The demo, unattended, from nothing to a verified result: one run, looked at from several sides."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.demo_run import PARTS, ROOT, DemoRun

METRICS = {"page_views_per_minute", "revenue_per_minute", "active_users", "events_per_minute"}
AT_LEAST_EVENTS = 100
NO_END_SECONDS = 3600


class Finished:
    """What a run left behind, and what a second start said while it ran."""

    def __init__(self, run: DemoRun) -> None:
        run.wait_for_line("live: first number")
        self.second = subprocess.run(
            [sys.executable, "-m", "local", "--build-dir", str(run.project / "build")],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        page = json.loads((run.state / "stack.json").read_bytes())["page"]
        self.screenshot = run.project / "page.png"
        self.browser = subprocess.run(
            ["node", "dashboard/e2e/check.mjs", "--url", page, "--screenshot", str(self.screenshot)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        self.supervisor_pid = run.supervisor_pid()
        os.kill(self.supervisor_pid, signal.SIGUSR1)
        self.code, self.result = run.result()
        self.said = run.said
        self.left_over = run.left_over()
        self.state = run.state


@pytest.fixture(scope="module")
def finished(project: Path) -> Iterator[Finished]:
    run = DemoRun(project, for_seconds=NO_END_SECONDS)
    try:
        yield Finished(run)
    finally:
        run.close()


def test_the_demo_ends_well_and_says_so_in_one_json_line(finished: Finished) -> None:
    assert finished.code == 0, "\n".join(finished.said)
    assert {
        "first_number_seconds",
        "event_to_api_p50_ms",
        "event_to_api_p95_ms",
        "events_sent",
        "events_counted",
    } <= set(finished.result)


def test_every_event_sent_is_counted_exactly(finished: Finished) -> None:
    assert finished.result["events_sent"] == finished.result["events_counted"] > 0
    assert finished.result["mismatches"] and not any(finished.result["mismatches"].values())


def test_every_metric_is_seen_through_the_api_and_the_websocket(finished: Finished) -> None:
    visible = finished.result
    assert set(visible["http_visible"]) == set(visible["websocket_visible"]) == METRICS
    assert all(visible["http_visible"].values())
    assert all(visible["websocket_visible"].values())


def test_the_page_shows_every_metric_and_its_numbers_move_without_a_reload(finished: Finished) -> None:
    assert finished.browser.returncode == 0, finished.browser.stdout + finished.browser.stderr
    assert json.loads(finished.browser.stdout)["ok"] is True
    assert finished.screenshot.stat().st_size > 10_000


def test_latency_is_measured_over_events_of_the_whole_run(finished: Finished) -> None:
    assert finished.result["latencies_measured"] > AT_LEAST_EVENTS
    assert 0 < finished.result["event_to_api_p50_ms"] <= finished.result["event_to_api_p95_ms"]
    assert finished.result["outages"] == []


def test_each_part_is_said_to_be_up_once_with_its_seconds(finished: Finished) -> None:
    for part in PARTS:
        assert len([line for line in finished.said if line.startswith(f"✓ {part} ")]) == 1
    assert not [line for line in finished.said if line.startswith("✗")]


def test_a_second_start_in_the_same_checkout_names_the_first(finished: Finished) -> None:
    assert finished.second.returncode == 1
    assert f"already runs: process {finished.supervisor_pid} (http://127.0.0.1:" in finished.second.stderr


def test_nothing_is_left_running(finished: Finished) -> None:
    assert finished.left_over == []
    assert not (finished.state / "stack.json").exists()


def test_logs_hold_no_error(finished: Finished) -> None:
    for part in PARTS:
        text = (finished.state / "logs" / f"{part}.log").read_text()
        assert "Traceback" not in text, text
