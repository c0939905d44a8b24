"""What is parsed is written again as it was, and never as a fallback command."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

import sqlglot_flink  # registers the dialect
from sqlglot_flink import (
    Cumulate,
    Hop,
    MatchRecognizeWithin,
    MetadataColumn,
    Session,
    TableFunction,
    Tumble,
    Watermark,
    WindowFunction,
    window_call_mistake,
)

SAME = {
    "tumble": (
        "SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) "
        "GROUP BY window_start, window_end"
    ),
    "tumble with offset": (
        "SELECT a FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' DAY, INTERVAL '2' HOUR)) AS w"
    ),
    "hop": (
        "SELECT a FROM TABLE(HOP(TABLE `search`, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE))"
    ),
    "named arguments": (
        "SELECT a FROM TABLE(CUMULATE(DATA => TABLE t, TIMECOL => DESCRIPTOR(ts), "
        "STEP => INTERVAL '1' MINUTE, SIZE => INTERVAL '1' DAY, OFFSET => INTERVAL '1' HOUR))"
    ),
    "session with a key": (
        "SELECT a FROM TABLE(SESSION(TABLE t PARTITION BY k, DESCRIPTOR(ts), INTERVAL '30' MINUTE))"
    ),
    "types": (
        "SELECT CAST(a AS TIMESTAMP_LTZ(3)), CAST(b AS DECIMAL(18, 2)), CAST(c AS STRING), "
        "CAST(d AS ROW<x INT, y STRING>), CAST(e AS ARRAY<INT>), CAST(f AS MAP<STRING, BIGINT>) FROM t"
    ),
    "event time functions": "SELECT CURRENT_WATERMARK(ts), PROCTIME(), TO_TIMESTAMP_LTZ(x * 1000, 3) FROM t",
    "units": "SELECT TIMESTAMPADD(SECOND, 300, ts), TIMESTAMPDIFF(MINUTE, a, b), FLOOR(ts TO DAY) FROM t",
    "quotes in text": "SELECT DATE_FORMAT(ts, 'yyyy-MM-dd''T''HH') || '#' || COALESCE(x, '%N') FROM t",
    "temporal join": "SELECT o.a FROM o LEFT JOIN r FOR SYSTEM_TIME AS OF o.ts AS r ON o.k = r.k",
    "filtered aggregate": "SELECT COUNT(DISTINCT a) FILTER(WHERE b IS FALSE) AS n FROM t",
    "grouping sets": "SELECT COUNT(*) FROM t GROUP BY GROUPING SETS ((a), (b))",
    "hint": "SELECT /*+ STATE_TTL('w' = '3600000 ms') */ a FROM t AS w",
    "unnested array": "SELECT a FROM t CROSS JOIN UNNEST(ARRAY[x, x - 60]) AS s(y)",
    "cte and union": "WITH c AS (SELECT 1 AS x) SELECT x FROM c UNION ALL SELECT x FROM d",
    "case": "SELECT CASE WHEN a > 1 THEN 'x' ELSE 'y' END AS z, 5 / 2, a <> b, TRY_CAST(x AS INT) FROM t",
    "create table": (
        "CREATE TEMPORARY TABLE `t` (id STRING, `timestamp` TIMESTAMP_LTZ(3), ts AS `timestamp`, "
        "arrival TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL, "
        "properties ROW<amount DECIMAL(12, 2), `position` INT>, "
        "WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) "
        "PARTITIONED BY (id) WITH ('connector' = 'kinesis', 'scan.stream.initpos' = 'LATEST')"
    ),
    "primary key": "CREATE TABLE t (a INT NOT NULL, PRIMARY KEY (a) NOT ENFORCED) WITH ('k' = 'v')",
    "create view": "CREATE TEMPORARY VIEW v AS SELECT a FROM t UNION ALL SELECT b FROM s",
    "insert": "INSERT INTO t (a, b) SELECT a, b FROM s",
    "row number": "SELECT ROW_NUMBER() OVER (PARTITION BY id ORDER BY PROCTIME()) AS n FROM t",
    "match recognize": (
        "SELECT * FROM t MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts MEASURES A.x AS x, LAST(B.y) AS y "
        "ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN (A B+ C{2,3}) WITHIN INTERVAL '1' HOUR "
        "DEFINE A AS A.x > 1, B AS B.y < 2) T"
    ),
}


@pytest.mark.parametrize("sql", SAME.values(), ids=SAME.keys())
def test_statement_is_written_as_it_was_read(sql: str) -> None:
    tree = sqlglot.parse_one(sql, dialect="flink")
    assert not tree.find(exp.Command)
    assert tree.sql("flink") == sql


@pytest.mark.parametrize("sql", SAME.values(), ids=SAME.keys())
def test_pretty_text_means_the_same(sql: str) -> None:
    tree = sqlglot.parse_one(sql, dialect="flink")
    assert sqlglot.parse_one(tree.sql("flink", pretty=True), dialect="flink").sql("flink") == sql


@pytest.mark.parametrize(
    ("name", "kind", "intervals"),
    [
        ("tumble", Tumble, {"size": "INTERVAL '1' MINUTE"}),
        ("tumble with offset", Tumble, {"size": "INTERVAL '1' DAY", "offset": "INTERVAL '2' HOUR"}),
        ("hop", Hop, {"slide": "INTERVAL '1' MINUTE", "size": "INTERVAL '5' MINUTE"}),
        ("session with a key", Session, {"gap": "INTERVAL '30' MINUTE"}),
        (
            "named arguments",
            Cumulate,
            {"step": "INTERVAL '1' MINUTE", "size": "INTERVAL '1' DAY", "offset": "INTERVAL '1' HOUR"},
        ),
    ],
)
def test_window_function_is_typed(name: str, kind: type[WindowFunction], intervals: dict[str, str]) -> None:
    window = sqlglot.parse_one(SAME[name], dialect="flink").find(kind)
    assert window is not None
    assert {key: window.args[key].sql("flink") for key in intervals} == intervals
    assert window.args["time"].expressions[0].name == "ts"


def test_session_key_belongs_to_the_table_argument() -> None:
    window = sqlglot.parse_one(SAME["session with a key"], dialect="flink").find(Session)
    assert window is not None
    assert [key.name for key in window.this.args["partition_by"]] == ["k"]


def test_parts_of_a_table_are_typed() -> None:
    tree = sqlglot.parse_one(SAME["create table"], dialect="flink")
    metadata, watermark = tree.find(MetadataColumn), tree.find(Watermark)
    assert metadata is not None
    assert metadata.args["virtual"]
    assert watermark is not None
    assert watermark.this.name == "ts"


def test_within_belongs_to_the_pattern() -> None:
    match = sqlglot.parse_one(SAME["match recognize"], dialect="flink").find(MatchRecognizeWithin)
    assert match is not None
    assert match.args["within"].sql("flink") == "INTERVAL '1' HOUR"


def test_pattern_without_within_is_standard() -> None:
    sql = SAME["match recognize"].replace(" WITHIN INTERVAL '1' HOUR", "")
    tree = sqlglot.parse_one(sql, dialect="flink")
    assert type(tree.find(exp.MatchRecognize)) is exp.MatchRecognize
    assert tree.sql("flink") == sql


def test_plural_units_are_written_singular() -> None:
    tree = sqlglot.parse_one("SELECT ts + INTERVAL '5' MINUTES FROM t", dialect="flink")
    assert tree.sql("flink") == "SELECT ts + INTERVAL '5' MINUTE FROM t"


def test_reserved_words_are_quoted_when_written() -> None:
    tree = sqlglot.parse_one("SELECT element, position FROM click", dialect="flink")
    assert tree.sql("flink") == "SELECT `element`, `position` FROM click"
    assert {"ELEMENT", "POSITION", "MINUTE"} <= sqlglot_flink.RESERVED_WORDS


def test_names_keep_their_case() -> None:
    assert sqlglot.parse_one("SELECT Amount FROM T", dialect="flink").sql("flink") == "SELECT Amount FROM T"


def test_functions_of_flink_stay_as_they_are_written() -> None:
    sql = "SELECT SPLIT_INDEX(s, '/', 1), DATE_FORMAT(ts, 'HH:mm'), LOG(x), IFNULL(a, b), LEFT(s, 2) FROM t"
    assert sqlglot.parse_one(sql, dialect="flink").sql("flink") == sql


@pytest.mark.parametrize(
    ("call", "place", "message"),
    [
        ("TUMBLE(TABLE t, DESCRIPTOR(ts))", "TUMBLE", "TUMBLE lacks INTERVAL (size)"),
        ("HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '1' DAY)", "HOP", "HOP lacks INTERVAL (size)"),
        ("TUMBLE()", "TUMBLE", "TUMBLE lacks TABLE <name>, DESCRIPTOR(event_time), INTERVAL (size)"),
        (
            "TUMBLE(TABLE t, DESCRIPTOR(), INTERVAL '1' DAY)",
            "DESCRIPTOR",
            "TUMBLE needs DESCRIPTOR(event_time) as its second argument",
        ),
        ("TUMBLE(TABLE t, ts, 1)", "ts", "TUMBLE needs DESCRIPTOR(event_time) as its second argument"),
        (
            "TUMBLE(t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)",
            "t",
            "Expected TABLE <name> as the first argument of the window function",
        ),
        (
            "HOP(DATA => TABLE t, TIMECOL => DESCRIPTOR(ts), STEP => INTERVAL '1' DAY)",
            "STEP",
            "HOP has no argument STEP; it takes DATA, TIMECOL, SLIDE, SIZE, OFFSET",
        ),
        (
            "SESSION(TABLE t, DESCRIPTOR(ts), INTERVAL '1' DAY, d)",
            "d",
            "SESSION has no argument here; it takes DATA, TIMECOL, GAP",
        ),
        (
            "TUMBLE(TABLE t, DESCRIPTOR(ts), SIZE => INTERVAL '1' DAY)",
            "SIZE",
            "TUMBLE takes its arguments all by name or all by place",
        ),
        (
            "TUMBLE(DATA => TABLE t, TIMECOL => DESCRIPTOR(ts), SIZE => 1, SIZE => 2)",
            "SIZE",
            "TUMBLE is given SIZE twice",
        ),
    ],
)
def test_wrong_window_arguments_are_kept_and_can_be_told(call: str, place: str, message: str) -> None:
    sql = f"SELECT a FROM TABLE({call})"
    tree = sqlglot.parse_one(sql, dialect="flink")
    assert tree.sql("flink") == sql
    function = tree.find(TableFunction)
    assert function is not None
    mistake = window_call_mistake(function.this)
    assert mistake is not None
    node = next(part for part in mistake[0].walk() if "start" in part.meta)
    assert (sql[node.meta["start"] : node.meta["end"] + 1], mistake[1]) == (place, message)


def test_table_function_of_an_author_is_no_mistake() -> None:
    function = sqlglot.parse_one("SELECT a FROM TABLE(f(TABLE t, 1))", dialect="flink").find(TableFunction)
    assert function is not None
    assert window_call_mistake(function.this) is None


def test_nodes_know_where_they_stand() -> None:
    sql = "SELECT\n  CAST(SUM(amount) AS INT) AS n,\n  CASE WHEN a THEN 1 END\nFROM t"
    tree = sqlglot.parse_one(sql, dialect="flink")
    places = {
        type(node).__name__: sql[node.meta["start"] : node.meta["end"] + 1]
        for node in tree.walk()
        if "start" in node.meta
    }
    assert {"Cast": "CAST", "Sum": "SUM", "Case": "CASE"}.items() <= places.items()
