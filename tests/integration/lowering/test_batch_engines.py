"""Each construct of a streaming query gives the same rows on every batch engine, worked out by hand."""

from __future__ import annotations

import pytest

from pipeline.lower.batch import lower_batch, lower_late
from pipeline.model.contracts import Contracts
from pipeline.testing.engines.batch import BatchEngine
from tests.integration.lowering.conftest import Compile, Run
from tests.integration.lowering.scenarios import SCENARIOS, Scenario

LATE = [scenario for scenario in SCENARIOS if scenario.late is not None]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_rows(scenario: Scenario, engine: BatchEngine, compiled: Compile, run: Run, shop: Contracts) -> None:
    model = compiled(scenario.sql, live=scenario.live, kind=scenario.kind)
    query = lower_batch(model, shop, engine.name)  # type: ignore[arg-type]
    assert run(query, scenario.tables) == sorted(scenario.rows, key=repr)


@pytest.mark.parametrize("scenario", LATE, ids=lambda scenario: scenario.name)
def test_late_events_are_counted(
    scenario: Scenario, engine: BatchEngine, compiled: Compile, run: Run, shop: Contracts
) -> None:
    model = compiled(scenario.sql, live=scenario.live, kind=scenario.kind)
    query = lower_late(model, shop, engine.name)  # type: ignore[arg-type]
    assert run(query, scenario.tables) == [(scenario.late,)]
