"""What the patterns are run over: seeded sequences of few values, so that matches and near-matches abound.

Times lie on, one millisecond before and one behind the 5 seconds of most WITHIN; many are equal. Rows arrive
up to 1.5 s out of order, and never late: the watermark keeps 2 s back.
"""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

COLUMNS = {
    "user_id": "STRING",
    "event_time": "TIMESTAMP(3)",
    "arrived": "BIGINT",
    "kind": "STRING",
    "status": "STRING",
    "amount": "DECIMAL(12, 2)",
    "quantity": "INT",
    "country": "STRING",
}
WATERMARK = "event_time - INTERVAL '2' SECOND"
DDL = {
    "duckdb": "CREATE TABLE {table} (user_id VARCHAR, event_time TIMESTAMP, arrived BIGINT, kind VARCHAR,"
    " status VARCHAR, amount DECIMAL(12, 2), quantity INTEGER, country VARCHAR)",
    "spark": "CREATE TABLE {table} (user_id STRING, event_time TIMESTAMP, arrived BIGINT, kind STRING,"
    " status STRING, amount DECIMAL(12, 2), quantity INT, country STRING)",
    "trino": "CREATE TABLE {table} (user_id VARCHAR, event_time TIMESTAMP(3), arrived BIGINT, kind VARCHAR,"
    " status VARCHAR, amount DECIMAL(12, 2), quantity INTEGER, country VARCHAR)",
}
START = dt.datetime(2026, 2, 28, 23, 59, 30)  # noqa: DTZ001  naive UTC: the rows cross into another month
STEPS_MS = (0, 0, 1, 100, 999, 1000, 1001, 1250, 2500, 4999, 5000, 5001)
KINDS = ("view", "view", "product", "cart", "click", "purchase", "purchase")
USERS = ("ann", "bob", "cem", "dée", None, "eve", "fay", "gus")
ROWS_A_USER = 60
JITTER_MS = 1500


def arrivals() -> list[dict[str, Any]]:
    """The rows in order of arrival, which `arrived` counts."""
    choose = random.Random(20261122)
    found: list[tuple[int, int, dict[str, Any]]] = []
    for user in USERS:
        time_ms = choose.choice((0, 1, 500))
        for _ in range(ROWS_A_USER):
            row = {
                "user_id": user,
                "event_time": START + dt.timedelta(milliseconds=time_ms),
                "kind": choose.choice(KINDS),
                "status": choose.choice(("ok", "ok", "failed", "failed", None)),
                "amount": choose.choice(
                    (None, Decimal("0.50"), Decimal("1.00"), Decimal("9.99"), Decimal("250.00"))
                ),
                "quantity": choose.choice((None, 0, 1, 1, 2, 3)),
                "country": choose.choice(("DE", "DE", "TR", "US", None)),
            }
            found.append((time_ms + choose.randrange(JITTER_MS), len(found), row))
            time_ms += choose.choice(STEPS_MS)
    found.sort(key=lambda item: item[:2])
    return [{**row, "arrived": number} for number, (_, _, row) in enumerate(found)]
