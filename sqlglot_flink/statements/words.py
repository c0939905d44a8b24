"""What every statement is read with: names, strings, options, partitions and queries."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from sqlglot_flink.queries.cursor import TEXT_TOKENS, CursorParser


def is_word(token: Token, word: str) -> bool:
    """Tell whether the token is this (upper-case) word, written without quotes."""
    return token.token_type not in TEXT_TOKENS and token.text.upper() == word


class WordParser(CursorParser):
    """Reads what Flink's statements share; every method leaves the cursor behind what it took."""

    def _require_any(self, *words: str) -> str:
        word = self._take_any(*words)
        if word is None:
            self.raise_error(f"Expected {', '.join(words[:-1])} or {words[-1]}")
        return word or words[0]

    def _name(self) -> exp.Identifier:
        """Read a simple name; here even a reserved word can be nothing else."""
        return self._take_name(any_word=True)

    def _name_parts(self) -> list[exp.Identifier]:
        parts = [self._name()]
        while self._match(TokenType.DOT):
            parts.append(self._name())
        return parts

    def _table_name(self) -> exp.Table:
        """Read `[catalog.][database.]name`; further dots nest in the last part."""
        start = self._curr
        parts = self._name_parts()
        last: exp.Expr = parts[-1] if len(parts) < 4 else exp.Dot.build(parts[2:])
        before = parts[: min(len(parts) - 1, 2)]
        return self.expression(
            exp.Table(
                this=last,
                db=before[-1] if before else None,
                catalog=before[0] if len(before) > 1 else None,
            ),
            start,
        )

    def _column_name(self) -> exp.Expr:
        """Read a column's name, or `row.field` as a Dot."""
        parts = self._name_parts()
        return parts[0] if len(parts) == 1 else exp.Dot.build(parts)

    def _text(self) -> exp.Expr:
        text = self._parse_string()
        if text is None:
            self.raise_error("Expected a string in single quotes")
            return exp.Literal.string("")
        return text

    def _options(self) -> list[exp.Property]:
        """Read `('k' = 'v', ...)`, which may be empty."""
        return self._wrapped_list(self._option, empty=True)

    def _option(self) -> exp.Property:
        start = self._curr
        key = self._text()
        if not self._match(TokenType.EQ):
            self.raise_error("Expected = between an option's key and its value")
        return self.expression(exp.Property(this=key, value=self._text()), start)

    def _option_keys(self) -> list[exp.Expr]:
        return self._wrapped_list(self._text, empty=True)

    def _partition(self) -> exp.Partition | None:
        """Read `PARTITION (a = 'x', b)`, if it stands here."""
        start = self._curr
        if not self._take("PARTITION"):
            return None
        return self.expression(exp.Partition(expressions=self._wrapped_list(self._partition_value)), start)

    def _partition_value(self) -> exp.Expr:
        name = self._name()
        if not self._match(TokenType.EQ):
            return name
        value = self._parse_unary()
        if value is None:
            self.raise_error("Expected a literal")
        return self.expression(exp.EQ(this=name, expression=value))

    def _query(self) -> exp.Expr:
        query = self._parse_ddl_select()
        if query is None:
            self.raise_error("Expected a query")
            return exp.Select()
        return query

    def _ddl_expression(self) -> exp.Expr:
        expression = self._parse_disjunction()
        if expression is None:
            self.raise_error("Expected an expression")
            return exp.null()
        return expression

    def _not_exists(self) -> bool:
        return self._take("IF", "NOT", "EXISTS")

    def _if_exists(self) -> bool:
        return self._take("IF", "EXISTS")
