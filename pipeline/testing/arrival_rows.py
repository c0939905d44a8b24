"""What arrived as rows of a batch engine's table: the event's columns, when it came and in which order."""

from __future__ import annotations

from typing import Any

from pipeline.names import ARRIVAL, SEQUENCE
from pipeline.testing.cases import Arrivals, arrival_times


def arrival_rows(arrivals: Arrivals) -> list[dict[str, Any]]:
    """A row for each arrival, for a table that `pipeline.lower.batch.create_table` makes."""
    columns = [column.name for column in arrivals.columns]
    return [
        {**dict(zip(columns, row, strict=True)), ARRIVAL: time, SEQUENCE: number}
        for number, (row, time) in enumerate(zip(arrivals.rows, arrival_times(arrivals), strict=True))
    ]
