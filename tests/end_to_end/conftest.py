"""A copy of the project to run the demo in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.demo_run import copy_project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("project"))
