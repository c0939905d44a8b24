"""Small projects for the compiler's stages: the golden events and one model of the test's own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.compiler import Compilation, compile_project

EVENTS = Path(__file__).parents[2] / "golden" / "events"
MakeProject = Callable[..., Path]
CompileQuery = Callable[..., Compilation]


@pytest.fixture
def project(tmp_path: Path) -> MakeProject:
    """Make a project of `{path below sql/: text}` on the golden events; returns its root."""

    def make(files: dict[str, str]) -> Path:
        shutil.copytree(EVENTS, tmp_path / "sql" / "events")
        for path, text in files.items():
            file = tmp_path / "sql" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return tmp_path

    return make


@pytest.fixture
def compiled(project: MakeProject) -> CompileQuery:
    """Compile one metric called `probe`, with its `metric.yaml` where it has one."""

    def run(query: str, yaml: str = "") -> Compilation:
        files = {"metrics/probe/query.sql": query}
        if yaml:
            files["metrics/probe/metric.yaml"] = yaml
        return compile_project(project(files))

    return run
