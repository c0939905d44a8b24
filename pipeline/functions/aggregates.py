"""Aggregates, and what only OVER (...) gives."""

from __future__ import annotations

from pipeline.functions.function import Function, always, average, same, text, total
from pipeline.sql_types import BIGINT, DOUBLE, INTEGERS, STRING, SqlType


def _shifted(arguments: list[SqlType]) -> SqlType | None:
    """LAG and LEAD: there is no row before the first."""
    return arguments[0].null(len(arguments) < 3 or arguments[0].nullable or arguments[2].nullable)


def _percentile(arguments: list[SqlType]) -> SqlType | None:
    return DOUBLE.null(True) if arguments[0].is_numeric and arguments[1].is_numeric else None


def _of_integer(arguments: list[SqlType]) -> SqlType | None:
    return BIGINT.null(False) if not arguments or arguments[0].name in INTEGERS else None


FUNCTIONS: dict[str, Function] = {
    "COUNT": Function(0, 1, always(BIGINT, nullable=False), aggregate=True),
    "SUM": Function(1, 1, total, aggregate=True),
    "AVG": Function(1, 1, average, aggregate=True),
    "MIN": Function(1, 1, same, aggregate=True),
    "MAX": Function(1, 1, same, aggregate=True),
    "STDDEV_POP": Function(1, 1, average, aggregate=True),
    "STDDEV_SAMP": Function(1, 1, average, aggregate=True),
    "VAR_POP": Function(1, 1, average, aggregate=True),
    "VAR_SAMP": Function(1, 1, average, aggregate=True),
    "VARIANCE": Function(1, 1, average, aggregate=True),
    # The order of arrival decides these, so that a replay may give another value.
    "FIRST_VALUE": Function(1, 1, same, aggregate=True, repeatable=False),
    "LAST_VALUE": Function(1, 1, same, aggregate=True, repeatable=False),
    "LISTAGG": Function(1, 2, text(kind=STRING, nullable=True), aggregate=True, repeatable=False),
    # OVER alone
    "ROW_NUMBER": Function(0, 0, _of_integer, over_only=True),
    "RANK": Function(0, 0, _of_integer, over_only=True),
    "DENSE_RANK": Function(0, 0, _of_integer, over_only=True),
    "NTILE": Function(1, 1, _of_integer, over_only=True),
    "PERCENT_RANK": Function(0, 0, always(DOUBLE, nullable=False), over_only=True),
    "CUME_DIST": Function(0, 0, always(DOUBLE, nullable=False), over_only=True),
    "LAG": Function(1, 3, _shifted, over_only=True),
    "LEAD": Function(1, 3, _shifted, over_only=True),
}
