"""The models run on Flink once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline.compiler import Compilation, compile_project
from pipeline.parity.datasets import HAZARDS, LATE
from pipeline.parity.run import subjects
from pipeline.testing.engines.duckdb import DuckDbEngine
from tests.integration.parity.support import ROWS, SEED, Proof, project


@pytest.fixture(scope="session")
def compilation(tmp_path_factory: pytest.TempPathFactory) -> Compilation:
    return compile_project(project(tmp_path_factory.mktemp("project")))


@pytest.fixture(scope="session")
def proof(compilation: Compilation) -> Proof:
    models = compilation.project.models
    found = subjects(models, compilation, seed=SEED, rows=ROWS, titles=(HAZARDS, LATE))
    return Proof(compilation, {subject.name: subject for subject in found})


@pytest.fixture(scope="session")
def duckdb() -> Iterator[DuckDbEngine]:
    with DuckDbEngine() as engine:
        yield engine
