"""A module's README has one example, and that example is what the module's own plan test runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

MODULES = Path(__file__).parents[3] / "terraform/modules"

_EXAMPLE = re.compile(r'^module "(\w+)" \{\n  source = "\./modules/(\w+)"\n\n(.*?)^\}$', re.M | re.S)
_VARIABLES = re.compile(r"^# The README's example\.\nvariables \{\n(.*?)^\}$", re.M | re.S)


def _modules() -> list[Path]:
    return sorted(path.parent for path in MODULES.glob("*/README.md"))


def _words(block: str) -> list[str]:
    return block.split()


@pytest.mark.parametrize("module", _modules(), ids=lambda path: path.name)
def test_the_readme_has_one_example_and_the_plan_test_runs_it(module: Path) -> None:
    examples = _EXAMPLE.findall((module / "README.md").read_text(encoding="utf-8"))
    assert len(examples) == 1, (
        f"{module.name}/README.md: one example of the module, as the root would call it"
    )
    name, source, arguments = examples[0]
    assert (name, source) == (module.name, module.name)
    tests = sorted((module / "tests").glob("*.tftest.hcl"))
    assert tests, f"{module.name}/tests has no plan test"
    ran = [block for path in tests for block in _VARIABLES.findall(path.read_text(encoding="utf-8"))]
    assert _words(arguments) in [_words(block) for block in ran], (
        f"{module.name}: no test has the README's example as its variables, under \"# The README's example.\""
    )


@pytest.mark.parametrize("module", _modules(), ids=lambda path: path.name)
@pytest.mark.parametrize("kind", ["variable", "output"])
def test_variables_and_outputs_are_alphabetical_and_described(module: Path, kind: str) -> None:
    text = (module / f"{kind}s.tf").read_text(encoding="utf-8")
    blocks = re.findall(rf'^{kind} "(\w+)" \{{$(.*?)^\}}$', text, re.M | re.S)
    names = [name for name, _ in blocks]
    assert names == sorted(names)
    undescribed = [name for name, body in blocks if not re.search(r'^  description\s*= ".{5,}"$', body, re.M)]
    assert not undescribed, f"{module.name}: {kind}s without a description: {undescribed}"
