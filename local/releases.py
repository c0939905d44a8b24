"""Brings a new build to the running stack: its tables first, then Flink, and readers once Flink has caught
up.

What is compiled and what is served are two things for some seconds. Publisher and API work with a copy of the
manifest (`manifest.json` in the state folder) that is replaced when every application has counted and written
all that the new build asks for; until then they serve the old one, whole.
"""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from local.provision import resources

CAUGHT_UP = frozenset({"caught_up", "live"})


class Releases:
    """Follows `build_dir`; call `turn` again and again.

    `apps` are the files in which each application says how far it is (`status.json` of `local.flink`);
    `provision` makes tables and streams; `start_app` starts one more application and returns its status file,
    `end_app` ends one; `served` asks the API for its `build_id`.
    """

    def __init__(
        self,
        build_dir: Path,
        served_manifest: Path,
        follow: Path,
        apps: dict[str, Path],
        *,
        provision: Callable[[], Awaitable[None]],
        start_app: Callable[[str], Path],
        end_app: Callable[[str], Awaitable[None]],
        served: Callable[[], Awaitable[str | None]],
        say: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._manifest = build_dir / "manifest.json"
        self._served_manifest, self._follow = served_manifest, follow
        self._apps = dict(apps)
        self._served_apps = set(apps)
        self._start_app, self._end_app = start_app, end_app
        self._provision, self._served, self._say, self._clock = provision, served, say, clock
        self._content = self._manifest.read_bytes()
        self._wanted = self._serving = _build_id(self._content)
        self._began: float | None = None
        """When the wanted build was seen; None once it is live or refused."""
        self._serve()

    async def turn(self) -> None:
        """Take the next step of whatever is under way; at once where nothing is."""
        try:
            content = self._manifest.read_bytes()
        except FileNotFoundError:
            return  # what runs does not need it; the next build brings it back
        if content != self._content and _build_id(content) != self._wanted:
            await self._begin(content)
        if self._began is not None:
            await self._look(self._began)

    async def _begin(self, content: bytes) -> None:
        before, after = json.loads(self._content), json.loads(content)
        if self._began is not None:
            self._say(f"build {self._wanted} is given up for a newer one")
        self._say(f"build {after['build_id']} replaces {self._serving}")
        self._began, self._wanted, self._content = self._clock(), after["build_id"], content
        if resources(before, "") != resources(after, ""):
            await self._provision()
        self._note()
        for app in sorted(set(after["apps"]) - self._apps.keys()):
            self._say(f"{app} is a new application: Flink starts another JVM for it")
            self._apps[app] = self._start_app(app)

    async def _look(self, began: float) -> None:
        apps = self._apps.keys() & json.loads(self._content)["apps"].keys()
        statuses = {app: _read(self._apps[app]) for app in sorted(apps)}
        if any(status.get("build_id") != self._wanted for status in statuses.values()):
            return
        for app, status in statuses.items():
            if status["state"] == "refused":
                self._began = None
                self._say(f"✗ {app}: {status['reason']}\nThe last good build keeps serving.")
                await self._end_apps_except(self._served_apps)
                return
        if self._serving != self._wanted and all(s["state"] in CAUGHT_UP for s in statuses.values()):
            self._serving = self._wanted
            self._serve()
            self._served_apps = set(apps)
            await self._end_apps_except(self._served_apps)
        live = all(status["state"] == "live" for status in statuses.values())
        if live and await self._served() == self._wanted:
            self._began = None
            self._say(f"build {self._wanted} is live ({self._clock() - began:.1f} s)")

    async def _end_apps_except(self, wanted: set[str]) -> None:
        for app in sorted(self._apps.keys() - wanted):
            del self._apps[app]
            await self._end_app(app)

    def _serve(self) -> None:
        _replace(self._served_manifest, self._content)
        self._note()

    def _note(self) -> None:
        _replace(self._follow, json.dumps({"build_id": self._wanted, "serving": self._serving}).encode())


def _build_id(manifest: bytes) -> str:
    return str(json.loads(manifest)["build_id"])


def _read(status: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(status.read_bytes())
    except FileNotFoundError:
        return {}  # the application is just starting
    return found


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_suffix(".new")
    temporary.write_bytes(content)
    temporary.replace(path)
