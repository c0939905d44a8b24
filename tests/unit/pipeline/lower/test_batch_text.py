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
