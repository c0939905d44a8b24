"""The Flink dialect: what of Flink SQL is a constant of sqlglot's Dialect and Tokenizer."""

from __future__ import annotations

import typing as t

from sqlglot import tokens
from sqlglot.dialects.dialect import Dialect, NormalizationStrategy
from sqlglot.tokenizer_core import TokenType

from sqlglot_flink.generator import FlinkGenerator
from sqlglot_flink.parser import FlinkParser


class Flink(Dialect):
    """Apache Flink SQL (1.20, and what 2.x shares with it)."""

    # Flink compares identifiers as they are written.
    NORMALIZATION_STRATEGY = NormalizationStrategy.CASE_SENSITIVE
    NULL_ORDERING = "nulls_are_small"
    TYPED_DIVISION = True
    ALIAS_POST_VERSION = True

    class Tokenizer(tokens.Tokenizer):
        """Backticks quote identifiers, only single quotes make strings."""

        IDENTIFIERS: t.ClassVar[list[str | tuple[str, str]]] = ["`"]
        QUOTES: t.ClassVar[list[tuple[str, str] | str]] = ["'"]
        STRING_ESCAPES: t.ClassVar[list[str]] = ["'"]

        KEYWORDS: t.ClassVar[dict[str, TokenType]] = {
            **tokens.Tokenizer.KEYWORDS,
            "BYTES": TokenType.VARBINARY,
            "MATCH_RECOGNIZE": TokenType.MATCH_RECOGNIZE,
            "ROW": TokenType.STRUCT,
            "STRING": TokenType.TEXT,
            "TIMESTAMP_LTZ": TokenType.TIMESTAMPLTZ,
        }
        KEYWORDS.pop("QUALIFY", None)

    Parser = FlinkParser
    Generator = FlinkGenerator
