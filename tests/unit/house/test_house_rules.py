"""The rules of the house that a machine can see."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def _tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_lock_files_carry_no_address() -> None:
    for lock in _tracked("*.lock", "*package-lock.json", "*.npmrc"):
        if lock.suffix == ".json":
            packages = json.loads(lock.read_text())["packages"]
            resolved = [name for name, entry in packages.items() if "resolved" in entry]
            assert not resolved, f"{lock.name} says where {resolved[:3]} came from"
        else:
            assert not re.search(r"https?://|index-url|find-links", lock.read_text()), lock.name


def test_every_locked_python_package_has_its_hash() -> None:
    text = (ROOT / "requirements.lock").read_text()
    entries = re.findall(r"^[a-z0-9][^\n]*==[^\n]*(?:\n {4}--hash[^\n]*)*", text, re.MULTILINE)
    assert entries
    assert [entry for entry in entries if "--hash" not in entry] == []


def test_nothing_generated_is_tracked() -> None:
    generated = re.compile(r"(^|/)(build|node_modules|\.venv|__pycache__|target)/")
    listed = [str(file.relative_to(ROOT)) for file in _tracked()]
    assert [name for name in listed if generated.search(name)] == []


@pytest.mark.parametrize("pattern", [r"(?<![\w.$}])/(?:work|root|home|Users)/\w"])
def test_no_path_of_a_machine_is_in_the_repository(pattern: str) -> None:
    found = []
    for file in _tracked():
        if file.suffix in {".png", ".ico", ".woff2", ".gz", ".jar"} or file == Path(__file__):
            continue
        for number, line in enumerate(file.read_text(errors="replace").splitlines(), 1):
            if re.search(pattern, line):
                found.append(f"{file.relative_to(ROOT)}:{number}: {line.strip()[:90]}")
    assert found == []


def test_no_broad_except_swallows_an_error() -> None:
    swallowed = re.compile(r"except(?: Exception| BaseException)?:\s*\n?\s*pass\b")
    assert [file.name for file in _tracked("*.py") if swallowed.search(file.read_text())] == []
