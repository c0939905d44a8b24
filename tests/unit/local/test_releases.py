"""How a new build comes to the running stack: tables, Flink, and readers last."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from local.flink import Follow
from local.flink_job import Status
from local.releases import Releases


class World:
    """A build folder, two applications and what was said and done."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[str] = []
        self.provisioned: list[str] = []
        self.started: list[str] = []
        self.ended: list[str] = []
        self.build("one")
        self.api = "one"
        self.releases = Releases(
            folder,
            folder / "served.json",
            folder / "follow.json",
            {"main": folder / "main.json", "main_strict": folder / "strict.json"},
            provision=self._provision,
            start_app=self._start_app,
            end_app=self._end_app,
            served=self._served,
            say=self.said.append,
            clock=lambda: 0.0,
        )

    async def _served(self) -> str:
        return self.api

    async def _provision(self) -> None:
        self.provisioned.append(self.follow()["build_id"])

    def _start_app(self, app: str) -> Path:
        self.started.append(app)
        return self.folder / f"{app}.json"

    async def _end_app(self, app: str) -> None:
        self.ended.append(app)

    def build(
        self,
        build_id: str,
        *,
        tables: tuple[str, ...] = ("a",),
        apps: tuple[str, ...] = ("main", "main_strict"),
    ) -> None:
        models = {name: {"table": {"name": name, "partition_key": "pk", "sort_key": "sk"}} for name in tables}
        manifest = {
            "build_id": build_id,
            "models": models,
            "events": {},
            "apps": {app: {} for app in apps},
        }
        (self.folder / "manifest.json").write_text(json.dumps(manifest))

    def flink(self, app: str, build_id: str, state: str, reason: str = "") -> None:
        (self.folder / f"{app}.json").write_text(
            json.dumps({"build_id": build_id, "state": state, "reason": reason, "job_id": "j"})
        )

    def turn(self) -> None:
        asyncio.run(self.releases.turn())

    def follow(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "follow.json").read_text())
        return found

    def served(self) -> str:
        return str(json.loads((self.folder / "served.json").read_text())["build_id"])


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_readers_get_a_build_once_every_application_has_caught_up(world: World) -> None:
    world.build("two")
    world.turn()
    assert (world.follow(), world.served()) == ({"build_id": "two", "serving": "one"}, "one")
    world.flink("main", "two", "recomputing")
    world.flink("strict", "two", "live")
    world.turn()
    assert world.served() == "one"
    world.flink("main", "two", "caught_up")
    world.turn()
    assert (world.follow(), world.served()) == ({"build_id": "two", "serving": "two"}, "two")
    assert not any("is live" in line for line in world.said)
    world.flink("main", "two", "live")
    world.turn()
    assert not any("is live" in line for line in world.said)
    world.api = "two"
    world.turn()
    assert world.said[-1] == "build two is live (0.0 s)"


def test_an_application_that_still_runs_the_build_before_is_waited_for(world: World) -> None:
    world.flink("main", "one", "live")
    world.flink("strict", "two", "live")
    world.build("two")
    world.turn()
    assert world.served() == "one"


def test_new_tables_are_made_before_flink_is_told(world: World) -> None:
    world.build("two", tables=("a", "b"))
    world.turn()
    assert (world.provisioned, world.follow()["build_id"]) == (["one"], "two")
    world.build("three", tables=("a", "b"))
    world.turn()
    assert len(world.provisioned) == 1


def test_of_two_edits_in_a_row_the_second_is_served(world: World) -> None:
    world.build("two")
    world.turn()
    world.flink("main", "two", "recomputing")
    world.build("three")
    world.turn()
    assert (world.follow()["build_id"], world.served()) == ("three", "one")
    for app in ("main", "strict"):
        world.flink(app, "three", "live")
    world.turn()
    assert world.served() == "three"
    assert "build two is given up for a newer one" in world.said


def test_what_flink_refuses_is_told_and_the_last_good_build_keeps_serving(world: World) -> None:
    world.build("two")
    world.turn()
    world.flink("main", "two", "refused", "flink/main/inserts/a.sql: no")
    world.flink("strict", "two", "live")
    world.turn()
    assert world.served() == "one"
    assert world.said[-1] == "✗ main: flink/main/inserts/a.sql: no\nThe last good build keeps serving."
    world.build("three")
    world.turn()
    assert world.follow() == {"build_id": "three", "serving": "one"}


def test_an_application_that_a_build_adds_is_started_and_waited_for(world: World) -> None:
    world.build("two", apps=("main", "main_strict", "more"))
    world.turn()
    assert world.started == ["more"]
    world.flink("main", "two", "live")
    world.flink("strict", "two", "live")
    world.turn()
    assert world.served() == "one"
    world.flink("more", "two", "live")
    world.turn()
    assert (world.served(), world.ended) == ("two", [])


def test_an_application_that_a_build_no_longer_has_ends_once_the_build_is_served(world: World) -> None:
    world.build("two", apps=("main",))
    world.turn()
    assert world.ended == []
    world.flink("main", "two", "live")
    world.turn()
    assert (world.served(), world.ended) == ("two", ["main_strict"])
    world.build("three")
    world.turn()
    assert world.started == ["main_strict"]


def test_an_added_application_that_flink_refuses_ends_and_can_be_added_again(world: World) -> None:
    world.build("two", apps=("main", "main_strict", "more"))
    world.turn()
    world.flink("more", "two", "refused", "flink/more/inserts/a.sql: no")
    world.flink("main", "two", "live")
    world.flink("strict", "two", "live")
    world.turn()
    assert (world.served(), world.ended) == ("one", ["more"])
    world.build("three", apps=("main", "main_strict", "more"))
    world.turn()
    assert world.started == ["more", "more"]


def test_a_build_that_is_gone_changes_nothing(world: World) -> None:
    (world.folder / "manifest.json").unlink()
    world.turn()
    assert world.served() == "one"


def test_flink_follows_what_the_file_names_and_tells_each_build_once(tmp_path: Path) -> None:
    path = tmp_path / "follow.json"
    follow = Follow(path)
    assert not follow.changed()
    path.write_text('{"build_id": "one", "serving": "one"}')
    assert (follow.changed(), follow.build_id) == (True, "one")
    assert not follow.changed()
    path.write_text('{"build_id": "two", "serving": "one"}')
    assert (follow.changed(), follow.build_id, follow.serving) == (True, "two", "one")
    path.write_text('{"build_id": "two", "serving": "two", "more": 1}')
    assert (follow.changed(), follow.serving) == (False, "two")
    assert not Follow(None).changed()


def test_a_status_is_replaced_whole(tmp_path: Path) -> None:
    Status("two", "live", "same plan", "j").write(tmp_path)
    document = json.loads((tmp_path / "status.json").read_text())
    assert document == {"build_id": "two", "state": "live", "reason": "same plan", "job_id": "j"}
