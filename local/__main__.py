"""Brings the whole stack up on 127.0.0.1, keeps it up, and takes it down together.

    python -m local --build-dir build --port 8080            until Ctrl-C
    python -m local --for 60                                 measure, verify, print one JSON line, end

Status goes to stderr; stdout has the result line of `--for` only. Exit code 0 when all was well. SIGUSR1 ends
the measuring of `--for` early; the check follows as always.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from local.demo import Demo, DemoError
from local.lock import AlreadyRunning, StackLock
from local.process import Guard
from local.releases import Releases
from local.stack import (
    GREATEST_PORT,
    Options,
    Ports,
    choose_ports,
    flink_application,
    flink_part,
    flink_state,
    free_ports,
    get_json,
    parts,
    read_build,
)
from local.supervisor import GaveUp, Supervisor
from local.times import iso_now

WATCH_SECONDS = 0.1


def main(arguments: list[str] | None = None) -> int:
    """Run the stack; 0 when it ended as asked, 1 when a part or the check failed, 2 for wrong usage."""
    options = _parse(arguments)
    try:
        with StackLock(options.state_dir) as lock, Guard() as guard:
            return asyncio.run(_run(options, lock, guard))
    except (AlreadyRunning, DemoError) as reason:
        say(str(reason))
        return 1
    except OSError as error:
        # A full disk, a folder that is a file or may not be written: what and where is in the error.
        say(f"The stack cannot use {options.state_dir}: {error}")
        return 1
    except KeyboardInterrupt:
        return 0


def say(text: str) -> None:
    """A line for the user."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


async def _run(arguments: argparse.Namespace, lock: StackLock, guard: Guard) -> int:
    state: Path = arguments.state_dir
    lock.empty_folder()
    _, apps = read_build(arguments.build_dir)
    ports = choose_ports(arguments.port, apps)
    if arguments.port and ports.page != arguments.port:
        say(f"port {arguments.port} is taken; the page is on {ports.page}")
    options = Options(
        arguments.build_dir,
        state,
        ports.page,
        arguments.name_prefix,
        arguments.simulator,
        arguments.rate,
        arguments.seed,
        arguments.parallelism,
    )
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    demo = Demo(
        f"http://127.0.0.1:{ports.page}",
        state / "ledger",
        arguments.build_dir / "manifest.json",
        started_at=arguments.started_at,
        for_seconds=arguments.for_seconds,
        say=say,
    )
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, demo.end_measuring)
    supervisor = Supervisor(
        parts(options, ports),
        logs=state / "logs",
        directory=Path.cwd(),
        say=say,
        guard=guard,
        on_event=demo.on_event,
    )

    def start_app(app: str) -> Path:
        ports.flink[app] = free_ports(1)[0]
        status = flink_state(options, app) / "status.json"
        status.unlink(missing_ok=True)  # of an earlier application of this name
        supervisor.add(flink_application(options, ports, app, essential=False))
        return status

    async def end_app(app: str) -> None:
        await supervisor.remove(flink_part(app))
        del ports.flink[app]

    releases = Releases(
        arguments.build_dir,
        options.served_manifest,
        options.follow,
        {app: flink_state(options, app) / "status.json" for app in apps},
        provision=lambda: supervisor.restart("provision"),
        start_app=start_app,
        end_app=end_app,
        served=lambda: asyncio.to_thread(_served_build, ports.page),
        say=say,
    )
    supervisor.start()
    waiting: list[asyncio.Task[Any]] = [
        asyncio.create_task(stop.wait(), name="signal"),
        asyncio.create_task(_parent_is_gone(arguments.parent_pid), name="parent"),
        asyncio.create_task(_bring_up(supervisor, options, ports, lock, releases), name="stack"),
        asyncio.create_task(demo.run(supervisor.end), name="demo"),
    ]
    code = 1
    try:
        ends: list[asyncio.Future[Any]] = [*waiting, supervisor.failed]
        done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        code = 0 if stop.is_set() else max(finished.result() for finished in done)
    except GaveUp as reason:
        say(f"✗ {reason}\nThe stack stops. All logs: {state / 'logs'}")
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        started = time.monotonic()
        await supervisor.stop()
        say(f"everything is stopped ({time.monotonic() - started:.1f} s)")
    return code


async def _bring_up(
    supervisor: Supervisor, options: Options, ports: Ports, lock: StackLock, releases: Releases
) -> int:
    """Wait until all is up, say where in `stack.json`, then follow the build for ever."""
    await supervisor.until_up()
    page = f"http://127.0.0.1:{ports.page}"

    stack = {
        "page": page,
        "api": f"{page}/v1",
        "websocket": f"ws://127.0.0.1:{ports.page}/live",
        "flink_ui": f"http://127.0.0.1:{next(iter(ports.flink.values()))}",
        "endpoints": {
            "aws": f"http://127.0.0.1:{ports.aws}",
            "valkey": f"redis://127.0.0.1:{ports.valkey}/0",
        },
        "name_prefix": options.name_prefix,
        "started_at": iso_now(),
    }
    noted: dict[str, int] = {}
    while True:
        if noted != (pids := supervisor.pids()):
            noted = pids
            lock.note({**stack, "pids": pids})
        await releases.turn()
        await asyncio.sleep(WATCH_SECONDS)


def _served_build(page_port: int) -> str | None:
    """The build that the API serves; None while it does not answer, or holds rows back."""
    try:
        health = get_json(f"http://127.0.0.1:{page_port}/v1/health")
    except (OSError, ValueError):
        return None
    holds = any(model["recomputing"] for model in health["models"].values())
    return None if holds else str(health["build_id"])


async def _parent_is_gone(parent_pid: int | None) -> int:
    """Return when the process that started us is no longer our parent."""
    while parent_pid is None or os.getppid() == parent_pid:
        await asyncio.sleep(WATCH_SECONDS)
    say("the process that started the stack is gone")
    return 1


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m local", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--build-dir", type=Path, default=Path("build"), help="the compiler's output")
    parser.add_argument(
        "--state-dir", type=Path, help="logs and state; emptied first; default: <build-dir>/local"
    )
    parser.add_argument("--port", type=int, default=8080, help="of page and API; the next free one if taken")
    parser.add_argument("--name-prefix", default="rta-local", help="prefix of streams and tables")
    parser.add_argument(
        "--for", dest="for_seconds", type=float, help="measure for so many seconds, verify, end"
    )
    parser.add_argument("--no-simulator", dest="simulator", action="store_false", help="send no events")
    parser.add_argument("--rate", type=float, default=100, help="the simulator's events a second")
    parser.add_argument("--seed", type=int, default=7, help="the simulator's seed")
    parser.add_argument("--parallelism", type=int, default=1, help="of the Flink jobs")
    parser.add_argument(
        "--started-at", type=float, default=time.time(), help="epoch seconds; first number counts from it"
    )
    parser.add_argument("--parent-pid", type=int, help="end when this process is no longer our parent")
    options = parser.parse_args(arguments)
    options.build_dir = options.build_dir.resolve()
    options.state_dir = (options.state_dir or options.build_dir / "local").resolve()
    if not (options.build_dir / "manifest.json").exists():
        parser.error(
            f"{options.build_dir / 'manifest.json'} is missing. Compile the models first: pipeline build"
        )
    if options.state_dir.exists() and not options.state_dir.is_dir():
        parser.error(f"{options.state_dir} is a file; the stack keeps its logs and state in a folder")
    own = options.state_dir == options.build_dir / "local" or (options.state_dir / "stack.lock").exists()
    if not own and options.state_dir.exists() and any(options.state_dir.iterdir()):
        parser.error(f"{options.state_dir} is not empty and no stack's: it would be emptied. Name another")
    if not 0 <= options.port <= GREATEST_PORT:
        parser.error(f"--port is expected from 0 (any free one) to {GREATEST_PORT}, not {options.port}")
    if options.for_seconds is not None and not options.simulator:
        parser.error("--for measures the simulator's events; it does not go with --no-simulator")
    return options


if __name__ == "__main__":
    sys.exit(main())
