"""What Flink's planner makes of the SQL that the compiler writes for the project's own models."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from flink_app.build_jar import build_jar
from flink_app.settings import JOB, STATE_SLACK_MS, values
from tests.integration.flink.harness import ROOT

Node = dict[str, Any]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's SQL, compiled."""
    directory = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "sql", directory / "sql")
    shutil.copy(ROOT / "pyproject.toml", directory)
    done = subprocess.run(
        [sys.executable, "-c", "from pipeline.cli import main; main()", "build"],
        cwd=directory,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return directory / "build"


@pytest.fixture(scope="module")
def nodes(project: Path) -> list[Node]:
    """The plan's operators."""
    jar = build_jar(ROOT / "build").as_uri()
    done = subprocess.run(
        [sys.executable, "-m", "tests.integration.flink.explain", str(project), "main", jar],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout)["nodes"])


@pytest.fixture(scope="module")
def manifest(project: Path) -> dict[str, Any]:
    return dict(json.loads((project / "manifest.json").read_text(encoding="utf-8")))


def of(nodes: list[Node], kind: str) -> list[Node]:
    return [node for node in nodes if node["type"].startswith(f"stream-exec-{kind}_")]


def ttls_ms(nodes: list[Node]) -> list[int]:
    """Time to live of each operator's state."""
    units = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000}
    texts = [state["ttl"].split() for node in nodes for state in node["state"]]
    return [int(number) * units[unit] for number, unit in texts]


def test_each_stream_is_read_once_with_its_watermark_inside_the_source(
    nodes: list[Node], manifest: dict[str, Any]
) -> None:
    scans = of(nodes, "table-source-scan")
    sources = manifest["apps"]["main"]["sources"]
    assert len(scans) == len(sources)
    assert all("WatermarkPushDown" in str(scan["scanTableSource"]["abilities"]) for scan in scans)
    assert of(nodes, "watermark-assigner") == []


def test_each_event_is_deduplicated_once_for_all_its_models(
    nodes: list[Node], manifest: dict[str, Any]
) -> None:
    deduplicates = of(nodes, "deduplicate")
    assert len(deduplicates) == len(manifest["apps"]["main"]["sources"])
    configured = int(values(JOB)["table.exec.state.ttl"].removesuffix(" ms"))
    assert set(ttls_ms(deduplicates)) == {configured}


def test_live_rows_do_not_wait_for_a_watermark(nodes: list[Node]) -> None:
    modes = {node["miniBatchInterval"]["mode"] for node in of(nodes, "mini-batch-assigner")}
    assert modes == {"ProcTime"}


def test_no_operator_keeps_state_that_nothing_bounds(nodes: list[Node]) -> None:
    stateful = {node["type"].removeprefix("stream-exec-") for node in nodes if node.get("state")}
    assert stateful == {"deduplicate_1", "global-group-aggregate_1"}


def test_rows_outlive_their_window_and_the_latest_event_that_they_take(
    nodes: list[Node], manifest: dict[str, Any]
) -> None:
    shortest = min(
        max(window["size_ms"] for window in model["windows"]) + model["late_hours"] * 3_600_000
        for model in manifest["models"].values()
    )
    assert min(ttls_ms(of(nodes, "global-group-aggregate"))) >= shortest + STATE_SLACK_MS
    for model in manifest["models"].values():
        needed = max(window["size_ms"] for window in model["windows"]) + model["late_hours"] * 3_600_000
        assert model["state_ttl_ms"] >= needed + STATE_SLACK_MS
