"""Every module's own tests, with its README's example as the plan, and both environments of the root."""

import re

import pytest

from tests.terraform.runner import ROOT, Terraform

pytestmark = pytest.mark.terraform

FOLDERS = sorted(
    str(path.parent.parent.relative_to(ROOT / "terraform"))
    for path in (ROOT / "terraform").glob("*/**/tests/*.tftest.hcl")
)
MODULES = [folder for folder in FOLDERS if folder.startswith("modules/")]


def test_every_module_has_tests() -> None:
    modules = {f"modules/{path.name}" for path in (ROOT / "terraform/modules").iterdir() if path.is_dir()}
    assert set(MODULES) == modules


def test_everything_is_formatted(terraform: Terraform) -> None:
    done = terraform.run(".", "fmt", "-check", "-recursive", "-no-color")
    assert done.returncode == 0, f"`terraform fmt -recursive terraform` would change:\n{done.stdout}"


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_is_valid_and_keeps_its_promises(terraform: Terraform, folder: str) -> None:
    terraform.init(folder)
    valid = terraform.run(folder, "validate", "-no-color")
    assert valid.returncode == 0, valid.stdout + valid.stderr
    tested = terraform.run(folder, "test", "-no-color")
    assert tested.returncode == 0, tested.stdout + tested.stderr


@pytest.mark.parametrize("module", MODULES)
def test_the_example_of_the_readme_is_the_one_that_is_planned(module: str) -> None:
    folder = ROOT / "terraform" / module
    example = re.search(r"```hcl\nmodule .*?\n(.*?)\n}\n```", (folder / "README.md").read_text(), re.DOTALL)
    assert example is not None, f"{module}/README.md has no example"
    arguments = _words(re.sub(r"^ *source *=.*$", "", example[1], flags=re.MULTILINE))
    planned = [
        _words(variables[1])
        for test in sorted(folder.glob("tests/*.tftest.hcl"))
        for variables in re.finditer(r"^variables \{\n(.*?)\n\}$", test.read_text(), re.DOTALL | re.MULTILINE)
    ]
    assert arguments in planned, f"{module}: the README's example is no test's variables"


def _words(block: str) -> str:
    return re.sub(r"\s+", "", block)


def test_the_root_is_valid(root: Terraform) -> None:
    valid = root.run(".", "validate", "-no-color")
    assert valid.returncode == 0, valid.stdout + valid.stderr


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_an_environment_is_planned_from_values_alone(root: Terraform, environment: str) -> None:
    done = root.run(
        ".",
        "test",
        "-no-color",
        "-filter=tests/environment.tftest.hcl",
        f"-var-file=environments/{environment}.tfvars",
        "-var=build_directory=tests/fixtures/compiled",
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_mistakes_are_refused_by_name(root: Terraform) -> None:
    done = root.run(".", "test", "-no-color", "-filter=tests/mistakes.tftest.hcl")
    assert done.returncode == 0, done.stdout + done.stderr


def test_at_most_three_variables_have_to_be_given() -> None:
    text = (ROOT / "terraform/variables.tf").read_text()
    variables = re.findall(r'^variable "(\w+)" \{\n(.*?)\n\}$', text, re.DOTALL | re.MULTILINE)
    required = [name for name, body in variables if not re.search(r"^  default ", body, re.MULTILINE)]
    assert required == ["environment", "region"]
