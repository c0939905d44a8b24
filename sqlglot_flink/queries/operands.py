"""Operands: columns, fields, elements, parentheses, CASE, and what is called."""

from __future__ import annotations

import typing as t

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from sqlglot_flink.expressions import (
    ContextVariable,
    CurrentValueFor,
    Cursor,
    DateDifference,
    MatchModifier,
    NewCall,
)
from sqlglot_flink.queries.cursor import STRUCTURAL_WORDS
from sqlglot_flink.queries.functions import SPECIAL_FUNCTIONS, FunctionParser
from sqlglot_flink.queries.literals import UNITS

_TYPED_VARIABLES: dict[str, type[exp.Expr]] = {
    "CURRENT_CATALOG": exp.CurrentCatalog,
    "CURRENT_DATE": exp.CurrentDate,
    "CURRENT_SCHEMA": exp.CurrentSchema,
    "CURRENT_TIME": exp.CurrentTime,
    "CURRENT_TIMESTAMP": exp.CurrentTimestamp,
    "CURRENT_USER": exp.CurrentUser,
    "LOCALTIME": exp.Localtime,
    "LOCALTIMESTAMP": exp.Localtimestamp,
    "SESSION_USER": exp.SessionUser,
}
_VARIABLES = frozenset(
    {
        *_TYPED_VARIABLES,
        "CURRENT_DEFAULT_TRANSFORM_GROUP",
        "CURRENT_PATH",
        "CURRENT_ROLE",
        "SYSTEM_USER",
        "USER",
    }
)
# Reserved words that are functions: `LEFT(s, 2)`.
_STRUCTURAL_FUNCTIONS = frozenset({"LEFT", "RIGHT", "SOME", "TRUNCATE"})


class OperandParser(FunctionParser):
    """What operators stand between."""

    def _operand(self) -> exp.Expr | None:
        found = self._atom()
        return self._steps(found) if found is not None else None

    def _steps(self, this: exp.Expr) -> exp.Expr:
        """Read what follows an operand without a space in meaning: `[1]`, `.field`, `.method(...)`."""
        while True:
            if self._match(TokenType.L_BRACKET):
                index = self._required_expression()
                if not self._match(TokenType.R_BRACKET):
                    self.raise_error("Expected ]")
                this = self.expression(exp.Bracket(this=this, expressions=[index]))
                continue
            if not self._symbol(TokenType.DOT):
                return this
            self._advance()
            if self._match(TokenType.STAR):
                return self.expression(exp.Dot(this=this, expression=exp.Star()))
            name = self._take_name(any_word=True)
            field = self._call([name]) if self._symbol(TokenType.L_PAREN) else name
            this = self.expression(exp.Dot(this=this, expression=field))

    def _atom(self) -> exp.Expr | None:
        if self._symbol(TokenType.L_PAREN):
            return self._parenthesised()
        found = self._literal() or self._constructor()
        if found is not None:
            return found
        word = self._word()
        if word == "CASE":
            return self._parse_case()
        called = self._next.token_type == TokenType.L_PAREN
        if called and word in SPECIAL_FUNCTIONS:
            start = self._curr
            function = SPECIAL_FUNCTIONS[word](self)
            function.update_positions(start)
            if function.meta.get("name", word) != start.text:
                function.meta["name"] = start.text
            return self._behind_call(function)
        if word in ("RUNNING", "FINAL") and self._word(self._next):
            return self._match_modifier()
        return self._sequence_value() or self._named(word, called)

    def _named(self, word: str, called: bool) -> exp.Expr | None:
        if word in _VARIABLES and not called:
            return self._context_variable(word)
        if called and word in _STRUCTURAL_FUNCTIONS:
            return self._call([self._take_name(any_word=True)])
        if not self._at_name(reserved=True):
            return None
        parts = self._take_parts()
        if self._symbol(TokenType.L_PAREN):
            return self._call(parts)
        if self._symbol(TokenType.DOT) and self._next.token_type == TokenType.STAR:
            self._advance(2)
            return self._column_of(parts, self.expression(exp.Star()))
        return self._column_of(parts)

    def _column_of(self, parts: list[exp.Identifier], star: exp.Expr | None = None) -> exp.Expr:
        """Build a column of up to four parts; what follows are fields of a row."""
        names: list[exp.Expr] = [*parts, *([star] if star else [])]
        head, fields = names[:4], names[4:]
        column: exp.Expr = self.expression(
            exp.Column(**dict(zip(("this", "table", "db", "catalog"), reversed(head), strict=False)))
        )
        for field in fields:
            column = self.expression(exp.Dot(this=column, expression=field))
        return column

    def _context_variable(self, word: str) -> exp.Expr:
        token = self._curr
        self._advance()
        kind = _TYPED_VARIABLES.get(word)
        variable = self.expression(kind() if kind else ContextVariable(this=word), token)
        if token.text != word:
            variable.meta["name"] = token.text
        return variable

    def _sequence_value(self) -> exp.Expr | None:
        start = self._curr
        if self._take("NEXT", "VALUE", "FOR"):
            return self.expression(exp.NextValueFor(this=self._column_of(self._take_parts())), start)
        if self._take("CURRENT", "VALUE", "FOR"):
            return self.expression(CurrentValueFor(this=self._column_of(self._take_parts())), start)
        if self._at("CURSOR"):
            self._advance()
            return self.expression(Cursor(this=self._required_expression()), start)
        if self._at("NEW") and self._word(self._next):
            self._advance()
            return self.expression(NewCall(this=self._call(self._take_parts())), start)
        return None

    def _match_modifier(self) -> exp.Expr | None:
        start, index = self._curr, self._index
        self._advance()
        following = self._tokens[self._index + 1] if self._index + 1 < self._tokens_size else None
        if following is None or following.token_type not in (TokenType.L_PAREN, TokenType.DOT):
            self._retreat(index)
            return self._named(self._word(), False)
        call = self._operand()
        return self.expression(MatchModifier(this=call, kind=start.text.upper()), start)

    def _parse_case(self) -> exp.Expr | None:
        start = self._curr
        self._advance()
        subject = None if self._at("WHEN") else self._required_expression()
        branches = []
        while self._at("WHEN"):
            self._advance()
            conditions = self._comma_list(self._required_expression)
            condition = conditions[0] if len(conditions) == 1 else exp.Tuple(expressions=conditions)
            if len(conditions) > 1:
                condition.meta["bare"] = True
            self._require("THEN")
            result = self._required_expression()
            branches.append(self.expression(exp.If(this=condition, true=result)))
        if not branches:
            self.raise_error("Expected WHEN")
        default = self._required_expression() if self._take("ELSE") else None
        if not self._take("END"):
            self.raise_error("Expected END")
        return self.expression(exp.Case(this=subject, ifs=branches, default=default), start)

    def _parenthesised(self) -> exp.Expr:
        """Read `(...)`: a query, an expression, or a row of several."""
        start = self._curr
        self._open()
        if self._query_follows(0):
            query = self._required_query()
            self._close()
            return self.expression(exp.Subquery(this=query))
        first = self._row_item()
        if isinstance(first, exp.Subquery):
            query = self._rest_of_query(first)
            if query is not first:
                self._close()
                return self.expression(exp.Subquery(this=query))
        if self._symbol(TokenType.COMMA):
            items = [first]
            while self._match(TokenType.COMMA):
                items.append(self._row_item())
            self._close()
            return self.expression(exp.Tuple(expressions=items))
        self._close()
        # ((SELECT ...)) is a query, not an expression in parentheses.
        inner: exp.Expr = (
            exp.Subquery(this=first) if isinstance(first, exp.Subquery) else exp.Paren(this=first)
        )
        inner = self.expression(inner)
        if isinstance(first, exp.Sub) and self._word() in UNITS and self._word() not in STRUCTURAL_WORDS:
            return self.expression(DateDifference(this=inner, unit=self._interval_unit()), start)
        return inner

    def _row_item(self) -> exp.Expr:
        if self._take("DEFAULT"):
            return self.expression(exp.var("DEFAULT"))
        return self._required_expression()

    def _rest_of_query(self, leaf: exp.Expr) -> exp.Expr:
        raise NotImplementedError

    # sqlglot's own methods and its builders read an operand by these names.
    def _parse_column(self) -> exp.Expr | None:
        return self._operand()

    def _parse_type(self, *_args: t.Any, **_kwargs: t.Any) -> exp.Expr | None:
        return self._operand()

    def _parse_primary(self) -> exp.Expr | None:
        return self._operand()

    def _parse_field(self, *_args: t.Any, **_kwargs: t.Any) -> exp.Expr | None:
        return self._operand()

    def _parse_function(self, *_args: t.Any, **_kwargs: t.Any) -> exp.Expr | None:
        return self._operand()

    def _parse_id_var(self, *_args: t.Any, **_kwargs: t.Any) -> exp.Expr | None:
        return self._take_name(any_word=True) if self._at_name(reserved=True) else None
