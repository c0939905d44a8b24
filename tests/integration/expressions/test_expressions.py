"""Every lowered expression gives Flink's value on every engine, over arguments chosen to tell them apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.lower.engine import ENGINES, Engine
from pipeline.lower.expressions import SPARK_SETTINGS
from pipeline.testing.engines.duckdb import DuckDbEngine
from pipeline.testing.engines.spark import SparkEngine
from pipeline.testing.engines.trino import TrinoEngine
from tests.integration.expressions.harness import Topic, lowered, on_engine, on_flink, same, topics

TOPICS = topics()
FEW = [topic for topic in TOPICS if topic.name in ("booleans", "decimals", "over", "over_offset")]
"""What runs with every `make test`; the others with `make test-engines`."""
_REFUSED = [(topic, engine) for topic in TOPICS for engine in ENGINES]


@pytest.fixture(scope="module")
def flink(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return on_flink(TOPICS, tmp_path_factory.mktemp("flink"))


@pytest.fixture(scope="module")
def few_on_flink(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return on_flink(FEW, tmp_path_factory.mktemp("flink"))


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkEngine]:
    with SparkEngine(SPARK_SETTINGS) as engine:
        yield engine


@pytest.fixture(scope="module")
def trino() -> Iterator[TrinoEngine]:
    missing = TrinoEngine.available()
    if missing:
        pytest.skip(missing)
    with TrinoEngine() as engine:
        yield engine


@pytest.mark.parametrize(
    ("topic", "engine"), _REFUSED, ids=[f"{topic.name}-{engine}" for topic, engine in _REFUSED]
)
def test_nothing_is_refused_but_what_the_case_says(topic: Topic, engine: Engine) -> None:
    refused = {text: why for text in topic.expressions if (why := lowered(text, topic.columns, engine)[1])}
    assert sorted(refused) == sorted(topic.refused.get(engine, [])), refused


@pytest.mark.parametrize("topic", FEW, ids=lambda topic: topic.name)
def test_duckdb_computes_what_flink_computes_of_a_few_topics(
    topic: Topic, few_on_flink: dict[str, dict[str, Any]]
) -> None:
    with DuckDbEngine() as engine:
        assert _differences(engine, "duckdb", topic, few_on_flink) == []


@pytest.mark.engines
@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_flink_computes_every_case(topic: Topic, flink: dict[str, dict[str, Any]]) -> None:
    errors = {text: answer["error"] for text, answer in flink[topic.name].items() if "error" in answer}
    assert errors == {}


@pytest.mark.engines
@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_duckdb_computes_what_flink_computes(topic: Topic, flink: dict[str, dict[str, Any]]) -> None:
    with DuckDbEngine() as engine:
        assert _differences(engine, "duckdb", topic, flink) == []


@pytest.mark.engines
@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_spark_computes_what_flink_computes(
    topic: Topic, flink: dict[str, dict[str, Any]], spark: SparkEngine
) -> None:
    assert _differences(spark, "spark", topic, flink) == []


@pytest.mark.trino
@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_trino_computes_what_flink_computes(
    topic: Topic, flink: dict[str, dict[str, Any]], trino: TrinoEngine
) -> None:
    assert _differences(trino, "trino", topic, flink) == []


def _differences(
    runner: Any, engine: Engine, topic: Topic, flink: dict[str, dict[str, Any]]
) -> list[tuple[str, str, Any, Any]]:
    """Expression, row, Flink's value, the engine's value."""
    found: list[tuple[str, str, Any, Any]] = []
    texts = [text for text in topic.expressions if text not in topic.refused.get(engine, [])]
    queries = {text: lowered(text, topic.columns, engine)[0] for text in texts}
    assert all(queries.values())
    values = on_engine(runner, topic, engine, queries)
    for text in texts:
        expected = flink[topic.name][text]["values"]
        assert values[text].keys() == expected.keys()
        found += [
            (text, row, value, values[text][row])
            for row, value in expected.items()
            if not same(value, values[text][row])
        ]
    return found
