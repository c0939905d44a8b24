"""The functions as DuckDB writes them."""

from __future__ import annotations

from pipeline.lower.expressions import conditions, json, numbers, texts, times
from pipeline.lower.expressions.call import Lowering

FUNCTIONS: dict[str, Lowering] = {
    **conditions.FUNCTIONS,
    **json.table("duckdb"),
    **numbers.table("duckdb"),
    **texts.table("duckdb"),
    **times.FUNCTIONS,
}
"""Name in upper case -> how it is written; what is not here is refused."""
