"""The batch engines that a model can be lowered to."""

from __future__ import annotations

from typing import Literal, get_args

Engine = Literal["duckdb", "trino", "spark"]
ENGINES: tuple[Engine, ...] = get_args(Engine)
LABELS: dict[Engine, str] = {"duckdb": "DuckDB", "trino": "Trino", "spark": "Spark"}
"""What messages call an engine."""
