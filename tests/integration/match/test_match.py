"""MATCH_RECOGNIZE has the same rows on every engine as on Flink."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from pipeline.lower.engine import Engine
from pipeline.lower.match import lower_match, lowering, refusals, spec
from pipeline.lower.match.pattern import Element, Taking
from pipeline.lower.match.spec import Skip, Spec
from pipeline.testing.engines.batch import BatchEngine, Row
from pipeline.testing.engines.duckdb import DuckDbEngine
from pipeline.testing.engines.spark import SparkEngine
from pipeline.testing.engines.trino import TrinoEngine
from tests.integration.match import by_hand, cases, rows
from tests.integration.match.conftest import Texts, text_of, typed

pytestmark = pytest.mark.filterwarnings(
    # The Java gateway of Spark leaves its sockets to the garbage collector.
    "ignore:unclosed <socket:ResourceWarning",
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning",
)
ENGINES: dict[Engine, type[BatchEngine]] = {
    "duckdb": DuckDbEngine,
    "spark": SparkEngine,
    "trino": TrinoEngine,
}
LEAST_MATCHES = 2


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("duckdb", marks=pytest.mark.engines),
        pytest.param("spark", marks=pytest.mark.engines),
        pytest.param("trino", marks=pytest.mark.trino),
    ],
)
def engine(request: pytest.FixtureRequest) -> Iterator[tuple[Engine, BatchEngine]]:
    """Each engine in turn."""
    name: Engine = request.param
    missing = ENGINES[name].available()
    if missing is not None:
        pytest.skip(missing)
    with ENGINES[name]() as running:
        yield name, running


@pytest.fixture(scope="module")
def on_engine(engine: tuple[Engine, BatchEngine]) -> dict[str, Texts]:
    """Name of a case -> its rows on the engine, in order of their texts."""
    name, running = engine
    load(name, running)
    found = {case: texts(running.run([], {}, lowered(name, cases.query(case)))) for case in runs_on(name)}
    return found | all_by_hand(name, running)


def load(name: Engine, running: BatchEngine) -> None:
    """Give the engine the rows of all cases."""
    tables = {"arrivals": rows.arrivals(), "by_hand": by_hand.arrivals()}
    running.run([rows.DDL[name].format(table=table) for table in tables], tables, "SELECT 1 AS loaded")


def lowered(name: Engine, text: str, table: str = "arrivals") -> str:
    """The query as the engine's SQL."""
    node = typed(text)
    assert list(refusals(node, name)) == []
    return lower_match(node, name, table, ("arrived",))


def all_by_hand(name: Engine, running: BatchEngine) -> dict[str, Texts]:
    """What the engine makes of the cases worked out by hand, in one query."""
    queries = {case: lowered(name, by_hand.query(case), "by_hand") for case in by_hand.CASES}
    union = "\nUNION ALL\n".join(
        f"SELECT '{case}' AS case_name, found.* FROM (\n{text}\n) AS found" for case, text in queries.items()
    )
    result = running.run([], {}, union)
    return {case: texts([row for row in result if row["case_name"] == case], leave=1) for case in queries}


def texts(result: Sequence[Row], leave: int = 0) -> Texts:
    """The rows as texts, without their first `leave` columns, in order."""
    return sorted((tuple(map(text_of, list(row.values())[leave:])) for row in result), key=repr)


def runs_on(engine: Engine) -> list[str]:
    """The cases that an engine does not refuse."""
    return [name for name in cases.CASES if engine not in cases.NOT_ON.get(name, ())]


def expected_by_hand(name: str) -> Texts:
    """The matches of a case, as the rows of its query."""
    return sorted((name, str(first), str(last)) for first, last in by_hand.CASES[name].matches)


def own(name: str, found: Texts) -> Texts:
    """The rows of a case's own user."""
    return [row for row in found if row[0] == name]


def test_every_pattern_matches_alike_on_the_engine_and_on_flink(
    on_engine: dict[str, Texts], on_flink: dict[str, Texts]
) -> None:
    differing = [name for name, found in on_engine.items() if found != on_flink[name]]
    assert {name: on_engine[name] for name in differing} == {name: on_flink[name] for name in differing}


@pytest.mark.engines
def test_every_pattern_is_met_by_some_rows(on_flink: dict[str, Texts]) -> None:
    assert {name: on_flink[name] for name in cases.CASES if len(on_flink[name]) < LEAST_MATCHES} == {}


def test_patterns_of_several_ways_are_refused_where_the_engine_would_take_another() -> None:
    for name, engines in cases.NOT_ON.items():
        for engine in engines:
            assert list(refusals(typed(cases.query(name)), engine))


@pytest.mark.engines
@pytest.mark.parametrize("name", by_hand.CASES)
def test_flink_matches_as_worked_out_by_hand(name: str, on_flink: dict[str, Texts]) -> None:
    assert own(name, on_flink[name]) == expected_by_hand(name)


def test_duckdb_matches_as_worked_out_by_hand() -> None:
    with DuckDbEngine() as running:
        load("duckdb", running)
        found = all_by_hand("duckdb", running)
    assert {name: own(name, found[name]) for name in found} == {
        name: expected_by_hand(name) for name in by_hand.CASES
    }


def greedy_gives_rows_back(given: Spec) -> Spec:
    """The standard's greedy quantifiers, as far as an open one has the same rows."""
    return replace(given, elements=tuple(with_taking(item, "greedy", "open") for item in given.elements))


def open_takes_all(given: Spec) -> Spec:
    """Reluctant quantifiers taken for greedy ones."""
    return replace(given, elements=tuple(with_taking(item, "open", "greedy") for item in given.elements))


def with_taking(item: Element, old: Taking, new: Taking) -> Element:
    return replace(item, taking=new) if item.taking == old else item


WRONG: dict[str, Callable[[Spec], Spec]] = {
    "within_is_a_millisecond_longer": lambda given: replace(given, within_ms=given.within_ms + 1),
    "within_is_a_millisecond_shorter": lambda given: replace(given, within_ms=given.within_ms - 1),
    "greedy_gives_rows_back": greedy_gives_rows_back,
    "open_takes_all": open_takes_all,
    "skips_to_the_next_row": lambda given: replace(given, skip=Skip("next row")),
    "skips_past_the_last_row": lambda given: replace(given, skip=Skip("last row")),
    "further_keys_of_order_are_forgotten": lambda given: replace(given, order=given.order[:1]),
    "one_row_more_at_most": lambda given: replace(
        given, elements=tuple(replace(item, most=item.most and item.most + 1) for item in given.elements)
    ),
    "one_row_less_at_least": lambda given: replace(
        given, elements=tuple(replace(item, least=max(item.least - 1, 0)) for item in given.elements)
    ),
    "conditions_are_forgotten": lambda given: replace(given, define={}),
}
"""Deliberately wrong lowerings: every one must show in the cases worked out by hand."""


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_lowering_is_caught(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lowering, "read", lambda node: WRONG[wrong](spec.read(node)))
    monkeypatch.setattr(lowering, "_undecided", lambda *_: ())
    with DuckDbEngine() as running:
        load("duckdb", running)
        found = all_by_hand("duckdb", running)
    assert [name for name in found if own(name, found[name]) != expected_by_hand(name)]
