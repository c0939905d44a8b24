"""The arithmetic of `pipeline cost`, worked out by hand: 3.6 million events an hour are 1,000 a second."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.commands import cost as command
from pipeline.cost.assumptions import assumptions_with, read_overrides
from pipeline.cost.deployment import Deployment, from_manifest, read_manifest
from pipeline.cost.errors import CostError
from pipeline.cost.estimate import Question, bills, gaps
from pipeline.cost.plan import read_plan
from pipeline.cost.prices import load_prices

PLAN = Path(__file__).parent / "fixtures" / "plan.json"
MONTH_SECONDS = 2_628_000
RATE = 3_600_000.0


def model(**changes: Any) -> dict[str, Any]:
    window = {"kind": "tumble", "size_ms": 60_000, "slide_ms": 60_000, "discriminator": {}}
    return {
        "app": "main",
        "form": "live",
        "key": ["minute_start", "currency"],
        "time_column": "minute_start",
        "windows": [window],
        "sources": ["purchase"],
        "keep_hours": 10,
    } | changes


@pytest.fixture
def manifest() -> dict[str, Any]:
    return {
        "manifest_version": 1,
        "build_id": "b",
        "events": {"page_view": {"standalone": False}, "purchase": {"standalone": False}},
        "models": {"revenue_per_minute": model()},
        "apps": {"main": {"sources": ["page_view", "purchase"]}},
    }


def question(manifest: dict[str, Any], deployment: Deployment | None = None, **overrides: float) -> Question:
    # Half of the events are purchases: 500 a second each.
    even = {"weight.page_view": 1.0, "weight.purchase": 1.0}
    named = {name.replace("__", "."): value for name, value in overrides.items()}
    chosen = deployment or from_manifest(manifest)
    return Question(chosen, manifest, assumptions_with(even | named), load_prices())


def dollars(asked: Question, service: str, item: str | None = None) -> float:
    lines = asked.bill("", RATE).lines
    return sum(line.usd or 0 for line in lines if line.service == service and item in (None, line.item))


def test_on_demand_streams_cost_hours_and_kilobytes_in_and_out(manifest: dict[str, Any]) -> None:
    gb = 1000 * MONTH_SECONDS * 1024 / 2**30  # 1,000 bytes are billed as 1 KB
    expected = 2 * 730 * 0.04 + gb * 0.08 + 2 * gb * 0.04  # Flink and Firehose read
    assert dollars(question(manifest), "Kinesis") == pytest.approx(expected)


def test_provisioned_streams_cost_shards_with_headroom_and_puts(manifest: dict[str, Any]) -> None:
    # 500/s of a shard's 1,000, times 1.5, is one shard each; at twice the headroom 1.5 shards are two.
    asked = question(manifest).with_streams("PROVISIONED")
    assert dollars(asked, "Kinesis", "shard hours") == pytest.approx(2 * 730 * 0.015)
    assert dollars(asked, "Kinesis", "puts") == pytest.approx(2628 * 0.014)
    assert dollars(asked.with_value("stream_headroom", 3), "Kinesis", "shard hours") == pytest.approx(43.80)


def test_flink_costs_working_units_one_more_and_their_storage(manifest: dict[str, Any]) -> None:
    assert dollars(question(manifest), "Managed Flink") == pytest.approx(2 * 730 * 0.11 + 50 * 0.10)
    # 1,000 events a second at 400 a unit need three.
    busy = question(manifest, events_per_second_per_kpu=400)
    assert dollars(busy, "Managed Flink") == pytest.approx(4 * 730 * 0.11 + 150 * 0.10)


def test_firehose_bills_each_record_as_5_kb(manifest: dict[str, Any]) -> None:
    gb = 1000 * MONTH_SECONDS * 5120 / 2**30
    assert dollars(question(manifest), "Firehose") == pytest.approx(gb * (0.029 + 0.018 + 0.02))


def test_live_model_writes_a_row_a_key_and_flush(manifest: dict[str, Any]) -> None:
    # 5 currencies, 1 mini-batch and a fifth of a checkpoint a second: 6 rows a second.
    assert dollars(question(manifest), "DynamoDB", "writes of revenue_per_minute") == pytest.approx(
        6 * 2.628 * 0.625
    )


def test_live_model_never_writes_more_rows_than_events_touch(manifest: dict[str, Any]) -> None:
    asked = question(manifest, cardinality__currency=10_000)
    assert dollars(asked, "DynamoDB", "writes of revenue_per_minute") == pytest.approx(500 * 2.628 * 0.625)


def test_hopping_windows_write_each_open_window(manifest: dict[str, Any]) -> None:
    hop = {"kind": "hop", "size_ms": 300_000, "slide_ms": 60_000, "discriminator": {"currency": "all"}}
    manifest["models"] = {"revenue_per_minute": model(windows=[hop])}
    # Five windows are open, the discriminator is one value: 5 x 1.2 flushes.
    assert dollars(question(manifest), "DynamoDB", "writes of revenue_per_minute") == pytest.approx(
        6 * 2.628 * 0.625
    )


def test_strict_model_writes_a_row_a_key_and_window(manifest: dict[str, Any]) -> None:
    manifest["models"] = {"revenue_per_minute": model(form="strict")}
    assert dollars(question(manifest), "DynamoDB", "writes of revenue_per_minute") == pytest.approx(
        5 / 60 * 2.628 * 0.625
    )


def test_collector_costs_a_call_for_each_batch_of_events(manifest: dict[str, Any]) -> None:
    # 200 requests a second are 525.6 million a month; 15 ms of half a GB.
    asked = question(manifest)
    assert dollars(asked, "Lambda", "collector calls") == pytest.approx(525.6 * 0.20)
    assert dollars(asked, "Lambda", "collector seconds") == pytest.approx(525.6e6 * 0.0075 * 0.0000133334)
    assert dollars(asked.with_value("api_requests_per_1000_events", 0), "API Gateway", "REST requests") == (
        pytest.approx(525.6 * 3.50)
    )
    assert dollars(asked.with_value("api_requests_per_1000_events", 0), "WAF") == pytest.approx(
        5 + 4 + 525.6 * 0.60
    )
    assert dollars(asked.with_value("api_requests_per_1000_events", 0), "CloudFront") == pytest.approx(525.6)


def test_pages_cost_a_message_a_frame_and_their_minutes(manifest: dict[str, Any]) -> None:
    # 25 pages, one model, one frame a second: 65.7 million messages; 25 x 43,800 minutes.
    asked = question(manifest)
    assert dollars(asked, "API Gateway", "WebSocket messages") == pytest.approx(65.7)
    assert dollars(asked, "API Gateway", "WebSocket minutes") == pytest.approx(1.095 * 0.25)


def test_valkey_costs_memory_and_units_and_never_less_than_its_floor(manifest: dict[str, Any]) -> None:
    asked = question(manifest, valkey_gb=0.01)
    assert dollars(asked, "Valkey", "memory") == pytest.approx(0.1 * 730 * 0.084)
    none_read = asked.with_value("api_requests_per_1000_events", 0)
    assert dollars(none_read, "Valkey", "processing") == pytest.approx(6 * 3 * 2.628 * 0.0023)


def test_alarms_dashboards_and_logs_are_priced(manifest: dict[str, Any]) -> None:
    asked = question(manifest)
    assert dollars(asked, "CloudWatch", "alarms") == pytest.approx(6.0)
    assert dollars(asked, "CloudWatch", "dashboards") == pytest.approx(12.0)
    assert dollars(asked, "CloudWatch", "logs of Flink") == pytest.approx(1.0)


def test_network_costs_gateways_and_their_bytes(manifest: dict[str, Any]) -> None:
    # 65.7 million pushes of 3 KB are 197.1 GB.
    assert dollars(question(manifest), "Network") == pytest.approx(32.85 + 197.1 * 0.045)


def test_unknown_prices_are_said_and_not_taken_for_zero(manifest: dict[str, Any]) -> None:
    bill = question(manifest).bill("", RATE)
    assert ("Lake", "kept") in {(line.service, line.item) for line in bill.unknown}
    assert all(line.usd is None for line in bill.unknown)


def test_more_events_never_cost_less(manifest: dict[str, Any]) -> None:
    sums = [question(manifest).bill("", rate).usd for rate in (1, 1e3, 1.5e6, 2e6, 1.5e7, 1.5e8)]
    assert sums == sorted(sums)
    assert [bill.label for bill in bills(question(manifest), 1.5e6, (10, 100))][2:] == ["10x", "100x"]


def test_plan_tells_sizes_modes_counts_and_budget(manifest: dict[str, Any]) -> None:
    plan = read_plan(PLAN)
    assert {(s.event, s.mode, s.shards) for s in plan.streams} == {
        ("page_view", "PROVISIONED", 2),
        ("purchase", "PROVISIONED", 2),
    }
    assert (plan.applications[0].parallelism, plan.applications[0].mini_batch_ms) == (4, 2000)
    assert plan.functions["rta-dev-publisher"].memory_mb == 1024
    # Its subnets are not known yet: three zones.
    assert (plan.count("alarms"), plan.count("alarms_high_resolution"), plan.count("endpoint_zones")) == (
        3,
        1,
        3,
    )
    assert (plan.count("waf_rules"), plan.budget_usd) == (2, 900)
    # 4 tasks, 2 a unit: 2 units and one; a mini-batch of 2 s: 5 x (0.5 + 0.2) rows a second.
    asked = question(manifest, plan)
    assert dollars(asked, "Managed Flink") == pytest.approx(3 * 730 * 0.11 + 100 * 0.10)
    assert dollars(asked, "DynamoDB", "writes of revenue_per_minute") == pytest.approx(3.5 * 2.628 * 0.625)
    assert gaps(asked) == ()


def test_resource_types_that_nobody_priced_are_listed(manifest: dict[str, Any]) -> None:
    assert read_plan(PLAN).not_priced == {"aws_cognito_user_pool": 1, "aws_sns_topic": 1}


def test_traffic_that_nothing_planned_takes_is_said(manifest: dict[str, Any]) -> None:
    bare = replace(from_manifest(manifest), counts={}, tables=())
    said = " ".join(gaps(question(manifest, bare)))
    assert "no REST or HTTP API is planned" in said
    assert "tables of the manifest that are not planned, not priced: revenue_per_minute" in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        ("PK\x03\x04", "is not JSON"),
        ("[]", "is no Terraform plan"),
        ('{"planned_values": {}}', "is no Terraform plan"),
    ],
)
def test_file_that_is_no_plan_is_said_with_the_command_to_make_one(
    tmp_path: Path, content: str | None, said: str
) -> None:
    file = tmp_path / "plan.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(CostError, match=f"{said}.*terraform show -json|{said}.*terraform plan"):
        read_plan(file)


def test_missing_manifest_and_one_of_another_version_name_pipeline_build(tmp_path: Path) -> None:
    file = tmp_path / "manifest.json"
    with pytest.raises(CostError, match=r"cannot be read.*pipeline build"):
        read_manifest(file)
    file.write_text('{"manifest_version": 9, "events": {}, "models": {}, "apps": {}}', encoding="utf-8")
    with pytest.raises(CostError, match=r"manifest_version is 9, expected 1.*pipeline build"):
        read_manifest(file)


def test_assumptions_are_overridden_by_file_then_by_flag(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text("page_users = 7\n[cardinality]\nsize = 3\n", encoding="utf-8")
    found = assumptions_with(read_overrides(file, ["page_users=9"]))
    assert (found["page_users"].value, found["cardinality.size"].value) == (9, 3)


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ("page_user=1", 'no assumption "page_user".*page_users'),
        ("page_users=many", "expected name=number"),
        ("page_users=-1", "expected a number of 0 or more"),
        ("page_users=nan", "expected a number of 0 or more"),
        ("mini_batch_ms=0", "expected more than 0"),
    ],
)
def test_wrong_assumption_is_said_with_what_was_expected(pair: str, said: str) -> None:
    with pytest.raises(CostError, match=said):
        assumptions_with(read_overrides(None, [pair]))


@pytest.fixture
def project(tmp_path: Path, manifest: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "sql" / "events").mkdir(parents=True)
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(**changes: Any) -> int:
    flags: dict[str, Any] = {
        "plan": None,
        "events_per_hour": 1.5e6,
        "scales": (10.0,),
        "budget_usd": None,
        "assumptions_file": None,
        "settings": [],
        "as_json": False,
    }
    return command.run(**flags | changes)


@pytest.mark.usefixtures("project")
def test_over_budget_at_peak_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(budget_usd=1_000_000.0) == 0
    assert "Within the budget as far as it is priced" in capsys.readouterr().out
    assert run(budget_usd=1.0) == 1
    assert "Over the budget" in capsys.readouterr().out


@pytest.mark.usefixtures("project")
def test_budget_of_the_plan_holds_without_a_flag(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(plan=str(PLAN)) == 1
    out = capsys.readouterr().out
    assert "budget_usd of the plan is $900.00" in out
    assert "In the plan, not priced:\n  aws_cognito_user_pool: 1" in out


@pytest.mark.usefixtures("project")
def test_output_says_what_was_priced_what_is_unknown_and_the_targets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run()
    out = capsys.readouterr().out
    assert "Priced: build/manifest.json, no plan" in out
    assert "* Unknown prices" in out
    assert "Lake: kept" in out
    assert "Target, $ a million events at 1.5M/h" in out
    assert "all streams provisioned (stream_mode = PROVISIONED)" in out


@pytest.mark.usefixtures("project")
def test_json_has_bills_assumptions_and_prices_with_sources(capsys: pytest.CaptureFixture[str]) -> None:
    run(as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert [bill["label"] for bill in document["bills"]] == ["sustained", "peak", "10x"]
    assert {"name", "value", "unit", "reason"} <= document["assumptions"][0].keys()
    assert all(price["source"] and price["date"] for price in document["prices"])


def test_missing_manifest_ends_with_1_and_no_traceback(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "build" / "manifest.json").unlink()
    assert run() == 1
    assert "Next: pipeline build" in capsys.readouterr().err
