"""Hints: `/*+ OPTIONS('k' = 'v'), BROADCAST(t) */`."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from sqlglot_flink.queries.selects import QueryParser


class HintParser(QueryParser):
    """The tokenizer keeps a hint as one token; here its text is read like any other."""

    def _parse_hint(self) -> exp.Hint | None:
        token = self._curr
        if token.token_type != TokenType.HINT:
            return None
        self._advance()
        self._prev_comments = []
        if self.sql:
            text = self.sql[token.start + 3 : token.end - 1]
        else:
            text = token.comments[-1] if token.comments else ""
        hint = exp.maybe_parse(text, into=exp.Hint, dialect=self.dialect)
        return hint if isinstance(hint, exp.Hint) else None

    def _parse_hint_body(self) -> exp.Hint | None:
        return self.expression(exp.Hint(expressions=self._comma_list(self._hint_item)))

    def _hint_item(self) -> exp.Expr:
        token = self._curr
        name = self._take_name(any_word=True)
        if not self._symbol(TokenType.L_PAREN):
            return self.expression(exp.var(name.sql(dialect=self.dialect)), token)
        options = self._wrapped_list(self._hint_option, empty=True)
        called = name if name.args.get("quoted") else name.name
        return self.expression(exp.Anonymous(this=called, expressions=options), token)

    def _hint_option(self) -> exp.Expr:
        value = self._hint_value()
        if self._match(TokenType.EQ):
            return self.expression(exp.EQ(this=value, expression=self._hint_value()))
        return value

    def _hint_value(self) -> exp.Expr:
        if self._at_name(reserved=True):
            parts = self._take_parts()
            return exp.Dot.build(parts) if len(parts) > 1 else parts[0]
        return self._required_expression()
