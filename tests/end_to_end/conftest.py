"""The compiled project, with the jar and the page, as `pipeline dev` would leave it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.end_to_end.demo_run import ROOT


@pytest.fixture(scope="session")
def built() -> None:
    for command in (["pipeline.cli", "build"], ["flink_app.build_jar"]):
        code = "from pipeline.cli import main; main()" if command[0] == "pipeline.cli" else ""
        program = ["-c", code, *command[1:]] if code else ["-m", *command]
        done = subprocess.run(
            [sys.executable, *program], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
