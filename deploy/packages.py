"""Writes every package that AWS runs to `build/packages/`, and `index.json`, which names them by content.

    python -m deploy.packages [--architecture arm64]

Built again from the same sources each is the same bytes under the same name, so a deployment sees a change
only where there is one:

    chalice-<hash>.zip       the Lambdas: app.py, chalicelib, Chalice's runtime, the manifest, locked wheels
    flink-<app>-<hash>.zip   one Managed Flink application (`flink_app.package`)
    page-<hash>.zip          the built page
    lake-transform-<hash>.zip, shard-scaler-<hash>.zip   small Lambdas of Terraform modules
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from deploy.dependencies import PLATFORMS, PYTHON, install, locked
from deploy.errors import DeployError
from deploy.imports import check_imports
from flink_app.build_jar import build_jar
from flink_app.errors import FlinkAppError
from flink_app.package import package_files, write_zip

ROOT = Path(__file__).resolve().parent.parent
INDEX_VERSION = 1
UNZIPPED_BYTES = 250 * 1024**2
"""Lambda's limit of a function's code, unpacked."""


def build_packages(build_dir: Path, architecture: str) -> dict[str, Any]:
    """Write all packages; the index. Raises DeployError where one cannot be made or would not run."""
    manifest = build_dir / "manifest.json"
    if not manifest.is_file():
        raise DeployError(f"{manifest} is missing. Compile the SQL first: pipeline build")
    folder = build_dir / "packages"
    packages = {
        "chalice": _stored(folder, "chalice", chalice_files(build_dir, architecture, folder)),
        "page": _stored(folder, "page", page_files(build_dir)),
        "lake-transform": _stored(folder, "lake-transform", module_files("lake", "transform")),
        "shard-scaler": _stored(folder, "shard-scaler", module_files("ingestion", "scaler")),
    }
    try:
        jar = build_jar(build_dir)
        for app in json.loads(manifest.read_bytes())["apps"]:
            packages[f"flink-{app}"] = _stored(folder, f"flink-{app}", package_files(build_dir, app, jar))
    except FlinkAppError as error:
        raise DeployError(str(error)) from error
    index = {"index_version": INDEX_VERSION, "packages": dict(sorted(packages.items()))}
    temporary = folder / "index.new"
    temporary.write_text(json.dumps(index, indent=2) + "\n", encoding="utf-8")
    temporary.replace(folder / "index.json")
    return index


def chalice_files(build_dir: Path, architecture: str, work: Path) -> dict[str, Path]:
    """Name in the zip to file. The package is imported once, as Lambda would, before it is believed."""
    pins = locked(ROOT / "chalice_api" / "requirements.txt", ROOT / "requirements.lock")
    shipped = work / f"wheels-{architecture}"
    install(pins, shipped, python=PYTHON, platform=PLATFORMS[architecture])
    own = own_files(build_dir)
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        install(pins, here, python=version, platform=None)
        if distributions(here) != distributions(shipped):
            raise DeployError(
                f"the wheels for {architecture} are not those that were tested here: "
                f"{sorted(distributions(here) ^ distributions(shipped))}"
            )
        check_imports(own, here, module="app")
    files = {**own, **files_below(shipped)}
    size = sum(path.stat().st_size for path in files.values())
    if size > UNZIPPED_BYTES:
        raise DeployError(
            f"the Lambdas' package is {size:,} bytes unpacked; Lambda takes {UNZIPPED_BYTES:,}."
        )
    return files


def own_files(build_dir: Path) -> dict[str, Path]:
    """Our part of the Lambdas, with the two modules of Chalice that a running application needs."""
    import chalice  # noqa: PLC0415 -- for the place of its runtime only

    source, runtime = ROOT / "chalice_api", Path(chalice.__file__).parent
    return {
        "app.py": source / "app.py",
        **{f"chalicelib/{path.name}": path for path in sorted((source / "chalicelib").glob("*.py"))},
        **{f"chalice/{name}": runtime / name for name in ("__init__.py", "app.py")},
        "manifest.json": build_dir / "manifest.json",
    }


def page_files(build_dir: Path) -> dict[str, Path]:
    """The built page; raises DeployError where it is not built."""
    page = build_dir / "dashboard"
    if not (page / "index.html").is_file():
        raise DeployError(f"{page}/index.html is missing. Build the page: make page")
    return {name: path for name, path in files_below(page).items() if not name.startswith(".")}


def module_files(module: str, name: str) -> dict[str, Path]:
    """A small Lambda that a Terraform module brings; it needs nothing but what the runtime has."""
    folder = ROOT / "terraform" / "modules" / module / name
    return {path.name: path for path in sorted(folder.glob("*.py"))}


def files_below(folder: Path) -> dict[str, Path]:
    """Path below `folder` to file, in order, byte code left out."""
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def distributions(folder: Path) -> set[str]:
    """`name-version` of what is installed in `folder`."""
    return {path.name.removesuffix(".dist-info") for path in folder.glob("*.dist-info")}


def _stored(folder: Path, name: str, files: dict[str, Path]) -> dict[str, object]:
    """Write the zip under its content's name, and drop older ones."""
    written = write_zip(files, folder / f"{name}.zip")
    content = written.read_bytes()
    digest = hashlib.sha256(content).digest()
    target = folder / f"{name}-{digest.hex()[:16]}.zip"
    for old in folder.glob(f"{name}-{'[0-9a-f]' * 16}.zip"):
        if old != target:
            old.unlink()
    written.replace(target)
    return {"file": target.name, "sha256": base64.b64encode(digest).decode(), "bytes": len(content)}


def main(arguments: list[str] | None = None) -> int:
    """Print a line a package; 1 with a message when one cannot be made."""
    parser = argparse.ArgumentParser(prog="python -m deploy.packages", description=__doc__)
    parser.add_argument("--build-dir", type=Path, default=Path("build"), help="default: build")
    parser.add_argument("--architecture", choices=sorted(PLATFORMS), default="arm64", help="of the Lambdas")
    options = parser.parse_args(arguments)
    try:
        index = build_packages(options.build_dir, options.architecture)
    except DeployError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for package in index["packages"].values():
        sys.stdout.write(f"{options.build_dir}/packages/{package['file']}  {package['bytes']:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
