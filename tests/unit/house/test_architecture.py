"""The table of who may import whom (README, "How it is laid out"), held against the code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
OURS = (
    *("sqlglot_flink", "pipeline", "ingest", "flink_app", "chalicelib", "simulator", "local", "glue_jobs"),
    "deploy",
)
MAY_IMPORT = {
    "sqlglot_flink": set(),
    "pipeline": {"sqlglot_flink"},
    "ingest": set(),
    "flink_app": set(),
    "chalice_api": {"chalicelib", "ingest"},
    "simulator": {"ingest"},
    "deploy": {"flink_app"},
    "local": {"ingest", "flink_app", "chalicelib", "simulator"},
}
THIRD_PARTY_ALLOWED = {"sqlglot_flink": {"sqlglot"}, "flink_app": {"pyflink", "py4j"}}
"""Parts that ship alone may lean on nothing but these."""


def _imports(file: Path) -> set[str]:
    modules: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(), filename=str(file))):
        if isinstance(node, ast.Import):
            modules.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            modules.add(node.module.split(".")[0])
    return modules


def _sources(folder: str) -> list[Path]:
    return [file for file in (ROOT / folder).rglob("*.py") if "tests" not in file.relative_to(ROOT).parts]


@pytest.mark.parametrize("folder", sorted(MAY_IMPORT))
def test_a_part_imports_only_what_the_table_allows(folder: str) -> None:
    sources = _sources(folder)
    assert sources, f"{folder}/ has no Python file: has it moved?"
    own = {folder} if folder != "chalice_api" else set()
    for file in sources:
        forbidden = (_imports(file) & set(OURS)) - MAY_IMPORT[folder] - own
        assert not forbidden, f"{file.relative_to(ROOT)} imports {sorted(forbidden)}"


@pytest.mark.parametrize("folder", sorted(THIRD_PARTY_ALLOWED))
def test_a_part_that_ships_alone_leans_on_no_other_library(folder: str) -> None:
    import sys

    for file in _sources(folder):
        foreign = _imports(file) - set(sys.stdlib_module_names) - {folder} - THIRD_PARTY_ALLOWED[folder]
        assert not foreign, f"{file.relative_to(ROOT)} imports {sorted(foreign)}"


def test_the_page_knows_only_the_http_and_websocket_api() -> None:
    for file in (ROOT / "dashboard" / "src").rglob("*.ts*"):
        assert "../../" not in file.read_text().replace("../../src", ""), f"{file} reaches out of dashboard/"
