"""The simulator as a process: killed at any moment, every event it accepted reaches its stream."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from ingest.timestamps import format_timestamp, parse_timestamp
from simulator.__main__ import main

from .conftest import ROOT, Emulator, wait_for


def command(emulator: Emulator, prefix: str, build_dir: Path, ledger: Path, *arguments: str) -> list[str]:
    verb, *rest = arguments
    common = ["--build-dir", str(build_dir), "--endpoint", emulator.url, "--name-prefix", prefix]
    return [verb, *rest, *common, "--ledger", str(ledger), "--json"]


def start(arguments: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "simulator", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
    )


def finish(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    out, error = process.communicate(timeout=120)
    assert process.returncode == 0, error.decode()
    summary: dict[str, Any] = json.loads(out)
    return summary


def ledger_lines(folder: Path) -> list[dict[str, Any]]:
    """Whole lines of all runs; a torn last line was never sent."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        whole, _, _ = path.read_bytes().rpartition(b"\n")
        found += [json.loads(line) for line in whole.split(b"\n") if line]
    return found


def written(folder: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in folder.glob("*.jsonl"))


def test_a_run_sends_what_its_ledger_says(emulator: Emulator, build_dir: Path, tmp_path: Path) -> None:
    prefix = emulator.streams()
    arguments = ("run", "--as-fast-as-possible", "--count", "3000", "--seed", "7", "--bad-share", "0.01")
    summary = finish(start(command(emulator, prefix, build_dir, tmp_path, *arguments)))
    kept = ledger_lines(tmp_path)
    assert summary["sent"] == len(kept) == summary["acknowledged"]
    events = emulator.read(prefix)
    assert Counter(event["event_id"] for event in events) == Counter(
        line["event"]["event_id"] for line in kept
    )
    by_stream = Counter(line["stream"] for line in kept)
    assert by_stream["rejected-event"] == sum(summary["rejected"].values())
    addresses = [event["ip_address"] for event in events if "ip_address" in event]
    assert addresses
    assert all(re.fullmatch("[0-9a-f]{32}", address) for address in addresses)


def test_a_paced_run_has_the_clocks_times(emulator: Emulator, build_dir: Path, tmp_path: Path) -> None:
    prefix = emulator.streams()
    before = time.time_ns() // 1_000_000
    summary = finish(
        start(command(emulator, prefix, build_dir, tmp_path, "run", "--rate", "400", "--count", "200"))
    )
    after = time.time_ns() // 1_000_000
    assert sum(summary["accepted"].values()) + sum(summary["rejected"].values()) == summary["sent"]
    times = [parse_timestamp(event["timestamp"]) for event in emulator.read(prefix)]
    assert before <= min(times) <= max(times) <= after


@pytest.mark.parametrize("lines_before_the_kill", [1, 1500])
def test_after_kill_9_the_next_run_sends_what_was_not_acknowledged(
    emulator: Emulator, build_dir: Path, tmp_path: Path, lines_before_the_kill: int
) -> None:
    prefix = emulator.streams()
    arguments = command(emulator, prefix, build_dir, tmp_path, "run", "--rate", "2000")
    process = start(arguments)
    wait_for("events in the ledger", lambda: written(tmp_path) >= lines_before_the_kill)
    process.kill()
    process.communicate()
    finish(start(command(emulator, prefix, build_dir, tmp_path, "run", "--count", "100", "--rate", "1000")))
    wanted = {line["event"]["event_id"] for line in ledger_lines(tmp_path)}
    assert wanted == {event["event_id"] for event in emulator.read(prefix)}
    # All is accounted for: a third run finds nothing to send again.
    summary = finish(start(command(emulator, prefix, build_dir, tmp_path, "run", "--count", "1")))
    assert summary["sent_again"] == 0


def test_kill_9_while_the_endpoint_is_away_loses_nothing(
    emulator: Emulator, build_dir: Path, tmp_path: Path
) -> None:
    prefix = emulator.streams()
    process = start(command(emulator, prefix, build_dir, tmp_path, "run", "--rate", "1000"))
    wait_for("events in the ledger", lambda: written(tmp_path) >= 300)
    emulator.kill()
    begun = written(tmp_path)
    wait_for("events that wait", lambda: written(tmp_path) >= begun + 300)
    process.kill()
    process.communicate()
    emulator.start()
    summary = finish(start(command(emulator, prefix, build_dir, tmp_path, "run", "--count", "10")))
    assert summary["sent_again"] >= 300
    wanted = {line["event"]["event_id"] for line in ledger_lines(tmp_path)}
    assert wanted == {event["event_id"] for event in emulator.read(prefix)}


def test_sigterm_ends_a_run_in_order(emulator: Emulator, build_dir: Path, tmp_path: Path) -> None:
    prefix = emulator.streams()
    process = start(command(emulator, prefix, build_dir, tmp_path, "run", "--rate", "500"))
    wait_for("events in the ledger", lambda: written(tmp_path) >= 100)
    process.send_signal(signal.SIGTERM)
    summary = finish(process)
    assert summary["not_acknowledged"] == 0
    assert summary["sent"] == len(emulator.read(prefix))


def test_a_stream_that_is_not_there_is_named(
    emulator: Emulator, build_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = command(emulator, "nowhere", build_dir, tmp_path, "run", "--wait-seconds", "0.3")
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert f"error: stream nowhere-page-view cannot be reached at {emulator.url}: " in error
    assert "Traceback" not in error


class Replays:
    """Replays files in this process and reads what came of them."""

    def __init__(self, emulator: Emulator, build_dir: Path, tmp_path: Path) -> None:
        self._emulator, self._build_dir, self._folder = emulator, build_dir, tmp_path
        self.prefix = emulator.streams()

    def file(self, name: str, content: bytes) -> str:
        path = self._folder / name
        path.write_bytes(content)
        return str(path)

    def run(self, *arguments: str) -> int:
        common = command(self._emulator, self.prefix, self._build_dir, self._folder / "ledger", "replay")
        return main([*common, "--rejects", str(self._folder / "rejects.jsonl"), *arguments])

    def events(self, *streams: str) -> list[dict[str, Any]]:
        return self._emulator.read(self.prefix, *streams)

    def rejects(self) -> list[dict[str, Any]]:
        lines = (self._folder / "rejects.jsonl").read_bytes().splitlines()
        return [json.loads(line) for line in lines]


@pytest.fixture
def replays(emulator: Emulator, build_dir: Path, tmp_path: Path) -> Replays:
    return Replays(emulator, build_dir, tmp_path)


def click(second: float, **changes: Any) -> bytes:
    event = {
        "user_id": "u-1",
        "session_id": "s-1",
        "event_type": "click",
        "timestamp": format_timestamp(1_560_000_000_000 + round(second * 1000)),
        "page_url": "https://shop.example/",
        "device_type": "mobile",
        "custom_properties": {"element": "menu"},
    }
    return orjson.dumps({**event, **changes})


def offsets(events: list[dict[str, Any]]) -> list[int]:
    times = sorted(parse_timestamp(event["timestamp"]) for event in events)
    return [moment - times[0] for moment in times]


def test_a_replayed_file_starts_now_and_keeps_its_distances(replays: Replays) -> None:
    path = replays.file("f", b"\n".join(click(second) for second in (0, 0.2, 0.5)))
    before = time.time_ns() // 1_000_000
    assert replays.run(path) == 0
    events = replays.events("click")
    assert offsets(events) == [0, 200, 500]
    for event in events:
        moment, ingested = parse_timestamp(event["timestamp"]), parse_timestamp(event["ingest_time"])
        assert before <= moment <= ingested


def test_speed_scales_the_distances_too(replays: Replays) -> None:
    path = replays.file("f", b"\n".join(click(second) for second in (0, 60, 120)))
    assert replays.run(path, "--speed", "600") == 0
    assert offsets(replays.events("click")) == [0, 100, 200]


def test_max_waits_for_nothing_and_the_latest_event_is_now(replays: Replays) -> None:
    path = replays.file("f", b"\n".join(click(second) for second in (7200, 0, 3600)))
    before = time.time_ns() // 1_000_000
    assert replays.run(path, "--max") == 0
    events = replays.events("click")
    assert offsets(events) == [0, 3_600_000, 7_200_000]
    latest = max(parse_timestamp(event["timestamp"]) for event in events)
    assert before <= latest <= time.time_ns() // 1_000_000


def test_no_shift_leaves_times_alone(replays: Replays, capsys: pytest.CaptureFixture[str]) -> None:
    now_ms = time.time_ns() // 1_000_000
    old = click(0, timestamp=format_timestamp(now_ms - 3_600_000))
    path = replays.file("f", old + b"\n" + click(0) + b"\n")
    assert replays.run(path, "--no-shift", "--max") == 0
    assert [event["timestamp"] for event in replays.events("click")] == [format_timestamp(now_ms - 3_600_000)]
    assert replays.rejects()[0]["reason"] == "timestamp_too_old"


def test_rejects_are_listed_by_line_and_every_line_is_accounted_for(
    replays: Replays, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        b"\xef\xbb\xbf" + click(0),
        b"",
        click(0.1, device_type="phone"),
        click(0.1) + b"\r",
        b'{"event_type": ',
        click(0.2, timestamp="yesterday"),
        b"x" * 3_000_000,
        click(0.2),
    ]
    path = replays.file("own.jsonl", b"\n".join(lines))
    assert replays.run(path) == 0
    output = capsys.readouterr()
    summary = json.loads(output.out)
    assert (summary["lines_read"], summary["accepted"], summary["rejected"], summary["blank_lines"]) == (
        7,
        3,
        4,
        1,
    )
    assert [(item["line"], item["reason"]) for item in replays.rejects()] == [
        (3, "unknown_value"),
        (5, "malformed_json"),
        (6, "invalid_timestamp"),
        (7, "too_large"),
    ]
    assert f'{path}:3: unknown_value: click.device_type is "phone"' in output.err
    assert len(replays.events("click")) == 3
    assert {event["source"] for event in replays.events("rejected-event")} == {"replay"}


def test_the_same_file_sent_twice_has_the_same_ids_unless_new_ones_are_asked_for(replays: Replays) -> None:
    path = replays.file("f", click(0) + b"\n" + click(0) + b"\n")
    for more in ([], [], ["--new-ids"]):
        assert replays.run(path, "--max", *more) == 0
    ids = Counter(event["event_id"] for event in replays.events("click"))
    assert sorted(ids.values()) == [1, 1, 2, 2]


def test_gzip_and_stdin_are_read(replays: Replays, monkeypatch: pytest.MonkeyPatch) -> None:
    assert replays.run(replays.file("f.gz", gzip.compress(click(0) + b"\n"))) == 0
    with Path(replays.file("plain", click(0) + b"\n" + click(1))).open("rb") as stdin:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stdin))
        assert replays.run("-", "--max") == 0
    assert len(replays.events("click")) == 3


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_pipe_can_be_replayed_at_full_speed(
    emulator: Emulator, build_dir: Path, tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    prefix = emulator.streams()
    arguments = command(emulator, prefix, build_dir, tmp_path, "replay", "-", "--max")
    content = b"\n".join(click(second) for second in (0, 86_400))
    done = subprocess.run(
        [sys.executable, "-m", "simulator", *arguments],
        cwd=ROOT,
        input=pack(content),
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout)["accepted"] == 2
    assert offsets(emulator.read(prefix, "click")) == [0, 86_400_000]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "nothing was sent: it holds no lines"),
        (b"\n\n", "nothing was sent: it holds no lines"),
        (b"[\n" + b"{}\n]", "it looks like one JSON array: one object a line was expected (jq -c '.[]'"),
        (b"user,time\n1,2\n", "nothing was sent: every line was rejected"),
    ],
)
def test_a_file_with_nothing_to_send_fails_and_says_why(
    replays: Replays, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    assert replays.run(replays.file("f", content)) == 1
    assert said in capsys.readouterr().err


def test_a_damaged_gzip_file_sends_what_can_be_read_and_fails(
    replays: Replays, capsys: pytest.CaptureFixture[str]
) -> None:
    content = gzip.compress(b"".join(click(0, session_id=os.urandom(8).hex()) + b"\n" for _ in range(2000)))
    assert replays.run(replays.file("f.gz", content[: len(content) // 2])) == 1
    assert "the file is damaged after line" in capsys.readouterr().err
    assert len(replays.events("click")) > 100
