"""Parses Flink SQL: statements by their words, queries by a grammar shaped like Calcite's."""

from __future__ import annotations

from sqlglot_flink.queries.functions import SHARED_FUNCTIONS
from sqlglot_flink.queries.hints import HintParser
from sqlglot_flink.queries.windows import WINDOW_FUNCTIONS
from sqlglot_flink.statements import StatementParser

__all__ = ["SHARED_FUNCTIONS", "WINDOW_FUNCTIONS", "FlinkParser"]


class FlinkParser(StatementParser, HintParser):
    """All of Flink SQL."""

    STRICT_CAST = True
