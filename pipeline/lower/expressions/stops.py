"""Stops a query at a value of which an engine would make another than Flink: loud, never silently wrong."""

from __future__ import annotations

from pipeline.lower.engine import Engine

MARK = "not as on Flink"
"""What every such stop begins with: `pipeline parity` knows it by these words from an engine's own errors."""
_FUNCTION: dict[Engine, str] = {"duckdb": "error", "trino": "fail", "spark": "raise_error"}
_TEXT: dict[Engine, str] = {"duckdb": "VARCHAR", "trino": "VARCHAR", "spark": "STRING"}


def stop(engine: Engine, message: str, kind: str | None = None) -> str:
    """SQL that fails with the message when it is reached, as a value of the engine's type `kind` (a text)."""
    return f"CAST({_FUNCTION[engine]}('{MARK}: {message}') AS {kind or _TEXT[engine]})"
