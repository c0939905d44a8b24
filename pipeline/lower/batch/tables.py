"""Tables of arrivals: what each event's table looks like on an engine.

A table is named after its event and holds the contract's columns in SQL, `_arrival` (when the stream took the
event) and `_sequence` (a number that grows from row to row in arrival order). Times are timestamps without a
zone, in UTC, to the millisecond. It holds what ingest let through: events that keep their contract.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from pipeline.lower.engine import Engine
from pipeline.model.contracts import Event
from pipeline.names import ARRIVAL, SEQUENCE, column_name

_TIMES: Mapping[Engine, str] = {"duckdb": "TIMESTAMP", "trino": "TIMESTAMP(3)", "spark": "TIMESTAMP"}
_TYPES: Mapping[Engine, Mapping[str, str]] = {
    "duckdb": {"STRING": "VARCHAR", "BYTES": "BLOB", "INT": "INTEGER"},
    "trino": {"STRING": "VARCHAR", "BYTES": "VARBINARY", "INT": "INTEGER", "FLOAT": "REAL"},
    "spark": {"BYTES": "BINARY"},
}


def engine_type(sql_type: str, engine: Engine) -> str:
    """The engine's type for a Flink type of the contracts: `TIMESTAMP(3)` for `TIMESTAMP_LTZ(3)` on Trino."""
    if sql_type.startswith("TIMESTAMP"):
        return _TIMES[engine]
    return _TYPES[engine].get(sql_type, sql_type)


def create_table(event: Event, engine: Engine) -> str:
    """DDL of the event's table of arrivals."""
    types = {column_name(field.name): engine_type(field.sql_type, engine) for field in event.fields}
    types |= {ARRIVAL: _TIMES[engine], SEQUENCE: "BIGINT"}
    columns = ",\n".join(f"    {_quoted(name, engine)} {kind}" for name, kind in types.items())
    return f"CREATE TABLE {_quoted(event.name, engine)} (\n{columns}\n)"


def _quoted(name: str, engine: Engine) -> str:
    return exp.to_identifier(name, quoted=True).sql(dialect=engine)
