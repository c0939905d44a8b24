"""What keeps a pattern from an engine is said by name; all else has a form on every engine."""

from __future__ import annotations

import pytest
from sqlglot import exp

from pipeline.lower.engine import ENGINES
from pipeline.lower.match import columns_of, lower_match, not_on_flink, reads_of, refusals
from tests.unit.pipeline.match.typed import typed

COLUMNS = {"user_id": "STRING", "event_time": "TIMESTAMP(3)", "kind": "STRING", "x": "INT", "ratio": "FLOAT"}


def pattern(
    pattern: str = "A B",
    define: str = "A AS A.x > 1",
    measures: str = "LAST(B.x) AS last_x",
    *,
    after: str = "AFTER MATCH SKIP PAST LAST ROW",
    order: str = "event_time",
    within: str = "WITHIN INTERVAL '5' SECOND",
    rows: str = "ONE ROW PER MATCH",
) -> exp.MatchRecognize:
    return typed(
        f"SELECT * FROM t MATCH_RECOGNIZE (PARTITION BY user_id ORDER BY {order} MEASURES {measures} {rows} "
        f"{after} PATTERN ({pattern}) {within} DEFINE {define}) AS m",
        COLUMNS,
    )


def undefined() -> exp.MatchRecognize:
    node = pattern()
    node.set("define", None)
    return node


@pytest.mark.parametrize(
    ("node", "what"),
    [
        (pattern("(A B)+ C"), "a quantifier of a group"),
        (pattern("A B+"), "a greedy quantifier at the end (B+)"),
        (pattern("A B{2,3}"), "a greedy quantifier at the end (B{2,3})"),
        (pattern("A B?"), "an optional variable at the end (B), which never gets a row,"),
        (pattern("A B*?"), "an optional variable at the end (B), which never gets a row,"),
        (pattern("A* B*?"), "a pattern that no row at all would match"),
        (pattern("A+ X? B"), "an optional variable behind a greedy one (A+ X?)"),
        (pattern("A+ X* B"), "an optional variable behind a greedy one (A+ X*)"),
        (undefined(), "a pattern without DEFINE"),
        (pattern(rows="ALL ROWS PER MATCH"), "ALL ROWS PER MATCH"),
        (pattern(within=""), "a pattern without WITHIN of a fixed time"),
        (pattern(within="WITHIN INTERVAL '1' MONTH"), "a pattern without WITHIN of a fixed time"),
        (pattern(order="event_time DESC"), "a pattern that is not ordered by ascending time"),
        (pattern(measures="FINAL LAST(B.x) AS last_x"), "FINAL in MEASURES"),
        (pattern(define="A AS A.x > PREV(A.x)"), "PREV"),
        (pattern(measures="SUM(A.x + B.x) AS both"), "an aggregate over several variables"),
        (pattern(measures="COUNT(DISTINCT B.x) AS kinds"), "DISTINCT over a pattern"),
        (pattern(measures="SUM(LAST(B.x)) AS last_x"), "LAST inside an aggregate"),
        (pattern(measures="FIRST(SUM(B.x)) AS last_x"), "FIRST of an aggregate or of FIRST or LAST"),
        (pattern(measures="LAST(FIRST(B.x)) AS last_x"), "LAST of an aggregate or of FIRST or LAST"),
        (pattern(measures="LAST(B.x, A.x) AS last_x"), "LAST by other than a number of rows"),
        (pattern(after="AFTER MATCH SKIP TO LAST A"), "SKIP TO A, which may be the first row of a match,"),
        (pattern(after="AFTER MATCH SKIP TO FIRST A"), "SKIP TO A, which may be the first row of a match,"),
        (
            pattern("X* A B", after="AFTER MATCH SKIP TO LAST A"),
            "SKIP TO A, which may be the first row of a match,",
        ),
        (
            pattern("A X? B", after="AFTER MATCH SKIP TO LAST X"),
            "SKIP TO X, of which a match may have no row,",
        ),
        (pattern(after="AFTER MATCH SKIP TO LAST C"), "SKIP TO C, which is not in the pattern,"),
    ],
)
def test_what_flink_would_refuse_or_fail_on_is_refused_everywhere(
    node: exp.MatchRecognize, what: str
) -> None:
    assert what in [found for _, found in not_on_flink(node)]
    for engine in ENGINES:
        assert what in [found for _, found in refusals(node, engine)]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "node",
    [
        pattern(),
        pattern("A{2} B", after="AFTER MATCH SKIP TO LAST A"),
        pattern("A+ B", after="AFTER MATCH SKIP TO FIRST B"),
        pattern("A+ B", "A AS LAST(A.x, 1) IS NULL OR A.x > LAST(A.x, 1), B AS B.x < FIRST(A.x)"),
        pattern("A X*? B C{2}", "A AS A.x > 1"),
        pattern(
            "A X*? B Y* C", "X AS X.kind <> 'b', B AS B.kind = 'b', Y AS Y.x = 1", "COUNT(X.x) AS passed"
        ),
        pattern(measures="MATCH_ROWTIME(event_time) AS ended, COUNT(*) AS taken, AVG(x) AS mean"),
    ],
)
def test_what_flink_runs_has_a_form_on_every_engine(node: exp.MatchRecognize, engine: str) -> None:
    assert list(not_on_flink(node)) == []
    assert list(refusals(node, engine)) == []  # type: ignore[arg-type]
    assert lower_match(node, engine, "arrivals", ("_sequence",))  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("shown", ["COUNT(X.x) AS passed", "B.x AS b", "LAST(Y.x) AS y"])
def test_rows_that_flink_chooses_by_chance_are_refused_where_they_show(shown: str, engine: str) -> None:
    node = pattern("A X*? B Y*? C", "B AS B.kind = 'b', C AS C.kind = 'c'", shown)
    assert list(not_on_flink(node)) == []
    (found,) = {what for _, what in refusals(node, engine)}  # type: ignore[arg-type]
    assert (
        "which Flink itself may choose in several ways (a row may be X or what follows it, up to Y" in found
    )


def test_they_are_not_where_only_the_ends_show() -> None:
    node = pattern(
        "A X*? B Y*? C", "B AS B.kind = 'b', C AS C.kind = 'c'", "A.x AS a, C.x AS c, COUNT(*) AS n"
    )
    assert list(refusals(node, "duckdb")) == []
    assert list(refusals(node, "spark")) == []
    assert [what for _, what in refusals(node, "trino")] != []


@pytest.mark.parametrize("engine", ENGINES)
def test_aggregates_that_only_flink_knows_in_a_pattern_are_refused(engine: str) -> None:
    node = pattern(measures="STDDEV_POP(B.x) AS spread")
    assert "STDDEV_POP over a pattern" in [what for _, what in refusals(node, engine)]  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", ENGINES)
def test_expressions_are_refused_as_everywhere_else(engine: str) -> None:
    node = pattern(measures="SUM(B.ratio) AS total")
    assert [what for _, what in refusals(node, engine)] == ["SUM of FLOAT (CAST it to DOUBLE)"]  # type: ignore[arg-type]


def test_columns_are_those_of_partition_by_and_then_the_measures() -> None:
    node = pattern(measures="LAST(B.x) AS last_x, COUNT(*) AS taken", define="A AS A.kind = 'a'")
    assert columns_of(node) == ("user_id", "last_x", "taken")
    assert reads_of(node) == ("user_id", "event_time", "x", "kind")


def test_the_tree_is_left_as_it_was() -> None:
    node = pattern("A+ B", "A AS SUM(A.x) < 9, B AS B.x > FIRST(A.x)", "AVG(A.x) AS mean")
    before = node.copy()
    for engine in ENGINES:
        list(refusals(node, engine))
        lower_match(node, engine, "arrivals")
    assert node == before
