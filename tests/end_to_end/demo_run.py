"""One run of the demo, started as `make demo FOR=…` starts it, in a copy of the project and on free ports."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("emulator", "valkey", "flink", "triggers", "server", "simulator")


def copy_project(folder: Path) -> Path:
    """A project of its own in `folder`: the SQL to edit, and what is built already, to start fast."""
    shutil.copytree(ROOT / "sql", folder / "sql")
    (folder / "dashboard").symlink_to(ROOT / "dashboard")
    for built in ("connector", "dashboard"):
        if (ROOT / "build" / built).is_dir():
            ignored = shutil.ignore_patterns("target")
            shutil.copytree(ROOT / "build" / built, folder / "build" / built, ignore=ignored)
    return folder


class DemoRun:
    """`pipeline dev --for …` in `project`; `said` has what it told on stderr so far."""

    def __init__(self, project: Path, *, for_seconds: float) -> None:
        self.project = project
        self.state = project / "build" / "local"
        self.said: list[str] = []
        program = "from pipeline.cli import main; main()"
        arguments = ["dev", "--simulator", "--port", "0", "--no-open", "--for", str(for_seconds)]
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, *arguments],
            cwd=project,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def supervisor_pid(self) -> int:
        """The process that runs the stack."""
        return int((self.state / "stack.lock").read_text())

    def pids(self) -> dict[str, int]:
        """The processes of the parts, from `stack.json`; empty until all is up."""
        try:
            pids: dict[str, int] = json.loads((self.state / "stack.json").read_bytes())["pids"]
        except FileNotFoundError:
            return {}
        return pids

    def wait_for_line(self, words: str, *, after: int = 0) -> None:
        """Wait until it has said a line with `words`, later than line `after`."""
        while not any(words in line for line in self.said[after:]):
            assert self.process.poll() is None, "\n".join(self.said)
            time.sleep(0.05)

    def kill_part(self, name: str) -> float:
        """kill -9 a part and wait until it is said to run again; the seconds that took."""
        after = len(self.said)
        began = time.monotonic()
        os.kill(self.pids()[name], signal.SIGKILL)
        while not any(line.startswith(f"✓ {name} ") for line in self.said[after:]):
            assert self.process.poll() is None, "\n".join(self.said)
            time.sleep(0.05)
        return time.monotonic() - began

    def result(self) -> tuple[int, dict[str, Any]]:
        """Wait for the end; exit code and result line."""
        assert self.process.stdout is not None
        output = self.process.stdout.read()
        code = self.process.wait()
        self._reader.join()
        self.process.stdout.close()
        lines = output.splitlines()
        assert len(lines) == 1, (output, self.said)
        result: dict[str, Any] = json.loads(lines[0])
        return code, result

    def close(self) -> None:
        """End it if it still runs."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
        self._reader.join()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()

    def left_over(self) -> list[str]:
        """Command lines of processes that still use this run's folder."""
        found = []
        for folder in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                command = (folder / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
                if folder.name.isdigit() and str(self.project) in command and int(folder.name) != os.getpid():
                    found.append(command)
        return found

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line.rstrip("\n"))
