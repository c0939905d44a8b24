"""Compiles the scenarios and runs their batch forms on real engines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest

from pipeline.compile.classify import classify
from pipeline.compile.contracts import load_contracts
from pipeline.compile.parse import parse
from pipeline.compile.render import render
from pipeline.compile.resolve import resolve
from pipeline.lower.batch import create_table
from pipeline.lower.engine import Engine
from pipeline.model.contracts import Contracts
from pipeline.model.models import Classified, Promises, Source, Sources
from pipeline.testing.engines.batch import BatchEngine
from pipeline.testing.engines.duckdb import DuckDbEngine
from pipeline.testing.engines.spark import SparkEngine
from pipeline.testing.engines.trino import TrinoEngine

ROOT = Path(__file__).parents[3]
NOON = dt.datetime(2026, 1, 15, 12)  # noqa: DTZ001  values are UTC without a zone
Compile = Callable[..., Classified]
Run = Callable[[str, Any], list[tuple[Any, ...]]]
_ENGINES: dict[Engine, type[BatchEngine]] = {
    "duckdb": DuckDbEngine,
    "spark": SparkEngine,
    "trino": TrinoEngine,
}


@pytest.fixture(scope="session")
def shop() -> Contracts:
    """The project's own events."""
    contracts, errors = load_contracts(ROOT)
    assert errors == ()
    return contracts


@pytest.fixture(scope="session")
def compiled(shop: Contracts) -> Compile:
    """Compile a query as a model of its own."""

    def compile_query(sql: str, *, live: bool | None = None, kind: str = "metric") -> Classified:
        file = "sql/metrics/tried/query.sql"
        source = Source("tried", kind, "sql/metrics/tried", file, sql, Promises(live=live))  # type: ignore[arg-type]
        rendered, errors = render(source, Sources((source,)))
        assert rendered is not None, errors
        parsed, errors = parse(rendered)
        assert parsed is not None, errors
        resolved, errors = resolve(parsed, shop, ["tried"])
        assert resolved is not None, errors
        return classify(resolved, shop)

    return compile_query


@pytest.fixture(
    scope="session",
    params=[
        "duckdb",
        pytest.param("spark", marks=pytest.mark.engines),
        pytest.param("trino", marks=pytest.mark.trino),
    ],
)
def engine(request: pytest.FixtureRequest) -> Iterator[BatchEngine]:
    """Each batch engine, started once."""
    kind = _ENGINES[request.param]
    missing = kind.available()
    if missing:
        pytest.skip(missing)
    with kind() as started:
        yield started


@pytest.fixture
def run(engine: BatchEngine, shop: Contracts) -> Run:
    """Run a query over arrivals by event; rows in order, times as milliseconds after noon."""

    def rows_of(query: str, tables: Any) -> list[tuple[Any, ...]]:
        events = [event for event in shop.events if event.name in tables]
        ddl = [create_table(event, engine.name) for event in events]  # type: ignore[arg-type]
        filled = {name: _arrivals(name, rows) for name, rows in tables.items()}
        found = engine.run(ddl, filled, query)
        return sorted((tuple(map(_value, row.values())) for row in found), key=repr)

    return rows_of


def _arrivals(event: str, rows: Any) -> list[dict[str, Any]]:
    """Each arrives when the latest event so far happened."""
    newest = accumulate((row["t"] for row in rows), max)
    return [
        {
            "event_id": f"{event}-{number}",
            **{name: value for name, value in row.items() if name != "t"},
            "event_time": NOON + dt.timedelta(milliseconds=row["t"]),
            "_arrival": NOON + dt.timedelta(milliseconds=arrival),
            "_sequence": number,
        }
        for number, (row, arrival) in enumerate(zip(rows, newest, strict=True))
    ]


def _value(value: Any) -> Any:
    return (value - NOON) // dt.timedelta(milliseconds=1) if isinstance(value, dt.datetime) else value
