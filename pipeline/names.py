"""Every physical name: what a stream, a table, a view or a route is called. Nothing else builds names.

Names with hyphens are suffixes; at run time `${NAME_PREFIX}-` stands before them.
"""

from __future__ import annotations

from pipeline.model.models import Kind

UNION_TABLE = "events"
"""The SQL table of all events' common columns."""
EVENT_TIME = "event_time"
"""What the contract's `timestamp` is called in SQL."""
WIRE_TIME = "timestamp"

PARTITION_KEY = "pk"
SORT_KEY = "sk"
WINDOW_START = "_window_start"
WINDOW_END = "_window_end"
UPDATED_AT = "_updated_at"
WATERMARK = "_watermark"
TTL = "_ttl"
ARRIVAL = "_arrival"
"""Column of every event in Flink: when Kinesis took it."""
SEQUENCE = "_sequence"
"""Column of a table of arrivals in batch: grows from row to row in arrival order."""
ITEM_ATTRIBUTES = (PARTITION_KEY, SORT_KEY, WINDOW_START, WINDOW_END, UPDATED_AT, WATERMARK, TTL)
"""Attributes of a result row beside the model's own columns."""

_PLURALS: dict[Kind, str] = {
    "metric": "metrics",
    "feature": "features",
    "pattern": "patterns",
    "alert": "alerts",
    "decision": "decisions",
}


def stream_name(event: str) -> str:
    """Suffix of the Kinesis stream of an event: `page-view`."""
    return event.replace("_", "-")


def table_name(model: str) -> str:
    """Suffix of the DynamoDB table of a model: `revenue-per-minute`."""
    return model.replace("_", "-")


def topic(kind: Kind, model: str) -> str:
    """WebSocket topic of a model: `metrics/revenue_per_minute`."""
    return f"{_PLURALS[kind]}/{model}"


def route(kind: Kind, model: str) -> str:
    """HTTP route of a model: `/v1/metrics/revenue_per_minute`."""
    return f"/v1/{_PLURALS[kind]}/{model}"


def source_table(event: str) -> str:
    """Flink table over the event's stream, as it comes: `purchase__stream`."""
    return f"{event}__stream"


def sink_table(model: str) -> str:
    """Flink table over the model's DynamoDB table: `revenue_per_minute__sink`."""
    return f"{model}__sink"


def strict_app(app: str) -> str:
    """The app of strict models: in one app the watermarks they wait for would slow live models down."""
    return f"{app}_strict"


def app_directory(app: str) -> str:
    """Folder of a Flink application under `build/`."""
    return f"flink/{app}"


def batch_file(model: str, engine: str) -> str:
    """Batch form of a model for an engine (duckdb, trino, spark), under `build/`."""
    return f"{engine}/{model}.sql"


def arrivals_name(event: str) -> str:
    """Batch: the event's arrivals, each with what decides whether it counts."""
    return f"{event}_arrivals"


def counted_name(event: str) -> str:
    """Batch: the events that count (of `events`, those of all kinds)."""
    return f"{event}_counted"


def windows_name(table: str, number: int) -> str:
    """Batch: the rows of a table once for each of their windows."""
    return f"{table}_windows_{number}"


def column_name(field: str) -> str:
    """What a contract's field is called in SQL: its own name, but for the time of the event."""
    return EVENT_TIME if field == WIRE_TIME else field
