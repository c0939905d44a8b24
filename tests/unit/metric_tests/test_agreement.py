"""Engines that differ on a case: said to be our fault, not the author's."""

from __future__ import annotations

from pipeline.model.diagnostics import Position
from pipeline.testing.agreement import disagreement
from pipeline.testing.cases import Case, TypedColumn
from pipeline.testing.outcomes import Outcome

CASE = Case(
    "probe",
    "two_count_two",
    "sql/metrics/probe/tests/two_count_two.yaml",
    (),
    (TypedColumn("currency", "STRING"), TypedColumn("n", "BIGINT")),
    (("EUR", 2),),
    Position("sql/metrics/probe/tests/two_count_two.yaml", 4, 1),
    None,
    None,
)


def test_engines_that_agree_are_not_mentioned() -> None:
    both = {"Flink": Outcome(CASE, (("EUR", 2),)), "DuckDB": Outcome(CASE, (("EUR", 2),))}
    assert disagreement(both, ("currency",)) == []
    assert disagreement({"DuckDB": Outcome(CASE, (("EUR", 3),))}, ("currency",)) == []


def test_a_difference_is_shown_and_the_translation_suspected() -> None:
    found = disagreement(
        {"Flink": Outcome(CASE, (("EUR", 2),)), "DuckDB": Outcome(CASE, (("EUR", 3),))}, ("currency",)
    )
    assert found == [
        f"{CASE.file}:1:1: Flink and DuckDB give different results for the same case",
        "    Flink -> DuckDB",
        "          currency | n",
        "        ~ EUR      | 2 -> 3",
        "        1 ~ changed (expected -> actual)",
        "  Our translation is suspect, not your SQL: the engines must agree whatever the query says.",
        "  Next: pipeline parity probe, and report it with this case.",
    ]


def test_an_engine_that_cannot_run_what_the_other_runs_is_named() -> None:
    found = disagreement({"Flink": Outcome(CASE, (("EUR", 2),)), "DuckDB": Outcome(CASE, error="no")}, ())
    assert "    DuckDB could not run the case, the other could" in found
