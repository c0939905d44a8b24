"""Every model gives the same rows on Flink, as a stream, and on the batch engines, over adversarial input."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline.compiler import Compilation
from pipeline.diagnostics_text import report
from pipeline.lower.engine import Engine
from pipeline.parity.report import details, headline
from pipeline.parity.run import verdict
from pipeline.testing.engines.batch import BatchEngine
from pipeline.testing.engines.duckdb import DuckDbEngine
from pipeline.testing.engines.spark import SparkEngine
from pipeline.testing.engines.trino import TrinoEngine
from tests.integration.parity.support import ROOT, Proof, model_names

pytestmark = [
    pytest.mark.engines,
    pytest.mark.timeout(900),
    # Spark's client leaves the sockets it collects rows through to the garbage collector.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
    ),
]
FEW_ROWS = 5


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkEngine]:
    with SparkEngine() as engine:
        yield engine


@pytest.fixture(scope="module")
def trino() -> Iterator[TrinoEngine]:
    missing = TrinoEngine.available()
    if missing is not None:
        pytest.fail(missing)
    with TrinoEngine() as engine:
        yield engine


def test_every_model_compiles(compilation: Compilation) -> None:
    assert compilation.ok, report(compilation.diagnostics, ROOT)
    names = [model.resolved.parsed.rendered.source.name for model in compilation.project.models]
    assert sorted(names) == model_names()


@pytest.mark.parametrize("name", model_names())
def test_flink_runs_the_model_and_gives_rows_enough_to_prove_something(name: str, proof: Proof) -> None:
    tables = proof.subjects[name].reference
    assert tables.error is None
    assert sum(tables.overwritten) == 0, "two rows have one key"
    assert len(tables.rows[0]) >= FEW_ROWS


@pytest.mark.parametrize("name", model_names())
def test_duckdb_gives_what_flink_gives(name: str, proof: Proof, duckdb: DuckDbEngine) -> None:
    _same(proof, name, duckdb, "duckdb")


@pytest.mark.parametrize("name", model_names())
def test_spark_gives_what_flink_gives(name: str, proof: Proof, spark: SparkEngine) -> None:
    _same(proof, name, spark, "spark")


@pytest.mark.trino
@pytest.mark.parametrize("name", model_names())
def test_trino_gives_what_flink_gives(name: str, proof: Proof, trino: TrinoEngine) -> None:
    _same(proof, name, trino, "trino")


def _same(proof: Proof, name: str, engine: BatchEngine, engine_name: Engine) -> None:
    found = verdict(proof.subjects[name], proof.compilation.contracts, engine, engine_name)
    if found.refused:
        # A refusal is an answer, and is never counted as equal: which there are stands in REFUSED.
        assert name in REFUSED[engine_name], "\n".join(details(found))
        return
    assert name not in REFUSED[engine_name], f"{name} runs on {engine_name} now: take it out"
    assert [left.reason for left in found.left_out if LEFT_OUT.get(name, "?") not in left.reason] == []
    assert bool(found.left_out) == (name in LEFT_OUT)
    assert found.equal, "\n".join([headline(found), *details(found)])


REFUSED: dict[Engine, frozenset[str]] = {
    "duckdb": frozenset({"local_times"}),
    "spark": frozenset({"local_times"}),
    "trino": frozenset({"local_times"}),
}
"""Models that an engine refuses by name."""
LEFT_OUT = {
    "letters": "LOWER of a letter that is small in another way on each engine",
    "texts_of_any_letter": " of a ",
}
"""Models of whose input some events are left out, since every batch query stops at them, with these words."""
