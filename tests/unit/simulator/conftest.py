"""The shop's contracts, so that what the simulator makes can be held against them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.enrich import Enricher
from ingest.intake import Intake
from ingest.validate import Validator
from pipeline.compile.contracts import load_contracts
from pipeline.emit.json_schema import emit_json_schemas

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def build_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    build = tmp_path_factory.mktemp("build")
    contracts, diagnostics = load_contracts(ROOT)
    assert diagnostics == ()
    for name, text in emit_json_schemas(contracts).items():
        (build / name).parent.mkdir(parents=True, exist_ok=True)
        (build / name).write_text(text)
    return build


@pytest.fixture
def intake(build_dir: Path) -> Intake:
    return Intake(Validator.load(build_dir), Enricher(bytes(32)), "simulator")
