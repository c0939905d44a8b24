"""Parses SHOW, DESCRIBE and EXPLAIN."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from sqlglot_flink.statements.expressions import Explain, ShowStatement
from sqlglot_flink.statements.words import WordParser

# With no object behind them, or FROM/IN an object; longest first where one begins another.
SHOWN = (
    "CATALOGS",
    "CURRENT CATALOG",
    "CURRENT DATABASE",
    "DATABASES",
    "TABLES",
    "VIEWS",
    "MATERIALIZED TABLES",
    "USER FUNCTIONS",
    "FUNCTIONS",
    "PROCEDURES",
    "FULL MODULES",
    "MODULES",
    "JARS",
    "JOBS",
    "MODELS",
    "CONNECTIONS",
    "COLUMNS",
)
SHOWN_CREATE = (
    "CREATE OR ALTER MATERIALIZED TABLE",
    "CREATE MATERIALIZED TABLE",
    "CREATE TABLE",
    "CREATE VIEW",
    "CREATE CATALOG",
    "CREATE MODEL",
    "CREATE CONNECTION",
)
DESCRIBED = ("TABLE", "CATALOG", "DATABASE", "FUNCTION", "MODEL", "CONNECTION", "JOB")
EXPLAIN_DETAILS = ("ESTIMATED_COST", "CHANGELOG_MODE", "JSON_EXECUTION_PLAN", "PLAN_ADVICE")


class ShowParser(WordParser):
    """Reads `SHOW ...`, `DESCRIBE ...` and `EXPLAIN ...` behind their first word."""

    def _flink_show(self) -> exp.Expr:
        for kind in SHOWN_CREATE:
            if self._take(*kind.split()):
                return self.expression(ShowStatement(this=exp.var(kind), target=self._table_name()))
        if self._take("PARTITIONS"):
            table = self._table_name()
            return self.expression(
                ShowStatement(this=exp.var("PARTITIONS"), target=table, partition=self._partition())
            )
        kind = next((kind for kind in SHOWN if self._take(*kind.split())), "")
        if not kind:
            self.raise_error(f"Expected {', '.join(SHOWN)}, PARTITIONS or CREATE ...")
        preposition = self._take_any("FROM", "IN")
        target = self._table_name() if preposition else None
        negated = self._take("NOT")
        like = self._take_any("LIKE", "ILIKE")
        if negated and not like:
            self.raise_error("Expected LIKE or ILIKE after NOT")
        return self.expression(
            ShowStatement(
                this=exp.var(kind),
                target=target,
                preposition=preposition and exp.var(preposition),
                like=like and exp.var(like),
                pattern=self._text() if like else None,
                negated=negated,
            )
        )

    def _flink_describe(self) -> exp.Expr:
        if self._at("STATEMENT") or self._at_query():
            kind = self._take_any("STATEMENT")
            return self.expression(exp.Describe(this=self._query(), kind=kind))
        # CATALOG, DATABASE, ... are also names: `DESCRIBE catalog` describes a table.
        kind = next(
            (
                kind
                for kind in DESCRIBED
                if self._at(kind) and self._next.token_type not in (TokenType.SENTINEL, TokenType.DOT)
            ),
            None,
        )
        if kind:
            self._take(kind)
        style = self._take_any("EXTENDED")
        this = self._text() if kind == "JOB" else self._table_name()
        return self.expression(exp.Describe(this=this, kind=kind, style=style))

    def _at_query(self) -> bool:
        return self._curr.token_type == TokenType.L_PAREN or any(
            self._at(word) for word in ("SELECT", "WITH", "VALUES")
        )

    def _flink_explain(self) -> exp.Expr:
        plan_for = self._take("PLAN", "FOR")
        details: list[exp.Expr] = []
        if not plan_for and any(self._at(detail) for detail in EXPLAIN_DETAILS):
            details = self._comma_list(lambda: exp.var(self._require_any(*EXPLAIN_DETAILS)))
        statement = self._parse_statement()
        if statement is None:
            self.raise_error("Expected a statement to explain")
        return self.expression(Explain(this=statement, details=details, plan_for=plan_for))
