"""What the compiler emits is planned by Flink itself, and the types it infers are Flink's."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from flink_app.build_jar import build_jar
from pipeline.compile.contracts import load_contracts
from pipeline.compile.load import load
from pipeline.compile.parse import parse
from pipeline.compile.render import render
from pipeline.compile.resolve import resolve
from pipeline.compiler import Compilation, compile_project
from tests.integration.pipeline.flink_planner import ROOT, ask

GOLDEN = ROOT / "tests" / "golden"
BUILDS = sorted(case.name for case in (GOLDEN / "cases").iterdir() if (case / "expected").exists())

EXPRESSIONS = {
    "amount + amount": "DECIMAL(13, 2) NOT NULL",
    "amount * amount": "DECIMAL(25, 4) NOT NULL",
    "amount / 3": "DECIMAL(23, 13) NOT NULL",
    "amount - 1": "DECIMAL(13, 2) NOT NULL",
    "5 / 2": "INT NOT NULL",
    "1.50": "DECIMAL(3, 2) NOT NULL",
    "UPPER(currency)": "STRING NOT NULL",
    "coupon || currency": "STRING",
    "COALESCE(coupon, currency)": "STRING NOT NULL",
    "CHAR_LENGTH(coupon)": "INT",
    "ABS(amount)": "DECIMAL(12, 2) NOT NULL",
    "CAST(amount AS BIGINT)": "BIGINT NOT NULL",
    "CAST(amount AS DOUBLE)": "DOUBLE NOT NULL",
    "TRY_CAST(coupon AS INT)": "INT",
    "CASE WHEN amount > 10 THEN 1 ELSE 2 END": "INT NOT NULL",
    "CASE WHEN amount > 10 THEN amount END": "DECIMAL(12, 2)",
    "EXTRACT(HOUR FROM event_time)": "BIGINT NOT NULL",
    "DATE_FORMAT(event_time, 'yyyy')": "STRING",
    "amount > 10 AND coupon IS NULL": "BOOLEAN NOT NULL",
    "coupon = 'x'": "BOOLEAN",
}
AGGREGATES = {
    "COUNT(*)": "BIGINT NOT NULL",
    "COUNT(DISTINCT coupon)": "BIGINT NOT NULL",
    "SUM(amount)": "DECIMAL(38, 2) NOT NULL",
    "AVG(amount)": "DECIMAL(38, 6) NOT NULL",
    "MAX(amount)": "DECIMAL(12, 2) NOT NULL",
    "MIN(coupon)": "STRING",
    "SUM(CASE WHEN coupon IS NULL THEN 1 ELSE 0 END)": "INT NOT NULL",
    "COUNT(*) FILTER (WHERE amount > 10)": "BIGINT NOT NULL",
    "SUM(amount) FILTER (WHERE amount > 10)": "DECIMAL(38, 2)",
    "CAST(SUM(amount) AS DECIMAL(18, 2))": "DECIMAL(18, 2) NOT NULL",
}
PURCHASE = """
CREATE TEMPORARY TABLE purchase (
  event_time TIMESTAMP_LTZ(3) NOT NULL, amount DECIMAL(12, 2) NOT NULL, currency STRING NOT NULL,
  coupon STRING,
  WATERMARK FOR event_time AS event_time
) WITH ('connector' = 'datagen')
"""


@pytest.fixture(scope="module")
def jar() -> Path:
    return build_jar(ROOT / "build")


def _jobs(compilation: Compilation) -> list[dict[str, Any]]:
    assert compilation.diagnostics == ()
    files = compilation.files
    jobs = []
    for path in files:
        if path.endswith("job.json"):
            job, base = json.loads(files[path]), path.rpartition("/")[0]
            parts = {key: [files[f"{base}/{name}"] for name in job[key]] for key in ("ddl", "inserts")}
            jobs.append({"jobs": parts})
    return jobs


@pytest.fixture(scope="module")
def plans(jar: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """Flink's plans of this project's apps, and of every golden case's."""
    projects = {"this project": compile_project(ROOT)}
    for name in BUILDS:
        project = tmp_path_factory.mktemp("project")
        shutil.copytree(GOLDEN / "cases" / name / "sql", project / "sql")
        shutil.copytree(GOLDEN / "events", project / "sql" / "events")
        projects[name] = compile_project(project)
    questions = {name: _jobs(compilation) for name, compilation in projects.items()}
    answers = iter(ask([job for jobs in questions.values() for job in jobs], jar))
    return {name: [next(answers) for _ in jobs] for name, jobs in questions.items()}


@pytest.mark.parametrize("name", ["this project", *BUILDS])
def test_flink_plans_every_statement(plans: dict[str, list[dict[str, Any]]], name: str) -> None:
    assert plans[name]
    assert [answer["error"] for answer in plans[name] if "error" in answer] == []


def test_live_models_are_flushed_by_the_clock(plans: dict[str, list[dict[str, Any]]]) -> None:
    (answer,) = plans["this project"]
    assert "mode=[ProcTime]" in answer["plan"]
    assert "mode=[RowTime]" not in answer["plan"]


def test_each_stream_is_read_and_deduplicated_once(plans: dict[str, list[dict[str, Any]]]) -> None:
    (answer,) = plans["this project"]
    physical = answer["plan"].rpartition("== Optimized Execution Plan ==")[2]
    for event in ("click", "page_view", "purchase", "rejected_event", "search"):
        assert physical.count(f"{event}__stream") == 1, event
    assert physical.count("Deduplicate(") == 5


def test_live_windows_keep_no_join_state(plans: dict[str, list[dict[str, Any]]]) -> None:
    (answer,) = plans["hopping_union_is_streamed_live"]
    physical = answer["plan"].rpartition("== Optimized Execution Plan ==")[2]
    assert "Join(" not in physical
    assert "Correlate(" in physical


def test_strict_models_are_window_aggregations(plans: dict[str, list[dict[str, Any]]]) -> None:
    (answer,) = plans["key_with_an_identifier_is_strict_in_an_app_of_its_own"]
    assert "WindowAggregate(" in answer["plan"]


OPERATORS = {
    "cumulating_window_gives_its_end": "WindowAggregate(",
    "first_event_of_each_key_is_kept": "OverAggregate(",
    "first_three_of_a_window_are_ranked": "WindowRank(",
    "interval_join_gives_rows_of_both_sides": "IntervalJoin(",
    "model_that_reads_a_model_is_expanded": "GlobalWindowAggregate(",
    "order_looks_up_the_version_of_its_time": "TemporalJoin(",
    "pattern_gives_a_row_a_match": "Match(",
    "session_of_each_visitor_is_strict": "WindowAggregate(",
    "sums_of_the_last_hour_are_kept_for_each_row": "OverAggregate(",
    "windows_of_two_events_are_joined": "WindowJoin(",
}
"""Golden case -> the operator that its strict app must have."""
UPDATING = ("GroupAggregate(", " Rank(", "+- Join(", "ChangelogNormalize(", "DropUpdateBefore(")
"""Operators whose rows are taken back, or whose state never ends."""


@pytest.mark.parametrize("name", OPERATORS)
def test_strict_shapes_are_append_only(plans: dict[str, list[dict[str, Any]]], name: str) -> None:
    (answer,) = plans[name]
    physical = answer["plan"].rpartition("== Optimized Execution Plan ==")[2]
    assert OPERATORS[name] in physical
    assert [operator for operator in UPDATING if operator in physical] == []


@pytest.fixture(scope="module")
def flink_types(jar: Path) -> dict[str, str]:
    """Flink's type of each expression."""
    plain = ", ".join(f"{text} AS c{i}" for i, text in enumerate(EXPRESSIONS))
    grouped = ", ".join(f"{text} AS c{i}" for i, text in enumerate(AGGREGATES))
    window = "TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))"
    queries = [
        f"SELECT {plain} FROM purchase",
        f"SELECT {grouped} FROM {window} GROUP BY window_start, window_end",
    ]
    first, second = ask([{"types": {"ddl": [PURCHASE], "query": query}} for query in queries], jar)
    given = [*first["types"].values(), *second["types"].values()]
    return dict(zip([*EXPRESSIONS, *AGGREGATES], given, strict=True))


@pytest.mark.parametrize("expression", [*EXPRESSIONS, *AGGREGATES])
def test_expected_type_is_flinks(flink_types: dict[str, str], expression: str) -> None:
    assert flink_types[expression] == (EXPRESSIONS | AGGREGATES)[expression]


@pytest.mark.parametrize("expression", [*EXPRESSIONS, *AGGREGATES])
def test_inferred_type_is_flinks(tmp_path: Path, expression: str) -> None:
    shutil.copytree(GOLDEN / "events", tmp_path / "sql" / "events")
    folder = tmp_path / "sql" / "metrics" / "typed"
    folder.mkdir(parents=True)
    window = "TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))"
    keys = "" if expression in AGGREGATES else f", {expression}"
    (folder / "query.sql").write_text(
        f"-- Which type?\nSELECT\n    {expression} AS typed  -- value\n"
        f"FROM {window}\nGROUP BY window_start, window_end{keys}\n"
    )
    contracts, _ = load_contracts(tmp_path)
    sources, _ = load(tmp_path)
    rendered, _ = render(sources.models[0], sources)
    assert rendered is not None
    parsed, _ = parse(rendered)
    assert parsed is not None
    resolved, diagnostics = resolve(parsed, contracts, ["typed"])
    assert resolved is not None, diagnostics
    column = resolved.columns[0]
    inferred = f"{column.sql_type}{'' if column.nullable else ' NOT NULL'}"
    assert inferred == (EXPRESSIONS | AGGREGATES)[expression]
