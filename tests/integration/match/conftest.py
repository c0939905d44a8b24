"""Flink's answers to all patterns (one job for the session) and the typed patterns."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlglot import exp

from pipeline.lower.match import columns_of
from pipeline.testing.engines.flink import JVM_ARGS
from tests.integration.match import by_hand, cases, rows
from tests.unit.pipeline.match.typed import typed as typed_over

ROOT = Path(__file__).parents[3]
WORKER = Path(__file__).with_name("flink_worker.py")
TIMEOUT_SECONDS = 240
Texts = list[tuple[str | None, ...]]


def typed(text: str) -> exp.MatchRecognize:
    """The pattern of a query over the rows, with the types that the compiler finds."""
    return typed_over(text, rows.COLUMNS)


def text_of(value: Any) -> str | None:
    """The value as Flink casts it to STRING."""
    if value is None:
        return None
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="milliseconds")
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


@pytest.fixture(scope="session")
def on_flink(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Texts]:
    """Name of a case -> its rows on Flink, in order of their texts; all cases are one job."""
    return answers_of_flink(tmp_path_factory.mktemp("flink"))


def answers_of_flink(folder: Path) -> dict[str, Texts]:
    """See `on_flink`."""
    tables = {"arrivals": rows.arrivals(), "by_hand": by_hand.arrivals()}
    files = {name: folder / f"{name}.json" for name in tables}
    for name, given in tables.items():
        files[name].write_text("".join(json.dumps(row, default=text_of) + "\n" for row in given))
    queries = {name: cases.query(name) for name in cases.CASES}
    queries |= {name: by_hand.query(name) for name in by_hand.CASES}
    description = {
        "tables": {name: str(path) for name, path in files.items()},
        "columns": rows.COLUMNS,
        "watermark": rows.WATERMARK,
        "cases": {
            name: {"query": text, "columns": columns_of(typed(text))} for name, text in queries.items()
        },
    }
    work, results = folder / "work.json", folder / "results.json"
    work.write_text(json.dumps(description))
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "_python_worker_execution_mode": "process",
        "JVM_ARGS": JVM_ARGS,
        "FLINK_LOG_DIR": str(folder),
    }
    done = subprocess.run(
        [sys.executable, str(WORKER), str(work), str(results)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(results.read_text())
    return {name: sorted(map(tuple, texts), key=repr) for name, texts in found.items()}
