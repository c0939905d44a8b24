"""Builds the one jar that Flink needs beside itself, when its sources have changed.

    python -m flink_app.build_jar

The jar is `build/connector/flink-connector.jar`; the hash of its sources stands beside it, so an unchanged
one costs milliseconds. Needs Maven and Java 17 on the path.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from flink_app.errors import FlinkAppError

SOURCE_DIR = Path(__file__).resolve().parent / "connector"
JAR_NAME = "flink-connector.jar"
LAST_LINES = 30


def source_hash(source_dir: Path) -> str:
    """SHA-256 over the names and bytes of pom.xml and everything under src."""
    digest = hashlib.sha256()
    files = [
        source_dir / "pom.xml",
        *sorted(path for path in (source_dir / "src").rglob("*") if path.is_file()),
    ]
    for path in files:
        digest.update(f"{path.relative_to(source_dir).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def build_jar(build_dir: Path, source_dir: Path = SOURCE_DIR) -> Path:
    """Path of the jar, built first where it is missing or older than its sources.

    Raises FlinkAppError with Maven's own words when it fails. Two builds at once wait for each other.
    """
    directory = (build_dir / "connector").resolve()
    directory.mkdir(parents=True, exist_ok=True)
    jar, mark = directory / JAR_NAME, directory / "source.sha256"
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = source_hash(source_dir)
        if jar.is_file() and mark.is_file() and mark.read_text(encoding="utf-8") == wanted:
            return jar
        _run_maven(source_dir, directory)
        mark.unlink(missing_ok=True)
        # By rename: a running Flink may have the old jar open.
        (directory / "target" / JAR_NAME).replace(jar)
        mark.write_text(wanted, encoding="utf-8")
    return jar


def _run_maven(source_dir: Path, directory: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise FlinkAppError(
            "mvn is not on the path: install Maven (apt install maven) and Java 17, then run this again."
        )
    command = [
        maven,
        "-B",
        "-q",
        "-f",
        str(source_dir / "pom.xml"),
        f"-Doutput.directory={directory / 'target'}",
        "package",
    ]
    # Maven would add to what an earlier build left, and the jar would no longer be the same bytes.
    shutil.rmtree(directory / "target", ignore_errors=True)
    log = directory / "maven.log"
    with log.open("w", encoding="utf-8") as output:
        status = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=False).returncode
    if status != 0:
        tail = "\n".join(log.read_text(encoding="utf-8").splitlines()[-LAST_LINES:])
        raise FlinkAppError(
            f"{tail}\n{source_dir / 'pom.xml'}: Maven failed (exit {status}); all of it is in {log}"
        )


def main(arguments: list[str] | None = None) -> int:
    """Print the jar's path; 1 with Maven's last lines when it cannot be built."""
    parser = argparse.ArgumentParser(prog="python -m flink_app.build_jar", description=__doc__)
    parser.add_argument("--build-dir", type=Path, default=Path("build"), help="default: build")
    options = parser.parse_args(arguments)
    try:
        sys.stdout.write(f"{build_jar(options.build_dir)}\n")
    except FlinkAppError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
