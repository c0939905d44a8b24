"""Runs the whole compiler over every case: exact error text, or the exact files."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.compiler import compile_project
from pipeline.diagnostics_text import report

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())
ERRORS = [case for case in CASES if (case / "error.txt").exists()]
BUILDS = [case for case in CASES if (case / "expected").exists()]


def test_every_case_says_what_it_expects() -> None:
    assert {*ERRORS, *BUILDS} == set(CASES)
    assert not {*ERRORS} & {*BUILDS}


@pytest.mark.parametrize(
    ("project", "case"), [(case, case) for case in ERRORS], indirect=["project"], ids=[c.name for c in ERRORS]
)
def test_mistake_is_told_in_these_words(project: Path, case: Path) -> None:
    compilation = compile_project(project)
    assert report(compilation.diagnostics, project) + "\n" == (case / "error.txt").read_text()
    assert compilation.files == {}


@pytest.mark.parametrize(
    ("project", "case"), [(case, case) for case in BUILDS], indirect=["project"], ids=[c.name for c in BUILDS]
)
def test_project_compiles_to_these_files(project: Path, case: Path) -> None:
    compilation = compile_project(project)
    assert report(compilation.diagnostics, project) == ""
    expected = case / "expected"
    paths = [path for path in expected.rglob("*") if path.is_file()]
    assert paths
    for path in paths:
        name = path.relative_to(expected).as_posix()
        assert compilation.files[name] == path.read_text(), name
