"""Operators and their precedence, which is Calcite's: `||` binds like `*`, NOT looser than `=`."""

from __future__ import annotations

import typing as t

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from sqlglot_flink.expressions import (
    MemberOf,
    MultisetOperation,
    PeriodComparison,
    SubmultisetOf,
    UnaryPlus,
    Unique,
)
from sqlglot_flink.queries.literals import LiteralParser

OR, AND, NOT, IS, COMPARISON, RANGE, SUM, PRODUCT, SIGN = 22, 24, 26, 28, 30, 32, 40, 60, 80
MULTISET_UNION, MULTISET_INTERSECT = 14, 18

_SYMBOLS: dict[TokenType, tuple[int, type[exp.Binary]]] = {
    TokenType.EQ: (COMPARISON, exp.EQ),
    TokenType.NEQ: (COMPARISON, exp.NEQ),
    TokenType.LT: (COMPARISON, exp.LT),
    TokenType.LTE: (COMPARISON, exp.LTE),
    TokenType.GT: (COMPARISON, exp.GT),
    TokenType.GTE: (COMPARISON, exp.GTE),
    TokenType.PLUS: (SUM, exp.Add),
    TokenType.DASH: (SUM, exp.Sub),
    TokenType.STAR: (PRODUCT, exp.Mul),
    TokenType.SLASH: (PRODUCT, exp.Div),
    TokenType.MOD: (PRODUCT, exp.Mod),
    TokenType.DPIPE: (PRODUCT, exp.DPipe),
}
_LIKES: dict[str, type[exp.Expr]] = {
    "LIKE": exp.Like,
    "ILIKE": exp.ILike,
    "RLIKE": exp.RegexpLike,
    "SIMILAR TO": exp.SimilarTo,
}
_PERIODS = ("CONTAINS", "EQUALS", "PRECEDES", "SUCCEEDS", "IMMEDIATELY PRECEDES", "IMMEDIATELY SUCCEEDS")
_STARTS = frozenset(
    [
        "AND",
        "OR",
        "NOT",
        "IN",
        "BETWEEN",
        "LIKE",
        "ILIKE",
        "RLIKE",
        "SIMILAR",
        "IS",
        "MEMBER",
        "SUBMULTISET",
        "MULTISET",
        "FORMAT",
        "OVERLAPS",
        "CONTAINS",
        "EQUALS",
        "PRECEDES",
        "SUCCEEDS",
        "IMMEDIATELY",
    ]
)
Step = tuple[int, t.Callable[[exp.Expr], exp.Expr]]


class OperatorParser(LiteralParser):
    """Precedence climbing. Operators of one precedence bind from the left, without recursion."""

    def _climb(self, lowest: int = 0) -> exp.Expr | None:
        left = self._prefixed()
        if left is None:
            return None
        while True:
            if self._curr.token_type not in _SYMBOLS and self._word() not in _STARTS:
                return left
            found = self._infix(left, lowest)
            if found is None:
                return left
            left = found

    def _right(self, lowest: int) -> exp.Expr:
        found = self._climb(lowest)
        if found is None:
            self.raise_error("Expected an expression")
            return exp.Null()
        return found

    def _required_expression(self) -> exp.Expr:
        return self._right(0)

    def _prefixed(self) -> exp.Expr | None:
        start = self._curr
        if self._match(TokenType.DASH):
            return self.expression(exp.Neg(this=self._right(SIGN)))
        if self._match(TokenType.PLUS):
            return self.expression(UnaryPlus(this=self._right(SIGN)))
        if self._at("NOT"):
            self._advance()
            return self.expression(exp.Not(this=self._right(NOT)))
        if self._at("EXISTS") and self._next.token_type == TokenType.L_PAREN:
            self._advance()
            operand = self._right(SUM + 1)
            query = operand.this if isinstance(operand, exp.Subquery) and not operand.alias else operand
            return self.expression(exp.Exists(this=query), start)
        if self._at("UNIQUE"):
            self._advance()
            return self.expression(Unique(this=self._right(SUM + 1)), start)
        return self._operand()

    def _operand(self) -> exp.Expr | None:
        raise NotImplementedError

    def _infix(self, left: exp.Expr, lowest: int) -> exp.Expr | None:
        """Apply the operator that stands here to `left`, or return None where it binds too loosely."""
        symbol = _SYMBOLS.get(self._curr.token_type)
        if symbol:
            precedence, kind = symbol
            if precedence < lowest:
                return None
            self._advance()
            comments = self._prev_comments
            right = self._quantified() if precedence == COMPARISON else None
            node = kind(this=left, expression=right or self._right(precedence + 1))
            if kind is exp.Div:
                node.set("typed", True)
                node.set("safe", False)
            return self.expression(node, comments=comments)
        for words, precedence, build in (("OR", OR, exp.Or), ("AND", AND, exp.And)):
            if self._at(words):
                if precedence < lowest:
                    return None
                self._advance()
                comments = self._prev_comments
                return self.expression(
                    build(this=left, expression=self._right(precedence + 1)), comments=comments
                )
        return self._predicate(left, lowest)

    def _quantified(self) -> exp.Expr | None:
        word = self._word()
        if word not in ("ANY", "SOME", "ALL") or self._next.token_type != TokenType.L_PAREN:
            return None
        self._advance()
        operand = self._parenthesised()
        if isinstance(operand, exp.Paren):
            operand = exp.Tuple(expressions=[operand.this])
        node = self.expression(exp.All(this=operand) if word == "ALL" else exp.Any(this=operand))
        node.meta["spelling"] = word
        return node

    def _parenthesised(self) -> exp.Expr:
        raise NotImplementedError

    def _predicate(self, left: exp.Expr, lowest: int) -> exp.Expr | None:
        index = self._index
        if self._at("IS"):
            return self._is_predicate(left, lowest)
        if self._at("MULTISET"):
            return self._multiset_operation(left, lowest)
        if self._at("FORMAT", "JSON"):
            return self._format_json(left)
        negated = self._take("NOT")
        if lowest <= RANGE:
            found = self._range(left)
            if found is not None:
                return self._negated(found) if negated else found
        if lowest <= COMPARISON:
            if self._take("SUBMULTISET", "OF"):
                right = self._right(COMPARISON + 1)
                submultiset = self.expression(SubmultisetOf(this=left, expression=right))
                return self._negated(submultiset) if negated else submultiset
            if not negated:
                found = self._comparison_word(left)
                if found is not None:
                    return found
        self._retreat(index)
        return None

    def _negated(self, node: exp.Expr) -> exp.Expr:
        if "negate" in node.arg_types:
            node.set("negate", True)
            return node
        if isinstance(node, exp.Escape) and "negate" in node.this.arg_types:
            node.this.set("negate", True)
            return node
        negation = self.expression(exp.Not(this=node))
        negation.meta["infix"] = True
        return negation

    def _range(self, left: exp.Expr) -> exp.Expr | None:
        if self._take("IN"):
            return self._in_list(left)
        if self._take("BETWEEN"):
            return self._between(left)
        like = self._take_any(*_LIKES)
        if like is None:
            return None
        node = self.expression(_LIKES[like](this=left, expression=self._right(RANGE + 1)))
        if self._take("ESCAPE"):
            node = self.expression(exp.Escape(this=node, expression=self._right(RANGE + 1)))
        return node

    def _in_list(self, left: exp.Expr) -> exp.Expr:
        if not self._symbol(TokenType.L_PAREN):
            self.raise_error("Expected ( behind IN")
        if self._next.token_type == TokenType.R_PAREN:
            self._advance(2)
            return self.expression(exp.In(this=left, expressions=[]))
        items = self._parenthesised()
        if isinstance(items, exp.Subquery):
            return self.expression(exp.In(this=left, query=items))
        values = items.expressions if isinstance(items, exp.Tuple) else [items.this]
        return self.expression(exp.In(this=left, expressions=values))

    def _between(self, left: exp.Expr) -> exp.Expr:
        symmetric: bool | None = None
        if self._take("SYMMETRIC"):
            symmetric = True
        elif self._take("ASYMMETRIC"):
            symmetric = False
        low = self._right(AND + 1)
        self._require("AND")
        high = self._right(RANGE + 1)
        return self.expression(exp.Between(this=left, low=low, high=high, symmetric=symmetric))

    def _comparison_word(self, left: exp.Expr) -> exp.Expr | None:
        if self._take("MEMBER", "OF"):
            return self.expression(MemberOf(this=left, expression=self._right(COMPARISON + 1)))
        if self._take("OVERLAPS"):
            return self.expression(exp.Overlaps(this=left, expression=self._right(COMPARISON + 1)))
        kind = self._take_any(*_PERIODS)
        if kind is None:
            return None
        right = self._right(COMPARISON + 1)
        return self.expression(PeriodComparison(this=left, expression=right, kind=kind))

    def _is_predicate(self, left: exp.Expr, lowest: int) -> exp.Expr | None:
        index = self._index
        self._advance()
        negated = self._take("NOT")
        if self._take("DISTINCT", "FROM"):
            if lowest > SUM:
                self._retreat(index)
                return None
            kind: type[exp.Binary] = exp.NullSafeEQ if negated else exp.NullSafeNEQ
            return self.expression(kind(this=left, expression=self._right(SUM + 1)))
        if lowest > IS:
            self._retreat(index)
            return None
        node = self.expression(exp.Is(this=left, expression=self._is_what()))
        return self._negated_is(node) if negated else node

    def _negated_is(self, node: exp.Expr) -> exp.Expr:
        negation = self.expression(exp.Not(this=node))
        negation.meta["infix"] = True
        return negation

    def _is_what(self) -> exp.Expr:
        if self._at("NULL") or self._at("TRUE") or self._at("FALSE") or self._at("UNKNOWN"):
            return self._literal() or exp.Null()
        word = self._take_any("A SET", "EMPTY")
        if word:
            return exp.var(word)
        if self._take("JSON"):
            return exp.JSON(this=self._take_any("VALUE", "OBJECT", "ARRAY", "SCALAR"))
        self.raise_error("Expected NULL, TRUE, FALSE, UNKNOWN, DISTINCT FROM, JSON, EMPTY or A SET")
        return exp.Null()

    def _multiset_operation(self, left: exp.Expr, lowest: int) -> exp.Expr | None:
        index = self._index
        self._advance()
        kind = self._take_any("UNION", "INTERSECT", "EXCEPT")
        precedence = MULTISET_INTERSECT if kind == "INTERSECT" else MULTISET_UNION
        if kind is None or precedence < lowest:
            self._retreat(index)
            return None
        quantifier = self._take_any("ALL", "DISTINCT")
        right = self._right(precedence + 1)
        return self.expression(
            MultisetOperation(this=left, expression=right, kind=kind, quantifier=quantifier)
        )

    def _format_json(self, left: exp.Expr) -> exp.Expr:
        self._take("FORMAT", "JSON")
        node = self.expression(exp.FormatJson(this=left))
        if self._take("ENCODING"):
            node.meta["encoding"] = self._take_any("UTF8", "UTF16", "UTF32") or "UTF8"
        return node

    # sqlglot's own methods call each other by these names, and so does its API for building queries.
    def _parse_disjunction(self) -> exp.Expr | None:
        return self._climb()

    def _parse_assignment(self) -> exp.Expr | None:
        return self._climb()

    def _parse_conjunction(self) -> exp.Expr | None:
        return self._climb(AND)

    def _parse_equality(self, *_args: t.Any, **_kwargs: t.Any) -> exp.Expr | None:
        return self._climb(COMPARISON)

    def _parse_range(self, *_args: t.Any, **_kwargs: t.Any) -> exp.Expr | None:
        return self._climb(RANGE)

    def _parse_bitwise(self) -> exp.Expr | None:
        return self._climb(SUM)

    def _parse_term(self, *_args: t.Any, **_kwargs: t.Any) -> exp.Expr | None:
        return self._climb(SUM)

    def _parse_unary(self) -> exp.Expr | None:
        return self._climb(SIGN)
