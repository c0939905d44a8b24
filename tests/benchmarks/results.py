"""A benchmark's figures, and the file they are written to: `build/results/<name>.json`."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """One figure. `spread` is the smallest and the greatest of several runs, where there were several."""

    name: str
    value: float
    unit: str
    runs: int = 1
    spread: tuple[float, float] | None = None


def machine() -> str:
    """What it was measured on, and how busy that was."""
    return f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"


def write(benchmark: str, command: str, figures: Sequence[Measured], folder: Path) -> Path:
    """Write the figures of one benchmark with where, when and how they came about."""
    facts = {"command": command, "machine": machine(), "date": datetime.now(UTC).date().isoformat()}
    document = [
        {
            "name": figure.name,
            "value": figure.value,
            "unit": figure.unit,
            **facts,
            "runs": figure.runs,
            "spread": figure.spread,
        }
        for figure in figures
    ]
    path = folder / f"{benchmark}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return path


def median_of(name: str, unit: str, values: Sequence[float]) -> Measured:
    """The median of several runs with its spread."""
    ordered = sorted(values)
    return Measured(name, ordered[len(ordered) // 2], unit, len(ordered), (ordered[0], ordered[-1]))
