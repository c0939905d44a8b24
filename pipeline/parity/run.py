"""Runs models over their datasets on Flink and on batch engines, and compares what comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.compiler import Compilation
from pipeline.diagnostics_text import plural
from pipeline.lower.batch import create_table, lower_batch
from pipeline.lower.engine import Engine
from pipeline.lower.refusal import RefusedError
from pipeline.model.contracts import Contracts
from pipeline.model.diagnostics import Diagnostic
from pipeline.model.models import Classified
from pipeline.parity.compare import Comparison, compare
from pipeline.parity.datasets import Dataset, LeftOut, datasets_for
from pipeline.parity.left_out import without_stops
from pipeline.testing.arrival_rows import arrival_rows
from pipeline.testing.engines.batch import BatchEngine, EngineError
from pipeline.testing.engines.duckdb import DuckDbEngine
from pipeline.testing.engines.flink import FlinkEngine, Streams, Tables
from pipeline.testing.engines.spark import SparkEngine
from pipeline.testing.engines.trino import TrinoEngine

ENGINES: dict[Engine, type[DuckDbEngine | SparkEngine | TrinoEngine]] = {
    "duckdb": DuckDbEngine,
    "spark": SparkEngine,
    "trino": TrinoEngine,
}
DEFAULT_SEED = 1
DEFAULT_ROWS = 130
Lower = Callable[[Classified, Contracts, Engine], str]
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Subject:
    """A model with what arrives and what Flink made of it: the reference."""

    model: Classified
    datasets: tuple[Dataset, ...]
    reference: Tables

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.resolved.parsed.rendered.source.name


@dataclass(frozen=True)
class Verdict:
    """A model on an engine: by dataset what differs; or why it could not be compared.

    `refused` holds the compiler's reasons, `error` what Flink or the engine said. Neither counts as equal.
    """

    model: Classified
    engine: Engine
    datasets: tuple[Dataset, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    refused: tuple[Diagnostic, ...] = ()
    error: str | None = None
    overwritten: int = 0
    notes: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.resolved.parsed.rendered.source.name

    @property
    def rows(self) -> int:
        """How many rows Flink had, over all datasets."""
        return sum(comparison.rows for comparison in self.comparisons)

    @property
    def differing(self) -> int:
        """How many rows are not the same."""
        return sum(len(comparison.changes) for comparison in self.comparisons)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """The events that were left out of all datasets, since the batch engines stop at them."""
        return tuple(event for dataset in self.datasets for event in dataset.left_out)

    @property
    def empty(self) -> bool:
        """Whether it was compared, and neither side had a row: that proves nothing."""
        return not (self.refused or self.error or self.overwritten or self.rows or self.differing)

    @property
    def equal(self) -> bool:
        """Whether there were rows to compare and none differs."""
        return not (self.refused or self.error or self.overwritten or self.differing or self.empty)


def subjects(
    models: Sequence[Classified],
    compilation: Compilation,
    *,
    seed: int = DEFAULT_SEED,
    rows: int = DEFAULT_ROWS,
    titles: Sequence[str] | None = None,
    tell: Tell | None = None,
) -> list[Subject]:
    """Make the datasets (those of `titles`, or all) and run each model on Flink. Raises `FlinkError`.

    Events at which the batch engines stop are taken out of them (`left_out`), for Flink as well.
    """
    made: dict[int, tuple[Dataset, ...]] = {}
    with DuckDbEngine() as engine:
        for model in models:
            datasets = [
                dataset
                for dataset in datasets_for(model, compilation.contracts, seed, rows)
                if titles is None or dataset.name in titles
            ]
            made[id(model)] = without_stops(model, compilation.contracts, datasets, engine)
    streams = [Streams(model, tuple(dataset.given for dataset in made[id(model)])) for model in models]

    def progress(done: int, count: int) -> None:
        if tell is not None:
            tell(f"flink: {done} of {plural(count, 'model')}")

    if tell is not None and models:
        tell(f"flink: starting, for {plural(len(models), 'model')}")
    tables = FlinkEngine().run(streams, compilation, progress) if streams else []
    return [
        Subject(model, made[id(model)], reference) for model, reference in zip(models, tables, strict=True)
    ]


def verdicts(
    found: Sequence[Subject],
    contracts: Contracts,
    engine: BatchEngine,
    name: Engine,
    *,
    lower: Lower = lower_batch,
    tell: Tell | None = None,
) -> Iterable[Verdict]:
    """A verdict for each subject on a running engine."""
    for number, subject in enumerate(found, 1):
        yield verdict(subject, contracts, engine, name, lower=lower)
        if tell is not None and (number % 10 == 0 or number == len(found)):
            tell(f"{name}: {number} of {plural(len(found), 'model')}")


def verdict(
    subject: Subject, contracts: Contracts, engine: BatchEngine, name: Engine, *, lower: Lower = lower_batch
) -> Verdict:
    """Lower the model with `lower`, run it on every dataset and compare with the reference."""
    model = subject.model
    try:
        query = lower(model, contracts, name)
    except RefusedError as refusal:
        return Verdict(model, name, subject.datasets, refused=tuple(refusal.diagnostics))
    if subject.reference.error is not None:
        return Verdict(model, name, subject.datasets, error=f"Flink: {subject.reference.error}")
    types = {column.name: column.sql_type for column in model.resolved.columns}
    ddl = [create_table(event, name) for event in contracts.events if event.name in model.sources]
    comparisons = []
    for dataset, rows in zip(subject.datasets, subject.reference.rows, strict=True):
        tables = {arrivals.event: arrival_rows(arrivals) for arrivals in dataset.given}
        try:
            found = engine.run(ddl, tables, query)
            comparisons.append(compare(rows, _columns(found, types), types, model.key))
        except EngineError as error:
            reason = f"{name}, {dataset.name}: {error}"
            return Verdict(model, name, subject.datasets, tuple(comparisons), error=reason)
    return Verdict(
        model,
        name,
        subject.datasets,
        tuple(comparisons),
        overwritten=sum(subject.reference.overwritten),
    )


def _columns(rows: Sequence[Mapping[str, Any]], types: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rows with the model's spelling of the columns; engines do not all keep upper and lower case."""
    if not rows:
        return []
    found = {name.lower(): name for name in rows[0]}
    missing = [name for name in types if name.lower() not in found]
    if missing or len(rows[0]) != len(types):
        raise EngineError(f"columns {', '.join(types)} were expected, {', '.join(rows[0])} came")
    return [{name: row[found[name.lower()]] for name in types} for row in rows]
