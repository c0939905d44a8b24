"""Flink's expressions on the batch engines: which mean the same, which are rewritten, which are refused.

The lists are of what is known to agree. What is not on them is refused, since the same name often has another
value: `5 / 2`, `CAST(1.5 AS INT)`, `AVG` of integers, the patterns of `DATE_FORMAT`.

Where Flink itself fails, or goes on with a value that wrapped around, an engine may fail. It never gives
another value. The one exception is the last digit of a DOUBLE: each engine has its own mathematics and its
own order of adding.
"""

from __future__ import annotations

from pipeline.lower.expressions.coverage import coverage
from pipeline.lower.expressions.lowering import refusals, rewrite
from pipeline.lower.expressions.spark import SPARK_SETTINGS

__all__ = ["SPARK_SETTINGS", "coverage", "refusals", "rewrite"]
