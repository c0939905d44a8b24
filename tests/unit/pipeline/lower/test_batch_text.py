"""The text of batch forms: what a reader of build/ sees, where the text itself says something."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from pipeline.compile.classify import classify
from pipeline.compile.contracts import load_contracts
from pipeline.compile.parse import parse
from pipeline.compile.render import render
from pipeline.compile.resolve import resolve
from pipeline.lower.batch import create_table, late_rows_exact, lower_batch, lower_late
from pipeline.lower.batch.intervals import milliseconds
from pipeline.lower.engine import ENGINES, Engine
from pipeline.lower.flink import lower_flink
from pipeline.model.contracts import Contracts
from pipeline.model.models import Classified, Promises, Source, Sources

ROOT = Path(__file__).parents[4]
Compile = Callable[..., Classified]
COUNT = """-- How many?
SELECT
    window_start AS began,  -- start
    COUNT(*) AS clicks      -- clicks
FROM TABLE({window})
GROUP BY window_start, window_end
"""
TUMBLE = "TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE)"


@pytest.fixture(scope="module")
def shop() -> Contracts:
    contracts, errors = load_contracts(ROOT)
    assert errors == ()
    return contracts


@pytest.fixture
def compiled(shop: Contracts) -> Compile:
    def run(sql: str, *, live: bool | None = None) -> Classified:
        file = "sql/metrics/tried/query.sql"
        source = Source("tried", "metric", "sql/metrics/tried", file, sql, Promises(live=live))
        rendered, errors = render(source, Sources((source,)))
        assert rendered is not None, errors
        parsed, errors = parse(rendered)
        assert parsed is not None, errors
        resolved, errors = resolve(parsed, shop, ["tried"])
        assert resolved is not None, errors
        return classify(resolved, shop)

    return run


def tables_of(text: str, engine: Engine) -> list[str]:
    tree = sqlglot.parse_one(text, dialect=engine)
    return [cte.alias for cte in tree.find_all(exp.CTE)]


@pytest.mark.parametrize("engine", ENGINES)
def test_tables_are_named_after_the_event(engine: Engine, compiled: Compile, shop: Contracts) -> None:
    text = lower_batch(compiled(COUNT.format(window=TUMBLE)), shop, engine)
    assert tables_of(text, engine) == ["click_arrivals", "click_counted", "click_windows_1"]


@pytest.mark.parametrize("engine", ENGINES)
def test_only_columns_that_the_model_uses_are_read(
    engine: Engine, compiled: Compile, shop: Contracts
) -> None:
    text = lower_batch(compiled(COUNT.format(window=TUMBLE)), shop, engine)
    assert "page_url" not in text
    assert "*" not in text.replace("COUNT(*)", "").replace("* INTERVAL '0.001' SECOND", "")


def test_each_engine_has_its_own_words_for_a_time(compiled: Compile, shop: Contracts) -> None:
    model = compiled(COUNT.format(window=TUMBLE))
    words = {engine: lower_batch(model, shop, engine) for engine in ENGINES}
    assert "MAKE_TIMESTAMP_MS(_start) AS window_start" in words["duckdb"]
    assert "TIMESTAMP_MILLIS(_start) AS window_start" in words["spark"]
    epoch = "TIMESTAMP '1970-01-01 00:00:00.000'"
    assert f"{epoch} + _start * INTERVAL '0.001' SECOND AS window_start" in words["trino"]


def test_complete_form_asks_neither_for_arrival_nor_for_watermark(compiled: Compile, shop: Contracts) -> None:
    for live in (True, False):
        text = lower_batch(compiled(COUNT.format(window=TUMBLE), live=live), shop, "duckdb", "complete")
        assert "_watermark" not in text
        assert "_arrival\n" not in text
        assert "_arrival " not in text


def test_live_form_judges_by_arrival_and_strict_by_the_watermark(compiled: Compile, shop: Contracts) -> None:
    live = lower_batch(compiled(COUNT.format(window=TUMBLE), live=True), shop, "duckdb")
    strict = lower_batch(compiled(COUNT.format(window=TUMBLE), live=False), shop, "duckdb")
    assert "EPOCH_MS(event_time) > EPOCH_MS(_arrival) - 7200000" in live
    assert "_watermark" not in live
    assert "_watermark IS NULL OR _start + 60000 - 1 > _watermark" in strict
    assert "_arrival\n" not in strict


def test_model_over_several_streams_has_no_rule_for_late_rows(compiled: Compile, shop: Contracts) -> None:
    window = TUMBLE.replace("TABLE click", "TABLE events")
    strict = compiled(COUNT.format(window=window), live=False)
    assert not late_rows_exact(strict)
    assert "_watermark" not in lower_batch(strict, shop, "duckdb")
    assert lower_late(strict, shop, "duckdb") == "SELECT\n  0 AS late"
    assert late_rows_exact(compiled(COUNT.format(window=window), live=True))


JOINED = """-- What share?
WITH totals AS (
    SELECT window_start, window_end, COUNT(*) AS clicks FROM TABLE({window}) GROUP BY window_start, window_end
),
others AS ({others})
SELECT
    t.window_start AS began,  -- start
    o.event_id AS click_event,  -- click
    t.clicks AS clicks  -- clicks
FROM totals AS t
JOIN others AS o ON t.window_start = o.window_start AND t.window_end = o.window_end
"""


def test_rows_that_meet_a_windows_aggregate_may_overtake_its_watermark(compiled: Compile) -> None:
    rows = f"SELECT window_start, window_end, event_id FROM TABLE({TUMBLE})"
    assert not late_rows_exact(compiled(JOINED.format(window=TUMBLE, others=rows)))
    counted = f"{rows} GROUP BY window_start, window_end, event_id"
    assert late_rows_exact(compiled(JOINED.format(window=TUMBLE, others=counted)))


OVER = """-- How many of the same?
SELECT
    c.event_time AS clicked_at,  -- when
    c.event_id AS click_event,  -- click
    COUNT(*) OVER (
        PARTITION BY LOWER(c.element) ORDER BY c.event_time
        RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW
    ) AS clicks  -- clicks
FROM click AS c
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_an_expression_that_over_partitions_by_is_a_column_of_a_subquery(
    engine: Engine, compiled: Compile, shop: Contracts
) -> None:
    tree = sqlglot.parse_one(lower_batch(compiled(OVER), shop, engine), dialect=engine)
    keys = [key for window in tree.find_all(exp.Window) for key in window.args["partition_by"] or []]
    assert "_key_1" in [key.name for key in keys]
    assert all(isinstance(key, exp.Column) for key in keys)


VERSIONS = """-- What was clicked last?
WITH clicks AS (
    SELECT user_id, category, element, event_time
    FROM (
        SELECT *, ROW_NUMBER() OVER (PARTITION BY user_id, category ORDER BY event_time DESC) AS n FROM click
    )
    WHERE n = 1
)
SELECT
    p.event_time AS paid_at,  -- when
    p.event_id AS order_event,  -- order
    c.element AS clicked  -- what
FROM purchase AS p
LEFT JOIN clicks FOR SYSTEM_TIME AS OF p.event_time AS c ON p.user_id = c.user_id AND p.category = c.category
"""


def test_flink_gets_no_versions_without_a_key(compiled: Compile) -> None:
    text = " ".join(lower_flink(compiled(VERSIONS)).split())
    assert "FROM `click` WHERE NOT `category` IS NULL )" in text


def test_grouping_sets_are_written_out(compiled: Compile, shop: Contracts) -> None:
    sql = (
        COUNT.format(window=TUMBLE)
        .replace("COUNT(*)", "user_id,  -- who\n    COUNT(*)")
        .replace("window_end\n", "window_end, GROUPING SETS ((user_id), ())\n")
    )
    text = " ".join(lower_batch(compiled(sql), shop, "spark").split())
    sets = "GROUPING SETS ((window_start, window_end, user_id), (window_start, window_end))"
    assert sets in text.replace("( ", "(").replace(" )", ")")


@pytest.mark.parametrize("engine", ENGINES)
def test_table_of_arrivals_has_the_contracts_columns_and_two_of_its_own(
    engine: Engine, shop: Contracts
) -> None:
    event = shop.event("click")
    assert event is not None
    tree = sqlglot.parse_one(create_table(event, engine), dialect=engine)
    names = [column.name for column in tree.find_all(exp.ColumnDef)]
    assert names[-2:] == ["_arrival", "_sequence"]
    assert "event_time" in names
    assert "timestamp" not in names
    assert len(names) == len(event.fields) + 2


@pytest.mark.parametrize(
    ("interval", "length"),
    [
        ("INTERVAL '5' MINUTE", 300_000),
        ("INTERVAL '-8' HOUR", -28_800_000),
        ("-INTERVAL '8' HOUR", -28_800_000),
        ("INTERVAL '0.5' SECOND", 500),
        ("INTERVAL '0.0005' SECOND", None),
        ("INTERVAL '1 02:03' DAY TO MINUTE", 93_780_000),
        ("INTERVAL '1' MONTH", None),
    ],
)
def test_intervals_have_a_length_in_milliseconds(interval: str, length: int | None) -> None:
    assert milliseconds(sqlglot.parse_one(f"SELECT {interval}", dialect="flink").expressions[0]) == length
