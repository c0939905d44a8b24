"""Values of which no engine makes what Flink makes stop the query, and are known by their words."""

# ruff: noqa: RUF001  Greek letters are what is tested

from __future__ import annotations

import datetime as dt

import duckdb
import pytest
import sqlglot

from pipeline.lower.expressions import rewrite
from pipeline.lower.expressions.coverage import typed_example
from pipeline.lower.expressions.stops import MARK


def _on_duckdb(expression: str, text: str) -> object:
    tree, mistake = typed_example(expression)
    assert tree is not None and not mistake
    sql = rewrite(tree, "duckdb").sql(dialect="duckdb")
    assert sqlglot.parse_one(sql, dialect="duckdb")
    with duckdb.connect(":memory:") as connection:
        row = connection.execute(f"SELECT {sql} FROM (SELECT CAST(? AS VARCHAR) AS s)", [text]).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("LOWER(s)", "Α\u03a3,Β"),
        ("LOWER(s)", "\U00010570"),
        ("UPPER(s)", "\u10d0"),
        ("UPPER(s)", "\u1f80"),
        ("TRY_CAST(s AS DOUBLE)", "0x1p3"),
        ("TRY_CAST(s AS DECIMAL(4, 2))", "99.995"),
        ("TRY_CAST(s AS DECIMAL(4, 2))", "1e-30"),
        ("CAST(s AS INT)", "x"),
        ("TRY_CAST(s AS DATE)", "2024-\t2-9"),
        ("TRY_CAST(s AS TIMESTAMP(3))", "2024-02-"),
        ("TRY_CAST(s AS TIMESTAMP(3))", "2024-02-09 24:00:00"),
        ("PARSE_URL(s, 'HOST')", "mailto:a@b"),
        ("PARSE_URL(s, 'HOST')", " https://a.example/"),
        ("FROM_BASE64(s)", "/w=="),
        ("FROM_BASE64(s)", "YQ"),
        ("9999999999999999.99 / CAST(s AS DECIMAL(38, 2))", "9" * 36),
        ("9999999999.99 / CAST(s AS DECIMAL(38, 2))", "0.03"),
        ("s IS JSON", '{"a":1} and more'),
        ("s IS JSON", "[" * 9 + "]" * 9),
        ("JSON_VALUE(s, '$.a')", '{"a":1,"a":2}'),
        ("JSON_VALUE(s, '$.a')", '{"\\u0061":1}'),
        ("JSON_VALUE(s, '$.a')", '{"a":12345678.5}'),
        ("JSON_STRING(s)", "\u0001"),
    ],
)
def test_a_value_without_an_equal_stops_the_query(expression: str, text: str) -> None:
    with pytest.raises(duckdb.Error, match=MARK):
        _on_duckdb(expression, text)


@pytest.mark.parametrize(
    ("expression", "text", "expected"),
    [
        ("LOWER(s)", "ΑΣ ΑΣΑ", "ας ασα"),
        ("LOWER(s)", "\u0130", "i\u0307"),
        ("UPPER(s)", "stra\u00dfe", "STRASSE"),
        ("TRY_CAST(s AS INT)", "12.9", 12),
        ("TRY_CAST(s AS INT)", ".", 0),
        ("TRY_CAST(s AS DATE)", "2024-2-9 x", dt.date(2024, 2, 9)),
        ("CAST(CAST(s AS TIMESTAMP(3)) AS STRING)", "2023-02-30 1:2:3.4", "2023-02-28 01:02:03.400"),
        ("PARSE_URL(s, 'QUERY', 'q')", "https://a.example/?p=1&q=2&q=3#q=4", "2"),
        ("FROM_BASE64(s)", "w6Q=", "\u00e4"),
        ("IS_DECIMAL(s)", "1e3", True),
        ("IS_DECIMAL(s)", "1,5", False),
        ("JSON_VALUE(s, '$.a.b[1]')", '{"a":{"b":[1,"two"]}}', "two"),
        ("JSON_VALUE(s, '$.a')", '{"a":{}}', None),
        ("JSON_EXISTS(s, '$.a')", '{"a":null}', False),
        ("s IS JSON", "{'a':1}", False),
        ("s IS NOT JSON", "", True),
    ],
)
def test_all_others_are_what_flink_makes_of_them(expression: str, text: str, expected: object) -> None:
    assert _on_duckdb(expression, text) == expected
