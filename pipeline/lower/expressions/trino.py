"""The functions as Trino writes them."""

from __future__ import annotations

from pipeline.lower.expressions import conditions, json, numbers, texts, times
from pipeline.lower.expressions.call import Lowering

FUNCTIONS: dict[str, Lowering] = {
    **conditions.FUNCTIONS,
    **json.table("trino"),
    **numbers.table("trino"),
    **texts.table("trino"),
    **times.FUNCTIONS,
}
"""Name in upper case -> how it is written; what is not here is refused."""
