"""Starts the parts of the stack in the order of their needs, keeps them running, and ends them together.

A part counts as up when its own condition holds, not when its process exists. One that dies is named with its
exit code and last log lines and started again, more slowly each time; after `QUICK_DEATHS` deaths in a row
that each came within `QUICK_SECONDS` of its start, the whole stack gives up with the reason.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.process import Guard, Running, describe_exit, start

QUICK_SECONDS = 20.0
QUICK_DEATHS = 5
LONGEST_PAUSE_SECONDS = 5.0
CHECK_SECONDS = 0.1

Ready = Callable[[], Awaitable[str | None]]


@dataclass(frozen=True)
class Part:
    """One process of the stack.

    `ready` answers with what to tell (an address) once the part does its work, None before. A part that
    `finishes` is ready when it ended with exit code 0. `wave` orders the end: lower ones are stopped first.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    ready: Ready | None = None
    needs: tuple[str, ...] = ()
    finishes: bool = False
    ready_within_seconds: float = 90.0
    wave: int = 0


class GaveUp(Exception):  # noqa: N818 -- what happened, said to a person
    """A part cannot be kept running; the message says which and why."""


@dataclass(frozen=True)
class Event:
    """Something that happened to a part: `up`, `down` or `back`, at `at` (epoch seconds)."""

    part: str
    kind: str
    at: float


@dataclass
class _State:
    part: Part
    up: asyncio.Event = field(default_factory=asyncio.Event)
    running: Running | None = None
    wanted: bool = True
    on_purpose: bool = False
    task: asyncio.Task[None] | None = None


class Supervisor:
    """Runs `parts`; logs go to `logs/<part>.log`, sentences for the user to `say`."""

    def __init__(
        self,
        parts: tuple[Part, ...],
        *,
        logs: Path,
        directory: Path,
        say: Callable[[str], None],
        guard: Guard,
        on_event: Callable[[Event], None] = lambda _event: None,
    ) -> None:
        self._states = {part.name: _State(part) for part in parts}
        self._logs = logs
        self._directory = directory
        self._say = say
        self._guard = guard
        self._on_event = on_event
        self._width = max(len(part.name) for part in parts)
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Raises GaveUp when the stack cannot go on."""

    def start(self) -> None:
        """Begin to start all parts."""
        for state in self._states.values():
            state.task = asyncio.create_task(self._keep(state), name=state.part.name)

    async def until_up(self) -> None:
        """Return once every part is up; raises GaveUp when that is not to be."""
        for state in self._states.values():
            await self._until_up(state)

    def pids(self) -> dict[str, int]:
        """The process of each part that runs now."""
        return {name: s.running.pid for name, s in self._states.items() if s.running and not s.running.ended}

    async def restart(self, name: str) -> None:
        """Stop a part, start it again and wait until it is up."""
        state = self._states[name]
        state.up.clear()
        if state.running is not None and not state.running.ended:
            state.on_purpose = True
            self._on_event(Event(name, "down", time.time()))
            await state.running.stop()
        elif state.part.finishes:
            state.task = asyncio.create_task(self._keep(state), name=name)
        await self._until_up(state)

    async def _until_up(self, state: _State) -> None:
        up = asyncio.create_task(state.up.wait())
        either: list[asyncio.Future[Any]] = [up, self.failed]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if self.failed.done():
            up.cancel()
            self.failed.result()

    async def end(self, name: str) -> None:
        """Stop one part for good, in order (SIGTERM, and time to finish)."""
        state = self._states[name]
        state.wanted = False
        if state.running is not None:
            await state.running.stop()
        if state.task is not None:
            await state.task

    async def stop(self) -> None:
        """Stop everything, wave by wave; afterwards no process of any part is left."""
        for state in self._states.values():
            state.wanted = False
        for wave in sorted({state.part.wave for state in self._states.values()}):
            states = [state for state in self._states.values() if state.part.wave == wave]
            await asyncio.gather(*(s.running.stop() for s in states if s.running is not None))
        tasks = [state.task for state in self._states.values() if state.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self, state: _State) -> None:
        try:
            for need in state.part.needs:
                await self._states[need].up.wait()
            await self._run(state)
        except GaveUp as reason:
            if not self.failed.done():
                self.failed.set_exception(reason)
        except OSError as error:
            if not self.failed.done():
                self.failed.set_exception(GaveUp(f"{state.part.name} cannot be started: {error}"))

    async def _run(self, state: _State) -> None:
        quick, came_before = 0, False
        down_since = time.monotonic()
        while state.wanted:
            started = time.monotonic()
            state.running = start(
                state.part.command,
                state.part.environment,
                self._log(state.part),
                self._guard,
                self._directory,
            )
            told = await self._until_ready(state)
            if told is not None:
                self._tell_up(state, told, time.monotonic() - down_since, again=came_before)
                came_before = True
            code = await state.running.wait()
            if state.part.finishes and code == 0:
                return
            state.up.clear()
            down_since = time.monotonic()
            if not state.wanted:
                return
            if state.on_purpose:
                state.on_purpose = False
                continue
            self._on_event(Event(state.part.name, "down", time.time()))
            quick = quick + 1 if down_since - started < QUICK_SECONDS else 1
            self._tell_death(state, code, quick)
            await asyncio.sleep(min(0.1 * 2**quick, LONGEST_PAUSE_SECONDS))

    async def _until_ready(self, state: _State) -> str | None:
        """What the part has to tell once it is up; None when it ended before."""
        assert state.running is not None
        part, deadline = state.part, time.monotonic() + state.part.ready_within_seconds
        while True:
            if state.running.ended:
                return "" if part.finishes and await state.running.wait() == 0 else None
            if part.ready is not None and (told := await part.ready()) is not None:
                return told
            if time.monotonic() > deadline:
                await state.running.stop()
                lines = "\n".join(f"    {line}" for line in state.running.last_lines())
                raise GaveUp(
                    f"{part.name} runs but was not ready after {part.ready_within_seconds:.0f} s. "
                    f"Its log, {self._log(part)}, ends with:\n{lines}"
                )
            await asyncio.sleep(CHECK_SECONDS)

    def _tell_up(self, state: _State, told: str, seconds: float, *, again: bool) -> None:
        state.up.set()
        self._on_event(Event(state.part.name, "back" if again else "up", time.time()))
        words = f"running again; {told}" if again and told else "running again" if again else told
        self._say(f"✓ {state.part.name:<{self._width}}  {words:<58} {seconds:5.1f} s")

    def _tell_death(self, state: _State, code: int, quick: int) -> None:
        part = state.part
        assert state.running is not None
        lines = state.running.last_lines(8 if quick == QUICK_DEATHS else 3)
        ending = "\n".join(f"    {line}" for line in lines) or "    (its log is empty)"
        if quick >= QUICK_DEATHS:
            raise GaveUp(
                f"{part.name} ended {quick} times, each soon after its start; the last time with "
                f"{describe_exit(code)}. Its log, {self._log(part)}, ends with:\n{ending}"
            )
        self._say(
            f"✗ {part.name:<{self._width}}  {describe_exit(code)}; it is started again. Its log ends with:"
        )
        self._say(ending)

    def _log(self, part: Part) -> Path:
        return self._logs / f"{part.name}.log"
