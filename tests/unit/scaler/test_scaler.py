"""The Lambda that fits shards to traffic: what it decides, and what it asks AWS for."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

FILE = Path(__file__).parents[3] / "terraform/modules/ingestion/scaler/scaler.py"
NOW = datetime(2026, 1, 15, 12, 0, 30, tzinfo=UTC)
MIB = 1024 * 1024


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("shard_scaler", FILE)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


scaler = _load()
ONE_TO_EIGHT = scaler.Limits(1, 8)


def _fitting(current: int, loads: Sequence[float], limits: Any = ONE_TO_EIGHT) -> int:
    answer = scaler.fitting_shards(current, loads, limits, target=0.6)
    assert isinstance(answer, int)
    return answer


def test_a_stream_within_its_target_stays_as_it_is() -> None:
    assert _fitting(2, [1.0] * 60) == 2


def test_a_stream_over_its_target_grows_to_what_its_last_minutes_need() -> None:
    assert _fitting(2, [0.1] * 57 + [1.7, 1.7, 1.7]) == 3


def test_a_minute_that_cloudwatch_has_not_got_yet_does_not_hide_the_load() -> None:
    assert _fitting(2, [0.1] * 57 + [1.7, 1.7, 0.0]) == 3


def test_a_burst_doubles_a_stream_and_no_more_in_one_step() -> None:
    assert _fitting(2, [4.0] * 60) == 4


def test_a_stream_never_grows_beyond_its_limit() -> None:
    assert _fitting(6, [100.0] * 60) == 8


def test_a_quiet_stream_is_halved_and_no_more_in_one_step() -> None:
    assert _fitting(8, [0.1] * 60) == 4


def test_a_stream_never_shrinks_below_its_limit() -> None:
    assert _fitting(3, [0.0] * 60, scaler.Limits(2, 8)) == 2


def test_one_high_minute_in_the_cool_down_keeps_the_shards() -> None:
    assert _fitting(4, [2.0] + [0.1] * 59) == 4


def test_a_shrinking_that_saves_little_is_not_worth_one_of_ten_steps_a_day() -> None:
    assert _fitting(8, [4.2] * 60) == 8, "seven would do"


def test_a_stream_below_its_lower_limit_is_brought_there() -> None:
    assert _fitting(1, [0.0] * 60, scaler.Limits(2, 8)) == 2


def test_without_any_traffic_one_shard_stays() -> None:
    assert _fitting(1, [0.0] * 60) == 1


class _Metrics:
    """CloudWatch with given sums a minute: (stream, metric) to minutes before the last whole one."""

    def __init__(self, sums: dict[tuple[str, str], dict[int, float]], status: str = "Complete") -> None:
        self.sums = sums
        self.status = status
        self.requests: list[dict[str, Any]] = []

    def get_metric_data(self, **request: Any) -> dict[str, Any]:
        self.requests.append(request)
        boto_model_accepts("cloudwatch", "get_metric_data", request)
        results = []
        for query in request["MetricDataQueries"]:
            metric = query["MetricStat"]["Metric"]
            by_age = self.sums.get((metric["Dimensions"][0]["Value"], metric["MetricName"]), {})
            moments = {
                request["EndTime"] - timedelta(minutes=1 + age): value for age, value in by_age.items()
            }
            results.append(
                {
                    "Id": query["Id"],
                    "StatusCode": self.status,
                    "Timestamps": sorted(moments),
                    "Values": [moments[moment] for moment in sorted(moments)],
                }
            )
        return {"MetricDataResults": results}


class _Streams:
    """Kinesis with streams of a status and a number of shards; an update of `refused` ones is an error."""

    def __init__(self, shards: dict[str, int], status: str = "ACTIVE", refused: tuple[str, ...] = ()) -> None:
        self.shards = shards
        self.status = status
        self.refused = refused

    def describe_stream_summary(self, **request: Any) -> dict[str, Any]:
        boto_model_accepts("kinesis", "describe_stream_summary", request)
        summary = {"StreamStatus": self.status, "OpenShardCount": self.shards[request["StreamName"]]}
        return {"StreamDescriptionSummary": summary}

    def update_shard_count(self, **request: Any) -> dict[str, Any]:
        boto_model_accepts("kinesis", "update_shard_count", request)
        name = request["StreamName"]
        if name in self.refused:
            error = {"Error": {"Code": "LimitExceededException", "Message": "ten a day"}}
            raise ClientError(error, "UpdateShardCount")  # type: ignore[arg-type]
        self.shards[name] = request["TargetShardCount"]
        return {}


def boto_model_accepts(service: str, method: str, request: dict[str, Any]) -> None:
    """Fails where AWS's own model of the call refuses the request; sends nothing."""
    client: Any = boto3.client(
        service,  # type: ignore[call-overload]
        region_name="eu-central-1",
        aws_access_key_id="none",
        aws_secret_access_key="none",
    )
    with Stubber(client) as stubber:
        stubber.add_response(method, _ANSWERS.get(method, {}), request)
        getattr(client, method)(**request)


_ANSWERS: dict[str, Any] = {
    "describe_stream_summary": {
        "StreamDescriptionSummary": {
            "StreamName": "s",
            "StreamARN": "arn:aws:kinesis:eu-central-1:123456789012:stream/s",
            "StreamStatus": "ACTIVE",
            "RetentionPeriodHours": 24,
            "StreamCreationTimestamp": NOW,
            "EnhancedMonitoring": [],
            "OpenShardCount": 1,
        }
    }
}


def _settings(**limits: Any) -> Any:
    return scaler.Settings(limits, target=0.6, cool_down_minutes=60)


def test_bytes_and_records_both_count_and_the_fuller_decides() -> None:
    metrics = _Metrics(
        {
            ("purchase", "IncomingBytes"): {0: 60 * 2 * MIB, 59: 60 * 0.5 * MIB},
            ("purchase", "IncomingRecords"): {0: 60_000, 59: 60_000},
        }
    )
    loads = scaler.loads_by_stream(metrics, ["purchase"], NOW, 60)["purchase"]
    assert (loads[0], loads[1], loads[59]) == (1.0, 0.0, 2.0)


def test_only_whole_minutes_are_asked_for() -> None:
    metrics = _Metrics({})
    scaler.loads_by_stream(metrics, ["purchase"], NOW, 60)
    assert metrics.requests[0]["EndTime"] == datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
    assert metrics.requests[0]["StartTime"] == datetime(2026, 1, 15, 11, 0, tzinfo=UTC)


def test_more_streams_than_one_call_takes_are_asked_for_in_several() -> None:
    metrics = _Metrics({("s299", "IncomingRecords"): {0: 60_000}})
    loads = scaler.loads_by_stream(metrics, [f"s{number}" for number in range(300)], NOW, 10)
    assert [len(request["MetricDataQueries"]) for request in metrics.requests] == [500, 100]
    assert loads["s299"][-1] == 1.0


def test_a_full_stream_is_resized_and_the_others_are_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    metrics = _Metrics({("purchase", "IncomingRecords"): {1: 60 * 1700}})
    streams = _Streams({"purchase": 2, "click": 1})
    settings = _settings(purchase=ONE_TO_EIGHT, click=ONE_TO_EIGHT)
    assert scaler.fit(settings, metrics, streams, NOW) == {"purchase": 3}
    assert streams.shards == {"purchase": 3, "click": 1}
    line = json.loads(capsys.readouterr().out)
    assert (line["stream"], line["shards"], line["new_shards"]) == ("purchase", 2, 3)


def test_a_stream_that_is_being_resized_is_left_alone() -> None:
    streams = _Streams({"purchase": 4}, status="UPDATING")
    assert scaler.fit(_settings(purchase=ONE_TO_EIGHT), _Metrics({}), streams, NOW) == {}


def test_a_refused_stream_fails_the_call_after_the_others_were_fitted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    full = {0: 60 * 5000.0}
    metrics = _Metrics({("click", "IncomingRecords"): full, ("purchase", "IncomingRecords"): full})
    streams = _Streams({"click": 1, "purchase": 1}, refused=("click",))
    with pytest.raises(scaler.ScalingError):
        scaler.fit(_settings(click=ONE_TO_EIGHT, purchase=ONE_TO_EIGHT), metrics, streams, NOW)
    assert streams.shards == {"click": 1, "purchase": 2}
    assert "LimitExceededException" in capsys.readouterr().out


def test_without_data_of_cloudwatch_nothing_is_resized() -> None:
    streams = _Streams({"purchase": 8})
    with pytest.raises(scaler.ScalingError, match="InternalError"):
        scaler.fit(_settings(purchase=ONE_TO_EIGHT), _Metrics({}, "InternalError"), streams, NOW)
    assert streams.shards == {"purchase": 8}


def test_the_settings_are_those_that_terraform_writes() -> None:
    settings = scaler.Settings.read(
        {
            "STREAMS": '{"rta-dev-purchase": {"max": 8, "min": 1}}',
            "TARGET_UTILIZATION_PERCENT": "60",
            "SCALE_IN_AFTER_MINUTES": "60",
        }
    )
    assert settings == scaler.Settings({"rta-dev-purchase": scaler.Limits(1, 8)}, 0.6, 60)


def test_the_lambda_needs_nothing_but_what_its_runtime_brings() -> None:
    source = FILE.read_text()
    imported = {
        line.split()[1].split(".")[0]
        for line in source.splitlines()
        if line.lstrip().startswith(("import ", "from "))
    }
    assert imported - {"boto3", "botocore"} <= set(sys.stdlib_module_names)
