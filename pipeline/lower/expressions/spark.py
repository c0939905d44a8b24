"""The functions as Spark writes them."""

from __future__ import annotations

from pipeline.lower.expressions import conditions, json, numbers, texts, times
from pipeline.lower.expressions.call import Lowering

FUNCTIONS: dict[str, Lowering] = {
    **conditions.FUNCTIONS,
    **json.table("spark"),
    **numbers.table("spark"),
    **texts.table("spark"),
    **times.FUNCTIONS,
}
"""Name in upper case -> how it is written; what is not here is refused."""

SPARK_SETTINGS: dict[str, str] = {
    # An overflow, a division by zero and a text that is no number fail, instead of being NULL.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
}
"""The settings under which the lowered SQL means what Flink computes: every runner sets them."""
