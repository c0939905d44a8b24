"""Brings the locked dependencies of the Lambdas into a folder, for the machine they will run on."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from email.parser import HeaderParser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.errors import DeployError

PYTHON = "3.12"
"""The Lambda runtime's. Its glibc is 2.34; that of the runtime for 3.11 is too old for many wheels."""

PLATFORMS = {"arm64": "aarch64-manylinux_2_28", "x86_64": "x86_64-manylinux_2_28"}

_PINNED = r"^([A-Za-z0-9._-]+)==\S+ \\\n(?:    --hash=\S+(?: \\)?\n)+"
"""An entry of the lock: its name, version and hashes."""

_OF_AN_INSTALLATION = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json")
"""Files that say how and when it was installed; they would make the same content another zip."""


def locked(requirements: Path, lock: Path) -> str:
    """The lines of `lock` for the pins of `requirements`, hashes included.

    Raises DeployError for a requirement that is not a pin, or that the lock does not have.
    """
    entries = {
        canonicalize_name(match[1]): match[0].rstrip()
        for match in re.finditer(_PINNED, lock.read_text(encoding="utf-8"), re.MULTILINE)
    }
    chosen = []
    for line in requirements.read_text(encoding="utf-8").splitlines():
        pin = line.partition("#")[0].strip()
        if not pin:
            continue
        name = canonicalize_name(pin.partition("==")[0])
        entry = entries.get(name)
        if entry is None or entry.split()[0] != pin:
            raise DeployError(
                f"{requirements}: {pin} is not what {lock.name} has"
                f"{f' ({entry.split()[0]})' if entry else ''}. Lock it: make lock, then take its version."
            )
        chosen.append(entry)
    return "\n".join(chosen) + "\n"


def install(pins: str, target: Path, *, python: str, platform: str | None) -> None:
    """Install `pins` (as `locked` gives them) into the new folder `target`, wheels only.

    `platform` is one of uv's names, None this machine. Raises DeployError where a wheel is missing, or where
    a distribution needs another one that `pins` does not name.
    """
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    uv = Path(sys.executable).with_name("uv")
    command = [
        *(str(uv), "pip", "install", "--quiet", "--target", str(target), "--python-version", python),
        *(() if platform is None else ("--python-platform", platform)),
        *("--only-binary", ":all:", "--no-deps", "--require-hashes", "--no-compile-bytecode", "-r", "-"),
    ]
    done = subprocess.run(command, input=pins, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise DeployError(
            f"the dependencies for Python {python} on {platform or 'this machine'} cannot be had:\n"
            f"{done.stderr.strip()}\nA version without a wheel for Lambda cannot be shipped: pin another one."
        )
    for file in target.glob("*.dist-info/*"):
        if file.name in _OF_AN_INSTALLATION:
            file.unlink()
    (target / ".lock").unlink(missing_ok=True)
    missing = _missing(target, python)
    if missing:
        raise DeployError(
            f"{', '.join(missing)}: needed by what is shipped, but not pinned in "
            "chalice_api/requirements.txt. Add each with the version of requirements.lock."
        )


def _missing(target: Path, python: str) -> list[str]:
    """`name (for distribution)` of what the distributions in `target` need and `target` does not have."""
    headers = [
        HeaderParser().parsestr(file.read_text(encoding="utf-8"))
        for file in target.glob("*.dist-info/METADATA")
    ]
    there = {canonicalize_name(str(header["Name"])) for header in headers}
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.9",  # some late one
        "sys_platform": "linux",
        "platform_system": "Linux",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "extra": "",
    }
    return sorted(
        f"{requirement.name} (for {header['Name']})"
        for header in headers
        for requirement in map(Requirement, header.get_all("Requires-Dist") or [])
        if (requirement.marker is None or requirement.marker.evaluate(environment))
        and canonicalize_name(requirement.name) not in there
    )
