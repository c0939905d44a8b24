"""What is lowered is lowered as written here; what is not known to agree is refused by name."""

from __future__ import annotations

import pytest

from pipeline.functions import FUNCTIONS
from pipeline.lower.engine import ENGINES, Engine
from pipeline.lower.expressions import SPARK_SETTINGS, coverage, refusals, rewrite
from pipeline.lower.expressions.coverage import typed_example
from pipeline.lower.expressions.documented import DOCUMENTED


def _tree(text: str):  # type: ignore[no-untyped-def]
    tree, mistakes = typed_example(text)
    assert tree is not None, mistakes
    return tree


def _refused(text: str, engine: Engine) -> list[str]:
    return [what for _, what in refusals(_tree(text), engine)]


def _sql(text: str, engine: Engine) -> str:
    return rewrite(_tree(text), engine).sql(dialect=engine)


def test_every_documented_function_is_computed_or_refused_with_a_reason_on_every_engine() -> None:
    answers = coverage()
    assert [name for name, _ in answers] == [name for name, _ in DOCUMENTED]
    assert len({name for name, _ in DOCUMENTED}) == len(DOCUMENTED) >= 207
    for name, by_engine in answers:
        assert set(by_engine) == set(ENGINES), name
        assert all(by_engine.values()), name


def test_most_of_what_flink_documents_is_computed_everywhere() -> None:
    everywhere = [name for name, by_engine in coverage() if set(by_engine.values()) == {"yes"}]
    assert len(everywhere) >= 165


def test_a_repeatable_function_of_the_catalogue_is_documented() -> None:
    documented = {name.split("(")[0] for name, _ in DOCUMENTED}
    assert {name for name in FUNCTIONS if name not in documented} <= {"PROCTIME", "CURRENT_WATERMARK"}


@pytest.mark.parametrize(
    ("text", "engine", "expected"),
    [
        ("i / j", "duckdb", "(i // j)"),
        ("i / j", "trino", "(i / j)"),
        ("CAST(d AS INT)", "duckdb", "CAST(TRUNC(d) AS INT)"),
        ("SUBSTRING(s, 0, 2)", "duckdb", "SUBSTR(s, 1, 2)"),
        ("AVG(i)", "duckdb", "CAST(CAST(SUM(i) AS BIGINT) // NULLIF(COUNT(i), 0) AS INT)"),
        ("GREATEST(i, j)", "spark", "CASE WHEN i IS NULL OR j IS NULL THEN NULL ELSE GREATEST(i, j) END"),
        ("CHAR_LENGTH(s)", "spark", "CAST(CHAR_LENGTH(s) AS INT)"),
        ("DATE_FORMAT(ts, 'yyyy-MM-dd')", "duckdb", "STRFTIME(ts, '%Y-%m-%d')"),
        ("DATE_FORMAT(ts, 'HH''h''')", "spark", "DATE_FORMAT(ts, 'HH\\'h\\'')"),
        ("p IS TRUE", "trino", "COALESCE(p, FALSE)"),
        ("s LIKE 'a%'", "duckdb", "s LIKE 'a%'"),
    ],
)
def test_expression_is_spelled_for_the_engine(text: str, engine: Engine, expected: str) -> None:
    assert _refused(text, engine) == []
    assert _sql(text, engine) == expected


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("CEIL(ts TO WEEK)", "CEIL TO WEEK"),
        ("DATE_FORMAT(ts, 'EEEE')", "the pattern of DATE_FORMAT"),
        ("REGEXP(s, '(?i)a')", "REGEXP with the pattern"),
        ("REGEXP(s, t)", "REGEXP with a pattern that is not written out"),
        ("s LIKE t", "LIKE with a pattern that is not written out"),
        ("ROUND(d, 1) * e", "ROUND of a DECIMAL inside another expression"),
        ("STDDEV_POP(i)", "STDDEV_POP of INT"),
        ("SPLIT_INDEX(s, t, 1)", "SPLIT_INDEX with a separator"),
        ("UUID()", "the function UUID"),
        ("JSON_VALUE(s, t)", "JSON_VALUE with a path other than $"),
        ("JSON_VALUE(s, '$')", "JSON_VALUE with a path other than $"),
        ("JSON_VALUE(s, '$.a[*]')", "JSON_VALUE with a path other than $"),
        ("JSON_VALUE(s, '$..a')", "JSON_VALUE with a path other than $"),
        ("JSON_VALUE(s, '$.a' DEFAULT 'x' ON EMPTY)", "JSON_VALUE with ON EMPTY other than ON ERROR"),
        ("JSON_VALUE(s, '$.a' ERROR ON ERROR)", "JSON_VALUE with ERROR ON ERROR"),
        ("JSON_EXISTS(s, '$.a' TRUE ON ERROR)", "JSON_EXISTS with other than FALSE ON ERROR"),
        ("i IS JSON", "IS JSON of INT"),
    ],
)
def test_what_is_not_known_to_agree_is_refused_on_every_engine(text: str, what: str) -> None:
    for engine in ENGINES:
        assert _refused(text, engine)[0].startswith(what), engine


def test_refusing_leaves_the_tree_as_it_was() -> None:
    tree = _tree("UPPER(s) || CAST(i / j AS STRING)")
    before = tree.sql(dialect="flink")
    assert list(refusals(tree, "duckdb")) == []
    assert tree.sql(dialect="flink") == before


def test_filter_goes_about_each_aggregate_that_an_average_becomes() -> None:
    text = _sql("AVG(i) FILTER (WHERE p)", "trino")
    assert text.count("FILTER(WHERE p)") == 2


def test_spark_is_told_to_fail_rather_than_to_give_null() -> None:
    assert SPARK_SETTINGS["spark.sql.ansi.enabled"] == "true"
    assert SPARK_SETTINGS["spark.sql.session.timeZone"] == "UTC"
