"""The command line: exit codes, output, and what is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.commands.build import write_build
from tests.unit.pipeline.conftest import MakeProject

GOOD = """-- How many?
SELECT
    window_start AS minute_start,  -- start
    COUNT(*) AS purchases          -- orders
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
"""
BAD = GOOD.replace("window_start, window_end", "window_start")
runner = CliRunner()


@pytest.fixture
def good(project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = project({"metrics/probe/query.sql": GOOD})
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def bad(project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = project({"metrics/probe/query.sql": BAD, "metrics/other/query.sql": GOOD})
    monkeypatch.chdir(root)
    return root


def test_check_of_a_good_project_says_so_and_writes_nothing(good: Path) -> None:
    result = runner.invoke(app, ["check"])
    assert result.exit_code == 0
    assert result.stdout.startswith("1 model (")
    assert not (good / "build").exists()


def test_progress_goes_to_stderr_a_line_a_stage(good: Path) -> None:
    result = runner.invoke(app, ["build"])
    assert [line.split()[0] for line in result.stderr.splitlines()] == [
        "load",
        "render",
        "parse",
        "resolve",
        "classify",
        "check",
        "emit",
    ]


def test_check_of_a_bad_project_exits_1_with_a_summary(bad: Path) -> None:
    result = runner.invoke(app, ["check"])
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == "sql/metrics/probe/query.sql:6:10: window_end is missing from GROUP BY"
    assert lines[-1].startswith("1 error in 2 models (")
    assert lines[-1].endswith("). Nothing was written.")


def test_check_prints_json(bad: Path) -> None:
    result = runner.invoke(app, ["check", "--json"])
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert document["ok"] is False
    assert document["models"] == 2
    (error,) = document["errors"]
    assert (error["file"], error["line"], error["column"], error["code"]) == (
        "sql/metrics/probe/query.sql",
        6,
        10,
        "window-end-missing",
    )


def test_build_writes_nothing_where_there_is_an_error(bad: Path) -> None:
    result = runner.invoke(app, ["build"])
    assert result.exit_code == 1
    assert not (bad / "build").exists()


def test_build_writes_once_and_removes_what_is_stale(good: Path) -> None:
    first = json.loads(runner.invoke(app, ["build", "--json"]).stdout)
    assert first["written"] == len(first["files"])
    stale = good / "build" / "flink" / "old_app" / "inserts" / "gone.sql"
    stale.parent.mkdir(parents=True)
    stale.write_text("")
    theirs = good / "build" / "local" / "stack.json"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("{}")
    second = json.loads(runner.invoke(app, ["build", "--json"]).stdout)
    assert (second["written"], second["removed"]) == (0, 1)
    assert second["build_id"] == first["build_id"]
    assert not (good / "build" / "flink" / "old_app").exists()
    assert theirs.exists()


def test_manifest_is_replaced_last(tmp_path: Path) -> None:
    files = {"flink/main/job.json": "{}", "manifest.json": "{}"}
    write_build(files, tmp_path)
    assert (tmp_path / "manifest.json").stat().st_mtime_ns >= (
        tmp_path / "flink/main/job.json"
    ).stat().st_mtime_ns
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == ["job.json", "manifest.json"]


def test_project_is_found_from_a_folder_inside(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(good / "sql" / "metrics" / "probe")
    assert runner.invoke(app, ["check"]).exit_code == 0


def test_show_lists_the_models(good: Path) -> None:
    result = runner.invoke(app, ["show"])
    assert result.exit_code == 0
    assert "probe  metric  live    How many?" in result.stdout


def test_show_puts_form_and_reason_beside_the_sql(good: Path) -> None:
    result = runner.invoke(app, ["show", "probe"])
    assert result.exit_code == 0
    assert "form      live: its windows can be updated by key" in result.stdout
    assert GOOD.splitlines()[0] in result.stdout
    assert "INSERT INTO `probe__sink`" in result.stdout


@pytest.mark.parametrize(
    ("option", "begin"),
    [
        ("--flink", "-- How many?\nINSERT INTO"),
        ("--duckdb", "WITH "),
        ("--manifest", "{"),
        ("--columns", "minute_start"),
    ],
)
def test_show_prints_one_artefact(good: Path, option: str, begin: str) -> None:
    result = runner.invoke(app, ["show", "probe", option])
    assert result.exit_code == 0
    assert result.stdout.startswith(begin)


def test_show_prints_json(good: Path) -> None:
    document = json.loads(runner.invoke(app, ["show", "probe", "--json"]).stdout)
    assert document["model"] == "probe"
    assert document["manifest"]["form"] == "live"
    assert document["flink"].startswith("-- How many?")


@pytest.mark.parametrize(
    "arguments",
    [["frob"], ["show", "--flink"], ["show", "prob"], ["check", "--frob"], ["test", "--engine", "x"]],
)
def test_wrong_usage_exits_2_without_traceback(good: Path, arguments: list[str]) -> None:
    result = runner.invoke(app, arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_unknown_model_names_the_nearest(good: Path) -> None:
    assert 'did you mean "probe"?' in runner.invoke(app, ["show", "prob"]).stderr


def test_build_that_cannot_be_written_is_told_without_traceback(good: Path) -> None:
    (good / "build").mkdir()
    (good / "build" / "flink").touch()
    result = CliRunner().invoke(app, ["build"])
    assert result.exit_code == 1
    assert "build/ cannot be written" in result.stderr
    assert "build/flink" in result.stderr
    assert "Traceback" not in result.output
