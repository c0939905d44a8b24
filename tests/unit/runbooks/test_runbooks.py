"""Whoever is woken by an alarm finds what to do: alarms, runbooks and their index fit together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MODULES = ROOT / "terraform/modules"
RUNBOOKS = ROOT / "docs/runbooks"
INDEX = RUNBOOKS / "README.md"

_ALARM = re.compile(
    r'^resource "aws_cloudwatch_(?:metric|composite)_alarm" "(\w+)" \{$(.*?)^\}$', re.M | re.S
)
_DESCRIPTION = re.compile(r"^\s*alarm_description\s*=\s*(.+)$", re.M)
_NAME = re.compile(r"^\s*alarm_name\s*=\s*(.+)$", re.M)
_LINK = re.compile(r"Runbook: docs/runbooks/([a-z0-9-]+)\.md")
_HEADINGS = ["Meaning", "Check", "Fix", "Escalate"]


def _sources() -> list[Path]:
    return sorted(path for path in MODULES.rglob("*.tf") if ".terraform" not in path.parts)


def _alarms() -> dict[str, tuple[Path, str]]:
    """`module.resource` to the module's folder and the resource's body."""
    return {
        f"{path.parent.name}.{name}": (path.parent, body)
        for path in _sources()
        for name, body in _ALARM.findall(path.read_text(encoding="utf-8"))
    }


def _linked() -> set[str]:
    return {kind for path in _sources() for kind in _LINK.findall(path.read_text(encoding="utf-8"))}


def _runbooks() -> list[Path]:
    return sorted(path for path in RUNBOOKS.glob("*.md") if path != INDEX)


@pytest.mark.parametrize("alarm", sorted(_alarms()))
def test_an_alarms_description_links_to_its_runbook(alarm: str) -> None:
    folder, body = _alarms()[alarm]
    described = _DESCRIPTION.search(body)
    assert described, f"{alarm} has no alarm_description"
    text = described.group(1)
    if not text.startswith('"'):
        # A reference into the module's own table of texts.
        table = re.search(r"\blocal\.(\w+)", text) or re.search(r"\b(?:each|var)\.", text)
        assert table, f"{alarm}: alarm_description is {text}: neither a text nor a reference to one"
        text = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.tf"))
    kinds = _LINK.findall(text)
    assert kinds, f'{alarm}: its description ends in no "Runbook: docs/runbooks/<kind>.md"'
    for kind in kinds:
        assert (RUNBOOKS / f"{kind}.md").is_file(), f"{alarm} links to docs/runbooks/{kind}.md: no such file"


@pytest.mark.parametrize("alarm", sorted(_alarms()))
def test_an_alarms_name_holds_its_runbooks_kind(alarm: str) -> None:
    _, body = _alarms()[alarm]
    named = _NAME.search(body)
    assert named, f"{alarm} has no alarm_name"
    kind = _LINK.search(body)
    if kind and '"' in named.group(1):
        assert kind.group(1) in named.group(1), (
            f"{alarm} is named {named.group(1)}, its runbook {kind.group(1)}"
        )


@pytest.mark.parametrize("path", _runbooks(), ids=lambda path: path.stem)
def test_a_runbook_says_meaning_check_fix_and_whom_to_call(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# {path.stem}: ")
    sections = re.split(r"^## (.+)$", text, flags=re.M)
    assert sections[1::2] == _HEADINGS
    assert all(len(body.split()) >= 5 for body in sections[2::2]), "a section that says nothing helps nobody"


def test_every_runbook_has_an_alarm() -> None:
    orphans = {path.stem for path in _runbooks()} - _linked()
    assert not orphans, f"no alarm links to {sorted(orphans)}"


def test_the_index_lists_every_runbook_once() -> None:
    listed = re.findall(r"^\| \[([a-z0-9-]+)\]\(\1\.md\) \|", INDEX.read_text(encoding="utf-8"), re.M)
    assert sorted(listed) == [path.stem for path in _runbooks()]


@pytest.mark.parametrize("path", [INDEX, *_runbooks()], ids=lambda path: path.stem)
def test_a_runbooks_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).is_file(), f"{path.name} links to {target}: no such file"
