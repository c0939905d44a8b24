"""A new metric in the manifest plans its own resources, a wrong manifest gives a clear message."""

import copy
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.terraform.runner import Terraform

pytestmark = pytest.mark.terraform

Edit = Callable[[dict[str, Any]], None]
DEV = {"environment": "dev", "region": "us-east-1"}


@pytest.fixture
def build(root: Terraform, tmp_path: Path) -> Callable[[Edit], str]:
    """Copies the fixture's build folder with an edited manifest; its path as the root's variable takes it."""

    def edited(edit: Edit) -> str:
        # Always the same folder: paths of packages stand in the plan.
        folder = tmp_path / "build"
        shutil.copytree(root.tree / "tests/fixtures/compiled", folder, dirs_exist_ok=True)
        path = folder / "manifest.json"
        manifest = json.loads(path.read_text())
        edit(manifest)
        path.write_text(json.dumps(manifest))
        return str(folder)

    return edited


def unchanged(manifest: dict[str, Any]) -> None:
    """The fixture as it is."""


def with_a_new_metric(manifest: dict[str, Any]) -> None:
    model = copy.deepcopy(manifest["models"]["revenue_per_minute"])
    model["table"]["name"] = "refunds-per-minute"
    manifest["models"]["refunds_per_minute"] = model
    manifest["apps"]["main"]["models"].append("refunds_per_minute")


def test_a_new_metric_changes_the_plan_by_exactly_its_own_resources(
    root: Terraform, build: Callable[[Edit], str]
) -> None:
    before = planned(root, build(unchanged))
    after = planned(root, build(with_a_new_metric))

    assert before.keys() <= after.keys()
    new = after.keys() - before.keys()
    assert new
    assert [address for address in new if "refunds" not in address] == []
    assert {kind(address) for address in new} >= {
        "aws_dynamodb_table",
        "aws_lambda_event_source_mapping",
        "aws_cloudwatch_metric_alarm",
    }

    # A dashboard draws every model, a composite alarm hears every cause, the application computes it.
    # Policies would name the new table too, but these are documents that a mocked provider does not work out.
    changed = {address for address in before if after[address] != before[address]}
    assert {kind(address) for address in changed} == {
        "aws_cloudwatch_composite_alarm",
        "aws_cloudwatch_dashboard",
        "aws_kinesisanalyticsv2_application",
    }, changed


def test_a_missing_manifest_is_said_with_the_command_that_writes_it(root: Terraform, tmp_path: Path) -> None:
    assert f"there is no {tmp_path}/manifest.json. `pipeline build` writes it." in said(root, str(tmp_path))


def test_a_manifest_of_another_version_is_said(root: Terraform, build: Callable[[Edit], str]) -> None:
    folder = build(lambda manifest: manifest.update(manifest_version=2))
    assert f"{folder}/manifest.json has manifest_version 2; this Terraform reads 1." in said(root, folder)


def test_a_name_too_long_for_aws_is_said(root: Terraform, build: Callable[[Edit], str]) -> None:
    def lengthen(manifest: dict[str, Any]) -> None:
        manifest["events"]["purchase"]["stream"] = "purchase" * 8

    text = said(root, build(lengthen))
    assert (
        "a delivery stream's name with its prefix is longer than the 64 characters that Firehose takes"
        in text
    )


def test_an_app_without_a_package_is_said(root: Terraform, build: Callable[[Edit], str]) -> None:
    def add(manifest: dict[str, Any]) -> None:
        manifest["apps"]["side"] = {"directory": "flink/side", "models": [], "sources": []}

    assert "packages: none for side." in said(root, build(add))


def planned(root: Terraform, folder: str) -> dict[str, Any]:
    return root.planned(DEV | {"build_directory": folder})


def said(root: Terraform, folder: str) -> str:
    return " ".join(" ".join(root.errors(DEV | {"build_directory": folder})).split())


def kind(address: str) -> str:
    named = re.search(r"(\w+)\.\w+(\[[^]]*\])?$", address)
    assert named is not None, address
    return named[1]
