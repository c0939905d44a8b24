"""A real Kinesis emulator that a test can kill and start again on its port and its data."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ingest.client import kinesis_client
from pipeline.compile.contracts import load_contracts
from pipeline.emit.json_schema import emit_json_schemas

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient

ROOT = Path(__file__).resolve().parents[3]
STREAMS = ("click", "page-view", "purchase", "rejected-event", "search")


def wait_for(what: str, condition: Callable[[], object], seconds: float = 60) -> None:
    """Until the condition holds; fails after `seconds`, which only a hang reaches."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(0.05)


class Emulator:
    """The process; `kill` ends it as a power cut would."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._prefixes = count(1)

    def start(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "local.emulator"),
                    *("--port", str(self._port), "--data-dir", str(self._folder / "data")),
                ],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                env=environment,
            )
        wait_for("the emulator", self._listens)

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def client(self) -> KinesisClient:
        return kinesis_client(self.url)

    def streams(self) -> str:
        """Make the shop's streams under a new prefix; returns it."""
        prefix = f"test{next(self._prefixes)}"
        client = self.client()
        for stream in STREAMS:
            client.create_stream(StreamName=f"{prefix}-{stream}", ShardCount=1)
        client.close()
        return prefix

    def read(self, prefix: str, *streams: str) -> list[dict[str, Any]]:
        """Every event on the streams (all of them where none is named)."""
        client = self.client()
        events = []
        for stream in streams or STREAMS:
            name = f"{prefix}-{stream}"
            for shard in client.list_shards(StreamName=name)["Shards"]:
                iterator = client.get_shard_iterator(
                    StreamName=name, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
                )["ShardIterator"]
                while True:
                    page = client.get_records(ShardIterator=iterator, Limit=10_000)
                    events += [json.loads(record["Data"]) for record in page["Records"]]
                    iterator = page["NextShardIterator"]
                    if not page["Records"]:
                        break
        client.close()
        return events

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    emulator = Emulator(tmp_path_factory.mktemp("emulator"))
    emulator.start()
    yield emulator
    emulator.kill()


@pytest.fixture(scope="session")
def build_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    build = tmp_path_factory.mktemp("build")
    contracts, diagnostics = load_contracts(ROOT)
    assert diagnostics == ()
    for name, text in emit_json_schemas(contracts).items():
        (build / name).parent.mkdir(parents=True, exist_ok=True)
        (build / name).write_text(text)
    return build
