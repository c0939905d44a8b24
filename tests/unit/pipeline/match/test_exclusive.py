"""Conditions that no row meets both are recognised, and no others."""

from __future__ import annotations

import pytest
import sqlglot

from pipeline.lower.match.exclusive import exclusive


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A.kind = 'view'", "B.kind <> 'view'"),
        ("A.kind = 'view'", "B.kind = 'cart'"),
        ("kind = 'view'", "B.kind = 'cart'"),
        ("NOT (A.kind = 'cart')", "B.kind = 'cart' AND B.amount > 1"),
        ("A.kind NOT IN ('cart', 'click')", "B.kind = 'cart' OR B.kind = 'click'"),
        ("A.kind IN ('cart', 'click')", "B.kind IN ('view', 'purchase')"),
        ("A.kind IN ('cart', 'click')", "B.kind NOT IN ('cart', 'click', 'view')"),
        ("A.amount < 10", "B.amount >= 10"),
        ("A.amount < 10", "B.amount > 10.5"),
        ("A.amount <= 9.99", "B.amount = 10"),
        ("A.amount > A.limit_", "B.limit_ >= B.amount"),
        ("A.amount IS NULL", "B.amount > 1"),
        ("A.amount IS NULL", "B.amount IS NOT NULL"),
        ("A.status = 'failed' AND A.amount > LAST(A.amount, 1)", "B.status = 'ok'"),
    ],
)
def test_conditions_exclude_each_other(one: str, other: str) -> None:
    left, right = (sqlglot.parse_one(text, dialect="flink") for text in (one, other))
    assert exclusive(left, "A", right, "B")
    assert exclusive(right, "B", left, "A")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A.kind = 'view'", "B.status <> 'view'"),
        ("A.kind <> 'view'", "B.kind <> 'cart'"),
        ("A.kind NOT IN ('cart')", "B.kind = 'cart' OR B.kind = 'click'"),
        ("A.kind IN ('cart', 'click')", "B.kind NOT IN ('cart')"),
        ("A.amount <= 10", "B.amount >= 10"),
        ("A.amount < 10", "B.amount < 5"),
        ("A.kind = 'view'", "A.kind <> 'view'"),
        ("A.amount = LAST(A.amount, 1)", "B.amount <> LAST(A.amount, 1)"),
        ("SUM(A.amount) < 10", "SUM(B.amount) >= 10"),
        ("A.amount IS NULL", "B.kind = 'view'"),
    ],
)
def test_conditions_that_may_both_be_met_are_not_taken_to_exclude_each_other(one: str, other: str) -> None:
    left, right = (sqlglot.parse_one(text, dialect="flink") for text in (one, other))
    assert not exclusive(left, "A", right, "B")
    assert not exclusive(right, "B", left, "A")


def test_any_row_excludes_nothing() -> None:
    assert not exclusive(None, "A", sqlglot.parse_one("B.kind = 'view'", dialect="flink"), "B")
