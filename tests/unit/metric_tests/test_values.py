# ruff: noqa: DTZ001  values are UTC without a zone
from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from pipeline.model.diagnostics import Position
from pipeline.testing.text_table import Cell
from pipeline.testing.values import (
    Value,
    ValueFormatError,
    equal,
    format_value,
    parse_example,
    parse_value,
)


def cell(text: str, *, quoted: bool = False) -> Cell:
    return Cell(text, quoted, Position("case.yaml", 1, 1))


@pytest.mark.parametrize(
    ("text", "sql_type", "value"),
    [
        ("12:00", "TIMESTAMP(3)", dt.datetime(2026, 1, 15, 12)),
        ("12:00:05", "TIMESTAMP_LTZ(3)", dt.datetime(2026, 1, 15, 12, 0, 5)),
        ("12:00:05.25", "TIMESTAMP(3)", dt.datetime(2026, 1, 15, 12, 0, 5, 250_000)),
        ("2026-01-14T23:59:59.999Z", "TIMESTAMP(3)", dt.datetime(2026, 1, 14, 23, 59, 59, 999_000)),
        ("2026-01-15 01:00:00+01:00", "TIMESTAMP(3)", dt.datetime(2026, 1, 15)),
        ("2026-01-15T23:30-02:00", "TIMESTAMP(3)", dt.datetime(2026, 1, 16, 1, 30)),
        ("2026-01-15", "DATE", dt.date(2026, 1, 15)),
        ("12:30", "TIME(0)", dt.time(12, 30)),
        ("20.00", "DECIMAL(12, 2)", Decimal("20.00")),
        ("-7", "DECIMAL(12, 2)", Decimal(-7)),
        ("9999999999.99", "DECIMAL(12, 2)", Decimal("9999999999.99")),
        ("42", "INT", 42),
        ("-9223372036854775808", "BIGINT NOT NULL", -(2**63)),
        ("0.25", "DOUBLE", 0.25),
        ("true", "BOOLEAN", True),
        ("FALSE", "BOOLEAN", False),
        ("NO", "STRING", "NO"),
        ("5m", "CHAR(2)", "5m"),
        ("NULL", "DECIMAL(12, 2)", None),
        ("NULL", "STRING", None),
    ],
)
def test_a_cell_is_read_by_the_type_of_its_column(text: str, sql_type: str, value: Value) -> None:
    read = parse_value(cell(text), sql_type)
    assert read == value
    assert type(read) is type(value)


def test_a_quoted_null_is_a_string() -> None:
    assert parse_value(cell("NULL", quoted=True), "STRING") == "NULL"


@pytest.mark.parametrize(
    ("text", "sql_type", "message"),
    [
        ("12h", "TIMESTAMP(3)", "a time of 2026-01-15 such as 12:00:05.250, or 2026-01-15T12:00:05Z"),
        ("25:00", "TIMESTAMP(3)", "there is no such time of day"),
        ("12:00:05.1234", "TIMESTAMP(3)", "TIMESTAMP(3) has 3 digits after the seconds' point"),
        ("2026-02-30T12:00", "TIMESTAMP(3)", "DATE was expected, such as 2026-01-15"),
        ("1.234", "DECIMAL(12, 2)", "DECIMAL(12, 2) has 2 digits after the point"),
        ("10000000000", "DECIMAL(12, 2)", "DECIMAL(12, 2) has 10 digits before the point"),
        ("1e3", "DECIMAL(12, 2)", "DECIMAL(12, 2) was expected, such as 12.95"),
        ("1.0", "INT", "INT was expected, such as 42"),
        ("2147483648", "INT", "INT goes from -2147483648 to 2147483647"),
        ("yes", "BOOLEAN", "BOOLEAN was expected: TRUE or FALSE"),
        ("abc", "CHAR(2)", "CHAR(2) holds at most 2 characters"),
        ("many", "DOUBLE", "DOUBLE was expected, such as 0.25"),
        ("x", "ARRAY<STRING>", "columns of type ARRAY<STRING> cannot be written in a text table"),
    ],
)
def test_what_is_no_value_of_the_type_says_what_was_expected(text: str, sql_type: str, message: str) -> None:
    with pytest.raises(ValueFormatError) as raised:
        parse_value(cell(text), sql_type)
    assert str(raised.value).endswith(message)


def test_a_contracts_example_is_read_as_yaml_gives_it() -> None:
    assert parse_example(49.9, "DECIMAL(12, 2)") == Decimal("49.9")
    assert parse_example(False, "BOOLEAN") is False
    assert parse_example(None, "INT") is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "NULL"),
        ("", "''"),
        (True, "TRUE"),
        (dt.datetime(2026, 1, 15, 12), "12:00"),
        (dt.datetime(2026, 1, 15, 12, 0, 5, 250_000), "12:00:05.250"),
        (dt.datetime(2026, 1, 14, 12), "2026-01-14T12:00:00Z"),
        (Decimal("1E+3"), "1000"),
        (Decimal("7.50"), "7.50"),
    ],
)
def test_a_value_is_written_as_a_cell(value: Value, text: str) -> None:
    assert format_value(value) == text


def test_money_is_equal_by_amount_and_never_nearly() -> None:
    assert equal(Decimal("7.5"), Decimal("7.50"))
    assert not equal(Decimal("0.30"), Decimal("0.31"))


def test_floating_point_is_equal_to_nine_digits() -> None:
    assert equal(0.1 + 0.2, 0.3)
    assert not equal(0.3, 0.3001)


def test_null_equals_only_null() -> None:
    assert equal(None, None)
    assert not equal(None, "")
    assert not equal(0, None)
