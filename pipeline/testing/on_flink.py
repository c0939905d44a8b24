"""Runs test cases on real Flink, as streams: the statements that the compiler emits, over what arrives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.compiler import Compilation
from pipeline.model.models import Classified
from pipeline.testing.cases import Case
from pipeline.testing.engines.flink import FlinkEngine, FlinkError, Streams, Tables
from pipeline.testing.outcomes import Outcome


@dataclass(frozen=True)
class Suite:
    """The cases of one model."""

    model: Classified
    cases: tuple[Case, ...]

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.resolved.parsed.rendered.source.name


def run_on_flink(suites: Sequence[Suite], compilation: Compilation) -> list[list[Outcome]]:
    """The outcomes of each suite's cases, in their order. Raises `FlinkError`."""
    streams = [Streams(suite.model, tuple(case.given for case in suite.cases)) for suite in suites]
    tables = FlinkEngine().run(streams, compilation)
    return [_outcomes(suite, each) for suite, each in zip(suites, tables, strict=True)]


def _outcomes(suite: Suite, tables: Tables) -> list[Outcome]:
    if tables.error is not None:
        return [Outcome(case, error=f"Flink: {tables.error}") for case in suite.cases]
    return [
        Outcome(case, tuple(tuple(row[column.name] for column in case.columns) for row in rows))
        for case, rows in zip(suite.cases, tables.rows, strict=True)
    ]


__all__ = ["FlinkError", "Suite", "run_on_flink"]
