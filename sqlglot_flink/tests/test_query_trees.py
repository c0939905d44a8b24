"""Trees of queries are of use: qualified, traced, compared, written for other engines."""

from __future__ import annotations

import random
from typing import Any

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.diff import Keep, diff
from sqlglot.errors import ParseError, SqlglotError
from sqlglot.lineage import lineage
from sqlglot.optimizer.qualify import qualify

from sqlglot_flink.expressions import JsonValue, MatchedTable, MatchModifier, TableArgument
from sqlglot_flink.tests.corpus_files import CORPUS, read_corpus

SCHEMA: dict[str, Any] = {"t": {"k": "STRING", "v": "INT", "ts": "TIMESTAMP(3)"}}
WINDOWED = (
    "SELECT k, window_start, SUM(v) AS s FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) "
    "AS w GROUP BY k, window_start, window_end"
)


def parse(sql: str) -> exp.Expr:
    return sqlglot.parse_one(sql, dialect="flink")


def test_columns_are_qualified() -> None:
    sql = "SELECT k, SUM(v) FILTER (WHERE v NOT IN (1, 2)) AS s FROM (SELECT * FROM t) AS r GROUP BY k"
    tree = qualify(parse(sql), schema=SCHEMA, dialect="flink", quote_identifiers=False)
    assert tree.sql("flink") == (
        "SELECT r.k AS k, SUM(r.v) FILTER(WHERE r.v NOT IN (1, 2)) AS s "
        "FROM (SELECT t.k AS k, t.v AS v, t.ts AS ts FROM t AS t) AS r GROUP BY r.k"
    )


HOURS = "TABLE(TUMBLE(TABLE {table}, DESCRIPTOR(ts), INTERVAL '1' HOUR))"


def qualified(sql: str) -> str:
    return str(qualify(parse(sql), schema=SCHEMA, dialect="flink", quote_identifiers=False).sql("flink"))


def test_columns_of_a_window_function_are_its_own() -> None:
    hours = HOURS.format(table="t")
    sql = f"SELECT k, window_start, SUM(v) AS s FROM {hours} GROUP BY k, window_start"
    assert qualified(sql) == (
        "SELECT _0.k AS k, _0.window_start AS window_start, SUM(_0.v) AS s "
        f"FROM {hours} AS _0 GROUP BY _0.k, _0.window_start"
    )


def test_columns_of_a_window_over_a_common_table_are_the_windows() -> None:
    hours = HOURS.format(table="c")
    assert qualified(f"WITH c AS (SELECT k, ts FROM t) SELECT k, window_start FROM {hours} AS w") == (
        "WITH c AS (SELECT t.k AS k, t.ts AS ts FROM t AS t) "
        f"SELECT w.k AS k, w.window_start AS window_start FROM {hours} AS w"
    )


def test_window_columns_are_told_from_those_of_a_joined_table() -> None:
    hours = HOURS.format(table="t")
    joined = "JOIN (SELECT t.k AS k, COUNT(*) AS n FROM t AS t GROUP BY t.k) AS u ON w.k = u.k"
    assert qualified(f"SELECT window_end, n FROM {hours} AS w {joined}") == (
        f"SELECT w.window_end AS window_end, u.n AS n FROM {hours} AS w {joined}"
    )


def test_a_table_function_is_written_for_engines_that_have_them() -> None:
    assert parse("SELECT * FROM TABLE(F(1))").sql("trino") == "SELECT * FROM TABLE(F(1))"


def test_a_match_behind_a_join_is_an_argument_of_its_table() -> None:
    match = "MATCH_RECOGNIZE (ORDER BY ts MEASURES A.v AS v PATTERN (A) DEFINE A AS TRUE)"
    node = parse(f"SELECT * FROM u JOIN t {match} AS m ON u.k = m.v").find(MatchedTable)
    assert node is not None
    assert node.name == "t"
    assert node.error_messages() == []
    assert isinstance(node.args["match"], exp.MatchRecognize)
    assert node.sql("flink").startswith("t MATCH_RECOGNIZE (ORDER BY ts MEASURES")


def test_the_match_of_the_first_table_is_the_querys() -> None:
    tree = parse(
        "SELECT * FROM t MATCH_RECOGNIZE (ORDER BY ts MEASURES A.v AS v PATTERN (A) DEFINE A AS TRUE)"
    )
    assert isinstance(tree.args["match"], exp.MatchRecognize)
    assert type(tree.args["from_"].this) is exp.Table


def test_a_column_of_a_windowed_query_is_traced_to_its_relation() -> None:
    node = lineage("s", WINDOWED, schema=SCHEMA, dialect="flink")
    assert [leaf.name for leaf in node.walk() if not leaf.downstream] == ["w.v"]


def test_windowed_queries_are_compared() -> None:
    changes = diff(parse(WINDOWED), parse(WINDOWED.replace("'1'", "'5'")), dialect="flink")
    changed = [type(change).__name__ for change in changes if not isinstance(change, Keep)]
    assert changed
    assert len(changed) <= 4


@pytest.mark.parametrize("engine", ["duckdb", "spark", "trino"])
def test_what_the_engines_share_is_written_for_them(engine: str) -> None:
    sql = "SELECT k, COUNT(*) AS n FROM t WHERE v NOT IN (1, 2) AND NOT k LIKE 'a%' GROUP BY k"
    written = parse(sql).sql(engine)
    assert sqlglot.parse_one(written, dialect=engine).sql(engine) == written


def test_clauses_of_a_call_are_arguments_of_its_node() -> None:
    node = parse("SELECT JSON_VALUE(j, '$.a' RETURNING INT NULL ON EMPTY)").find(JsonValue)
    assert node is not None
    assert node.name == "JSON_VALUE"
    assert node.args["returning"].sql("flink") == "INT"
    assert [case.sql("flink") for case in node.args["on_cases"]] == ["NULL ON EMPTY"]


def test_keys_of_a_table_argument_are_columns() -> None:
    node = parse("SELECT * FROM TABLE(f(input => TABLE t PARTITION BY (k, v), n => 1))").find(TableArgument)
    assert node is not None
    assert [key.name for key in node.args["partition_by"]] == ["k", "v"]


def test_modifier_inside_a_measure_is_a_node() -> None:
    sql = (
        "SELECT * FROM t MATCH_RECOGNIZE (ORDER BY ts MEASURES A.v - FINAL LAST(A.v) AS d "
        "PATTERN (A) DEFINE A AS TRUE)"
    )
    node = parse(sql).find(MatchModifier)
    assert node is not None
    assert node.args["kind"] == "FINAL"


def test_the_spelling_of_a_function_survives() -> None:
    sql = "SELECT count(*), Ceiling(x), SUBSTR(a, 1), Power(a, 2), CHARACTER_LENGTH(a), current_date FROM t"
    assert parse(sql).sql("flink") == sql


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT a FROM t GROUP BY",
        "SELECT a FROM",
        "SELECT FROM t",
        "SELECT a, FROM t",
        "SELECT (a FROM t",
        "SELECT CASE WHEN a THEN FROM t",
        "SELECT CAST(a AS) FROM t",
        "SELECT a FROM t WHERE a BETWEEN 1",
        "SELECT SUM(a OVER (ORDER BY b)",
        "SELECT * FROM a JOIN",
        "SELECT * FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts))",
        "SELECT INTERVAL '1' FORTNIGHT",
        "SELECT 1 UNION",
        "WITH a AS SELECT 1 SELECT 2",
        "SELECT " + "(" * 3000 + "1" + ")" * 3000,
        "SELECT 1 +",
    ],
)
def test_what_is_no_query_is_a_parse_error(sql: str) -> None:
    with pytest.raises(ParseError):
        parse(sql)


def test_a_query_with_tokens_left_out_or_doubled_never_ends_in_another_error() -> None:
    chance = random.Random(7)
    for case in read_corpus(CORPUS / "queries"):
        words = case.sql.split(" ")
        for _ in range(4):
            broken = list(words)
            place = chance.randrange(len(broken))
            broken[place : place + chance.randrange(1, 3)] = [broken[place]] * chance.randrange(3)
            try:
                sqlglot.parse(" ".join(broken), dialect="flink")
            except SqlglotError:
                continue
