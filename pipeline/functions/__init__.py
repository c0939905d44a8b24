"""The functions a model may call: how many arguments, what type they give, whether they are repeatable."""

from __future__ import annotations

from pipeline.functions import aggregates, conditions, json, numbers, texts, times
from pipeline.functions.function import Function, Rule

FUNCTIONS: dict[str, Function] = {
    **aggregates.FUNCTIONS,
    **conditions.FUNCTIONS,
    **json.FUNCTIONS,
    **numbers.FUNCTIONS,
    **texts.FUNCTIONS,
    **times.FUNCTIONS,
}
"""Name in upper case -> function. What is not here is refused by `resolve` with the nearest name."""

__all__ = ["FUNCTIONS", "Function", "Rule"]
