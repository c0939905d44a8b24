"""The JSON functions, whose clauses (RETURNING, ON EMPTY, WRAPPER, ...) are part of their parentheses."""

from __future__ import annotations

import typing as t

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from sqlglot_flink.expressions import (
    JsonArray,
    JsonArrayAgg,
    JsonExists,
    JsonObject,
    JsonObjectAgg,
    JsonPair,
    JsonQuery,
    JsonValue,
    OnCase,
)
from sqlglot_flink.queries.operators import OperatorParser

_BEHAVIOURS = (
    "EMPTY ARRAY",
    "EMPTY OBJECT",
    "EMPTY",
    "ERROR",
    "NULL",
    "DEFAULT",
    "TRUE",
    "FALSE",
    "UNKNOWN",
)
_WRAPPERS = (
    "WITHOUT ARRAY WRAPPER",
    "WITHOUT WRAPPER",
    "WITH CONDITIONAL ARRAY WRAPPER",
    "WITH CONDITIONAL WRAPPER",
    "WITH UNCONDITIONAL ARRAY WRAPPER",
    "WITH UNCONDITIONAL WRAPPER",
    "WITH ARRAY WRAPPER",
    "WITH WRAPPER",
)


class JsonFunctionParser(OperatorParser):
    """Functions that take JSON apart and put it together; each is `this` (its name) and `expressions`."""

    def _json_path_call(self, kind: type[exp.Anonymous]) -> exp.Expr:
        """Read JSON_EXISTS, JSON_VALUE and JSON_QUERY: a value, a path, then clauses."""
        name = self._curr.text
        self._advance(2)
        node = kind(this=name, expressions=self._comma_list(self._required_expression))
        if self._take("PASSING"):
            node.set("passing", self._comma_list(self._passed))
        if self._take("RETURNING"):
            node.set("returning", self._required_type())
        wrapper = self._take_any(*_WRAPPERS)
        if wrapper:
            node.set("wrapper", exp.var(wrapper))
        cases = []
        while not self._symbol(TokenType.R_PAREN):
            case = self._json_case()
            if case is None:
                break
            cases.append(case)
        if cases:
            node.set("on_cases", cases)
        self._close()
        return self.expression(node)

    def _passed(self) -> exp.Expr:
        value = self._required_expression()
        self._require("AS")
        return self.expression(exp.Alias(this=value, alias=self._take_name(any_word=True)))

    def _json_case(self) -> exp.Expr | None:
        start = self._curr
        behaviour = self._take_any(*_BEHAVIOURS)
        if behaviour is None:
            return None
        value = self._required_expression() if behaviour == "DEFAULT" else None
        self._require("ON")
        event = self._take_any("EMPTY", "ERROR")
        if event is None:
            self.raise_error("Expected EMPTY or ERROR")
        return self.expression(
            OnCase(this=exp.var(behaviour), expression=value, event=exp.var(event or "")), start
        )

    def _json_object(self, kind: type[exp.Anonymous]) -> exp.Expr:
        name = self._curr.text
        self._advance(2)
        pairs: list[exp.Expr] = []
        if not self._symbol(TokenType.R_PAREN) and not self._at_null_clause():
            pairs = self._comma_list(self._json_pair)
        return self._json_constructor(kind(this=name, expressions=pairs))

    def _json_pair(self) -> exp.Expr:
        start = self._curr
        # KEY begins a pair unless it is the key itself: KEY VALUE 1 names a column.
        keyed = self._at("KEY") and not self._is_value_mark(self._next)
        if keyed:
            self._advance()
        key = self._required_expression()
        mark = "VALUE" if self._take("VALUE") else ":" if self._match(TokenType.COLON) else ""
        if not mark and self._match(TokenType.COMMA):
            mark = ","
        if not mark:
            self.raise_error("Expected VALUE between a key and its value")
        value = self._required_expression()
        pair = self.expression(JsonPair(this=key, expression=value), start)
        pair.meta["keyed"], pair.meta["mark"] = keyed, mark
        return pair

    def _is_value_mark(self, token: t.Any) -> bool:
        return self._word(token) == "VALUE" or token.token_type in (TokenType.COLON, TokenType.DOT)

    def _json_array(self, kind: type[exp.Anonymous]) -> exp.Expr:
        name = self._curr.text
        self._advance(2)
        items: list[exp.Expr] = []
        if not self._symbol(TokenType.R_PAREN) and not self._at_null_clause():
            items = self._comma_list(self._required_expression)
        node = kind(this=name, expressions=items)
        order = self._parse_order()
        if order:
            node.set("order", order)
        return self._json_constructor(node)

    def _json_constructor(self, node: exp.Anonymous) -> exp.Expr:
        clause = self._take_any("NULL ON NULL", "ABSENT ON NULL")
        if clause:
            node.set("on_null", exp.var(clause))
        if self._take("RETURNING"):
            node.set("returning", self._required_type())
        self._close()
        return self.expression(node)

    def _at_null_clause(self) -> bool:
        return self._at("NULL", "ON", "NULL") or self._at("ABSENT", "ON", "NULL")


JSON_FUNCTIONS: dict[str, t.Callable[[t.Any], exp.Expr]] = {
    "JSON_ARRAY": lambda self: self._json_array(JsonArray),
    "JSON_ARRAYAGG": lambda self: self._json_array(JsonArrayAgg),
    "JSON_EXISTS": lambda self: self._json_path_call(JsonExists),
    "JSON_OBJECT": lambda self: self._json_object(JsonObject),
    "JSON_OBJECTAGG": lambda self: self._json_object(JsonObjectAgg),
    "JSON_QUERY": lambda self: self._json_path_call(JsonQuery),
    "JSON_VALUE": lambda self: self._json_path_call(JsonValue),
}
