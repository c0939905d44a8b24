"""How long `pipeline check` takes over this project and over a hundred models, as a whole process."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.results import Measured, median_of

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = "from pipeline.cli import main; main()"


def run(*, models: int = 100, runs: int = 5) -> list[Measured]:
    """Wall seconds of `pipeline check`, the median of some runs."""
    with tempfile.TemporaryDirectory() as folder:
        large = Path(folder)
        shutil.copytree(ROOT / "sql", large / "sql")
        for number in range(models - len(list((large / "sql" / "metrics").iterdir()))):
            shutil.copytree(
                ROOT / "sql" / "metrics" / "revenue_per_minute", large / f"sql/metrics/revenue_{number}"
            )
        return [
            median_of("check_this_project", "s", [_seconds(ROOT) for _ in range(runs)]),
            median_of(f"check_{models}_models", "s", [_seconds(large) for _ in range(runs)]),
        ]


def _seconds(project: Path) -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", PROGRAM, "check"],
        cwd=project,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    return round(time.perf_counter() - began, 3)
