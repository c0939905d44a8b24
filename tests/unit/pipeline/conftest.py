"""Small projects for the compiler's stages: the golden events and one model of the test's own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.compiler import Compilation, compile_project

EVENTS = Path(__file__).parents[2] / "golden" / "events"
SHOP_EVENTS = Path(__file__).parents[3] / "sql" / "events"
MakeProject = Callable[..., Path]
CompileQuery = Callable[..., Compilation]


@pytest.fixture
def project(tmp_path: Path) -> MakeProject:
    """Make a project of `{path below sql/: text}` on the golden events; returns its root."""
    return lambda files: _write(tmp_path, EVENTS, files)


@pytest.fixture
def shop_project(tmp_path: Path) -> MakeProject:
    """Make a project of `{path below sql/: text}` on the shop's own events; returns its root."""
    return lambda files: _write(tmp_path, SHOP_EVENTS, files)


def _write(root: Path, events: Path, files: dict[str, str]) -> Path:
    shutil.copytree(events, root / "sql" / "events", dirs_exist_ok=True)
    for path, text in files.items():
        file = root / "sql" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


@pytest.fixture
def compiled(project: MakeProject) -> CompileQuery:
    """Compile one metric called `probe`, with its `metric.yaml` where it has one."""

    def run(query: str, yaml: str = "") -> Compilation:
        files = {"metrics/probe/query.sql": query}
        if yaml:
            files["metrics/probe/metric.yaml"] = yaml
        return compile_project(project(files))

    return run
