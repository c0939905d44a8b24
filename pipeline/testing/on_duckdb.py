"""Runs test cases on DuckDB, in this process: the batch form over tables that hold what arrived."""

from __future__ import annotations

import duckdb

from pipeline.lower._duckdb_sources import SEQUENCE, create_table
from pipeline.lower.duckdb import lower_duckdb, lower_duckdb_late
from pipeline.lower.refusal import RefusedError
from pipeline.model.contracts import Contracts
from pipeline.model.models import Classified
from pipeline.names import ARRIVAL
from pipeline.testing.cases import Arrivals, Case, arrival_times
from pipeline.testing.outcomes import Outcome


def run_on_duckdb(model: Classified, cases: tuple[Case, ...], contracts: Contracts) -> list[Outcome]:
    """The outcome of each case, in their order; each begins with empty streams.

    Raises `RefusedError` where the model has no DuckDB form.
    """
    query, late_query = lower_duckdb(model, contracts), lower_duckdb_late(model, contracts)
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        for name in model.sources:
            event = contracts.event(name)
            assert event is not None, f"{name} is a source without a contract"
            connection.execute(create_table(event))
        return [_run(connection, case, model, query, late_query) for case in cases]


def _run(
    connection: duckdb.DuckDBPyConnection, case: Case, model: Classified, query: str, late_query: str
) -> Outcome:
    for name in model.sources:
        connection.execute(f'DELETE FROM "{name}"')  # noqa: S608  a name of the contracts
    for arrivals in case.given:
        _insert(connection, arrivals)
    try:
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description or ()]
        places = [names.index(column.name) for column in case.columns]
        rows = tuple(tuple(row[place] for place in places) for row in cursor.fetchall())
        late = connection.execute(late_query).fetchone()
    except duckdb.Error as error:
        return Outcome(case, error=f"DuckDB: {error}")
    return Outcome(case, rows, late=int(late[0]) if late else None)


def _insert(connection: duckdb.DuckDBPyConnection, arrivals: Arrivals) -> None:
    if not arrivals.rows:
        return
    columns = ", ".join(f'"{column.name}"' for column in arrivals.columns)
    marks = ", ".join("?" * (len(arrivals.columns) + 2))
    statement = f'INSERT INTO "{arrivals.event}" ({columns}, {ARRIVAL}, {SEQUENCE}) VALUES ({marks})'  # noqa: S608
    times = arrival_times(arrivals)
    rows = [[*row, times[number], number] for number, row in enumerate(arrivals.rows)]
    connection.executemany(statement, rows)


__all__ = ["RefusedError", "run_on_duckdb"]
