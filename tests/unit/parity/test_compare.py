"""Rows are held against rows: as multisets, exactly, DOUBLE to twelve digits."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from pipeline.parity.compare import Row, compare

TYPES = {"began": "TIMESTAMP(3)", "name": "STRING", "n": "BIGINT", "share": "DOUBLE"}
KEY = ("began", "name")
NOON = dt.datetime(2026, 1, 15, 12)  # noqa: DTZ001  values are UTC without a zone


def row(name: str | None = "a", n: object = 1, share: object = 0.5) -> Row:
    return {"began": NOON, "name": name, "n": n, "share": share}


def differing(flink: list[Row], engine: list[Row]) -> list[tuple[str, ...]]:
    return [change.columns for change in compare(flink, engine, TYPES, KEY).changes]


def test_the_same_rows_in_an_other_order_are_equal() -> None:
    assert differing([row("a"), row(None), row("b")], [row(None), row("b"), row("a")]) == []


def test_a_row_that_stands_twice_is_not_one_row() -> None:
    found = compare([row("a"), row("a")], [row("a")], TYPES, KEY)
    assert [(change.flink, change.engine) for change in found.changes] == [(row("a"), None)]
    assert found.rows == 2


def test_rows_of_one_key_are_paired_and_the_columns_that_differ_named() -> None:
    assert differing([row(n=1), row("b")], [row("b"), row(n=2)]) == [("n",)]


@pytest.mark.parametrize(
    ("left", "right"), [(1, Decimal("1.00")), (Decimal("2.50"), Decimal("2.5")), (None, None), (True, True)]
)
def test_numbers_are_equal_by_amount(left: object, right: object) -> None:
    assert differing([row(n=left)], [row(n=right)]) == []


@pytest.mark.parametrize(
    ("left", "right"),
    [(1, True), (1, "1"), (0, None), (None, ""), (Decimal("1.00"), Decimal("1.01")), (1, 1.0)],
)
def test_values_of_other_kinds_are_not_equal(left: object, right: object) -> None:
    assert differing([row(n=left)], [row(n=right)]) == [("n",)]


def test_texts_are_compared_by_code_points() -> None:
    assert len(differing([row("a\u0308")], [row("ä")])) == 2


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (0.1 + 0.2, 0.3, True),
        (1.0, 1.0 + 1e-10, False),
        (1e-300, 2e-300, False),
        (0.0, 1e-300, False),
        (0.0, -0.0, True),
        (float("nan"), float("nan"), True),
        (float("inf"), float("inf"), True),
        (float("inf"), 1e308, False),
        (None, 0.0, False),
        (0.5, Decimal("0.5"), True),
    ],
)
def test_double_is_equal_to_twelve_digits(left: object, right: object, *, equal: bool) -> None:
    assert (differing([row(share=left)], [row(share=right)]) == []) is equal
