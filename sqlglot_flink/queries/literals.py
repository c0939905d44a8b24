"""Literals: strings in all their spellings, dates and times, intervals, constructors of collections."""

from __future__ import annotations

import typing as t

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from sqlglot_flink.expressions import (
    CollectionQuery,
    EscapedText,
    IntervalUnit,
    JdbcCall,
    LiteralChain,
    MultisetLiteral,
    Period,
)
from sqlglot_flink.queries.types import TypeParser

UNITS = {
    unit + plural: unit
    for unit in ("YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND")
    for plural in ("", "S")
}
"""Unit of an interval, plural or not -> the unit."""
_STRINGS: dict[TokenType, t.Callable[[str], exp.Expr]] = {
    TokenType.STRING: exp.Literal.string,
    TokenType.NATIONAL_STRING: lambda text: exp.National(this=text),
    TokenType.UNICODE_STRING: lambda text: exp.UnicodeString(this=text),
    TokenType.BYTE_STRING: lambda text: EscapedText(this=text),
    TokenType.HEX_STRING: lambda text: exp.HexString(this=text),
}
TIME_LITERALS = {
    "DATE": exp.DType.DATE,
    "TIME": exp.DType.TIME,
    "TIMESTAMP": exp.DType.TIMESTAMP,
    "TIMESTAMP WITH LOCAL TIME ZONE": exp.DType.TIMESTAMPLTZ,
}
_JDBC_TIMES = {"D": "DATE", "T": "TIME", "TS": "TIMESTAMP"}


class LiteralParser(TypeParser):
    """What stands for itself."""

    def _parse_string(self) -> exp.Expr | None:
        build = _STRINGS.get(self._curr.token_type)
        if build is None:
            return None
        token = self._curr
        self._advance()
        # What the tokenizer takes from an escaped text cannot be put back: it stays as it was written.
        escaped = token.token_type == TokenType.BYTE_STRING
        first = self.expression(build(self._find_sql(token, token) if escaped else token.text), token)
        if self._symbol(TokenType.STRING):
            parts = [first]
            while self._symbol(TokenType.STRING):
                part = self._curr
                self._advance()
                parts.append(self.expression(exp.Literal.string(part.text), part))
            first = self.expression(LiteralChain(expressions=parts), token)
        if self._take("UESCAPE"):
            escape = self._parse_string()
            first.meta["uescape"] = escape.name if escape else "\\"
        return first

    def _parse_number(self) -> exp.Expr | None:
        token = self._curr
        point = token.token_type == TokenType.DOT and self._next.start == token.end + 1
        if token.token_type != TokenType.NUMBER and not (point and self._next.token_type == TokenType.NUMBER):
            return None
        # The tokenizer cuts `.5` in two.
        text = "." + self._next.text if point else token.text
        self._advance(2 if point else 1)
        return self.expression(exp.Literal.number(text), token)

    def _literal(self) -> exp.Expr | None:
        """Read a literal, or nothing."""
        token = self._curr
        if token.token_type in (TokenType.NUMBER, TokenType.DOT):
            return self._parse_number()
        if token.token_type in _STRINGS:
            return self._parse_string()
        if token.token_type == TokenType.PLACEHOLDER:
            self._advance()
            return self.expression(exp.Placeholder(), token)
        if token.token_type == TokenType.L_BRACE:
            return self._jdbc_escape()
        word = self._word()
        if word in ("TRUE", "FALSE"):
            self._advance()
            return self.expression(exp.Boolean(this=word == "TRUE"))
        if word in ("NULL", "UNKNOWN"):
            self._advance()
            null = self.expression(exp.Null())
            if word == "UNKNOWN":
                null.meta["spelling"] = word
            return null
        if word == "INTERVAL":
            return self._parse_interval()
        return self._moment(word) if word in TIME_LITERALS else self._introduced(word)

    def _moment(self, word: str) -> exp.Expr | None:
        """Read `DATE '...'` and its like; the last of them is known to Flink 2 only."""
        if self._next.token_type == TokenType.STRING:
            self._advance()
            return self._time_literal(word, self._parse_string())
        zoned = "TIMESTAMP WITH LOCAL TIME ZONE"
        return self._time_literal(zoned, self._parse_string()) if self._take(*zoned.split()) else None

    def _introduced(self, word: str) -> exp.Expr | None:
        """Read a text with its character set: `_UTF8'abc'`."""
        token = self._curr
        if (
            word.startswith("_")
            and self._next.token_type == TokenType.STRING
            and self._next.start == token.end + 1
        ):
            self._advance()
            return self.expression(
                exp.Introducer(this=exp.var(token.text), expression=self._parse_string()), token
            )
        return None

    def _time_literal(self, word: str, text: exp.Expr | None) -> exp.Expr:
        token = self._prev
        literal = self.expression(
            exp.Cast(this=text, to=exp.DataType(this=TIME_LITERALS[word], nested=False)), token
        )
        literal.meta["literal"] = word
        return literal

    def _jdbc_escape(self) -> exp.Expr | None:
        start, word = self._curr, self._word(self._next)
        kind = _JDBC_TIMES.get(word)
        if kind is None and word != "FN":
            return None
        self._advance(2)
        if kind is None:
            literal: exp.Expr = self.expression(JdbcCall(this=self._required_expression()), start)
        else:
            literal = self._time_literal(kind, self._parse_string())
        if not self._match(TokenType.R_BRACE):
            self.raise_error("Expected }")
        return literal

    def _parse_interval(self, *_args: t.Any, **_kwargs: t.Any) -> exp.Interval | None:
        if not self._take("INTERVAL"):
            return None
        sign = self._curr if self._curr.token_type in (TokenType.DASH, TokenType.PLUS) else None
        if sign:
            self._advance()
        value = self._parse_string() or self._parse_number() or self._interval_value()
        if sign and sign.token_type == TokenType.DASH:
            value = self.expression(exp.Neg(this=value), sign)
        return self.expression(exp.Interval(this=value, unit=self._interval_unit()))

    def _interval_value(self) -> exp.Expr:
        if self._match(TokenType.L_PAREN):
            value = self._required_expression()
            self._close()
            return self.expression(exp.Paren(this=value))
        return self._column_of(self._take_parts())

    def _interval_unit(self) -> exp.Expr:
        first = self._interval_field()
        if not self._take("TO"):
            return first
        return self.expression(exp.IntervalSpan(this=first, expression=self._interval_field()))

    def _interval_field(self) -> exp.Expr:
        unit = UNITS.get(self._word())
        if unit is None:
            self.raise_error("Expected a unit such as SECOND, MINUTE, HOUR, DAY, MONTH or YEAR")
            return exp.var("DAY")
        self._advance()
        if not self._symbol(TokenType.L_PAREN):
            return exp.var(unit)
        sizes = self._wrapped_list(self._type_size)
        return self.expression(IntervalUnit(this=exp.var(unit), expressions=sizes))

    def _constructor(self) -> exp.Expr | None:
        """Read ARRAY[...], MAP[...], MULTISET[...], each also of a query, or PERIOD(a, b)."""
        start, word = self._curr, self._word()
        if word not in ("ARRAY", "MAP", "MULTISET", "PERIOD"):
            return None
        following = self._next.token_type
        if following == TokenType.L_PAREN and (word == "PERIOD" or self._query_follows(2)):
            self._advance(2)
            if word == "PERIOD":
                bounds = self._comma_list(self._required_expression)
                self._close()
                return self.expression(Period(expressions=bounds), start)
            query = self._required_query()
            self._close()
            return self.expression(CollectionQuery(this=query, kind=word), start)
        if following != TokenType.L_BRACKET:
            return None
        self._advance(2)
        items = [] if self._symbol(TokenType.R_BRACKET) else self._comma_list(self._required_expression)
        if not self._match(TokenType.R_BRACKET):
            self.raise_error("Expected , or ]")
        if word == "ARRAY":
            return self.expression(exp.Array(expressions=items, bracket_notation=True), start)
        if word == "MULTISET":
            return self.expression(MultisetLiteral(expressions=items), start)
        if len(items) % 2:
            self.raise_error("MAP needs a value for each key", start)
        keys, values = exp.Array(expressions=items[::2]), exp.Array(expressions=items[1::2])
        return self.expression(exp.Map(keys=keys, values=values), start)

    def _query_follows(self, offset: int) -> bool:
        raise NotImplementedError

    def _required_query(self) -> exp.Expr:
        raise NotImplementedError

    def _required_expression(self) -> exp.Expr:
        raise NotImplementedError

    def _column_of(self, parts: list[exp.Identifier]) -> exp.Expr:
        raise NotImplementedError
