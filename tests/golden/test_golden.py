"""Runs the whole compiler over every case: exact error text, or the exact files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.compiler import compile_project
from pipeline.diagnostics_text import report

BUILD_ID = re.compile(r'("build_id": )"[0-9a-f]+"')
"""Follows from every byte of a build: a golden file holds the one thing that its case is about."""
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
        given = BUILD_ID.sub(r'\1"<build>"', compilation.files[name])
        assert given == path.read_text(), name
