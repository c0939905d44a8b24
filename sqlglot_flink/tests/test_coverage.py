"""COVERAGE.md says what the corpus and the compiler's tests show."""

from __future__ import annotations

import pytest

from sqlglot_flink.tests import coverage
from sqlglot_flink.tests.flink_gate.gate import unavailable


def test_coverage_file_is_what_the_tests_show() -> None:
    if reason := unavailable():
        pytest.skip(reason)
    committed = coverage.FILE.read_text(encoding="utf-8")
    assert committed == coverage.coverage(), "run: python -m sqlglot_flink.tests.coverage --write"


def test_every_case_of_the_corpus_is_covered() -> None:
    constructs = coverage.FILE.read_text(encoding="utf-8").split("\n## ")[0]
    for line in constructs.split("\n"):
        for cell in line.split("|")[2:5]:
            done, _, total = cell.strip().partition(" of ")
            assert not total.isdigit() or done == total, line
