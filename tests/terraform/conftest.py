"""One copy of `terraform/` for all tests of this folder."""

import shutil
from collections.abc import Iterator

import pytest

from tests.terraform.runner import ROOT, Terraform


@pytest.fixture(scope="session")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terraform]:
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not installed; `make doctor` says how to get it")
    folder = tmp_path_factory.mktemp("terraform")
    shutil.copytree(ROOT / "terraform", folder / "tree", ignore=shutil.ignore_patterns(".terraform*"))
    (folder / "data").mkdir()
    yield Terraform(folder / "tree", folder / "data")
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def root(terraform: Terraform) -> Terraform:
    if not (ROOT / "terraform" / "modules" / "serving").is_dir():
        pytest.skip("terraform/modules/serving is not written yet: the root cannot be planned without it")
    terraform.init(".")
    return terraform
