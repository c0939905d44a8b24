"""Event contracts: what `sql/events/*.yaml` promises about each event on the wire and in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pipeline.model.diagnostics import Position

Pii = Literal["none", "pseudonymous", "direct"]
Origin = Literal["common", "event", "enrichment"]


@dataclass(frozen=True)
class Field:
    """One field of an event.

    `sql_type` is Flink's spelling (`DECIMAL(12, 2)`). `origin` says where it lives on the wire: `common` and
    `enrichment` at the top level, `event` inside `custom_properties` (top level for a standalone contract).
    """

    name: str
    sql_type: str
    origin: Origin
    description: str
    position: Position
    required: bool = False
    identifier: bool = False
    pii: Pii = "none"
    unit: str | None = None
    enum: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    example: object = None


@dataclass(frozen=True)
class Event:
    """One event contract with all its fields, in the order of its columns in SQL.

    `standalone` contracts do not extend the common fields and have no part in the `events` union.
    In SQL each has its fields as columns, except that `timestamp` is called `event_time`.
    """

    name: str
    description: str
    version: int
    fields: tuple[Field, ...]
    partition_key: str
    watermark_delay_ms: int
    deduplicate_ms: int
    max_event_bytes: int
    max_future_ms: int
    max_age_ms: int
    standalone: bool
    position: Position


@dataclass(frozen=True)
class Contracts:
    """All events by name, and the columns that all but the standalone ones share (the table `events`)."""

    events: tuple[Event, ...]

    def event(self, name: str) -> Event | None:
        """The event of that name, or None."""
        return next((event for event in self.events if event.name == name), None)
