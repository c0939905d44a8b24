"""The lake's tables: columns for the Glue catalogue and Athena's DDL, one of each for every event."""

from __future__ import annotations

import json

from pipeline.model.contracts import Contracts, Event, Field
from pipeline.names import ARRIVAL, SEQUENCE, column_name

_TYPES = {
    "STRING": "string",
    "BOOLEAN": "boolean",
    "INT": "int",
    "BIGINT": "bigint",
    "DOUBLE": "double",
    "TIMESTAMP_LTZ(3)": "timestamp",
}
_ARRIVAL_COLUMNS = (
    {"name": ARRIVAL, "type": "timestamp", "comment": "when Kinesis took the event, in UTC"},
    {
        "name": SEQUENCE,
        "type": "bigint",
        "comment": "order of arrival: milliseconds since 1970 of _arrival times 1000, plus the place among "
        "the events of its shard that arrived in that millisecond",
    },
)
_FIRST_DAY = "2025-01-01"


def emit_glue(contracts: Contracts) -> dict[str, str]:
    """`{glue/<event>.json, athena/<event>.sql: text}` under build/.

    Columns are the event's columns in SQL (`timestamp` is `event_time`, an event's own fields stand beside
    the common ones). Partitions are `dt` (`yyyy-MM-dd`) and `hour` (`00` to `23`) of the event time in UTC,
    found by projection: no crawler, no ALTER TABLE. The batch forms read two columns beside the contract's:
    `_arrival` (when Kinesis took the event) and `_sequence` (its place in the order of arrival), which
    delivery writes from the record's metadata. `${lake_location}` (an S3 address without a slash at its
    end) and `${database}` are filled in at deployment; `${dt}` and `${hour}` are Athena's own.
    """
    files = {}
    for event in contracts.events:
        files[f"glue/{event.name}.json"] = json.dumps(_table(event), indent=2, ensure_ascii=False) + "\n"
        files[f"athena/{event.name}.sql"] = _ddl(event)
    return files


def glue_type(sql_type: str) -> str:
    """Glue's name of a contract type: `DECIMAL(12, 2)` -> `decimal(12,2)`."""
    if sql_type.startswith("DECIMAL"):
        return sql_type.lower().replace(" ", "")
    return _TYPES[sql_type]


def lake_columns(event: Event) -> list[dict[str, str]]:
    """`name`, Glue `type` and `comment` of each column of the event's table, partitions left out."""
    return [*map(_column, event.fields), *_ARRIVAL_COLUMNS]


def _column(field: Field) -> dict[str, str]:
    return {"name": column_name(field.name), "type": glue_type(field.sql_type), "comment": _comment(field)}


def _comment(field: Field) -> str:
    parts = [field.description]
    if field.unit:
        parts.append(f"unit: {field.unit}")
    if field.pii != "none":
        parts.append(f"pii: {field.pii}")
    return "; ".join(parts)[:255]  # Glue's limit of a comment


def _location(event: Event) -> str:
    return f"${{lake_location}}/events/{event.name}"


def _properties(event: Event) -> dict[str, str]:
    return {
        "classification": "parquet",
        "projection.enabled": "true",
        "projection.dt.type": "date",
        "projection.dt.format": "yyyy-MM-dd",
        "projection.dt.range": f"{_FIRST_DAY},NOW",
        "projection.hour.type": "integer",
        "projection.hour.range": "0,23",
        "projection.hour.digits": "2",
        "storage.location.template": f"{_location(event)}/dt=${{dt}}/hour=${{hour}}/",
    }


def _table(event: Event) -> dict[str, object]:
    return {
        "name": event.name,
        "description": event.description,
        "location": f"{_location(event)}/",
        "format": "parquet",
        "columns": lake_columns(event),
        "partition_keys": [
            {"name": "dt", "type": "string", "comment": "day of the event time in UTC, yyyy-MM-dd"},
            {"name": "hour", "type": "string", "comment": "hour of the event time in UTC, 00 to 23"},
        ],
        "parameters": _properties(event),
    }


def _literal(text: str) -> str:
    return "'" + text.replace("'", "\\'") + "'"


def _ddl(event: Event) -> str:
    columns = ",\n".join(
        f"    `{column['name']}` {column['type']} COMMENT {_literal(column['comment'])}"
        for column in lake_columns(event)
    )
    properties = ",\n".join(f"    '{key}' = {_literal(value)}" for key, value in _properties(event).items())
    return (
        f"CREATE EXTERNAL TABLE IF NOT EXISTS `${{database}}`.`{event.name}` (\n{columns}\n)\n"
        f"COMMENT {_literal(event.description)}\n"
        "PARTITIONED BY (\n"
        "    `dt` string COMMENT 'day of the event time in UTC, yyyy-MM-dd',\n"
        "    `hour` string COMMENT 'hour of the event time in UTC, 00 to 23'\n"
        ")\n"
        "STORED AS PARQUET\n"
        f"LOCATION '{_location(event)}/'\n"
        f"TBLPROPERTIES (\n{properties}\n)\n"
    )
