"""What the Flink tests hold: AWS as the emulator gives it, and Flink as `local.flink` starts it."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import boto3
import pytest

ROOT = Path(__file__).resolve().parents[3]
REGION = "eu-central-1"

T = TypeVar("T")

START_SECONDS = 150
"""Generous: a start takes 12 s on an idle machine; it only bounds a hang."""


def wait_for(what: str, probe: Callable[[], T], seconds: float = 60) -> T:
    """The first truthy answer of `probe`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = probe()
        if answer:
            return answer
        time.sleep(0.1)
    pytest.fail(f"no {what} within {seconds} s; last answer: {probe()!r}"[:4000])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def alive(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def children(process_id: int) -> list[int]:
    tasks = Path(f"/proc/{process_id}/task")
    return [
        int(child)
        for task in tasks.iterdir()
        for child in (task / "children").read_text(encoding="ascii").split()
    ]


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def event(kind: str, at: datetime, **fields: Any) -> dict[str, Any]:
    """An event as ingest puts it on the stream; `own` holds custom_properties."""
    own = fields.pop("own", {"order_id": "o-1", "amount": 1, "currency": "EUR"} if kind == "purchase" else {})
    return {
        "event_id": str(uuid.uuid4()),
        "user_id": "u-1",
        "session_id": "s-1",
        "event_type": kind,
        "timestamp": iso(at),
        "page_url": "https://techmart.example/",
        "category": "laptops",
        "device_type": "mobile",
        "custom_properties": own,
    } | fields


@dataclass
class Aws:
    """The emulator's two services, with one name prefix."""

    endpoint: str
    prefix: str = "flink-test"
    kinesis: Any = field(init=False)
    dynamodb: Any = field(init=False)

    def __post_init__(self) -> None:
        access: dict[str, Any] = {
            "endpoint_url": self.endpoint,
            "region_name": REGION,
            "aws_access_key_id": "test",
            "aws_secret_access_key": "test",
        }
        self.kinesis = boto3.client("kinesis", **access)
        self.dynamodb = boto3.client("dynamodb", **access)

    def create_stream(self, suffix: str, shards: int = 1) -> None:
        self.kinesis.create_stream(StreamName=f"{self.prefix}-{suffix}", ShardCount=shards)

    def create_table(self, suffix: str) -> None:
        self.dynamodb.create_table(
            TableName=f"{self.prefix}-{suffix}",
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )

    def delete_table(self, suffix: str) -> None:
        self.dynamodb.delete_table(TableName=f"{self.prefix}-{suffix}")

    def put(self, suffix: str, *events: dict[str, Any] | bytes, hash_key: str | None = None) -> None:
        """Put events (or raw bytes) in this order; `hash_key` chooses the shard."""
        more = {} if hash_key is None else {"ExplicitHashKey": hash_key}
        for begin in range(0, len(events), 500):
            records = [
                {
                    "Data": entry if isinstance(entry, bytes) else json.dumps(entry).encode(),
                    "PartitionKey": "any",
                    **more,
                }
                for entry in events[begin : begin + 500]
            ]
            answer = self.kinesis.put_records(StreamName=f"{self.prefix}-{suffix}", Records=records)
            assert answer["FailedRecordCount"] == 0

    def rows(self, suffix: str) -> dict[str, dict[str, Any]]:
        """Items by sort key, each attribute as `{type: value}`."""
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=f"{self.prefix}-{suffix}", ConsistentRead=True
        )
        return {item["sk"]["S"]: item for page in pages for item in page["Items"]}

    def numbers(self, suffix: str, column: str) -> dict[str, int]:
        """One column of all rows, by sort key."""
        return {key: int(row[column]["N"]) for key, row in self.rows(suffix).items()}


@dataclass
class Flink:
    """One start of `local.flink`."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    @property
    def jvm(self) -> int:
        (java,) = [child for child in children(self.process.pid) if "java" in _command(child)]
        return java

    def announced(self) -> dict[str, Any]:
        """The line that says the job runs."""

        def line() -> dict[str, Any] | None:
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
            entries = [json.loads(text) for text in self.log.read_text(encoding="utf-8").splitlines() if text]
            return next((entry for entry in entries if "flink is running job" in entry["message"]), None)

        found = wait_for("running job", line, START_SECONDS)
        assert found is not None
        return found

    def get(self, path: str) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().read()
        finally:
            connection.close()

    def kill(self) -> None:
        """kill -9 of the launcher, as a crash does it; the JVM must follow by itself."""
        jvm = self.jvm
        self.process.kill()
        self.process.wait()
        wait_for("end of the JVM", lambda: not alive(jvm), 20)


def _command(process_id: int) -> str:
    return Path(f"/proc/{process_id}/cmdline").read_bytes().split(b"\0")[0].decode()


@dataclass
class Launcher:
    """Starts Flink on one state directory and one copy of the compiled jobs; AWS is at `endpoint` for it."""

    aws: Aws
    build: Path
    state: Path
    endpoint: str
    started: list[Flink] = field(default_factory=list)

    def start(self, app: str, *, parallelism: int = 1, state: str = "state", **properties: str) -> Flink:
        port = free_port()
        log = self.state / f"{state}-{len(self.started)}.log"
        command = [sys.executable, "-m", "local.flink", "--app", app, "--build-dir", str(self.build)]
        command += [
            "--state-dir",
            str(self.state / state),
            "--aws-endpoint",
            self.endpoint,
            "--region",
            REGION,
        ]
        command += [
            "--name-prefix",
            self.aws.prefix,
            "--rest-port",
            str(port),
            "--parallelism",
            str(parallelism),
        ]
        command += [text for name, value in properties.items() for text in (f"--{name}", value)]
        with log.open("w", encoding="utf-8") as output:
            process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, text=True)
        flink = Flink(process, port, log)
        self.started.append(flink)
        return flink

    def stop_all(self) -> None:
        for flink in self.started:
            if flink.process.poll() is None:
                flink.process.send_signal(signal.SIGTERM)
                flink.process.wait(20)
