from __future__ import annotations

from decimal import Decimal

from pipeline.testing.compare import Row, compare, format_difference

COLUMNS = ("currency", "revenue")


def written(expected: list[Row], actual: list[Row], key: tuple[str, ...] = ("currency",)) -> list[str]:
    return format_difference(compare(COLUMNS, key, expected, actual))


def test_rows_are_compared_without_their_order() -> None:
    rows: list[Row] = [("EUR", Decimal(1)), ("USD", Decimal(2)), (None, Decimal(3))]
    assert compare(COLUMNS, ("currency",), rows, rows[::-1]).is_empty


def test_a_row_that_comes_twice_must_be_expected_twice() -> None:
    difference = compare(COLUMNS, (), [("EUR", Decimal(1))], [("EUR", Decimal(1)), ("EUR", Decimal(1))])
    assert difference.unexpected == (("EUR", Decimal(1)),)


def test_no_rows_are_as_expected_where_none_are() -> None:
    assert compare(COLUMNS, ("currency",), [], []).is_empty


def test_a_difference_shows_changed_missing_and_unexpected_rows_aligned() -> None:
    expected: list[Row] = [
        ("EUR", Decimal("25.25")),
        ("USD", Decimal("7.50")),
        ("JPY", Decimal(5)),
        (None, Decimal(1)),
    ]
    actual: list[Row] = [("EUR", Decimal("20.00")), ("USD", Decimal("7.50")), ("", Decimal(1))]
    assert written(expected, actual) == [
        "  currency | revenue",
        "- NULL     | 1",
        "+ ''       | 1",
        "~ EUR      | 25.25 -> 20.00",
        "- JPY      | 5",
        "1 ~ changed (expected -> actual), 2 - missing, 1 + unexpected, 1 as expected",
    ]


def test_without_a_key_the_rows_that_share_most_are_taken_together() -> None:
    assert written([("EUR", Decimal(1))], [("USD", Decimal(2)), ("USD", Decimal(1))], key=()) == [
        "  currency   | revenue",
        "~ EUR -> USD | 1",
        "+ USD        | 2",
        "1 ~ changed (expected -> actual), 1 + unexpected",
    ]
