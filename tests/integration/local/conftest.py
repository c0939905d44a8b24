"""An emulator as a process of its own, on a free port and a folder of the test's."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_kinesis import KinesisClient

ROOT = Path(__file__).resolve().parents[3]


def free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Emulator:
    """`python -m local.emulator`, to be killed and started again on the same folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        session = boto3.Session("local", "local", region_name="eu-central-1")
        config = Config(retries={"max_attempts": 2}, proxies={})
        self.kinesis: KinesisClient = session.client("kinesis", endpoint_url=self.endpoint, config=config)
        self.dynamodb: DynamoDBClient = session.client("dynamodb", endpoint_url=self.endpoint, config=config)
        self.changes: DynamoDBStreamsClient = session.client(
            "dynamodbstreams", endpoint_url=self.endpoint, config=config
        )

    def start(self) -> None:
        """Start it and wait until it listens."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "local.emulator", "--port", str(self.port), "--data-dir", str(self.data)],
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        )
        while self._process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.02)
        raise AssertionError(f"the emulator ended with exit code {self._process.returncode}")

    def kill(self) -> None:
        """kill -9"""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        """Kill it and close the clients."""
        self.kill()
        for client in (self.kinesis, self.dynamodb, self.changes):
            client.close()


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[Emulator]:
    started = Emulator(tmp_path / "emulator")
    started.start()
    yield started
    started.close()
