"""How the grammar's words are looked at and taken, whatever sqlglot's tokenizer calls them."""

from __future__ import annotations

import re
import typing as t

from sqlglot import exp, parser
from sqlglot.tokenizer_core import Token, TokenType

from sqlglot_flink.reserved import RESERVED_WORDS

E = t.TypeVar("E")

_CLASS = re.compile(r"<class '(?:\w+\.)*(\w+)'>")

TEXT_TOKENS = frozenset(
    {
        TokenType.STRING,
        TokenType.IDENTIFIER,
        TokenType.NUMBER,
        TokenType.BYTE_STRING,
        TokenType.HEX_STRING,
        TokenType.NATIONAL_STRING,
        TokenType.UNICODE_STRING,
        TokenType.HINT,
        TokenType.SENTINEL,
    }
)
"""Tokens whose text is data or a quoted name, never a word of the grammar."""

# Words that hold a query together. Others that Flink reserves (`element`, `position`, `minute`) are read as
# names where nothing else is possible, and quoted when written.
STRUCTURAL_WORDS = frozenset(
    [
        "ALL",
        "AND",
        "ANY",
        "AS",
        "BETWEEN",
        "BY",
        "CASE",
        "CAST",
        "CREATE",
        "CROSS",
        "CUBE",
        "DEFINE",
        "DELETE",
        "DISTINCT",
        "ELSE",
        "END",
        "ESCAPE",
        "EXCEPT",
        "EXISTS",
        "FALSE",
        "FETCH",
        "FOR",
        "FROM",
        "FULL",
        "GROUP",
        "HAVING",
        "IN",
        "INNER",
        "INSERT",
        "INTERSECT",
        "INTERVAL",
        "INTO",
        "IS",
        "JOIN",
        "LATERAL",
        "LEFT",
        "LIKE",
        "LIMIT",
        "MATCH_RECOGNIZE",
        "MINUS",
        "NATURAL",
        "NOT",
        "NULL",
        "OF",
        "OFFSET",
        "ON",
        "OR",
        "ORDER",
        "OUTER",
        "OVER",
        "PARTITION",
        "PIVOT",
        "RIGHT",
        "ROLLUP",
        "SELECT",
        "SET",
        "SIMILAR",
        "SOME",
        "TABLE",
        "TABLESAMPLE",
        "THEN",
        "TRUE",
        "UNION",
        "UNKNOWN",
        "UNNEST",
        "UNPIVOT",
        "UPDATE",
        "USING",
        "VALUES",
        "WHEN",
        "WHERE",
        "WINDOW",
        "WITH",
        "WITHIN",
    ]
)


class CursorParser(parser.Parser):
    """Words and names. A method that takes words leaves the cursor alone when they are not there."""

    _matched_index: int = 0

    def raise_error(self, message: str, token: t.Any = None) -> None:
        """Raise ParseError at the token; sqlglot's own messages lose the class names that they hold."""
        super().raise_error(_CLASS.sub(r"\1", message), token)

    def _at(self, *words: str) -> bool:
        index, wanted = self._index, list(words)
        while wanted:
            if index >= self._tokens_size:
                return False
            token = self._tokens[index]
            if token.token_type in TEXT_TOKENS:
                return False
            text = token.text.upper()
            # The tokenizer makes one token of `GROUP BY`, unless a comment stands between the words.
            spoken = text.split() if " " in text else [text]
            if wanted[: len(spoken)] != spoken:
                return False
            del wanted[: len(spoken)]
            index += 1
        self._matched_index = index
        return True

    def _take(self, *words: str) -> bool:
        if not self._at(*words):
            return False
        self._advance(self._matched_index - self._index)
        return True

    def _take_any(self, *choices: str) -> str | None:
        return next((choice for choice in choices if self._take(*choice.split())), None)

    def _require(self, *words: str) -> None:
        if not self._take(*words):
            self.raise_error(f"Expected {' '.join(words)}")

    def _symbol(self, token_type: TokenType) -> bool:
        return self._curr.token_type == token_type

    def _open(self) -> None:
        if not self._match(TokenType.L_PAREN):
            self.raise_error("Expected (")

    def _close(self) -> None:
        if not self._match(TokenType.R_PAREN):
            self.raise_error("Expected )")

    def _word(self, token: Token | None = None) -> str:
        """Return the token's first word in upper case, or an empty text for what is no word."""
        token = self._curr if token is None else token
        text = token.text
        if not token or token.token_type in TEXT_TOKENS or not (text[:1].isalpha() or text[:1] in ("_", "$")):
            return ""
        return text.upper().split(" ", 1)[0]

    def _comma_list(self, parse: t.Callable[[], E]) -> list[E]:
        found = [parse()]
        while self._match(TokenType.COMMA):
            found.append(parse())
        return found

    def _wrapped_list(self, parse: t.Callable[[], E], empty: bool = False) -> list[E]:
        self._open()
        found = [] if empty and self._symbol(TokenType.R_PAREN) else self._comma_list(parse)
        self._close()
        return found

    def _at_name(self, reserved: bool = False) -> bool:
        if self._curr.token_type == TokenType.IDENTIFIER:
            return True
        word = self._word()
        return bool(word) and word not in (STRUCTURAL_WORDS if reserved else RESERVED_WORDS)

    def _take_name(self, any_word: bool = False) -> exp.Identifier:
        """Read one identifier; `any_word` takes even a structural word for a name."""
        token = self._curr
        if not (self._at_name(reserved=True) or (any_word and self._word())):
            self.raise_error("Expected a name")
            return exp.to_identifier("")
        self._advance()
        quoted = token.token_type == TokenType.IDENTIFIER
        return self.expression(exp.Identifier(this=token.text, quoted=quoted), token)

    def _take_parts(self) -> list[exp.Identifier]:
        parts = [self._take_name()]
        while self._symbol(TokenType.DOT) and (
            self._next.token_type == TokenType.IDENTIFIER or self._word(self._next)
        ):
            self._advance()
            parts.append(self._take_name(any_word=True))
        return parts

    def _names_in_parentheses(self) -> list[exp.Identifier]:
        return self._wrapped_list(self._take_name)
