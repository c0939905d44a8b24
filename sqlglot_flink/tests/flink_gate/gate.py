"""Asks Flink's own parser whether two SQL texts mean the same tree.

One JVM answers any number of batches over its standard streams. It is compiled on first use into
`build/flink_gate/`, against the jars of the installed `apache-flink-libraries` (or of the folder that the
environment variable `FLINK_GATE_JARS` names, to ask another release of Flink).
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import threading
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SOURCE = Path(__file__).with_name("FlinkGate.java")
BUILD = Path(__file__).resolve().parents[3] / "build" / "flink_gate"
PLANNER = "flink-table-planner.jar"
JVM_OPTIONS = ("-Xmx512m", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xss8m", "-ea")
BATCH_SIZE = 200


class GateError(RuntimeError):
    """Raised where the gate cannot be built or its JVM ended; says what is missing."""


@dataclass(frozen=True)
class Verdict:
    """Flink's answer on one pair of texts.

    Errors are None where the text parses; trees are the parser's own text, None where it does not parse.
    """

    equal: bool
    original_error: str | None = None
    regenerated_error: str | None = None
    original_tree: str | None = None
    regenerated_tree: str | None = None


def jars_folder() -> Path:
    """Return the folder of Flink's jars; raises `GateError` where there is none."""
    named = os.environ.get("FLINK_GATE_JARS")
    if named:
        folder = Path(named)
    else:
        package = importlib.util.find_spec("pyflink")
        if package is None or package.origin is None:
            raise GateError("Flink is not installed: pip install apache-flink-libraries==1.20.5")
        folder = Path(package.origin).parent / "lib"
    if not next(folder.glob("flink-table-planner-loader-*.jar"), None):
        raise GateError(f"No flink-table-planner-loader-*.jar in {folder}")
    return folder


def unavailable() -> str | None:
    """Return why the gate cannot run here, or None."""
    if not (shutil.which("java") and shutil.which("javac")):
        return "Java is not installed: the gate needs a JDK, 11 or newer"
    try:
        jars_folder()
    except GateError as error:
        return str(error)
    return None


def _class_path() -> list[Path]:
    """Build what is missing and return the class path."""
    folder = jars_folder()
    loader = next(iter(sorted(folder.glob("flink-table-planner-loader-*.jar"))))
    key = hashlib.sha256(f"{loader}:{loader.stat().st_size}".encode() + SOURCE.read_bytes()).hexdigest()[:16]
    target = BUILD / key
    libraries = [
        jar
        for pattern in ("flink-table-api-java-uber-*.jar", "flink-dist-*.jar", "log4j-*.jar")
        for jar in sorted(folder.glob(pattern))
    ]
    if not target.exists():
        # Built beside and renamed, so that two test runs at once never see half a build.
        fresh = BUILD / f"{key}.{os.getpid()}"
        fresh.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(loader) as archive:
            archive.extract(PLANNER, fresh)
        path = os.pathsep.join(str(jar) for jar in [fresh / PLANNER, *libraries])
        compiled = subprocess.run(
            ["javac", "-nowarn", "-cp", path, "-d", str(fresh), str(SOURCE)],
            capture_output=True,
            text=True,
            check=False,
        )
        if compiled.returncode:
            shutil.rmtree(fresh)
            raise GateError(f"FlinkGate.java does not compile:\n{compiled.stderr}")
        try:
            fresh.rename(target)
        except OSError:
            shutil.rmtree(fresh)
    return [target, target / PLANNER, *libraries]


class FlinkGate:
    """A context manager around the JVM; safe to share between threads."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        path = os.pathsep.join(str(entry) for entry in _class_path())
        self._process = subprocess.Popen(
            ["java", *JVM_OPTIONS, "-cp", path, "FlinkGate"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process, self._process = self._process, None
        if process is not None and process.stdin is not None and process.stdout is not None:
            process.stdin.close()
            process.stdout.close()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def compare(self, pairs: Sequence[tuple[str, str]]) -> list[Verdict]:
        """Return one verdict a pair of (original, regenerated); each may be a script."""
        return [
            Verdict(**{"equal": False, **answer})
            for answer in self._ask([[original, regenerated] for original, regenerated in pairs])
        ]

    def parse(self, sqls: Sequence[str]) -> list[str | None]:
        """Return for each text why Flink refuses it, or None."""
        return [answer.get("original_error") for answer in self._ask([[sql, None] for sql in sqls])]

    def trees(self, sqls: Sequence[str]) -> list[str | None]:
        """Return for each text its tree as Flink's parser writes it, or None where Flink refuses it."""
        return [answer.get("original_tree") for answer in self._ask([[sql, None] for sql in sqls])]

    def _ask(self, pairs: Sequence[Sequence[str | None]]) -> list[dict[str, Any]]:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise GateError("The gate is not open: use it in a `with` statement")
        answers: list[dict[str, Any]] = []
        with self._lock:
            for start in range(0, len(pairs), BATCH_SIZE):
                process.stdin.write(json.dumps(pairs[start : start + BATCH_SIZE]) + "\n")
                process.stdin.flush()
                line = process.stdout.readline()
                if not line:
                    raise GateError(f"The gate's JVM ended with {process.wait()}")
                answers.extend(json.loads(line))
        return answers
