"""Golden cases: a folder with `sql/` (events come from `events/` beside the cases) and what it must give."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ERROR_FILE = "error.txt"


@pytest.fixture
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the case's project, with the golden events where it has none of its own."""
    case: Path = request.param
    shutil.copytree(case / "sql", tmp_path / "sql")
    if not (tmp_path / "sql" / "events").exists():
        shutil.copytree(HERE / "events", tmp_path / "sql" / "events")
    return tmp_path
