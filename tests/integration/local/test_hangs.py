"""A part that hangs is found, killed and started again; never for the fault of another or of the machine."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
from pathlib import Path

import pytest

from local.process import Guard
from local.stack import Options, Ports, parts
from local.supervisor import Event, Part, Ready, Supervisor
from tests.integration.local.conftest import ROOT

BEATS = (
    "import pathlib, sys, time\n"
    "file = pathlib.Path(sys.argv[1])\n"
    "while True:\n"
    "    file.write_text(str(time.monotonic_ns()))\n"
    "    time.sleep(0.01)\n"
)
SLEEPS = "import time; time.sleep(600)"


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.supervisor.ALIVE_SECONDS", 0.1)
    # However slow the machine: what these tests are about must not be excused by it.
    monkeypatch.setattr("local.supervisor.LATE_SECONDS", 60.0)


async def _works() -> str:
    return "works"


def _never(asked: list[str], name: str) -> Ready:
    async def alive() -> None:
        asked.append(name)

    return alive


def _beats(file: Path) -> Ready:
    seen: list[str] = []

    async def alive() -> str | None:
        before, seen[:] = list(seen), [file.read_text()]
        return "beats" if before != seen else None

    return alive


class _Stack:
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

    async def __aenter__(self) -> Supervisor:
        self.supervisor.start()
        await self.supervisor.until_up()
        return self.supervisor

    async def __aexit__(self, *_error: object) -> None:
        await self.supervisor.stop()

    def deaths(self) -> list[str]:
        return [line for line in self.said if line.startswith("✗")]


def _part(
    name: str, alive: Ready | None = None, code: str = SLEEPS, *, argument: str = "", **more: object
) -> Part:
    return Part(name, (sys.executable, "-c", code, argument), {}, _works, alive=alive, **more)  # type: ignore[arg-type]


def test_a_stopped_part_is_named_killed_and_started_again(tmp_path: Path) -> None:
    file = tmp_path / "beat"
    file.write_text("")

    async def run() -> None:
        with Guard() as guard:
            part = _part("worker", _beats(file), BEATS, argument=str(file), silent_seconds=1.0)
            stack = _Stack(tmp_path, guard, part)
            async with stack as supervisor:
                first = supervisor.pids()["worker"]
                os.kill(first, signal.SIGSTOP)
                while [event.kind for event in stack.events] != ["up", "down", "back"]:
                    await asyncio.sleep(0.01)
                assert supervisor.pids()["worker"] != first
                assert "gave no sign of life for 1 s and was killed; it is started again" in stack.deaths()[0]
                # The outage began when it fell silent, not when it was killed.
                assert stack.events[2].at - stack.events[1].at > 0.9

    asyncio.run(run())


def test_a_part_is_not_blamed_while_what_it_needs_or_works_with_is_silent(tmp_path: Path) -> None:
    async def run() -> None:
        asked: list[str] = []
        with Guard() as guard:
            stack = _Stack(
                tmp_path,
                guard,
                _part("cause", _never(asked, "cause"), silent_seconds=600.0),
                Part("step", (sys.executable, "-c", ""), {}, needs=("cause",), finishes=True),
                _part("needing", _never(asked, "needing"), needs=("step",), silent_seconds=0.0),
                _part("using", _never(asked, "using"), works_with=("cause",), silent_seconds=0.0),
            )
            async with stack:
                while min(asked.count("needing"), asked.count("using")) < 10:
                    await asyncio.sleep(0.01)
                assert len(stack.deaths()) == 0

    asyncio.run(run())


def test_nothing_is_held_against_a_part_when_the_supervisor_itself_ran_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.supervisor.LATE_SECONDS", -1.0)

    async def run() -> None:
        asked: list[str] = []
        with Guard() as guard:
            stack = _Stack(tmp_path, guard, _part("worker", _never(asked, "worker"), silent_seconds=0.0))
            async with stack:
                while len(asked) < 10:
                    await asyncio.sleep(0.01)
                assert len(stack.deaths()) == 0

    asyncio.run(run())


def test_one_answer_between_makes_up_for_those_that_did_not_come(tmp_path: Path) -> None:
    async def run() -> None:
        answers: list[str | None] = []

        async def alive() -> str | None:
            answers.append("works" if len(answers) % 3 == 2 else None)
            return answers[-1]

        with Guard() as guard:
            stack = _Stack(tmp_path, guard, _part("worker", alive, silent_seconds=0.0))
            async with stack:
                while len(answers) < 12:
                    await asyncio.sleep(0.01)
                assert len(stack.deaths()) == 0

    asyncio.run(run())


def test_a_part_that_starts_is_not_asked_for_a_sign_of_life(tmp_path: Path) -> None:
    async def run() -> None:
        asked: list[str] = []
        looks: list[None] = []

        async def slow_start() -> str | None:
            looks.append(None)
            return "works" if len(looks) > 20 else None

        with Guard() as guard:
            part = Part(
                "worker",
                (sys.executable, "-c", SLEEPS),
                {},
                slow_start,
                alive=_never(asked, "worker"),
                silent_seconds=0.0,
            )
            stack = _Stack(tmp_path, guard, part)
            async with stack:
                assert asked == []
                assert stack.deaths() == []

    asyncio.run(run())


def _stack_parts(folder: Path, page_port: int, rate: float = 100) -> dict[str, Part]:
    options = Options(folder / "build", folder / "state", page_port, rate=rate)
    return {part.name: part for part in parts(options, Ports(page_port, 1, 1, {"main": 1, "main_strict": 1}))}


def test_every_part_of_the_stack_that_stays_is_asked_for_a_sign_of_life(tmp_path: Path) -> None:
    found = _stack_parts(tmp_path, 1)
    assert [part.name for part in found.values() if part.alive is None] == ["provision"]
    for part in found.values():
        assert {*part.needs, *part.works_with} <= found.keys()


def test_a_simulator_that_sends_rarely_may_be_silent_for_longer(tmp_path: Path) -> None:
    assert _stack_parts(tmp_path, 1, rate=0.1)["simulator"].silent_seconds > 300
    assert _stack_parts(tmp_path, 1, rate=100)["simulator"].silent_seconds < 16


@pytest.mark.parametrize(("answer", "lives"), [(b"HTTP/1.1 503 Unavailable\r\n\r\n{}", True), (b"", False)])
def test_a_server_that_answers_with_an_error_lives_and_one_that_says_nothing_does_not(
    tmp_path: Path, answer: bytes, *, lives: bool
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer_once() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=answer_once)
        thread.start()
        alive = _stack_parts(tmp_path, server.getsockname()[1])["server"].alive
        assert alive is not None
        assert (asyncio.run(_ask(alive)) is not None) is lives
        thread.join()


def test_triggers_live_while_their_heartbeat_moves(tmp_path: Path) -> None:
    alive = _stack_parts(tmp_path, 1)["triggers"].alive
    assert alive is not None
    heartbeat = tmp_path / "state" / "triggers.json"
    assert asyncio.run(_ask(alive)) is None
    heartbeat.parent.mkdir(exist_ok=True)
    for at in (1, 2):
        heartbeat.touch()
        os.utime(heartbeat, ns=(at, at))
        assert asyncio.run(_ask(alive)) is not None
    assert asyncio.run(_ask(alive)) is None


async def _ask(alive: Ready) -> str | None:
    return await alive()
