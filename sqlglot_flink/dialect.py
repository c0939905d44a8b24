"""The Flink dialect: what of Flink SQL is a constant of sqlglot's Dialect and Tokenizer."""

from __future__ import annotations

import typing as t

from sqlglot import exp, tokens
from sqlglot.dialects.dialect import Dialect, NormalizationStrategy
from sqlglot.errors import ParseError
from sqlglot.tokenizer_core import TokenType

from sqlglot_flink.generator import FlinkGenerator
from sqlglot_flink.parser import FlinkParser

NESTED_TOO_DEEPLY = "The statement is nested too deeply: write it with fewer brackets, operators or branches"


class Flink(Dialect):
    """Apache Flink SQL (1.20, and what 2.x shares with it)."""

    # Flink compares identifiers as they are written.
    NORMALIZATION_STRATEGY = NormalizationStrategy.CASE_SENSITIVE
    NULL_ORDERING = "nulls_are_small"
    TYPED_DIVISION = True
    ALIAS_POST_VERSION = True

    def parse(self, sql: str, **opts: t.Any) -> list[exp.Expr | None]:
        """Return the statements of `sql`; raises ParseError, also where it is nested too deeply."""
        try:
            return super().parse(sql, **opts)
        except RecursionError:
            raise ParseError(NESTED_TOO_DEEPLY) from None

    def parse_into(self, expression_type: exp.IntoType, sql: str, **opts: t.Any) -> list[exp.Expr | None]:
        """Return `sql` as the wanted kind of expression; raises ParseError as `parse` does."""
        try:
            return super().parse_into(expression_type, sql, **opts)
        except RecursionError:
            raise ParseError(NESTED_TOO_DEEPLY) from None

    class Tokenizer(tokens.Tokenizer):
        """Backticks quote identifiers, only single quotes make strings."""

        IDENTIFIERS: t.ClassVar[list[str | tuple[str, str]]] = ["`"]
        QUOTES: t.ClassVar[list[tuple[str, str] | str]] = ["'"]
        HEX_STRINGS: t.ClassVar[list[str | tuple[str, str]]] = [("x'", "'"), ("X'", "'")]
        UNICODE_STRINGS: t.ClassVar[list[str | tuple[str, str]]] = [("u&'", "'"), ("U&'", "'")]
        # Flink 2 reads the escapes of C in these.
        BYTE_STRINGS: t.ClassVar[list[str | tuple[str, str]]] = [("e'", "'"), ("E'", "'")]
        BYTE_STRING_ESCAPES: t.ClassVar[list[str]] = ["'", "\\"]
        STRING_ESCAPES: t.ClassVar[list[str]] = ["'"]

        # Words are told apart by their text (see `queries/cursor.py`); these pairs alone stay one token.
        KEYWORDS: t.ClassVar[dict[str, TokenType]] = {
            word: token_type
            for word, token_type in tokens.Tokenizer.KEYWORDS.items()
            if " " not in word or word in ("GROUP BY", "ORDER BY", "PARTITION BY")
        }
        COMMENTS: t.ClassVar[list[str | tuple[str, str]]] = ["--", "//", ("/*", "*/")]
        NESTED_COMMENTS = False
        # Flink reads a hint wherever it stands.
        TOKENS_PRECEDING_HINT: t.ClassVar[set[TokenType]] = set(TokenType)
        # Those of sqlglot swallow the rest of a statement as one string.
        COMMANDS: t.ClassVar[set[TokenType]] = set()

    Parser = FlinkParser
    Generator = FlinkGenerator
