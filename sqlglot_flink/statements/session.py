"""Parses what changes a session: SET, RESET, USE, modules, jars, jobs and the SQL client's own words."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from sqlglot_flink.statements.expressions import (
    AddJar,
    ClientCommand,
    LoadModule,
    RemoveJar,
    ResetStatement,
    SetStatement,
    StopJob,
    UnloadModule,
)
from sqlglot_flink.statements.words import WordParser


class SessionParser(WordParser):
    """Reads such a statement behind its first word; None means that it is another one."""

    def _flink_set(self) -> exp.Expr:
        if not self._curr:
            return self.expression(SetStatement())
        if self._curr.token_type == TokenType.STRING:
            key = self._text()
            if not self._match(TokenType.EQ):
                self.raise_error("Expected = between a setting's key and its value")
            value = self._text()
        else:
            # The SQL client takes keys and values without quotes too: `SET table.dml-sync = true`.
            key = self._bare_until(TokenType.EQ)
            if not self._match(TokenType.EQ):
                self.raise_error("Expected = between a setting's key and its value")
            value = self._text_or_bare()
        return self.expression(SetStatement(this=key, expression=value))

    def _text_or_bare(self) -> exp.Expr:
        return self._text() if self._curr.token_type == TokenType.STRING else self._bare_until()

    def _bare_until(self, stop: TokenType | None = None) -> exp.Var:
        start = end = self._curr
        if not start or start.token_type == stop:
            self.raise_error("Expected a setting's key and value")
        while self._curr and self._curr.token_type != stop:
            end = self._curr
            self._advance()
        return self.expression(exp.Var(this=self._find_sql(start, end)), start)

    def _flink_reset(self) -> exp.Expr:
        if not self._curr:
            return self.expression(ResetStatement())
        if self._curr.token_type == TokenType.STRING:
            return self.expression(ResetStatement(this=self._text()))
        return self.expression(ResetStatement(this=self._bare_until()))

    def _flink_use(self) -> exp.Expr:
        # CATALOG is also a name: `USE catalog` uses a database.
        if self._at("CATALOG") and self._next and self._next.token_type != TokenType.DOT:
            self._take("CATALOG")
            return self.expression(exp.Use(kind=exp.var("CATALOG"), this=self._table_name()))
        if self._take("MODULES"):
            return self.expression(exp.Use(kind=exp.var("MODULES"), expressions=self._comma_list(self._name)))
        return self.expression(exp.Use(this=self._table_name()))

    def _flink_load(self) -> exp.Expr | None:
        if not self._take("MODULE"):
            return None
        name = self._name()
        return self.expression(
            LoadModule(this=name, expressions=self._options() if self._take("WITH") else None)
        )

    def _flink_unload(self) -> exp.Expr | None:
        return self.expression(UnloadModule(this=self._name())) if self._take("MODULE") else None

    def _flink_add(self) -> exp.Expr | None:
        return self.expression(AddJar(this=self._jar())) if self._take("JAR") else None

    def _flink_remove(self) -> exp.Expr | None:
        return self.expression(RemoveJar(this=self._jar())) if self._take("JAR") else None

    def _jar(self) -> exp.Expr:
        return self._text_or_bare()

    def _flink_stop(self) -> exp.Expr | None:
        if not self._take("JOB"):
            return None
        job = self._text()
        savepoint = self._take("WITH", "SAVEPOINT")
        return self.expression(StopJob(this=job, savepoint=savepoint, drain=self._take("WITH", "DRAIN")))

    def _flink_client_command(self) -> exp.Expr | None:
        return None if self._curr else self.expression(ClientCommand(this=exp.var(self._prev.text.upper())))
