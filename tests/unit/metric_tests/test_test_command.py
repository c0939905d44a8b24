"""`pipeline test` as its user sees it: what it prints and its exit code."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from pipeline.commands.test import run

ROOT = Path(__file__).parents[3]
CLICKS = """\
-- How many clicks are there each minute?
SELECT
    window_start AS minute_start,  -- start of the minute
    element AS clicked,            -- what was clicked
    COUNT(*) AS clicks             -- clicks
FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, element
"""
CASE = """\
given:
  click: |
    event_time | element
    12:00:05   | buy
    12:00:06   | buy
expect: |
    minute_start | clicked | clicks
    12:00        | buy     | 2
"""


@pytest.fixture
def clicks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one metric; its folder of tests."""
    shutil.copytree(ROOT / "sql" / "events", tmp_path / "sql" / "events")
    tests = tmp_path / "sql" / "metrics" / "clicks_per_minute" / "tests"
    tests.mkdir(parents=True)
    (tests.parent / "query.sql").write_text(CLICKS)
    monkeypatch.chdir(tmp_path)
    return tests


def printed(capsys: pytest.CaptureFixture[str]) -> str:
    """What went to stdout, with the seconds of this machine made 0.0."""
    return re.sub(r"\d+\.\d s\)", "0.0 s)", capsys.readouterr().out)


def test_a_passing_case_is_a_line_and_the_exit_code_0(
    clicks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (clicks / "two_clicks_count_twice.yaml").write_text(CASE)
    assert run([], json=False, engine="duckdb") == 0
    assert printed(capsys) == (
        "ok    clicks_per_minute: two clicks count twice\n"
        "1 case of 1 model on DuckDB: 1 passed (0.0 s). Next: pipeline build.\n"
    )


def test_a_failing_case_shows_the_difference_and_the_exit_code_1(
    clicks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = CASE.replace("| 2\n", "| 3\n    12:01        | buy     | 1\n") + "late: 1\n"
    (clicks / "clicks_count.yaml").write_text(wrong)
    assert run(["clicks_per_minute"], json=False, engine="duckdb") == 1
    file = "sql/metrics/clicks_per_minute/tests/clicks_count.yaml"
    assert printed(capsys) == (
        "FAIL  clicks_per_minute: clicks count\n"
        f"  {file}:6:1: the result is not as expected\n"
        "        minute_start | clicked | clicks\n"
        "      ~ 12:00        | buy     | 3 -> 2\n"
        "      - 12:01        | buy     | 1\n"
        "      1 ~ changed (expected -> actual), 1 - missing\n"
        f"  {file}:10:1: late: 1 was expected, 0 events came too late\n"
        "1 case of 1 model on DuckDB: 0 passed, 1 failed (0.0 s).\n"
    )


def test_a_mistake_in_a_case_file_is_shown_with_a_caret_and_the_others_still_run(
    clicks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (clicks / "good.yaml").write_text(CASE)
    (clicks / "bad.yaml").write_text(CASE.replace("| clicks", "| klicks"))
    assert run([], json=False, engine="duckdb") == 1
    assert printed(capsys) == (
        "sql/metrics/clicks_per_minute/tests/bad.yaml:7:30: unknown column "
        '"klicks" in the result of "clicks_per_minute"\n'
        "    minute_start | clicked | klicks\n"
        "                             ^^^^^^ "
        'did you mean "clicks"? Columns: clicked, clicks, minute_start\n'
        "\n"
        "ok    clicks_per_minute: good\n"
        "1 case of 1 model on DuckDB: 1 passed, 1 mistake in 1 file (0.0 s).\n"
    )


def test_a_model_without_cases_says_how_to_begin(clicks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([], json=False, engine="duckdb") == 0
    assert printed(capsys).startswith(
        "-     clicks_per_minute: no tests yet; write "
        "sql/metrics/clicks_per_minute/tests/<what_should_happen>.yaml\n"
    )


def test_an_unknown_model_is_a_usage_error_with_the_nearest_name(
    clicks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["click_per_minute"], json=False, engine="duckdb") == 2
    assert capsys.readouterr().err == (
        'there is no model "click_per_minute": did you mean "clicks_per_minute"? Models: clicks_per_minute\n'
    )


def test_a_mistake_in_the_sql_is_reported_before_any_case_runs(
    clicks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (clicks / "good.yaml").write_text(CASE)
    (clicks.parent / "query.sql").write_text(CLICKS.replace("element AS", "elment AS"))
    assert run([], json=False, engine="duckdb") == 1
    out = capsys.readouterr().out
    assert 'query.sql:4:5: unknown column "elment"' in out
    assert "ok  " not in out


def test_json_holds_every_verdict(clicks: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (clicks / "good.yaml").write_text(CASE)
    (clicks / "wrong.yaml").write_text(CASE.replace("| 2", "| 3"))
    assert run([], json=True, engine="duckdb") == 1
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is False
    assert [(case["case"], case["engine"], case["passed"]) for case in document["cases"]] == [
        ("good", "duckdb", True),
        ("wrong", "duckdb", False),
    ]
    assert document["cases"][1]["failure"][2] == "    ~ 12:00        | buy     | 3 -> 2"


def test_a_model_that_duckdb_cannot_compute_says_why_and_is_left_to_flink(
    clicks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = "CONVERT_TZ(element, 'UTC', 'UTC')"
    loud = CLICKS.replace("element AS clicked,  ", f"{there} AS clicked,")
    (clicks.parent / "query.sql").write_text(loud.replace("window_end, element", f"window_end, {there}"))
    assert run([], json=False, engine="duckdb") == 0
    refused = "DuckDB does not compute the function CONVERT_TZ as Flink does"
    assert (
        f"sql/metrics/clicks_per_minute/query.sql:4:5: {refused}\n"
        f"    {there} AS clicked,          -- what was clicked\n"
        f"    {'^' * len(there)}\n"
        f"sql/metrics/clicks_per_minute/query.sql:7:36: {refused}\n"
        f"    GROUP BY window_start, window_end, {there}\n"
        f"                                       {'^' * len(there)}\n"
        "  So clicks_per_minute is tested on Flink.\n"
    ) in capsys.readouterr().out
