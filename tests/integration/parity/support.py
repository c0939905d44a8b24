"""The project that parity is proven on: the shop's models, and one small model for each construct."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from pipeline.compiler import Compilation
from pipeline.parity.run import Subject

ROOT = Path(__file__).parents[3]
MODELS = ROOT / "tests" / "parity_models"
ROWS = 80
SEED = 20261122


@dataclass(frozen=True)
class Proof:
    """The compiled project and what Flink made of each model, by name."""

    compilation: Compilation
    subjects: dict[str, Subject]


def project(root: Path) -> Path:
    """A project of all models, the shop's own and those made for parity, at `root`."""
    shutil.copytree(ROOT / "sql", root / "sql")
    shutil.copytree(MODELS / "sql", root / "sql", dirs_exist_ok=True)
    return root


def model_names() -> list[str]:
    """The names of all those models."""
    folders = [*(ROOT / "sql").glob("*/*/query.sql"), *(MODELS / "sql").glob("*/*/query.sql")]
    return sorted(path.parent.name for path in folders)
