"""Tells readers that an application's models are being computed anew, and that they are whole again.

The word is an item in each model's own table (docs/contracts.md, *Recomputing*), so it travels to the
publisher on the same change stream as the rows it is about. It carries a deadline that is renewed while the
job works: a Flink that dies takes its hold with it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from local.aws_json import AwsError, AwsJson
from local.times import iso

HOLD_SECONDS = 60.0
RENEW_SECONDS = 15.0
MARKER = "_recomputing"
_KEPT_SECONDS = 24 * 3600


def tables(build_dir: Path, app: str, name_prefix: str) -> tuple[str, ...]:
    """The tables of an application's models; none where there is no manifest."""
    try:
        manifest = json.loads((build_dir / "manifest.json").read_bytes())
    except FileNotFoundError:
        return ()
    models = manifest["models"]
    names = [models[name]["table"]["name"] for name in manifest["apps"].get(app, {"models": []})["models"]]
    return tuple(f"{name_prefix}-{name}" for name in names)


class Recomputing:
    """One replay of one application: announced, renewed, and ended once.

    `since` may be set again until the end: it is only then that rows older than it are taken for left-overs.
    """

    def __init__(
        self, endpoint: str, region: str, names: tuple[str, ...], since: datetime, start: datetime | None
    ) -> None:
        self._endpoint, self._region, self._tables = endpoint, region, names
        self.since, self._start = since, start
        self._renewed = 0.0

    def announce(self) -> None:
        """Say it in every table before a row is written; raises AwsError or OSError where that fails."""
        self._renewed = time.monotonic()
        self._write("running")

    def renew(self) -> None:
        """Push the deadline back, where it is time to."""
        if time.monotonic() - self._renewed > RENEW_SECONDS:
            self.announce()

    def end(self) -> None:
        """Say that all is written; raises AwsError or OSError where that fails."""
        self._write("done")

    def _write(self, state: str) -> None:
        now = datetime.now(UTC)
        item = {
            "pk": {"S": MARKER},
            "sk": {"S": MARKER},
            "state": {"S": state},
            "since": {"S": iso(self.since)},
            "until": {"S": iso(now + timedelta(seconds=HOLD_SECONDS))},
            "_updated_at": {"S": iso(now)},
            "_ttl": {"N": str(int(now.timestamp() + _KEPT_SECONDS))},
        }
        if self._start is not None:
            item["from"] = {"S": iso(self._start)}
        with _dynamodb(self._endpoint, self._region) as dynamodb:
            for table in self._tables:
                dynamodb.call("PutItem", TableName=table, Item=item)


@contextmanager
def _dynamodb(endpoint: str, region: str) -> Iterator[AwsJson]:
    client = AwsJson(endpoint, "dynamodb", "DynamoDB_20120810", region)
    try:
        yield client
    finally:
        client.close()


def shards(
    build_dir: Path, sources: tuple[str, ...], name_prefix: str, endpoint: str, region: str
) -> set[str]:
    """`stream.shardId` of every shard that an application reads; none where there is no manifest.

    Raises AwsError or OSError where the streams cannot be asked for.
    """
    try:
        events: dict[str, Any] = json.loads((build_dir / "manifest.json").read_bytes())["events"]
    except FileNotFoundError:
        return set()
    client = AwsJson(endpoint, "kinesis", "Kinesis_20131202", region)
    found = set()
    try:
        for source in sources:
            stream = f"{name_prefix}-{events[source]['stream']}"
            for shard in client.call("ListShards", StreamName=stream)["Shards"]:
                found.add(f"{stream}.{shard['ShardId']}")
    finally:
        client.close()
    return found


__all__ = ["AwsError", "Recomputing", "shards", "tables"]
