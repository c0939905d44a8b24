"""One process of the stack: in a process group of its own, its output in its own log, ended for certain."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

STOP_SECONDS = 6.0
_POLL_SECONDS = 0.03
_TAIL_BYTES = 8192
_LINE_CHARACTERS = 300


class Guard:
    """The process that kills what is left when this one is killed (`guard.py`); a context manager."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(__file__).with_name("guard.py"))],
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def watch(self, pgid: int) -> None:
        """Kill this group if we are killed."""
        self._tell(f"+{pgid}\n")

    def release(self, pgid: int) -> None:
        """The group has ended."""
        self._tell(f"-{pgid}\n")

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        # Without its guard the stack still ends in order; only our own kill -9 would leave processes behind.
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(line)
            self._process.stdin.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()


class Running:
    """A started process; `pid` is also its process group.

    It is polled: every other way to wait leaves a moment in which a cancelled task has started a process that
    nobody knows.
    """

    def __init__(self, process: subprocess.Popen[bytes], log: Path, guard: Guard) -> None:
        self._process = process
        self._log = log
        self._guard = guard
        self.pid = process.pid

    @property
    def ended(self) -> bool:
        """Whether the process is over."""
        return self._process.poll() is not None

    async def wait(self) -> int:
        """Its exit code (negative: the signal that killed it), once nothing of its group is left."""
        while (code := self._process.poll()) is None:
            await asyncio.sleep(_POLL_SECONDS)
        kill_group(self.pid, signal.SIGKILL)
        self._guard.release(self.pid)
        return code

    def kill(self) -> None:
        """SIGKILL to the group: the only signal that also reaches a stopped or stuck process."""
        if not self.ended:
            kill_group(self.pid, signal.SIGKILL)

    async def stop(self) -> None:
        """SIGTERM to the group, SIGKILL after `STOP_SECONDS`."""
        if not self.ended:
            kill_group(self.pid, signal.SIGTERM)
            try:
                await asyncio.wait_for(self.wait(), STOP_SECONDS)
            except TimeoutError:
                kill_group(self.pid, signal.SIGKILL)
        await self.wait()

    def last_lines(self, count: int = 5) -> list[str]:
        """The end of its log, for people: a stack trace in one line of JSON is cut."""
        return [
            line if len(line) <= _LINE_CHARACTERS else f"{line[:_LINE_CHARACTERS]}…"
            for line in tail(self._log, count)
        ]


def start(
    command: Sequence[str], environment: Mapping[str, str], log: Path, guard: Guard, directory: Path
) -> Running:
    """Start `command` in `directory`; raises OSError when it cannot be started."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=directory,
            start_new_session=True,
        )
    guard.watch(process.pid)
    return Running(process, log, guard)


def kill_group(pgid: int, number: signal.Signals) -> None:
    """Signal a whole process group, if there is still something of it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pgid, number)


def describe_exit(code: int) -> str:
    """`exit code 1` or `killed by SIGKILL`."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


def tail(log: Path, count: int) -> list[str]:
    """The last `count` lines of a file that are not blank; none if there is no file."""
    try:
        with log.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - _TAIL_BYTES))
            text = file.read().decode(errors="replace")
    except FileNotFoundError:
        return []
    return [line for line in text.splitlines() if line.strip()][-count:]
