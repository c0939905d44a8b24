"""The shop's contracts as ingest gets them, and one good event of each type."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import orjson
import pytest

from ingest.enrich import Enricher
from ingest.timestamps import parse_timestamp
from ingest.validate import Validator
from pipeline.compile.contracts import load_contracts
from pipeline.emit.event_reference import example_event
from pipeline.emit.json_schema import emit_json_schemas, exact_json

ROOT = Path(__file__).resolve().parents[3]
NOW_MS = parse_timestamp("2026-01-15T12:00:00.500Z")


@pytest.fixture(scope="session")
def build_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    build = tmp_path_factory.mktemp("build")
    contracts, diagnostics = load_contracts(ROOT)
    assert diagnostics == ()
    for name, text in emit_json_schemas(contracts).items():
        (build / name).parent.mkdir(parents=True, exist_ok=True)
        (build / name).write_text(text)
    return build


@pytest.fixture(scope="session")
def validator(build_dir: Path) -> Validator:
    return Validator.load(build_dir)


@pytest.fixture(scope="session")
def enricher() -> Enricher:
    return Enricher(bytes(range(32)))


@pytest.fixture(scope="session")
def now_ms() -> int:
    return NOW_MS


@pytest.fixture(scope="session")
def _examples() -> dict[str, dict[str, Any]]:
    contracts, _ = load_contracts(ROOT)
    return {
        event.name: orjson.loads(exact_json(example_event(event)))
        for event in contracts.events
        if not event.standalone
    }


@pytest.fixture
def good(_examples: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """One good event of each type, to be changed by the test."""
    return copy.deepcopy(_examples)
