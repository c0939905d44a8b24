"""A sqlglot dialect for Apache Flink SQL: `sqlglot.parse_one(sql, dialect="flink")`.

Registers itself under the name `flink` when imported (or through the entry point `sqlglot.dialects`).
"""

from sqlglot_flink.expressions import (
    Cumulate,
    Descriptor,
    Hop,
    MatchedTable,
    MatchRecognizeWithin,
    Session,
    TableArgument,
    TableFunction,
    Tumble,
    WindowFunction,
)
from sqlglot_flink.pure import require_pure_sqlglot

require_pure_sqlglot()

from sqlglot_flink.dialect import Flink  # noqa: E402 - the check above explains what would fail here
from sqlglot_flink.queries.windows import window_call_mistake  # noqa: E402
from sqlglot_flink.reserved import RESERVED_WORDS  # noqa: E402
from sqlglot_flink.statements.expressions import MetadataColumn, Watermark  # noqa: E402

__all__ = [
    "RESERVED_WORDS",
    "Cumulate",
    "Descriptor",
    "Flink",
    "Hop",
    "MatchRecognizeWithin",
    "MatchedTable",
    "MetadataColumn",
    "Session",
    "TableArgument",
    "TableFunction",
    "Tumble",
    "Watermark",
    "WindowFunction",
    "window_call_mistake",
]
