"""Calls: arguments of every kind, functions with a grammar of their own, and what may stand behind a call."""

from __future__ import annotations

import typing as t

from sqlglot import exp, parser
from sqlglot.tokenizer_core import TokenType

from sqlglot_flink.expressions import (
    Descriptor,
    ModelArgument,
    OrderedAggregate,
    TableArgument,
    WithinDistinct,
)
from sqlglot_flink.queries.json_functions import JSON_FUNCTIONS, JsonFunctionParser

# Only functions whose meaning sqlglot and Flink share become typed expressions. All others stay as they are
# written: a rewriting that suits another engine must never change what Flink is asked.
SHARED_FUNCTIONS = frozenset(
    {"ABS", "AVG", "COALESCE", "COUNT", "LOWER", "MAX", "MIN", "NULLIF", "ROW_NUMBER", "SUM", "UPPER"}
)
_BUILDERS: dict[str, t.Callable[..., exp.Expr]] = {
    name: build for name, build in parser.Parser.FUNCTIONS.items() if name in SHARED_FUNCTIONS
}


class FunctionParser(JsonFunctionParser):
    """Calls of functions, in expressions and in FROM."""

    def _call(self, parts: list[exp.Identifier]) -> exp.Expr:
        """Read the arguments of the function named by `parts`; the cursor stands on `(`."""
        *qualifier, name = parts
        start = name.meta
        self._open()
        quantifier = self._take_any("DISTINCT", "ALL") if not self._at_argument_name() else None
        arguments = self._call_arguments()
        ordering = self._call_ordering()
        self._close()
        if quantifier == "DISTINCT":
            arguments = [exp.Distinct(expressions=arguments)]
        function: exp.Expr = self._build_call(name, arguments, ordering)
        if quantifier == "ALL":
            function.meta["quantifier"] = quantifier
        function.meta.update(start)
        if qualifier:
            function = exp.Dot.build([*qualifier, function])
        return self._behind_call(function)

    def _build_call(
        self, name: exp.Identifier, arguments: list[exp.Expr], ordering: dict[str, t.Any]
    ) -> exp.Expr:
        plain = not name.args.get("quoted")
        build = _BUILDERS.get(name.name.upper()) if plain and not ordering else None
        if build:
            function = build(arguments)
            complete = not function.error_messages(arguments)
            if complete and not any(isinstance(argument, exp.Kwarg) for argument in arguments):
                function.meta["name"] = name.name
                return self.expression(function)
        called = name.name if plain else name
        if plain and name.name.upper() == "DESCRIPTOR":
            return self.expression(Descriptor(expressions=[_bare_name(column) for column in arguments]))
        if ordering:
            return self.expression(OrderedAggregate(this=called, expressions=arguments, **ordering))
        return self.expression(exp.Anonymous(this=called, expressions=arguments))

    def _call_arguments(self) -> list[exp.Expr]:
        if self._symbol(TokenType.R_PAREN):
            return []
        if self._symbol(TokenType.STAR):
            start = self._curr
            self._advance()
            return [self.expression(exp.Star(), start)]
        return self._comma_list(self._argument)

    def _call_ordering(self) -> dict[str, t.Any]:
        """Read what aggregates such as ARRAY_AGG and STRING_AGG take behind their arguments."""
        found: dict[str, t.Any] = {}
        nulls = self._take_any("IGNORE NULLS", "RESPECT NULLS")
        if nulls:
            found["nulls"] = nulls
        order = self._parse_order()
        if order:
            found["order"] = order
        if self._take("SEPARATOR"):
            found["separator"] = self._parse_string()
        return found

    def _at_argument_name(self) -> bool:
        return self._next.token_type == TokenType.FARROW

    def _argument(self) -> exp.Expr:
        start = self._curr
        if not self._at_argument_name():
            return self._argument_value()
        name = self._take_name(any_word=True)
        self._advance()
        label = name if name.args.get("quoted") else exp.var(name.name)
        return self.expression(exp.Kwarg(this=label, expression=self._argument_value()), start)

    def _argument_value(self) -> exp.Expr:
        start = self._curr
        if self._at("DEFAULT"):
            self._advance()
            return self.expression(exp.var("DEFAULT"))
        if self._at("TABLE") and self._next.token_type != TokenType.L_PAREN:
            self._advance()
            return self._table_argument(self._table_of(self._take_parts()), start)
        if self._at("MODEL") and (self._next.token_type == TokenType.IDENTIFIER or self._word(self._next)):
            self._advance()
            return self.expression(ModelArgument(this=self._table_of(self._take_parts())), start)
        if self._query_follows(0):
            return self._required_query()
        value = self._required_expression()
        if isinstance(value, exp.Subquery) and (self._at("PARTITION", "BY") or self._at("ORDER", "BY")):
            return self._table_argument(value, start)
        return value

    def _table_argument(self, this: exp.Expr, start: t.Any) -> exp.Expr:
        if self._symbol(TokenType.HINT):
            hint = self._parse_hint()
            this.set("hints", [hint] if hint else None)
        if isinstance(this, exp.Table):
            alias = self._relation_alias()
            if alias:
                this.set("alias", alias)
        return self.expression(
            TableArgument(this=this, partition_by=self._partition_keys(), order=self._argument_order()), start
        )

    def _argument_order(self) -> exp.Order | None:
        # As with PARTITION BY: one bare key, or several in parentheses.
        if not self._take("ORDER", "BY"):
            return None
        wrapped = self._symbol(TokenType.L_PAREN)
        keys = self._wrapped_list(self._required_ordered) if wrapped else [self._required_ordered()]
        return self.expression(exp.Order(expressions=keys))

    def _partition_keys(self) -> list[exp.Expr]:
        # One bare key, or several in parentheses: a comma outside them ends the argument.
        if not self._take("PARTITION", "BY"):
            return []
        key = self._required_expression()
        if isinstance(key, exp.Tuple):
            return list(key.expressions)
        return [key.this] if isinstance(key, exp.Paren) else [key]

    def _parse_lambda(self, *_args: t.Any, **_kwargs: t.Any) -> exp.Expr | None:
        return self._argument()

    def _behind_call(self, function: exp.Expr) -> exp.Expr:
        """Read IGNORE NULLS, WITHIN GROUP, FILTER and OVER behind a call."""
        start = {key: value for key, value in function.meta.items() if key in ("line", "col", "start", "end")}
        node = function
        if self._take("IGNORE", "NULLS"):
            node = self.expression(exp.IgnoreNulls(this=node))
        elif self._take("RESPECT", "NULLS"):
            node = self.expression(exp.RespectNulls(this=node))
        if self._take("WITHIN", "DISTINCT"):
            node = self.expression(
                WithinDistinct(this=node, expressions=self._wrapped_list(self._required_expression))
            )
        if self._take("WITHIN", "GROUP"):
            self._open()
            order = self._parse_order()
            self._close()
            node = self.expression(exp.WithinGroup(this=node, expression=order))
        if self._at("FILTER") and self._next.token_type == TokenType.L_PAREN:
            self._advance(2)
            self._require("WHERE")
            where = self.expression(exp.Where(this=self._required_expression()))
            self._close()
            node = self.expression(exp.Filter(this=node, expression=where))
        if self._take("OVER"):
            node = self._window(node)
        if node is not function:
            node.meta.update(start)
        return node

    def _window(self, this: exp.Expr) -> exp.Expr:
        if not self._symbol(TokenType.L_PAREN):
            return self.expression(exp.Window(this=this, alias=self._take_name(), over="OVER"))
        return self._window_body(this, over="OVER")

    def _window_body(self, this: exp.Expr, over: str | None) -> exp.Expr:
        """Read `([name] [PARTITION BY ...] [ORDER BY ...] [frame])` of OVER or of the WINDOW clause."""
        self._open()
        named = self._at_name() and not self._at("ROWS") and not self._at("RANGE")
        alias = self._take_name() if named else None
        partition = self._comma_list(self._required_expression) if self._take("PARTITION", "BY") else None
        order = self._parse_order()
        spec = self._frame()
        partial = self._take_any("ALLOW PARTIAL", "DISALLOW PARTIAL")
        self._close()
        window = exp.Window(this=this, partition_by=partition, order=order, spec=spec, alias=alias, over=over)
        if partial:
            window.meta["partial"] = partial
        if alias and not (partition or order or spec):
            window.meta["parentheses"] = True
        return self.expression(window)

    def _frame(self) -> exp.WindowSpec | None:
        kind = self._take_any("ROWS", "RANGE")
        if kind is None:
            return None
        end: tuple[t.Any, str | None] = (None, None)
        if self._take("BETWEEN"):
            first = self._frame_bound()
            self._require("AND")
            end = self._frame_bound()
        else:
            first = self._frame_bound()
        exclude = None
        if self._take("EXCLUDE"):
            exclude = self._take_any("CURRENT ROW", "NO OTHERS", "GROUP", "TIES")
        spec = exp.WindowSpec(
            kind=kind,
            start=first[0],
            start_side=first[1],
            end=end[0],
            end_side=end[1],
            exclude=exp.var(exclude) if exclude else None,
        )
        return self.expression(spec)

    def _frame_bound(self) -> tuple[t.Any, str | None]:
        if self._take("CURRENT", "ROW"):
            return "CURRENT ROW", None
        value: t.Any = "UNBOUNDED" if self._take("UNBOUNDED") else self._required_expression()
        side = self._take_any("PRECEDING", "FOLLOWING")
        if side is None:
            self.raise_error("Expected PRECEDING or FOLLOWING")
        return value, side

    def _required_ordered(self) -> exp.Ordered:
        raise NotImplementedError

    def _table_of(self, parts: list[exp.Identifier]) -> exp.Table:
        raise NotImplementedError

    def _relation_alias(self) -> exp.TableAlias | None:
        raise NotImplementedError

    def _cast(self, kind: type[exp.Cast]) -> exp.Expr:
        self._advance(2)
        value = self._required_expression()
        self._require("AS")
        to = self._required_type()
        node = kind(this=value, to=to)
        if self._take("FORMAT"):
            node.set("format", self._parse_string())
        self._close()
        return self.expression(node)

    def _extract(self) -> exp.Expr:
        self._advance(2)
        unit = self._unit()
        self._require("FROM")
        value = self._required_expression()
        self._close()
        return self.expression(exp.Extract(this=unit, expression=value))

    def _unit(self) -> exp.Expr:
        token = self._curr
        if token.token_type == TokenType.IDENTIFIER:
            return self._take_name()
        if not self._word():
            self.raise_error("Expected a unit such as SECOND, MINUTE, HOUR, DAY, MONTH or YEAR")
        self._advance()
        return self.expression(exp.var(token.text.upper()), token)

    def _position(self) -> exp.Expr:
        self._advance(2)
        needle = self._operand_of_position()
        if not self._take("IN"):
            # 2.x's POSITION is no other; anything else is a function that an author named so.
            self.raise_error("Expected IN")
        hay = self._required_expression()
        start = self._required_expression() if self._take("FROM") else None
        self._close()
        return self.expression(exp.StrPosition(this=hay, substr=needle, position=start))

    def _operand_of_position(self) -> exp.Expr:
        found = self._operand()
        if found is None:
            self.raise_error("Expected a text")
            return exp.Null()
        return found

    def _operand(self) -> exp.Expr | None:
        raise NotImplementedError

    def _using(self) -> exp.Expr:
        """Read CONVERT(x USING charset) and TRANSLATE(x USING charset | , from, to)."""
        name = self._curr.text
        self._advance(2)
        arguments = [self._required_expression()]
        charset = self._take_name() if self._take("USING") else None
        while charset is None and self._match(TokenType.COMMA):
            arguments.append(self._required_expression())
        self._close()
        node = exp.Anonymous(this=name, expressions=arguments)
        if charset:
            node.meta["using"] = charset.sql(dialect=self.dialect)
        return self.expression(node)

    def _overlay(self) -> exp.Expr:
        self._advance(2)
        value = self._required_expression()
        self._require("PLACING")
        placing = self._required_expression()
        self._require("FROM")
        start = self._required_expression()
        length = self._required_expression() if self._take("FOR") else None
        self._close()
        return self.expression(exp.Overlay(this=value, expression=placing, from_=start, for_=length))

    def _rounding(self, kind: type[exp.Floor | exp.Ceil]) -> exp.Expr:
        self._advance(2)
        value = self._required_expression()
        unit = self._unit() if self._take("TO") else None
        decimals = self._required_expression() if self._match(TokenType.COMMA) else None
        self._close()
        return self.expression(kind(this=value, to=unit, decimals=decimals))

    def _substring(self) -> exp.Expr:
        self._advance(2)
        value = self._required_expression()
        start = length = None
        if self._take("FROM") or self._match(TokenType.COMMA):
            start = self._required_expression()
        if self._take("FOR") or self._match(TokenType.COMMA):
            length = self._required_expression()
        self._close()
        return self.expression(exp.Substring(this=value, start=start, length=length))

    def _trim(self) -> exp.Expr:
        self._advance(2)
        side = self._take_any("BOTH", "LEADING", "TRAILING")
        if side and self._take("FROM"):
            node = exp.Trim(this=self._required_expression(), position=side)
            self._close()
            return self.expression(node)
        first = self._required_expression()
        if self._take("FROM"):
            node = exp.Trim(this=self._required_expression(), expression=first, position=side)
        else:
            node = exp.Trim(this=first, position=side)
        self._close()
        return self.expression(node)

    def _with_unit(self) -> exp.Expr:
        # The first argument is a unit such as MINUTE, which is no column.
        name = self._curr.text.upper()
        self._advance(2)
        arguments = [self._unit()]
        while self._match(TokenType.COMMA):
            arguments.append(self._required_expression())
        self._close()
        return self.expression(exp.Anonymous(this=name, expressions=arguments))


def _bare_name(column: exp.Expr) -> exp.Expr:
    """Return the identifier of an unqualified column: DESCRIPTOR names columns, it reads none."""
    if isinstance(column, exp.Column) and isinstance(column.this, exp.Identifier) and not column.table:
        return column.this
    return column


SPECIAL_FUNCTIONS: dict[str, t.Callable[[t.Any], exp.Expr]] = {
    "CAST": lambda self: self._cast(exp.Cast),
    "CEIL": lambda self: self._rounding(exp.Ceil),
    "CEILING": lambda self: self._rounding(exp.Ceil),
    "CONVERT": lambda self: self._using(),
    "EXTRACT": lambda self: self._extract(),
    "FLOOR": lambda self: self._rounding(exp.Floor),
    "OVERLAY": lambda self: self._overlay(),
    "POSITION": lambda self: self._position(),
    "SUBSTRING": lambda self: self._substring(),
    "TIMESTAMPADD": lambda self: self._with_unit(),
    "TIMESTAMPDIFF": lambda self: self._with_unit(),
    "TRANSLATE": lambda self: self._using(),
    "TRIM": lambda self: self._trim(),
    "TRY_CAST": lambda self: self._cast(exp.TryCast),
    **JSON_FUNCTIONS,
}
"""Functions in whose parentheses other words than arguments stand."""
