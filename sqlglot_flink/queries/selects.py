"""Queries: SELECT, VALUES, TABLE, set operations, WITH, and the clauses of each."""

from __future__ import annotations

import typing as t

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from sqlglot_flink.queries.cursor import TEXT_TOKENS
from sqlglot_flink.queries.relations import RelationParser

_SET_OPERATIONS: tuple[tuple[str, int, type[exp.SetOperation]], ...] = (
    ("UNION", 1, exp.Union),
    ("EXCEPT", 1, exp.Except),
    ("MINUS", 1, exp.Except),
    ("INTERSECT", 2, exp.Intersect),
)
"""Word, how tightly it binds, node."""


_GROUPINGS: dict[type[exp.Expr], str] = {
    exp.GroupingSets: "grouping_sets",
    exp.Cube: "cube",
    exp.Rollup: "rollup",
}


class QueryParser(RelationParser):
    """Everything that gives rows."""

    def _query_follows(self, offset: int) -> bool:
        """Tell whether a query begins `offset` tokens on, be it in parentheses of its own."""
        index = self._index + offset
        while offset and index < self._tokens_size and self._tokens[index].token_type == TokenType.L_PAREN:
            index += 1
        if index >= self._tokens_size:
            return False
        token = self._tokens[index]
        if token.token_type in TEXT_TOKENS:
            return False
        word = token.text.upper()
        if word == "TABLE":
            following = self._tokens[index + 1] if index + 1 < self._tokens_size else None
            return following is not None and following.token_type != TokenType.L_PAREN
        return word in ("SELECT", "WITH", "VALUES")

    def _required_query(self) -> exp.Expr:
        """Read a query with WITH before it, and ORDER BY and LIMIT behind it."""
        with_ = self._with_clause()
        query = self._modified(self._set_operation(self._leaf(), 0))
        if with_ is not None:
            query.set("with_", with_)
        return query

    def _rest_of_query(self, leaf: exp.Expr) -> exp.Expr:
        """Read set operators and modifiers behind a first operand; returns `leaf` itself where none stand."""
        return self._modified(self._set_operation(leaf, 0))

    def _leaf(self) -> exp.Expr:
        if self._symbol(TokenType.L_PAREN):
            self._advance()
            if self._symbol(TokenType.L_PAREN):
                inner = self._rest_of_query(self._leaf())
            else:
                inner = self._required_query()
            self._close()
            return self.expression(exp.Subquery(this=inner))
        if self._take("SELECT"):
            return self._select()
        if self._take("VALUES"):
            return self.expression(exp.Values(expressions=self._comma_list(self._values_row)))
        if self._take("TABLE"):
            table = self._table_of(self._take_parts())
            select = exp.Select(expressions=[exp.Star()], from_=exp.From(this=table))
            select.meta["table_query"] = True
            return self.expression(select)
        self.raise_error("Expected a query")
        return exp.Select()

    def _values_row(self) -> exp.Expr:
        row = self._required_expression() if not self._at("ROW") else self._row_call()
        if isinstance(row, exp.Tuple):
            return row
        bare = exp.Tuple(expressions=[row.this if isinstance(row, exp.Paren) else row])
        if not isinstance(row, exp.Paren):
            bare.meta["bare"] = True
        return bare

    def _row_call(self) -> exp.Expr:
        self._advance()
        row = exp.Tuple(expressions=self._wrapped_list(self._row_item, empty=True))
        row.meta["row"] = True
        return row

    def _select(self) -> exp.Select:
        comments = self._prev_comments
        hint = self._parse_hint() if self._symbol(TokenType.HINT) else None
        select = exp.Select(hint=hint)
        modifiers = [exp.var("STREAM")] if self._take("STREAM") else []
        if self._take("DISTINCT"):
            select.set("distinct", exp.Distinct())
        elif self._take("ALL"):
            modifiers.append(exp.var("ALL"))
        if modifiers:
            select.set("operation_modifiers", modifiers)
        select.set("expressions", self._comma_list(self._select_item))
        if self._take("FROM"):
            clause, joins = self._from_clause()
            match = self._match_of_query(clause)
            if match is not None:
                select.set("match", match)
            select.set("from_", clause)
            if joins:
                select.set("joins", joins)
        for key, parse in (
            ("where", self._parse_where),
            ("group", self._parse_group),
            ("having", self._parse_having),
            ("windows", self._window_clause),
            ("qualify", self._parse_qualify),
        ):
            found = parse()
            if found:
                select.set(key, found)
        return self.expression(select, comments=comments)

    def _select_item(self) -> exp.Expr:
        start = self._curr
        if self._match(TokenType.STAR):
            star = self.expression(exp.Star(), start)
            if self._at("EXCLUDE") and self._next.token_type == TokenType.L_PAREN:
                self._advance()
                star.set("except_", self._wrapped_list(lambda: self._column_of(self._take_parts())))
            return star
        return self._with_alias(self._required_expression())

    def _with_alias(self, value: exp.Expr) -> exp.Expr:
        explicit = self._take("AS")
        token = self._curr
        if token.token_type == TokenType.STRING:
            self._advance()
            name = self.expression(exp.Identifier(this=token.text, quoted=True), token)
        elif explicit or (self._at_name() and not self._at_clause()):
            name = self._take_name(any_word=True)
        else:
            return value
        comments = self._prev_comments
        return self.expression(exp.Alias(this=value, alias=name), comments=comments)

    def _at_clause(self) -> bool:
        return self._at("QUALIFY") and not self._names_a_table()

    def _with_clause(self) -> exp.With | None:
        if not self._take("WITH"):
            return None
        recursive = self._take("RECURSIVE")
        tables = self._comma_list(self._common_table)
        return self.expression(exp.With(expressions=tables, recursive=recursive or None))

    def _common_table(self) -> exp.CTE:
        name = self._take_name()
        columns = self._names_in_parentheses() if self._symbol(TokenType.L_PAREN) else None
        alias = self.expression(exp.TableAlias(this=name, columns=columns))
        self._require("AS")
        self._open()
        query = (
            self._required_query()
            if not self._symbol(TokenType.L_PAREN)
            else self._rest_of_query(self._leaf())
        )
        self._close()
        return self.expression(exp.CTE(this=query, alias=alias))

    def _set_operation(self, left: exp.Expr, lowest: int) -> exp.Expr:
        while True:
            found = next((each for each in _SET_OPERATIONS if each[1] >= lowest and self._at(each[0])), None)
            if found is None:
                return left
            word, precedence, kind = found
            self._advance()
            comments = self._prev_comments
            quantifier = self._take_any("ALL", "DISTINCT")
            right = self._set_operation(self._leaf(), precedence + 1)
            left = self.expression(
                kind(this=left, expression=right, distinct=quantifier != "ALL"), comments=comments
            )
            if word == "MINUS":
                left.meta["spelling"] = word

    def _modified(self, query: exp.Expr) -> exp.Expr:
        order = self._parse_order()
        if order:
            query.set("order", order)
        while True:
            if self._at("LIMIT"):
                self._limit_clause(query)
            elif self._at("OFFSET"):
                query.set("offset", self._parse_offset())
            elif self._at("FETCH"):
                query.set("limit", self._parse_limit())
            else:
                return query

    def _limit_clause(self, query: exp.Expr) -> None:
        self._advance()
        if self._take("ALL"):
            query.set("limit", self.expression(exp.Limit(expression=exp.var("ALL"))))
            return
        count = self._required_expression()
        if self._match(TokenType.COMMA):
            query.set("offset", self.expression(exp.Offset(expression=count)))
            count = self._required_expression()
        query.set("limit", self.expression(exp.Limit(expression=count)))

    def _parse_limit(self, *_args: t.Any, **_kwargs: t.Any) -> exp.Expr | None:
        if self._take("LIMIT"):
            return self.expression(exp.Limit(expression=self._required_expression()))
        if not self._take("FETCH"):
            return None
        direction = self._take_any("FIRST", "NEXT")
        count = None if self._at("ROW") or self._at("ROWS") else self._required_expression()
        self._take_any("ROWS", "ROW")
        self._require("ONLY")
        return self.expression(exp.Fetch(direction=direction, count=count))

    def _parse_offset(self, this: exp.Expr | None = None) -> exp.Expr | None:
        if not self._take("OFFSET"):
            return this
        count = self._required_expression()
        self._take_any("ROWS", "ROW")
        return self.expression(exp.Offset(expression=count))

    def _parse_where(self, skip_where_token: bool = False) -> exp.Where | None:
        if not (skip_where_token or self._take("WHERE")):
            return None
        return self.expression(exp.Where(this=self._required_expression()))

    def _parse_having(self, skip_having_token: bool = False) -> exp.Having | None:
        if not (skip_having_token or self._take("HAVING")):
            return None
        return self.expression(exp.Having(this=self._required_expression()))

    def _parse_qualify(self) -> exp.Qualify | None:
        if not self._take("QUALIFY"):
            return None
        return self.expression(exp.Qualify(this=self._required_expression()))

    def _window_clause(self) -> list[exp.Expr] | None:
        return self._comma_list(self._named_window) if self._take("WINDOW") else None

    def _named_window(self) -> exp.Expr:
        name = self._take_name()
        self._require("AS")
        return self._window_body(name, over=None)

    def _parse_group(self, skip_group_by_token: bool = False) -> exp.Group | None:
        if not (skip_group_by_token or self._take("GROUP", "BY")):
            return None
        quantifier = self._take_any("DISTINCT", "ALL")
        group = exp.Group()
        order: list[tuple[str, int]] = []
        for element in self._comma_list(self._grouping_element):
            key = _GROUPINGS.get(type(element), "expressions")
            order.append((key, len(group.args.get(key) or [])))
            group.append(key, element)
        # sqlglot keeps the kinds apart; the order among them is only needed to write them as they were.
        group.meta["order"] = order
        if quantifier == "DISTINCT":
            group.meta["quantifier"] = quantifier
        return self.expression(group)

    def _grouping_element(self) -> exp.Expr:
        if self._take("GROUPING", "SETS"):
            sets = self._wrapped_list(self._grouping_element)
            return self.expression(exp.GroupingSets(expressions=sets))
        if self._at("ROLLUP") or self._at("CUBE"):
            kind = exp.Rollup if self._at("ROLLUP") else exp.Cube
            self._advance()
            return self.expression(kind(expressions=self._wrapped_list(self._required_expression)))
        if self._symbol(TokenType.L_PAREN) and self._next.token_type == TokenType.R_PAREN:
            self._advance(2)
            return self.expression(exp.Tuple(expressions=[]))
        return self._required_expression()

    def _parse_order(self, *_args: t.Any, skip_order_token: bool = False) -> exp.Order | None:
        if not (skip_order_token or self._take("ORDER", "BY")):
            return None
        return self.expression(exp.Order(expressions=self._comma_list(self._required_ordered)))

    def _required_ordered(self) -> exp.Ordered:
        value = self._required_expression()
        direction = self._take_any("ASC", "DESC")
        nulls = self._take_any("NULLS FIRST", "NULLS LAST")
        descending = direction == "DESC"
        # NULLs are small in Flink: first where ascending, last where descending.
        first = nulls == "NULLS FIRST" if nulls else not descending
        node = exp.Ordered(this=value, desc=True if descending else None, nulls_first=first)
        if direction == "ASC":
            node.set("desc", False)
        if nulls:
            node.meta["nulls"] = nulls
        return self.expression(node)

    def _parse_ordered(self, *_args: t.Any, **_kwargs: t.Any) -> exp.Ordered | None:
        return self._required_ordered()

    # sqlglot's statements and its builders read a query by these names.
    def _parse_statement(self) -> exp.Expr | None:
        if self._query_follows(0):
            return self._required_query()
        if self._symbol(TokenType.L_PAREN) and self._query_follows(1):
            index = self._index
            query = self._rest_of_query(self._leaf())
            if self._index >= self._tokens_size:
                return query
            self._retreat(index)
        return super()._parse_statement()

    def _parse_select(self, *_args: t.Any, **_kwargs: t.Any) -> exp.Expr | None:
        if self._query_follows(0):
            return self._required_query()
        if self._symbol(TokenType.L_PAREN) and self._query_follows(1):
            return self._rest_of_query(self._leaf())
        return None

    def _parse_ddl_select(self) -> exp.Expr | None:
        return self._parse_select()

    def _parse_set_operations(self, this: exp.Expr | None) -> exp.Expr | None:
        return self._set_operation(this, 0) if this is not None else None

    def _parse_query_modifiers(self, this: t.Any) -> t.Any:
        return self._modified(this) if isinstance(this, (exp.Query, exp.Values)) else this

    def _parse_with(self, *_args: t.Any, **_kwargs: t.Any) -> exp.With | None:
        return self._with_clause()

    def _parse_expression(self) -> exp.Expr | None:
        value = self._climb()
        return self._with_alias(value) if value is not None else None
