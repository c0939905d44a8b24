"""Runs every case beside every model on DuckDB, each as a test of its own: `-k revenue_per_minute`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from pipeline.compiler import Compilation, compile_project
from pipeline.diagnostics_text import report
from pipeline.model.diagnostics import Diagnostic
from pipeline.testing.cases import Case
from pipeline.testing.on_duckdb import run_on_duckdb
from pipeline.testing.on_flink import Suite
from pipeline.testing.outcomes import judge
from pipeline.testing.suites import load_suites

ROOT = Path(__file__).parents[3]


@cache
def project() -> tuple[Compilation, tuple[Suite, ...], tuple[Diagnostic, ...]]:
    compilation = compile_project(ROOT)
    suites, mistakes = load_suites(ROOT, compilation)
    return compilation, tuple(suites), (*compilation.diagnostics, *mistakes)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames:
        _, suites, _ = project()
        cases = [(suite, case) for suite in suites for case in suite.cases]
        metafunc.parametrize(("suite", "case"), cases, ids=[f"{c.model}: {c.sentence}" for _, c in cases])


def test_sql_and_its_case_files_have_no_mistakes() -> None:
    _, _, mistakes = project()
    assert not mistakes, report(mistakes, ROOT)


def test_every_metric_has_cases() -> None:
    _, suites, _ = project()
    assert suites
    assert [suite.name for suite in suites if not suite.cases] == []


def test_case(suite: Suite, case: Case) -> None:
    compilation, _, _ = project()
    (outcome,) = run_on_duckdb(suite.model, (case,), compilation.contracts)
    lines = judge(outcome, suite.model.key)
    assert not lines, "\n" + "\n".join(lines)
