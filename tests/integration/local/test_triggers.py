"""The trigger loop on a real emulator: every change arrives, over kills of the emulator and of the loop."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.provision import provision
from local.triggers import Triggers
from tests.integration.local.conftest import Emulator

TABLE = "rta-test-clicks"
MANIFEST: dict[str, Any] = {
    "build_id": "1",
    "events": {},
    "models": {
        "clicks": {
            "table": {"name": "clicks", "partition_key": "pk", "sort_key": "sk", "ttl_attribute": "_ttl"}
        }
    },
}


class Publisher:
    """Stands where the Lambda's module stands, and notes what it is given."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []
        self.away = False
        self.reloads = 0

    def publisher(self, event: dict[str, Any], _context: None) -> None:
        if self.away:
            raise ConnectionRefusedError("the cache is away")
        self.records += event["Records"]

    def reload_manifest(self) -> bool:
        self.reloads += 1
        return True

    def values(self) -> list[str]:
        return [record["dynamodb"]["NewImage"]["value"]["N"] for record in self.records]


class Loop:
    """The loop in a thread of its own."""

    def __init__(self, publisher: Publisher, state: Path) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=Triggers(publisher, state, self._ended.is_set).run)
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()


@pytest.fixture
def state(tmp_path: Path, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps(MANIFEST))
    monkeypatch.setenv("MANIFEST_PATH", str(manifest))
    monkeypatch.setenv("NAME_PREFIX", "rta-test")
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    provision(MANIFEST, "rta-test", emulator.endpoint)
    yield tmp_path


def _write(emulator: Emulator, value: int, table: str = TABLE) -> None:
    emulator.dynamodb.put_item(
        TableName=table, Item={"pk": {"S": "hour"}, "sk": {"S": "row"}, "value": {"N": str(value)}}
    )


def _until(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(0.01)


def test_every_change_reaches_the_publisher_in_order_with_its_source(state: Path, emulator: Emulator) -> None:
    publisher = Publisher()
    _write(emulator, 0)
    loop = Loop(publisher, state)
    for value in range(1, 30):
        _write(emulator, value)
    _until(lambda: len(publisher.records) == 30)
    loop.end()
    assert publisher.values() == [str(n) for n in range(30)]
    assert all(f":table/{TABLE}/stream/" in record["eventSourceARN"] for record in publisher.records)
    assert json.loads((state / "triggers.json").read_bytes())["tables"] == 1


def test_a_loop_that_starts_again_goes_on_where_it_stood(state: Path, emulator: Emulator) -> None:
    first = Publisher()
    _write(emulator, 0)
    loop = Loop(first, state)
    _until(lambda: len(first.records) == 1)
    loop.end()
    _write(emulator, 1)
    second = Publisher()
    loop = Loop(second, state)
    _until(lambda: bool(second.records))
    loop.end()
    assert second.values() == ["1"]


def test_changes_wait_while_the_publisher_cannot_work(state: Path, emulator: Emulator) -> None:
    publisher = Publisher()
    publisher.away = True
    loop = Loop(publisher, state)
    _write(emulator, 0)
    _write(emulator, 1)
    publisher.away = False
    _until(lambda: len(publisher.records) == 2)
    loop.end()
    assert publisher.values() == ["0", "1"]


def test_a_killed_emulator_loses_no_change(state: Path, emulator: Emulator) -> None:
    publisher = Publisher()
    publisher.away = True
    loop = Loop(publisher, state)
    _write(emulator, 0)
    emulator.kill()
    emulator.start()
    publisher.away = False
    _until(lambda: publisher.values()[-1:] == ["0"])
    _write(emulator, 1)
    _until(lambda: publisher.values()[-1:] == ["1"])
    loop.end()


def test_a_table_of_a_new_build_is_followed_once_it_is_there(state: Path, emulator: Emulator) -> None:
    publisher = Publisher()
    loop = Loop(publisher, state)
    _until(lambda: publisher.reloads == 1)
    models = {
        **MANIFEST["models"],
        "views": {"table": {**MANIFEST["models"]["clicks"]["table"], "name": "views"}},
    }
    changed = {**MANIFEST, "build_id": "2", "models": models}
    replacement = state / "manifest.new"
    replacement.write_text(json.dumps(changed))
    replacement.replace(state / "manifest.json")
    _until(lambda: publisher.reloads == 2)
    provision(changed, "rta-test", emulator.endpoint)
    _write(emulator, 5, "rta-test-views")
    _until(lambda: publisher.values() == ["5"])
    loop.end()
