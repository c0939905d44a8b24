"""Starts the parts of the stack in the order of their needs, keeps them running, and ends them together.

A part counts as up when its own condition holds, not when its process exists. One that dies is named with its
exit code and last log lines and started again, more slowly each time; after `QUICK_DEATHS` deaths in a row
that each came within `QUICK_SECONDS` of its start, the whole stack gives up with the reason.

A part that hangs is found too: while it is up it is asked for a sign of life, and one that gives none for
`SILENT_SECONDS` is killed and started again. A part is not blamed while what it works with is silent, nor
when this process itself ran late (a loaded machine, a suspended laptop).
"""

from __future__ import annotations

import asyncio
import shutil
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
FULL_DISK_BYTES = 1024 * 1024
ALIVE_SECONDS = 2.0
"""Between two questions for a sign of life."""
SILENT_SECONDS = 15.0
SILENT_ANSWERS = 3
"""Questions without an answer, at least, before a part counts as hung."""
LATE_SECONDS = 1.0
"""When this process wakes up so much later than it wanted to, the machine is at fault and no part."""

Ready = Callable[[], Awaitable[str | None]]


@dataclass(frozen=True)
class Part:
    """One process of the stack.

    `ready` answers with what to tell (an address) once the part does its work, None before. A part that
    `finishes` is ready when it ended with exit code 0. `wave` orders the end: lower ones are stopped first.

    `alive` answers None when the part, which is up, gives no sign of life; it takes seconds at most.
    `works_with` names others besides those it `needs` to start: while one of them is silent, it may be too.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    ready: Ready | None = None
    needs: tuple[str, ...] = ()
    finishes: bool = False
    ready_within_seconds: float = 90.0
    wave: int = 0
    alive: Ready | None = None
    works_with: tuple[str, ...] = ()
    silent_seconds: float = SILENT_SECONDS
    essential: bool = True
    """Whether the stack ends when this part cannot be kept running."""


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
    silent_since: float | None = None
    """`time.monotonic()` of the first question without an answer."""
    verdict: str | None = None
    """Why we killed it, where we did."""
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

    def add(self, part: Part) -> None:
        """Begin to start one more part."""
        state = self._states[part.name] = _State(part)
        state.task = asyncio.create_task(self._keep(state), name=part.name)

    async def remove(self, name: str) -> None:
        """Stop a part that is no longer wanted, and forget it."""
        await self.end(name)
        del self._states[name]

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
            if not state.part.essential:
                self._say(f"✗ {reason}")
            elif not self.failed.done():
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
            watching = asyncio.create_task(self._watch(state), name=f"watch {state.part.name}")
            try:
                code = await state.running.wait()
            finally:
                watching.cancel()
            if state.part.finishes and code == 0:
                return
            state.up.clear()
            down_since = time.monotonic()
            if not state.wanted:
                return
            if state.on_purpose:
                state.on_purpose = False
                continue
            silent = 0.0 if state.silent_since is None else down_since - state.silent_since
            state.silent_since = None
            self._on_event(Event(state.part.name, "down", time.time() - silent))
            quick = quick + 1 if down_since - started < QUICK_SECONDS else 1
            self._tell_death(state, code, quick)
            await asyncio.sleep(min(0.1 * 2**quick, LONGEST_PAUSE_SECONDS))

    async def _watch(self, state: _State) -> None:
        """Kill a part that is up and gives no sign of life for long."""
        part, running = state.part, state.running
        state.silent_since, unanswered = None, 0
        if part.alive is None or running is None or not state.up.is_set():
            return
        while True:
            asleep = time.monotonic()
            await asyncio.sleep(ALIVE_SECONDS)
            asked = time.monotonic()
            late = asked - asleep - ALIVE_SECONDS > LATE_SECONDS
            answer = await part.alive()
            if answer is not None or late or not self._works(self._relied_on(part)):
                state.silent_since, unanswered = None, 0
                continue
            unanswered += 1
            state.silent_since = state.silent_since or asked
            silent = time.monotonic() - state.silent_since
            if unanswered < SILENT_ANSWERS or silent < part.silent_seconds:
                continue
            if state.wanted and not state.on_purpose:
                state.verdict = f"gave no sign of life for {silent:.0f} s and was killed"
                running.kill()
            return

    def _relied_on(self, part: Part) -> set[str]:
        """What a part cannot work without, directly or through others."""
        found: set[str] = set()
        new = {*part.needs, *part.works_with}
        while new:
            found |= new
            new = {need for name in new for need in self._states[name].part.needs} - found
        return found

    def _works(self, names: set[str]) -> bool:
        return all(self._states[n].up.is_set() and self._states[n].silent_since is None for n in names)

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
        ended, state.verdict = state.verdict or describe_exit(code), None
        lines = state.running.last_lines(8 if quick == QUICK_DEATHS else 3)
        ending = "\n".join(f"    {line}" for line in lines) or "    (its log is empty)"
        if shutil.disk_usage(self._logs).free < FULL_DISK_BYTES:
            # Then no part can write into its log what it died of.
            ending += f"\n    No space is left on the disk of {self._logs}."
        if quick >= QUICK_DEATHS:
            raise GaveUp(
                f"{part.name} ended {quick} times, each soon after its start; the last time with "
                f"{ended}. Its log, {self._log(part)}, ends with:\n{ending}"
            )
        self._say(f"✗ {part.name:<{self._width}}  {ended}; it is started again. Its log ends with:")
        self._say(ending)

    def _log(self, part: Part) -> Path:
        return self._logs / f"{part.name}.log"
