"""A project of contracts in a folder, to be broken one way at a time."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.compile.contracts import load_contracts
from pipeline.model.contracts import Contracts
from pipeline.model.diagnostics import Diagnostic

ROOT = Path(__file__).resolve().parents[3]


class Project:
    """The shop's own contracts, copied."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(ROOT / "sql" / "events", root / "sql" / "events")

    def edit(self, event: str, old: str, new: str) -> None:
        path = self.root / "sql" / "events" / f"{event}.yaml"
        text = path.read_text()
        assert old in text, f"{old!r} is not in {event}.yaml any more"
        path.write_text(text.replace(old, new, 1))

    def place(self, event: str, text: str) -> tuple[str, int, int]:
        """File, line and column of the text's first occurrence."""
        name = f"sql/events/{event}.yaml"
        content = (self.root / name).read_text()
        offset = content.index(text)
        return name, content.count("\n", 0, offset) + 1, offset - content.rfind("\n", 0, offset)

    def write(self, name: str, text: str | bytes) -> None:
        path = self.root / "sql" / "events" / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return load_contracts(self.root)[1]

    def only(self) -> Diagnostic:
        found = self.diagnostics()
        assert len(found) == 1, found
        return found[0]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture(scope="session")
def shop() -> Contracts:
    contracts, diagnostics = load_contracts(ROOT)
    assert diagnostics == ()
    return contracts
