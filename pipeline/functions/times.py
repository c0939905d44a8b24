"""Functions of dates and times, and the clock's, which another moment would answer otherwise."""

from __future__ import annotations

from pipeline.functions.function import Function, always
from pipeline.sql_types import BIGINT, INT, STRING, SqlType

_NOW = Function(0, 0, always(SqlType("TIMESTAMP_LTZ", (3,)), nullable=False), repeatable=False)
_CLOCK = Function(0, 0, always(SqlType("TIME", (0,)), nullable=False), repeatable=False)
_MAYBE_TEXT = always(STRING, nullable=True)

FUNCTIONS: dict[str, Function] = {
    **{
        name: Function(1, 1, always(BIGINT))
        for name in (
            "EXTRACT", "YEAR", "QUARTER", "MONTH", "WEEK", "DAYOFYEAR", "DAYOFMONTH", "DAYOFWEEK", "HOUR",
            "MINUTE", "SECOND",
        )
    },
    "DATE_FORMAT": Function(2, 2, _MAYBE_TEXT),
    "TIMESTAMPDIFF": Function(2, 2, always(INT)),
    "TIMESTAMPADD": Function(2, 2, lambda arguments: arguments[1].null(any(a.nullable for a in arguments))),
    "TO_DATE": Function(1, 2, always(SqlType("DATE"), nullable=True)),
    "TO_TIMESTAMP": Function(1, 2, always(SqlType("TIMESTAMP", (3,)), nullable=True)),
    "TO_TIMESTAMP_LTZ": Function(1, 2, always(SqlType("TIMESTAMP_LTZ", (3,)), nullable=True)),
    "FROM_UNIXTIME": Function(1, 2, _MAYBE_TEXT),
    "CONVERT_TZ": Function(3, 3, _MAYBE_TEXT),
    # With a text it reads a time; without one it is the clock.
    "UNIX_TIMESTAMP": Function(0, 2, always(BIGINT), repeatable=False),
    "CURRENT_DATE": Function(0, 0, always(SqlType("DATE"), nullable=False), repeatable=False),
    "CURRENT_TIME": _CLOCK,
    "LOCALTIME": _CLOCK,
    "CURRENT_TIMESTAMP": _NOW,
    "LOCALTIMESTAMP": Function(0, 0, always(SqlType("TIMESTAMP", (3,)), nullable=False), repeatable=False),
    "CURRENT_ROW_TIMESTAMP": _NOW,
    "NOW": _NOW,
    "PROCTIME": _NOW,
    "CURRENT_WATERMARK": Function(
        1, 1, always(SqlType("TIMESTAMP_LTZ", (3,)), nullable=True), repeatable=False
    ),
}  # fmt: skip
