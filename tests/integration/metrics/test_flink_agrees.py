"""Real Flink, as a stream, gives the rows that the cases expect and that DuckDB computes; one JVM for all.

Beside the project's own models there are probes: models of shapes that no metric uses yet. All run over
arrivals made at random from a fixed seed too, out of order, late, repeated: Flink must say what DuckDB does.
"""

from __future__ import annotations

import datetime as dt
import random
import shutil
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.compiler import Compilation, compile_project
from pipeline.diagnostics_text import report
from pipeline.model.contracts import Contracts
from pipeline.model.diagnostics import Position
from pipeline.testing.cases import Arrivals, Case, Target, load_case
from pipeline.testing.on_duckdb import run_on_duckdb
from pipeline.testing.on_flink import Suite, run_on_flink
from pipeline.testing.outcomes import Outcome, judge
from pipeline.testing.suites import load_suites, target_of
from pipeline.testing.values import Value

ROOT = Path(__file__).parents[3]
pytestmark = [pytest.mark.timeout(600), pytest.mark.engines]
SEED = 20260115
NOON = dt.datetime(2026, 1, 15, 12)  # noqa: DTZ001  values are UTC without a zone
RANDOM_CASE = "arrivals_at_random"


def windowed(function: str) -> str:
    return (
        f"-- How many?\nSELECT\n    window_start AS began,  -- begin\n    element AS clicked,  -- what\n"
        "    COUNT(*) AS clicks,  -- clicks\n    CAST(SUM(position) AS BIGINT) AS places  -- sum of places\n"
        f"FROM TABLE({function})\nGROUP BY window_start, window_end, element\n"
    )


EXPRESSIONS = """\
-- What does Flink make of it?
SELECT
    window_start AS began,  -- begin
    CAST(AVG(position) AS INT) AS average,  -- whole
    CAST(SUM(position) / 2 AS INT) AS half,  -- whole
    CAST(SUM(0 - position) / 7 AS INT) AS negative,  -- towards zero
    CAST(MAX(position) % 7 AS INT) AS remainder,  -- remainder
    CAST(MIN(position) > 40 AS STRING) AS flag,  -- TRUE or FALSE
    CAST(SUM(CAST(position AS DECIMAL(12, 2)) * 0.335) AS DECIMAL(18, 2)) AS money,  -- rounded half up
    CAST(CAST(SUM(CAST(position AS DECIMAL(12, 2)) * 0.335) AS DECIMAL(18, 4)) AS BIGINT) AS whole,  -- cut
    COUNT(*) FILTER (WHERE element = 'buy' AND position BETWEEN 3 AND 60) AS chosen,  -- clicks
    COUNT(DISTINCT element) AS elements,  -- different elements
    CAST(MAX(DATE_FORMAT(event_time, 'yyyy/MM/dd HH:mm:ss.SSS')) AS STRING) AS latest,  -- time
    CAST(MAX(EXTRACT(SECOND FROM event_time)) AS BIGINT) AS last_second,  -- second
    CAST(SUM(CASE WHEN element LIKE 'b%' THEN 1 ELSE 0 END) AS BIGINT) AS beginning,  -- clicks
    CAST(SUM(COALESCE(NULLIF(position, 3), 1000)) AS BIGINT) AS replaced  -- sum
FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
"""
TUMBLE = "TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE)"
HOP = "HOP(TABLE click, DESCRIPTOR(event_time), INTERVAL '20' SECOND, INTERVAL '1' MINUTE)"
PROBES = {
    "probe_expressions": (EXPRESSIONS, None),
    "probe_live_hop": (windowed(HOP), None),
    "probe_strict_tumble": (windowed(TUMBLE), "live: false\n"),
    "probe_strict_hop": (windowed(HOP), "live: false\n"),
}


@dataclass(frozen=True)
class Run:
    """Every suite with what both engines made of each of its cases, by model and case."""

    compilation: Compilation
    suites: dict[str, Suite]
    flink: dict[tuple[str, str], Outcome]
    duckdb: dict[tuple[str, str], Outcome]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "sql", root / "sql")
    for name, (sql, promises) in PROBES.items():
        folder = root / "sql" / "metrics" / name
        folder.mkdir()
        (folder / "query.sql").write_text(sql)
        if promises:
            (folder / "metric.yaml").write_text(promises)
    compilation = compile_project(root)
    assert compilation.ok, report(compilation.diagnostics, root)
    suites, mistakes = load_suites(root, compilation)
    assert not mistakes, report(mistakes, root)
    full = [
        replace(suite, cases=(*suite.cases, random_case(target_of(suite.model), compilation.contracts)))
        for suite in suites
    ]
    flink = run_on_flink(full, compilation)
    return Run(
        compilation,
        {suite.name: suite for suite in full},
        {(o.case.model, o.case.name): o for outcomes in flink for o in outcomes},
        {
            (o.case.model, o.case.name): o
            for suite in full
            for o in run_on_duckdb(suite.model, suite.cases, compilation.contracts)
        },
    )


def random_case(target: Target, contracts: Contracts) -> Case:
    """All columns, over 150 arrivals an event: disordered by minutes, at times by hours, some repeated."""
    given = "".join(f"  {event}: |\n    event_time\n" + "    12:00\n" * 150 for event in target.sources)
    header = " | ".join(column.name for column in target.columns)
    text = f"given:\n{given}expect: |\n  {header}\n"
    case, errors = load_case(f"{RANDOM_CASE}.yaml", text, target, contracts)
    assert case is not None, errors
    chance = random.Random(f"{SEED} {target.name}")
    return replace(case, given=tuple(_scattered(arrivals, chance) for arrivals in case.given))


def _scattered(arrivals: Arrivals, chance: random.Random) -> Arrivals:
    choices: dict[str, list[Value]] = {
        "category": [None, "", "laptops", "家電", "50% #1"],
        "currency": ["EUR", "USD", "JPY"],
        "element": ["buy", "basket", "100%", "#"],
        "position": [None, *range(100)],
        "reason": ["wrong_type", "missing_field"],
        "user_id": [f"u-{number}" for number in range(12)],
    }
    names = [column.name for column in arrivals.columns]
    rows: list[tuple[Value, ...]] = []
    now = NOON
    for number in range(len(arrivals.rows)):
        if rows and chance.random() < 0.1:
            rows.append(chance.choice(rows))
            continue
        # Mostly seconds go by; once in a while hours do, which leaves what comes behind far too late.
        now += dt.timedelta(milliseconds=chance.randrange(4000), hours=3 if chance.random() < 0.02 else 0)
        behind = chance.choice([0, 0, 0, 3, 6, 70, 600, 7300, 11000])
        values = dict(zip(names, arrivals.rows[number], strict=True))
        values["event_time"] = now - dt.timedelta(seconds=behind, milliseconds=chance.randrange(1000))
        values.update({name: chance.choice(options) for name, options in choices.items() if name in values})
        if "amount" in values:
            values["amount"] = Decimal(chance.randrange(10**12)).scaleb(-2)
        rows.append(tuple(values[name] for name in names))
    return replace(arrivals, rows=tuple(rows))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case_of" in metafunc.fixturenames:
        compilation = compile_project(ROOT)
        suites, _ = load_suites(ROOT, compilation)
        cases = [(suite.name, case.name) for suite in suites for case in suite.cases]
        metafunc.parametrize(
            "case_of", cases, ids=[f"{model}: {name.replace('_', ' ')}" for model, name in cases]
        )
    if "any_model" in metafunc.fixturenames:
        suites, _ = load_suites(ROOT, compile_project(ROOT))
        metafunc.parametrize("any_model", [*(suite.name for suite in suites), *PROBES])


def test_flink_gives_what_the_case_expects_and_duckdb_computes(case_of: tuple[str, str], run: Run) -> None:
    key = run.suites[case_of[0]].model.key
    assert judge(run.flink[case_of], key) == []
    assert judge(run.duckdb[case_of], key) == []


def test_flink_and_duckdb_agree_on_arrivals_at_random(any_model: str, run: Run) -> None:
    flink, duckdb = run.flink[any_model, RANDOM_CASE], run.duckdb[any_model, RANDOM_CASE]
    assert flink.error is None
    assert duckdb.error is None
    assert len(duckdb.rows) > 5, "so few rows prove nothing"
    expected = replace(flink, case=replace(flink.case, expect=duckdb.rows, position=Position("duckdb", 1, 1)))
    assert judge(expected, run.suites[any_model].model.key) == []


@pytest.mark.parametrize("model", [name for name in PROBES if "strict" in name])
def test_the_probes_of_strict_windows_are_strict_and_lose_late_events(model: str, run: Run) -> None:
    assert run.suites[model].model.form == "strict"
    assert (run.duckdb[model, RANDOM_CASE].late or 0) > 5
