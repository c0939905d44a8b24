"""The real parts of serving on loopback: emulator, Valkey, the server, and a publisher in this process."""

from __future__ import annotations

import json
import os
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import httpx
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from tests.integration.serving.support import MANIFEST, TABLES, Process, Stack, Valkey, eventually, free_port

from chalicelib import cache, queries  # isort: skip  # on the path once support has loaded the app

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DynamoDBClient]:
    """DynamoDB of a running emulator."""
    with running_emulator(tmp_path_factory.mktemp("emulator")) as client:
        yield client


@contextmanager
def running_emulator(folder: Path) -> Iterator[DynamoDBClient]:
    """DynamoDB of a running emulator; its address is in the environment of this process."""
    port = free_port()
    environment = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        command = (
            sys.executable,
            "-m",
            "local.emulator",
            "--port",
            str(port),
            "--data-dir",
            str(folder / "data"),
        )
        with Process(command, folder / "emulator.log", os.environ) as process:
            client = boto3.session.Session().client("dynamodb")

            def answers() -> bool:
                process.alive()
                try:
                    client.list_tables()
                except (BotoCoreError, ClientError):
                    return False
                return True

            eventually(answers, "the emulator to answer")
            yield client


@pytest.fixture
def stack(emulator: DynamoDBClient, tmp_path: Path) -> Iterator[Stack]:
    """Empty tables, an empty Valkey and a fresh server."""
    with running_stack(emulator, tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def shared_stack(emulator: DynamoDBClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack without rows, for tests that only talk to its server."""
    with running_stack(emulator, tmp_path_factory.mktemp("shared")) as running:
        yield running


@contextmanager
def running_stack(emulator: DynamoDBClient, tmp_path: Path) -> Iterator[Stack]:
    """Tables, Valkey and server of a new environment, named in the environment of this process."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield from _started(emulator, tmp_path, monkeypatch)


def _started(emulator: DynamoDBClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    prefix = f"t{uuid.uuid4().hex[:8]}"
    for table in TABLES:
        emulator.create_table(
            TableName=f"{prefix}-{table}",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )
    valkey = Valkey(tmp_path)
    valkey.start()
    build = tmp_path / "build"
    build.mkdir()
    (build / "manifest.json").write_bytes(MANIFEST.read_bytes())
    monkeypatch.setenv("NAME_PREFIX", prefix)
    monkeypatch.setenv("VALKEY_URL", valkey.url)
    monkeypatch.setenv("MANIFEST_PATH", str(build / "manifest.json"))
    monkeypatch.delenv("WEBSOCKET_ENDPOINT_URL", raising=False)
    queries.forget_all()
    command = (sys.executable, "-m", "local.server", "--port", "0", "--build-dir", str(build))
    with Process(command, tmp_path / "server.log", os.environ) as server:
        url = eventually(lambda: _serving(server), "the server to listen")
        monkeypatch.setenv("WEBSOCKET_ENDPOINT_URL", url)
        with httpx.Client(base_url=url, timeout=30) as http:
            yield Stack(emulator, prefix, valkey, server, url, http)
    cache.current().close()
    valkey.kill()


def _serving(server: Process) -> str:
    server.alive()
    for line in server.log.read_text().splitlines():
        if '"serving"' in line:
            return str(json.loads(line)["url"])
    return ""
