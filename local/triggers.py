"""Invokes the publisher Lambda, in process, for every change of a model's table.

    python -m local.triggers --state-dir build/local

Environment as the Lambda has it (`NAME_PREFIX`, `MANIFEST_PATH`, `AWS_ENDPOINT_URL`, `VALKEY_URL`,
`WEBSOCKET_ENDPOINT_URL`). It keeps its place in `triggers.json`, written after the records were handled, so a
restart repeats little and loses nothing; the file's time is its heartbeat.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import Any

import orjson
from botocore.exceptions import BotoCoreError
from redis.exceptions import RedisError

from local.aws_json import AwsError, AwsJson
from local.change_streams import PAGE, ChangeStream
from local.delivery import Delivery, sleep_unless
from local.times import iso_now

POLL_SECONDS = 0.05
HEARTBEAT_SECONDS = 0.5


def main(arguments: list[str] | None = None) -> int:
    """Poll until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m local.triggers", description=__doc__)
    parser.add_argument(
        "--state-dir", type=Path, required=True, help="folder of triggers.json and dead letters"
    )
    options = parser.parse_args(arguments)
    ended: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        ended.append(number)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)

    from local.chalice_app import load_app  # noqa: PLC0415 -- reads the environment when it is imported

    Triggers(load_app(), options.state_dir, lambda: bool(ended)).run()
    return 0


class Triggers:
    """One loop over all tables: read each, hand what is new to the publisher in one event, note the place."""

    def __init__(self, api: Any, state_dir: Path, ended: Callable[[], bool]) -> None:
        self._api = api
        self._ended = ended
        self._state = state_dir / "triggers.json"
        self._manifest = Path(os.environ["MANIFEST_PATH"])
        self._prefix = os.environ["NAME_PREFIX"]
        endpoint, region = os.environ["AWS_ENDPOINT_URL"], os.environ.get("AWS_REGION", "eu-central-1")
        self._streams_api = AwsJson(endpoint, "dynamodb", "DynamoDBStreams_20120810", region)
        self._tables_api = AwsJson(endpoint, "dynamodb", "DynamoDB_20120810", region)
        self._streams: dict[str, ChangeStream] = {}
        self._positions: dict[str, str] = self._read_positions()
        self._manifest_read = 0
        self._heartbeat = 0.0
        self._away = False
        self._pause = sleep_unless(ended)
        self._delivery = Delivery(
            lambda event: api.publisher(event, None),
            lambda error: isinstance(error, RedisError | BotoCoreError | OSError),
            state_dir / "dead-letters.jsonl",
            log,
            self._pause,
        )

    def run(self) -> None:
        """Poll until told to end."""
        with closing(self._streams_api), closing(self._tables_api):
            while not self._ended():
                if not self._turn():
                    self._pause(POLL_SECONDS)

    def _turn(self) -> bool:
        """One round; True when there is more to be had at once."""
        try:
            self._follow_manifest()
            more = self._round()
        except (OSError, AwsError) as error:
            if not self._away:
                log("the emulator does not answer; waiting for it", {"reason": str(error)})
            self._away = True
            return False
        if self._away:
            self._away = False
            log("the emulator answers again", {})
        return more

    def _follow_manifest(self) -> None:
        changed = self._manifest.stat().st_mtime_ns
        if changed == self._manifest_read:
            return
        manifest = json.loads(self._manifest.read_bytes())
        self._api.reload_manifest()
        names = {
            f"{self._prefix}-{m['table']['name']}" for m in manifest["models"].values() if m.get("table")
        }
        for name in names - self._streams.keys():
            self._streams[name] = ChangeStream(name, self._positions.get(name))
        for name in self._streams.keys() - names:
            del self._streams[name]
        self._manifest_read = changed
        log("following change streams", {"tables": len(names), "build_id": manifest["build_id"]})

    def _round(self) -> bool:
        """Read every table once and deliver; True when some table has more to give at once."""
        records: list[dict[str, Any]] = []
        more, missing = False, 0
        failure: Exception | None = None
        for stream in self._streams.values():
            try:
                page = stream.read(self._streams_api, self._tables_api)
            except (OSError, AwsError) as error:
                if isinstance(error, AwsError) and error.code == "ResourceNotFoundException":
                    missing += 1  # a table of a new build that is being made
                    continue
                failure = error  # what was read before it is delivered all the same
                break
            more = more or len(page) == PAGE
            records += page
        if records and not self._delivery.deliver(records):
            return False
        if failure is not None:
            raise failure
        if records or time.monotonic() - self._heartbeat > HEARTBEAT_SECONDS:
            self._note(missing)
        return more

    def _note(self, missing: int) -> None:
        self._heartbeat = time.monotonic()
        positions = {name: stream.position for name, stream in self._streams.items() if stream.position}
        temporary = self._state.with_suffix(".new")
        temporary.write_bytes(
            orjson.dumps({"tables": len(self._streams) - missing, "missing": missing, "positions": positions})
        )
        temporary.replace(self._state)

    def _read_positions(self) -> dict[str, str]:
        try:
            positions: dict[str, str] = json.loads(self._state.read_bytes())["positions"]
        except FileNotFoundError:
            return {}
        return positions


def log(message: str, fields: dict[str, Any]) -> None:
    """One JSON line on stderr."""
    line = {"time": iso_now(), "message": message, **fields}
    sys.stderr.write(orjson.dumps(line).decode() + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
