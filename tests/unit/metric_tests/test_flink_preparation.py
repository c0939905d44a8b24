"""What is handed to Flink for a case. Flink itself runs in tests/integration/metrics."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.compiler import Compilation, compile_project
from pipeline.testing.engines.flink import REPLAY_FROM, Streams, _job, _tables
from pipeline.testing.engines.flink_worker import _reason
from pipeline.testing.on_flink import Suite
from pipeline.testing.suites import load_suites

ROOT = Path(__file__).parents[3]
LATE = "purchase_three_hours_late_changes_nothing"


@pytest.fixture(scope="module")
def compilation() -> Compilation:
    return compile_project(ROOT)


@pytest.fixture(scope="module")
def suite(compilation: Compilation) -> Suite:
    (suite,), mistakes = load_suites(ROOT, compilation, ["revenue_per_minute"])
    assert mistakes == []
    return Suite(suite.model, tuple(case for case in suite.cases if case.name == LATE))


def streams(suite: Suite) -> Streams:
    return Streams(suite.model, tuple(case.given for case in suite.cases))


def test_the_emitted_statements_are_kept_but_for_the_stream(
    suite: Suite, compilation: Compilation, tmp_path: Path
) -> None:
    job = _job(streams(suite), compilation, tmp_path)
    datasets = job["datasets"]
    assert isinstance(datasets, list)
    table, view, result = datasets[0]["statements"]
    emitted = compilation.files["flink/main/ddl/04_purchase__stream.sql"]
    assert table.splitlines()[:20] == emitted.splitlines()[:20]
    assert "METADATA" in emitted
    assert "METADATA" not in table
    assert "'connector' = 'filesystem'" in table
    assert view in compilation.files.values()
    insert = compilation.files["flink/main/inserts/revenue_per_minute.sql"]
    assert result.startswith("SELECT\n")
    assert insert.replace("${replay_from}", REPLAY_FROM).endswith(result)
    assert "${" not in table + view + result


def test_records_are_those_of_the_stream_with_what_its_metadata_says(
    suite: Suite, compilation: Compilation, tmp_path: Path
) -> None:
    _job(streams(suite), compilation, tmp_path)
    (file,) = tmp_path.rglob("purchase.json")
    records = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(r["timestamp"], r["_arrival"], r["_watermark"]) for r in records] == [
        ("2026-01-15T12:00:10.000Z", "2026-01-15T12:00:10.000Z", None),
        ("2026-01-15T15:00:30.000Z", "2026-01-15T15:00:30.000Z", "2026-01-15T12:00:05.000Z"),
        ("2026-01-15T12:00:50.000Z", "2026-01-15T15:00:30.000Z", "2026-01-15T15:00:25.000Z"),
    ]
    assert records[0]["custom_properties"]["amount"] == 20.0
    assert "amount" not in records[0]


def item(revenue: str, key: str = "a") -> list[str | None]:
    return ["p", key, "2026-01-15T12:00:00.000Z", None, revenue, "1"]


def test_the_last_change_of_a_key_stands(suite: Suite) -> None:
    changes = [
        ("+I", item("1.00")),
        ("+I", item("5.00", "b")),
        ("-U", item("1.00")),
        ("+U", item("2.00")),
        ("-D", item("5.00", "b")),
    ]
    tables = _tables(streams(suite), {"changes": {"revenue_per_minute_0": changes}})
    ((row,),) = tables.rows
    assert [str(value) for value in row.values()] == ["2026-01-15 12:00:00", "None", "2.00", "1"]
    assert tables.overwritten == (0,)


def test_a_row_inserted_over_an_other_one_is_counted(suite: Suite) -> None:
    changes = [("+I", item("1.00")), ("+I", item("2.00"))]
    tables = _tables(streams(suite), {"changes": {"revenue_per_minute_0": changes}})
    assert tables.overwritten == (1,)


def test_the_innermost_cause_of_a_java_exception_is_what_is_told() -> None:
    message = (
        "org.apache.flink.table.api.ValidationException: SQL validation failed.\n"
        "\tat org.apache.flink.Planner.validate(Planner.java:1)\n"
        "Caused by: org.apache.calcite.CalciteContextException: Column 'x' not found\nin any table\n"
        "\tat org.apache.calcite.Sql.go(Sql.java:2)\n"
    )
    assert _reason(message) == "Column 'x' not found\nin any table"
