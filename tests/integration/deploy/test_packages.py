"""Packages are complete, import by themselves, and are the same bytes when nothing has changed."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from deploy.dependencies import PLATFORMS, PYTHON, install, locked
from deploy.errors import DeployError
from deploy.imports import check_imports
from deploy.packages import ROOT, build_packages, chalice_files, own_files
from flink_app.package import write_zip

MANIFEST = {"manifest_version": 1, "build_id": "0" * 16, "events": {}, "models": {}, "apps": {}}


@pytest.fixture
def build_dir(tmp_path: Path) -> Path:
    """A build without an application, and a page of one file."""
    folder = tmp_path / "build"
    (folder / "dashboard").mkdir(parents=True)
    (folder / "dashboard" / "index.html").write_text("<!doctype html>")
    (folder / "manifest.json").write_text(json.dumps(MANIFEST))
    (folder / "connector").symlink_to(ROOT / "build" / "connector")
    return folder


def test_built_twice_each_package_has_the_same_bytes_and_name(build_dir: Path) -> None:
    first = build_packages(build_dir, "arm64")
    before = {path.name: path.read_bytes() for path in (build_dir / "packages").glob("*.zip")}
    assert build_packages(build_dir, "arm64") == first
    assert {path.name: path.read_bytes() for path in (build_dir / "packages").glob("*.zip")} == before
    assert {package["file"] for package in first["packages"].values()} == set(before)


def test_another_page_is_another_name_and_the_old_zip_is_gone(build_dir: Path) -> None:
    first = build_packages(build_dir, "arm64")["packages"]
    (build_dir / "dashboard" / "index.html").write_text("<!doctype html><title>new</title>")
    second = build_packages(build_dir, "arm64")["packages"]
    assert first["page"]["file"] != second["page"]["file"]
    assert first["chalice"] == second["chalice"]
    assert not (build_dir / "packages" / first["page"]["file"]).exists()


@pytest.mark.parametrize(("architecture", "machine"), [("arm64", "aarch64"), ("x86_64", "x86_64")])
def test_native_modules_are_those_of_the_machine_it_will_run_on(
    build_dir: Path, tmp_path: Path, architecture: str, machine: str
) -> None:
    written = write_zip(chalice_files(build_dir, architecture, tmp_path), tmp_path / "chalice.zip")
    with zipfile.ZipFile(written) as archive:
        native = [name for name in archive.namelist() if name.endswith(".so")]
    assert native
    assert all(f"cpython-{PYTHON.replace('.', '')}-{machine}" in name for name in native)


def test_a_module_that_is_not_shipped_is_named(build_dir: Path, tmp_path: Path) -> None:
    files = own_files(build_dir)
    del files["chalicelib/rows.py"]
    pins = locked(ROOT / "chalice_api" / "requirements.txt", ROOT / "requirements.lock")
    install(pins, tmp_path / "wheels", python="3.11", platform=None)
    with pytest.raises(DeployError, match="rows"):
        check_imports(files, tmp_path / "wheels", module="app")


def test_a_dependency_of_a_dependency_that_is_not_pinned_is_named(tmp_path: Path) -> None:
    lock = (ROOT / "requirements.lock").read_text()
    version = next(line.split()[0] for line in lock.splitlines() if line.startswith("anyio=="))
    (tmp_path / "requirements.txt").write_text(f"{version}\n")
    pins = locked(tmp_path / "requirements.txt", ROOT / "requirements.lock")
    with pytest.raises(DeployError, match=r"idna \(for anyio\)"):
        install(pins, tmp_path / "wheels", python=PYTHON, platform=PLATFORMS["arm64"])


def test_a_build_without_a_page_says_how_to_make_one(build_dir: Path) -> None:
    (build_dir / "dashboard" / "index.html").unlink()
    with pytest.raises(DeployError, match="make page"):
        build_packages(build_dir, "arm64")
