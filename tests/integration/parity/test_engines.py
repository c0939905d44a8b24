"""Each batch engine gives back the values that it was given, and says what it does not understand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from pipeline.testing.engines.batch import BatchEngine, EngineError
from pipeline.testing.engines.duckdb import DuckDbEngine
from pipeline.testing.engines.spark import SparkEngine
from pipeline.testing.engines.trino import TrinoEngine

pytestmark = [
    pytest.mark.timeout(300),
    # py4j leaves sockets to the garbage collector after every error that Spark tells.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
ENGINES = [
    DuckDbEngine,
    pytest.param(SparkEngine, marks=pytest.mark.engines),
    pytest.param(TrinoEngine, marks=pytest.mark.trino),
]
TEXT = {"duckdb": "VARCHAR", "spark": "STRING", "trino": "VARCHAR"}
MOMENT = {"duckdb": "TIMESTAMP", "spark": "TIMESTAMP", "trino": "TIMESTAMP(3)"}
COLUMNS = (
    "s {text}, moment {moment}, d DOUBLE, i INT, big BIGINT, m DECIMAL(12, 2), yes BOOLEAN, birthday DATE"
)
ROWS: list[dict[str, Any]] = [
    {
        "s": 'it\'s a \\ 🎧\nsecond line, 50% "#1"',
        "moment": dt.datetime(2026, 3, 29, 1, 30, 0, 123_000),  # noqa: DTZ001  values are UTC without a zone
        "d": 1e-300,
        "i": -(2**31),
        "big": 2**63 - 1,
        "m": Decimal("9999999999.99"),
        "yes": True,
        "birthday": dt.date(2028, 2, 29),
    },
    {
        "s": "",
        "moment": dt.datetime(1969, 12, 31, 23, 59, 59, 999_000),  # noqa: DTZ001
        "d": -1.5,
        "i": 0,
        "big": 0,
        "m": Decimal("-0.01"),
        "yes": False,
        "birthday": dt.date(1970, 1, 1),
    },
    dict.fromkeys(("s", "moment", "d", "i", "big", "m", "yes", "birthday")),
]


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[BatchEngine]:
    kind = request.param
    missing = kind.available()
    if missing is not None:
        pytest.fail(missing)
    with kind() as running:
        yield running


def table(engine: BatchEngine) -> str:
    columns = COLUMNS.format(text=TEXT[engine.name], moment=MOMENT[engine.name])
    return f"CREATE TABLE arrivals ({columns})"


def ordered(rows: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    return sorted(tuple(map(repr, row.values())) for row in rows)


def test_values_come_back_as_they_were(engine: BatchEngine) -> None:
    rows = engine.run([table(engine)], {"arrivals": ROWS}, "SELECT * FROM arrivals")
    assert ordered(rows) == ordered(ROWS)


def test_many_rows_are_all_there(engine: BatchEngine) -> None:
    many = [{**ROWS[0], "i": number} for number in range(501)]
    query = "SELECT COUNT(*) AS n, MIN(i) AS low, MAX(i) AS high FROM arrivals"
    (row,) = engine.run([table(engine)], {"arrivals": many}, query)
    assert row == {"n": 501, "low": 0, "high": 500}


def test_every_run_begins_with_empty_tables(engine: BatchEngine) -> None:
    engine.run([table(engine)], {"arrivals": ROWS}, "SELECT 1 AS one")
    assert engine.run([table(engine)], {}, "SELECT * FROM arrivals") == []


def test_a_column_that_a_row_does_not_name_is_null(engine: BatchEngine) -> None:
    (row,) = engine.run([table(engine)], {"arrivals": [{"i": 5}]}, "SELECT i, s, yes FROM arrivals")
    assert row == {"i": 5, "s": None, "yes": None}


def test_a_mistake_is_told_in_the_engines_words_and_the_engine_goes_on(engine: BatchEngine) -> None:
    with pytest.raises(EngineError, match="no_such_column") as told:
        engine.run([table(engine)], {}, "SELECT no_such_column FROM arrivals")
    assert "\tat " not in str(told.value)
    assert engine.run([table(engine)], {}, "SELECT 1 AS one") == [{"one": 1}]
