"""Lambda: once a minute, fits the shards of each provisioned Kinesis stream to its traffic.

A target is tracked: no shard fuller than a given share of the 1 MiB and 1,000 records a second that it takes.
A stream grows on its last minutes, and shrinks only when the highest minute of the whole cool-down would fit
too. So nothing has to be remembered between two calls: both are read from CloudWatch.

Environment: `STREAMS` (JSON: physical name to `min` and `max` shards), `TARGET_UTILIZATION_PERCENT`,
`SCALE_IN_AFTER_MINUTES`. What AWS allows bounds each step: at most twice, at least half of the shards, ten
steps in 24 hours.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

SHARD_BYTES_PER_SECOND = 1024 * 1024
SHARD_RECORDS_PER_SECOND = 1000
GROW_MINUTES = 3
"""How many minutes may make a stream grow: enough to bridge a minute that CloudWatch has not got yet."""

WORTH_SHRINKING = 0.75
"""A stream shrinks only to three quarters or less: each step is one of ten a day."""

_QUERIES_A_CALL = 500
_FAILED = "some streams could not be fitted; the log lines before this one say which and why"


@dataclass(frozen=True)
class Limits:
    """How few and how many shards a stream may have."""

    min: int
    max: int


@dataclass(frozen=True)
class Settings:
    """What the environment says; `target` is a share of a shard, above 0 and at most 1."""

    streams: Mapping[str, Limits]
    target: float
    cool_down_minutes: int

    @staticmethod
    def read(environment: Mapping[str, str] = os.environ) -> Settings:
        """Raises KeyError or ValueError where a variable is missing or malformed."""
        streams = json.loads(environment["STREAMS"])
        return Settings(
            streams={
                name: Limits(int(limits["min"]), int(limits["max"])) for name, limits in streams.items()
            },
            target=int(environment["TARGET_UTILIZATION_PERCENT"]) / 100,
            cool_down_minutes=int(environment["SCALE_IN_AFTER_MINUTES"]),
        )


class ScalingError(Exception):
    """At least one stream could not be fitted; makes the invocation fail, which an alarm counts."""


def fitting_shards(current: int, loads: Sequence[float], limits: Limits, target: float) -> int:
    """How many shards a stream should have now.

    `loads` are the minutes of the cool-down, oldest first, each in shards that would be full. The answer is
    `current` where nothing needs to be done, and one step that AWS allows towards the right number otherwise.
    """
    needed_now = _shards(max(loads[-GROW_MINUTES:], default=0.0), target)
    needed_long = _shards(max(loads, default=0.0), target)
    if needed_now > current:
        wanted = needed_now
    elif needed_long <= current * WORTH_SHRINKING:
        wanted = needed_long
    else:
        wanted = current
    wanted = min(max(wanted, limits.min), limits.max)
    return min(max(wanted, math.ceil(current / 2)), current * 2)


def _shards(load: float, target: float) -> int:
    return max(1, math.ceil(load / target))


def loads_by_stream(
    metrics: Any, names: Sequence[str], now: datetime, minutes: int
) -> dict[str, list[float]]:
    """For each stream its whole minutes up to `now`, oldest first, each in shards that would be full.

    A minute without records is 0. Raises ScalingError where CloudWatch gives only a part of the data.
    """
    end = now.replace(second=0, microsecond=0)
    start = end - timedelta(minutes=minutes)
    loads = {name: [0.0] * minutes for name in names}
    metrics_of_a_shard = {
        "IncomingBytes": SHARD_BYTES_PER_SECOND,
        "IncomingRecords": SHARD_RECORDS_PER_SECOND,
    }
    queries = {}
    for number, name in enumerate(names):
        for metric, full in metrics_of_a_shard.items():
            queries[f"{metric.lower()}_{number}"] = (name, metric, full)
    for first in range(0, len(queries), _QUERIES_A_CALL):
        part = dict(list(queries.items())[first : first + _QUERIES_A_CALL])
        for result in _read(metrics, part, start, end):
            name, metric, full = part[result["Id"]]
            if result["StatusCode"] not in ("Complete", "PartialData"):
                raise ScalingError(f"CloudWatch gives no {metric} of {name}: {result['StatusCode']}")
            for moment, value in zip(result["Timestamps"], result["Values"], strict=True):
                minute = int((moment - start).total_seconds() // 60)
                if 0 <= minute < minutes:
                    loads[name][minute] = max(loads[name][minute], value / 60 / full)
    return loads


def _read(
    metrics: Any, queries: Mapping[str, tuple[str, str, int]], start: datetime, end: datetime
) -> list[Mapping[str, Any]]:
    request: dict[str, Any] = {
        "StartTime": start,
        "EndTime": end,
        "ScanBy": "TimestampAscending",
        "MetricDataQueries": [
            {
                "Id": query,
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/Kinesis",
                        "MetricName": metric,
                        "Dimensions": [{"Name": "StreamName", "Value": name}],
                    },
                    "Period": 60,
                    "Stat": "Sum",
                },
            }
            for query, (name, metric, _) in queries.items()
        ],
    }
    results: list[Mapping[str, Any]] = []
    while True:
        answer = metrics.get_metric_data(**request)
        results.extend(answer["MetricDataResults"])
        token = answer.get("NextToken")
        if not token:
            return results
        request["NextToken"] = token


def fit(settings: Settings, metrics: Any, streams: Any, now: datetime) -> dict[str, int]:
    """Resize what does not fit; returns the new number of shards of each stream that was resized.

    `metrics` and `streams` are boto3's clients of CloudWatch and Kinesis. One stream's failure does not keep
    the others from being fitted. Raises ScalingError at the end if any failed.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 -- the runtime brings it

    resized: dict[str, int] = {}
    failed = False
    loads = loads_by_stream(metrics, sorted(settings.streams), now, settings.cool_down_minutes)
    for name, limits in sorted(settings.streams.items()):
        try:
            summary = streams.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]
            if summary["StreamStatus"] != "ACTIVE":
                continue  # a resize is under way
            current = summary["OpenShardCount"]
            wanted = fitting_shards(current, loads[name], limits, settings.target)
            if wanted == current:
                continue
            streams.update_shard_count(
                StreamName=name, TargetShardCount=wanted, ScalingType="UNIFORM_SCALING"
            )
        except (BotoCoreError, ClientError) as error:
            failed = True
            _log(
                "error", "a stream could not be fitted", stream=name, error=f"{type(error).__name__}: {error}"
            )
            continue
        resized[name] = wanted
        _log("info", "a stream is resized", stream=name, shards=current, new_shards=wanted)
    if failed:
        raise ScalingError(_FAILED)
    return resized


def _log(level: str, message: str, **fields: object) -> None:
    line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": level, "message": message}
    sys.stdout.write(json.dumps(line | fields) + "\n")


def handler(_event: object, _context: object) -> dict[str, int]:
    """Entry point of the Lambda."""
    import boto3  # noqa: PLC0415 -- the runtime brings it

    return fit(Settings.read(), boto3.client("cloudwatch"), boto3.client("kinesis"), datetime.now(UTC))
