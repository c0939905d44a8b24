"""The supervisor with small real processes: order, restarts, giving up, and leaving nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from local.process import Guard
from local.supervisor import Event, GaveUp, Part, Supervisor
from tests.integration.local.conftest import ROOT

SLEEPS = "import time, pathlib, sys; pathlib.Path(sys.argv[1]).touch(); time.sleep(600)"
CHILD_TOO = (
    "import subprocess, sys, pathlib, time\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "pathlib.Path(sys.argv[1]).write_text(str(child.pid))\n"
    "time.sleep(600)\n"
)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie whose parent has not asked yet is not alive.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


async def _until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.01)


def _part(name: str, code: str, folder: Path, **more: object) -> Part:
    marker = folder / name

    async def ready() -> str | None:
        return "works" if marker.exists() else None

    environment = {"PATH": os.environ["PATH"]}
    return Part(name, (sys.executable, "-c", code, str(marker)), environment, ready, **more)  # type: ignore[arg-type]


class _Stack:
    """A supervisor over the parts with what it said."""

    def __init__(self, folder: Path, guard: Guard, *parts: Part) -> None:
        self.said: list[str] = []
        self.events: list[Event] = []
        self.supervisor = Supervisor(
            parts,
            logs=folder / "logs",
            directory=ROOT,
            say=self.said.append,
            guard=guard,
            on_event=self.events.append,
        )

    def kinds(self) -> list[tuple[str, str]]:
        return [(event.part, event.kind) for event in self.events]


def test_parts_start_in_the_order_of_their_needs_and_end_together(tmp_path: Path) -> None:
    async def run() -> None:
        with Guard() as guard:
            stack = _Stack(
                tmp_path,
                guard,
                _part("second", SLEEPS, tmp_path, needs=("step",)),
                Part("step", (sys.executable, "-c", ""), {}, needs=("first",), finishes=True),
                _part("first", SLEEPS, tmp_path),
            )
            stack.supervisor.start()
            await stack.supervisor.until_up()
            assert stack.kinds() == [("first", "up"), ("step", "up"), ("second", "up")]
            pids = stack.supervisor.pids()
            assert set(pids) == {"first", "second"}
            await stack.supervisor.stop()
            assert not any(map(_alive, pids.values()))
            assert [line.split()[:2] for line in stack.said] == [
                ["✓", "first"],
                ["✓", "step"],
                ["✓", "second"],
            ]

    asyncio.run(run())


def test_a_killed_part_is_named_with_its_signal_and_started_again(tmp_path: Path) -> None:
    async def run() -> None:
        with Guard() as guard:
            stack = _Stack(tmp_path, guard, _part("worker", SLEEPS, tmp_path))
            stack.supervisor.start()
            await stack.supervisor.until_up()
            first = stack.supervisor.pids()["worker"]
            os.kill(first, signal.SIGKILL)
            await _until(lambda: ("worker", "back") in stack.kinds())
            assert stack.kinds() == [("worker", "up"), ("worker", "down"), ("worker", "back")]
            assert any("killed by SIGKILL" in line for line in stack.said)
            assert any("running again" in line for line in stack.said)
            assert stack.supervisor.pids()["worker"] != first
            await stack.supervisor.stop()

    asyncio.run(run())


def test_the_children_of_a_killed_part_are_killed_before_it_starts_again(tmp_path: Path) -> None:
    async def run() -> None:
        with Guard() as guard:
            stack = _Stack(tmp_path, guard, _part("worker", CHILD_TOO, tmp_path))
            stack.supervisor.start()
            await _until(lambda: (tmp_path / "worker").exists() and (tmp_path / "worker").read_text() != "")
            await stack.supervisor.until_up()
            child = int((tmp_path / "worker").read_text())
            os.kill(stack.supervisor.pids()["worker"], signal.SIGKILL)
            await _until(lambda: ("worker", "back") in stack.kinds())
            assert not _alive(child)
            await stack.supervisor.stop()

    asyncio.run(run())


def test_a_part_that_keeps_dying_ends_the_stack_with_its_last_log_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.supervisor.LONGEST_PAUSE_SECONDS", 0.01)

    async def run() -> str:
        with Guard() as guard:
            stack = _Stack(
                tmp_path,
                guard,
                _part("broken", "print('cannot open the file'); raise SystemExit(3)", tmp_path),
            )
            stack.supervisor.start()
            with pytest.raises(GaveUp) as reason:
                await stack.supervisor.until_up()
            await stack.supervisor.stop()
            return str(reason.value)

    reason = asyncio.run(run())
    assert "broken ended 5 times" in reason
    assert "exit code 3" in reason
    assert "cannot open the file" in reason


def test_a_full_disk_is_named_since_no_log_can_name_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.supervisor.LONGEST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr("local.supervisor.FULL_DISK_BYTES", 2**80)

    async def run() -> str:
        with Guard() as guard:
            stack = _Stack(tmp_path, guard, _part("silent", "raise SystemExit(1)", tmp_path))
            stack.supervisor.start()
            with pytest.raises(GaveUp) as reason:
                await stack.supervisor.until_up()
            await stack.supervisor.stop()
            return str(reason.value)

    assert f"No space is left on the disk of {tmp_path / 'logs'}." in asyncio.run(run())


def test_a_log_line_of_a_whole_stack_trace_is_cut(tmp_path: Path) -> None:
    async def run() -> str:
        with Guard() as guard:
            stack = _Stack(
                tmp_path, guard, _part("worker", "print('x' * 5000, flush=True)\n" + SLEEPS, tmp_path)
            )
            stack.supervisor.start()
            await _until((tmp_path / "worker").exists)
            await stack.supervisor.until_up()
            os.kill(stack.supervisor.pids()["worker"], signal.SIGKILL)
            await _until(lambda: ("worker", "back") in stack.kinds())
            await stack.supervisor.stop()
            return max((line for text in stack.said for line in text.splitlines()), key=len)

    longest = asyncio.run(run())
    assert longest.endswith("…")
    assert len(longest) < 310


def test_a_part_that_ignores_sigterm_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.process.STOP_SECONDS", 0.2)
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SLEEPS

    async def run() -> None:
        with Guard() as guard:
            stack = _Stack(tmp_path, guard, _part("stubborn", stubborn, tmp_path))
            stack.supervisor.start()
            await stack.supervisor.until_up()
            pid = stack.supervisor.pids()["stubborn"]
            await stack.supervisor.stop()
            assert not _alive(pid)

    asyncio.run(run())


def test_restarting_on_purpose_is_no_death(tmp_path: Path) -> None:
    async def run() -> None:
        with Guard() as guard:
            stack = _Stack(
                tmp_path,
                guard,
                _part("worker", SLEEPS, tmp_path),
                Part("step", (sys.executable, "-c", ""), {}, finishes=True),
            )
            stack.supervisor.start()
            await stack.supervisor.until_up()
            before = stack.supervisor.pids()["worker"]
            await stack.supervisor.restart("step")
            await stack.supervisor.restart("worker")
            assert stack.supervisor.pids()["worker"] != before
            assert not [line for line in stack.said if line.startswith("✗")]
            await stack.supervisor.stop()

    asyncio.run(run())


def test_nothing_is_left_when_the_supervisor_itself_is_killed(tmp_path: Path) -> None:
    program = (
        "import sys, time, pathlib\n"
        "from local.process import Guard, start\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "guard = Guard()\n"
        f"code = {CHILD_TOO!r}\n"
        "command = [sys.executable, '-c', code, str(folder / 'child')]\n"
        "part = start(command, {}, folder / 'log', guard, folder)\n"
        "(folder / 'part').write_text(str(part.pid))\n"
        "time.sleep(600)\n"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], cwd=ROOT)
    try:
        marks = [tmp_path / "part", tmp_path / "child"]
        while not all(mark.exists() and mark.read_text() for mark in marks):
            assert supervisor.poll() is None
            time.sleep(0.01)
        pids = [int(mark.read_text()) for mark in marks]
        assert all(map(_alive, pids))
    finally:
        supervisor.kill()
        supervisor.wait()
    while any(map(_alive, pids)):
        time.sleep(0.01)
