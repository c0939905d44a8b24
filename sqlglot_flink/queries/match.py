"""MATCH_RECOGNIZE."""

from __future__ import annotations

import typing as t

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from sqlglot_flink.expressions import MatchModifier, MatchRecognizeWithin
from sqlglot_flink.queries.operands import OperandParser

_ROWS = (
    "ONE ROW PER MATCH",
    "ALL ROWS PER MATCH SHOW EMPTY MATCHES",
    "ALL ROWS PER MATCH OMIT EMPTY MATCHES",
    "ALL ROWS PER MATCH WITH UNMATCHED ROWS",
    "ALL ROWS PER MATCH",
)


class MatchParser(OperandParser):
    """Patterns of rows. The pattern itself is a Var that holds its text."""

    def _parse_match_recognize(self) -> exp.MatchRecognize | None:
        start = self._curr
        if not self._take("MATCH_RECOGNIZE"):
            return None
        self._open()
        partition = self._comma_list(self._required_expression) if self._take("PARTITION", "BY") else []
        order = self._parse_order()
        measures = self._comma_list(self._measure) if self._take("MEASURES") else None
        rows = self._take_any(*_ROWS)
        after = self._after_match()
        pattern = self._match_pattern()
        within = self._parse_interval() if self._take("WITHIN") else None
        subset = self._comma_list(self._subset) if self._take("SUBSET") else None
        define = self._comma_list(self._definition) if self._take("DEFINE") else None
        self._close()
        parts = {
            "partition_by": partition,
            "order": order,
            "measures": measures,
            "rows": exp.var(rows) if rows else None,
            "after": after,
            "pattern": pattern,
            "define": define,
        }
        kind = MatchRecognizeWithin if within else exp.MatchRecognize
        node = self.expression(kind(**parts, **({"within": within} if within else {})), start)
        if subset:
            node.set("subset", subset)
        return node

    def _measure(self) -> exp.MatchRecognizeMeasure:
        start = self._curr
        value = self._required_expression()
        frame: str | bool = False
        if isinstance(value, MatchModifier):
            frame, value = value.args["kind"], value.this
        self._require("AS")
        alias = self.expression(exp.Alias(this=value, alias=self._take_name(any_word=True)))
        return self.expression(exp.MatchRecognizeMeasure(this=alias, window_frame=frame), start)

    def _definition(self) -> exp.Alias:
        name = self._take_name(any_word=True)
        self._require("AS")
        return self.expression(exp.Alias(this=self._required_expression(), alias=name))

    def _subset(self) -> exp.EQ:
        name = self._take_name(any_word=True)
        if not self._match(TokenType.EQ):
            self.raise_error("Expected = behind the subset's name")
        members = self._wrapped_list(self._required_expression)
        return self.expression(exp.EQ(this=name, expression=exp.Tuple(expressions=members)))

    def _after_match(self) -> exp.Var | None:
        if not self._take("AFTER", "MATCH", "SKIP"):
            return None
        place = self._take_any("PAST LAST ROW", "TO NEXT ROW")
        if place:
            return exp.var(f"AFTER MATCH SKIP {place}")
        if self._take("TO"):
            directed = self._word(self._next) or self._next.token_type == TokenType.IDENTIFIER
            direction = self._take_any("FIRST", "LAST") if directed else None
            name = self._take_name().sql(dialect=self.dialect)
            return exp.var(f"AFTER MATCH SKIP TO {direction + ' ' if direction else ''}{name}")
        self.raise_error("Expected PAST LAST ROW, TO NEXT ROW, TO FIRST <variable> or TO LAST <variable>")
        return None

    def _match_pattern(self) -> exp.Var | None:
        self._require("PATTERN")
        self._open()
        start = end = self._curr
        depth = 1
        while self._curr and depth:
            if self._symbol(TokenType.L_PAREN):
                depth += 1
            elif self._symbol(TokenType.R_PAREN):
                depth -= 1
            if depth:
                end = self._curr
            self._advance()
        if depth:
            self.raise_error("Expected ) after the pattern")
        return exp.var(self._find_sql(start, end))

    def _parse_order(self, *_args: t.Any, **_kwargs: t.Any) -> exp.Order | None:
        raise NotImplementedError
