"""Runs test cases on DuckDB, in this process: the batch form over tables that hold what arrived."""

from __future__ import annotations

from pipeline.lower.batch import create_table, lower_batch, lower_late
from pipeline.lower.refusal import RefusedError
from pipeline.model.contracts import Contracts
from pipeline.model.models import Classified
from pipeline.testing.arrival_rows import arrival_rows
from pipeline.testing.cases import Case
from pipeline.testing.engines.batch import EngineError
from pipeline.testing.engines.duckdb import DuckDbEngine
from pipeline.testing.outcomes import Outcome


def run_on_duckdb(model: Classified, cases: tuple[Case, ...], contracts: Contracts) -> list[Outcome]:
    """The outcome of each case, in their order; each begins with empty streams.

    Raises `RefusedError` where the model has no DuckDB form.
    """
    query = lower_batch(model, contracts, "duckdb")
    late_query = lower_late(model, contracts, "duckdb")
    events = [event for event in contracts.events if event.name in model.sources]
    ddl = [create_table(event, "duckdb") for event in events]
    outcomes: list[Outcome] = []
    with DuckDbEngine() as engine:
        for case in cases:
            tables = {arrivals.event: arrival_rows(arrivals) for arrivals in case.given}
            try:
                found = engine.run(ddl, tables, query)
                late = engine.query(late_query)
            except EngineError as error:
                outcomes.append(Outcome(case, error=f"DuckDB: {error}"))
                continue
            rows = tuple(tuple(row[column.name] for column in case.columns) for row in found)
            outcomes.append(Outcome(case, rows, late=int(next(iter(late[0].values())))))
    return outcomes


__all__ = ["RefusedError", "run_on_duckdb"]
