"""A small shop's contracts and a model's target, so that messages do not change with `sql/`."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.model.contracts import Contracts, Event, Field
from pipeline.model.diagnostics import Diagnostic, Position
from pipeline.testing.cases import Target, TypedColumn

HERE = Position("sql/events/purchase.yaml", 1, 1)


def field(name: str, sql_type: str, example: object, **more: object) -> Field:
    return Field(name, sql_type, "event", f"the {name}", HERE, example=example, **more)  # type: ignore[arg-type]


@pytest.fixture
def contracts() -> Contracts:
    purchase = Event(
        name="purchase",
        description="An order was paid.",
        version=1,
        fields=(
            field("event_id", "STRING", "an-id", required=True),
            field("event_type", "STRING", "page_view", required=True),
            field("timestamp", "TIMESTAMP_LTZ(3)", "2026-01-15T12:00:00.000Z", required=True),
            field("amount", "DECIMAL(12, 2)", 49.9, required=True, minimum=Decimal(0)),
            field("currency", "STRING", "EUR", required=True, pattern="^[A-Z]{3}$"),
            field("quantity", "INT", 1),
            field("method", "STRING", "card", enum=("card", "invoice")),
            field("is_refund", "BOOLEAN", False),
        ),
        partition_key="event_id",
        watermark_delay_ms=5000,
        deduplicate_ms=600_000,
        max_event_bytes=65536,
        max_future_ms=60_000,
        max_age_ms=86_400_000,
        standalone=False,
        position=HERE,
    )
    return Contracts((purchase,))


@pytest.fixture
def target() -> Target:
    columns = (
        TypedColumn("minute_start", "TIMESTAMP(3)"),
        TypedColumn("currency", "STRING"),
        TypedColumn("revenue", "DECIMAL(18, 2)"),
        TypedColumn("purchases", "BIGINT"),
    )
    return Target("revenue", "sql/metrics/revenue", columns, ("purchase",))


def plain(diagnostics: list[Diagnostic]) -> list[str]:
    """Each mistake in one line: `line:column+length message | hint`."""
    return [
        f"{d.position.line}:{d.position.column}+{d.position.length} {d.message} | {d.hint}"
        for d in diagnostics
    ]
