"""The analyst's verbs: new, accept, plan, show --lineage, docs."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.published import contract_of, reader_changes
from tests.unit.pipeline.conftest import MakeProject

GOOD = """-- How much?
SELECT
    window_start AS minute_start,                    -- start
    currency,                                        -- ISO 4217
    CAST(SUM(amount) AS DECIMAL(18, 2)) AS revenue,  -- money
    COUNT(*) AS purchases                            -- orders
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, currency
"""
OTHER = GOOD.replace("revenue", "turnover")
runner = CliRunner()


def run(*arguments: str) -> Result:
    return runner.invoke(app, list(arguments))


@pytest.fixture
def root(project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = project({"metrics/probe/query.sql": GOOD, "metrics/other/query.sql": OTHER})
    monkeypatch.chdir(folder)
    return folder


def edit(root: Path, old: str, new: str, model: str = "probe") -> None:
    file = root / "sql/metrics" / model / "query.sql"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def plan_of(model: str, *arguments: str) -> dict[str, Any]:
    apps = json.loads(run("plan", "--json", *arguments).stdout)["apps"]
    found: dict[str, Any] = next(item for one in apps for item in one["models"] if item["name"] == model)
    return found


@pytest.mark.parametrize(
    "name",
    ["purchases_per_second", "purchases_per_minute", "purchases_per_hour", "purchases_per_day", "anything"],
)
def test_a_new_metric_compiles_and_its_case_passes(root: Path, name: str) -> None:
    result = run("new", "metric", name)
    assert result.exit_code == 0, result.output
    assert (
        result.stdout
        == f"Wrote {name}. Next: edit sql/metrics/{name}/query.sql, then pipeline test {name}.\n"
    )
    tested = run("test", name)
    assert tested.exit_code == 0, tested.output
    assert "1 case of 1 model on DuckDB: 1 passed" in tested.output


def test_a_new_metric_counts_the_event_that_its_name_speaks_of(root: Path) -> None:
    run("new", "metric", "large_purchases_per_hour")
    query = (root / "sql/metrics/large_purchases_per_hour/query.sql").read_text()
    assert "TABLE purchase," in query
    assert "INTERVAL '1' HOUR" in query


def test_a_new_metric_overwrites_nothing(root: Path) -> None:
    result = run("new", "metric", "probe")
    assert result.exit_code == 1
    assert "sql/metrics/probe is there already" in result.output
    assert (root / "sql/metrics/probe/query.sql").read_text() == GOOD


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("metrik", "a"), 'did you mean "metric"?'),
        (("metric", "Revenue"), "use snake_case"),
        (("metric", "../a"), "use snake_case"),
        (("metric", "a", "--from", "purchas"), 'did you mean "purchase"?'),
    ],
)
def test_what_cannot_be_written_is_a_usage_error(root: Path, arguments: tuple[str, ...], said: str) -> None:
    result = run("new", *arguments)
    assert result.exit_code == 2
    assert said in result.output


def test_accept_writes_what_readers_rely_on(root: Path) -> None:
    assert run("accept", "probe").exit_code == 0
    contract = json.loads((root / "sql/metrics/probe/contract.json").read_text())
    assert [column["name"] for column in contract["columns"]] == [
        "minute_start",
        "currency",
        "revenue",
        "purchases",
    ]
    assert contract["key"] == ["minute_start", "currency"]
    assert not (root / "sql/metrics/other/contract.json").exists()


def test_accept_with_check_writes_nothing_and_fails_until_all_is_accepted(root: Path) -> None:
    assert run("accept", "--check").exit_code == 1
    assert not (root / "sql/metrics/probe/contract.json").exists()
    run("accept")
    assert run("accept", "--check").exit_code == 0
    edit(root, "purchases", "orders")
    result = run("accept", "--check")
    assert result.exit_code == 1
    assert "purchases is no longer there  breaks readers" in result.output


def test_a_damaged_contract_is_named_and_can_be_written_anew(root: Path) -> None:
    run("accept")
    (root / "sql/metrics/probe/contract.json").write_text("{")
    result = run("plan")
    assert result.exit_code == 1
    assert "contract.json: not a contract" in result.output
    assert run("accept").exit_code == 0
    assert run("plan").exit_code == 0


@pytest.mark.parametrize(
    ("change", "breaking"),
    [
        ({"sql_type": "DECIMAL(20, 2)"}, False),
        ({"sql_type": "DOUBLE"}, True),
        ({"nullable": True}, True),
        ({"name": "turnover"}, True),
    ],
)
def test_only_what_a_reader_would_notice_breaks_it(change: dict[str, Any], breaking: bool) -> None:
    column = {"name": "revenue", "sql_type": "DECIMAL(18, 2)", "nullable": False, "role": "measure"}
    entry = {"columns": [column], "key": [], "time_column": ""}
    changed = {**entry, "columns": [column | change]}
    found = reader_changes(contract_of(entry), contract_of(changed))
    assert any(item.breaking for item in found) is breaking
    assert found


def test_without_a_build_all_is_new(root: Path) -> None:
    result = run("plan")
    assert result.exit_code == 0
    assert result.output.startswith("compared with nothing: build/ holds no manifest")
    assert plan_of("probe")["verdicts"] == ["new", "backfill"]


def test_an_unchanged_project_changes_nothing(root: Path) -> None:
    run("build")
    result = run("plan")
    assert "main: unchanged" in result.output
    assert "0 models changed." in result.output


def test_a_changed_expression_replays_the_app_and_the_other_models_are_written_again(root: Path) -> None:
    run("build")
    edit(root, "SUM(amount)", "SUM(amount * 2)")
    probe = plan_of("probe")
    assert probe["verdicts"] == ["replay", "backfill"]
    assert [(line["sign"], line["column"], line["text"]) for line in probe["columns"]] == [
        ("~", "revenue", "CAST(SUM(amount) AS DECIMAL(18, 2)) → CAST(SUM(amount * 2) AS DECIMAL(18, 2))")
    ]
    assert plan_of("other")["verdicts"] == ["replayed"]


def test_the_estimate_is_the_reach_times_the_traffic(root: Path) -> None:
    run("build")
    edit(root, "SUM(amount)", "SUM(amount * 2)")
    (found,) = json.loads(run("plan", "--json", "--rate", "1000", "--replay-rate", "10000").stdout)["apps"]
    # Two hours late and a window of a minute, at 1,000 events a second: 7,260,000 events.
    assert (found["verdict"], found["reach_ms"], found["seconds"]) == ("replay", 7_260_000, 726)


def test_a_changed_comment_is_documentation_and_keeps_the_state(root: Path) -> None:
    run("build")
    edit(root, "-- money", "-- money taken")
    assert plan_of("probe")["verdicts"] == ["documentation"]
    assert "main: unchanged" in run("plan").output


def test_a_changed_promise_outside_the_statements_restarts_with_state(root: Path) -> None:
    run("build")
    file = root / "build/flink/main/job.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"late_ms": 3_600_000}))
    assert "main: restart with state" in run("plan").output


def test_a_removed_column_breaks_readers_until_it_is_accepted(root: Path) -> None:
    run("build")
    edit(root, "purchases", "orders")
    refused = run("plan")
    assert refused.exit_code == 1
    assert "- purchases is no longer there  breaks readers" in refused.output
    assert "If that is meant: pipeline accept probe" in refused.output
    run("accept", "probe")
    assert run("plan").exit_code == 0
    assert plan_of("probe")["accepted"] is True


def test_a_removed_model_breaks_readers(root: Path) -> None:
    run("build")
    (root / "sql/metrics/other/query.sql").unlink()
    (root / "sql/metrics/other").rmdir()
    result = run("plan")
    assert result.exit_code == 1
    assert plan_of("other")["verdicts"] == ["removed", "breaks readers"]


def test_a_changed_contract_replays_the_models_that_read_it(root: Path) -> None:
    run("build")
    file = root / "sql/events/purchase.yaml"
    file.write_text(file.read_text() + "watermark_delay_seconds: 7\n")
    assert plan_of("probe")["reason"] == "a contract that it reads changes (purchase)"


def test_a_model_that_moves_to_another_app_is_told_in_both(root: Path) -> None:
    run("build")
    (root / "sql/metrics/probe/metric.yaml").write_text("live: false\n")
    apps = json.loads(run("plan", "--json").stdout)["apps"]
    told = {one["name"]: {item["name"]: item["verdicts"][0] for item in one["models"]} for one in apps}
    assert told == {"main": {"other": "replayed", "probe": "removed"}, "main_strict": {"probe": "replay"}}


def test_it_can_be_compared_with_a_git_revision(root: Path) -> None:
    git = ("git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-C", str(root))
    subprocess.run((*git, "init", "-q"), check=True)
    subprocess.run((*git, "add", "sql"), check=True)
    subprocess.run((*git, "commit", "-qm", "first"), check=True)
    edit(root, "SUM(amount)", "SUM(amount * 2)")
    assert plan_of("probe", "--against", "HEAD")["verdicts"] == ["replay", "backfill"]


@pytest.mark.parametrize("name", ["no-such-revision", "sql", "--output=x"])
def test_what_is_no_build_and_no_revision_is_a_usage_error(root: Path, name: str) -> None:
    result = run("plan", f"--against={name}")
    assert result.exit_code == 2
    assert result.output.strip()
    assert "Traceback" not in result.output


def test_lineage_names_the_fields_behind_each_column(root: Path) -> None:
    result = run("show", "probe", "--lineage")
    assert result.output.splitlines() == [
        "minute_start  <- purchase.event_time",
        "currency      <- purchase.currency",
        "revenue       <- purchase.amount",
        "purchases     <- purchase.event_time",
        "(rows)        <- purchase.currency, purchase.event_time",
    ]


def test_the_lineage_page_draws_a_line_for_each_dependency(root: Path) -> None:
    assert run("show", "--lineage", "--html", "page.html").exit_code == 0
    page = (root / "page.html").read_text()
    assert 'data-from="e.purchase.amount" data-to="m.probe.revenue"' in page
    assert page.count("<path") == 8


def test_docs_writes_the_reference_and_leads_to_each_page(root: Path) -> None:
    result = run("docs", "--out", "pages")
    assert result.exit_code == 0, result.output
    index = (root / "pages/index.md").read_text()
    for page in ("events/index.md", "metrics/index.md", "lineage.html", "rules.md"):
        assert page in index
        assert (root / "pages" / page).is_file()
