"""Parses INSERT, statement sets, EXECUTE, COMPILE PLAN, CALL, ANALYZE and TRUNCATE."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from sqlglot_flink.expressions import ExtendedTable
from sqlglot_flink.statements.expressions import (
    AnalyzeTable,
    BeginStatementSet,
    Call,
    CompilePlan,
    ExecutePlan,
    ExecuteStatement,
    StatementSet,
    Upsert,
)
from sqlglot_flink.statements.words import WordParser

CONFLICT_ACTIONS = ("ERROR", "NOTHING", "DEDUPLICATE")


class DmlParser(WordParser):
    """Reads such a statement behind its first word; None means that it is another one."""

    def _flink_insert(self) -> exp.Expr:
        return self._insert_of(exp.Insert)

    def _flink_upsert(self) -> exp.Expr:
        return self._insert_of(Upsert)

    def _insert_of(self, cls: type[exp.Insert]) -> exp.Insert:
        overwrite = self._take("OVERWRITE")
        if not overwrite:
            self._require("INTO")
        start = self._curr
        table = self._table_name()
        if hint := self._parse_hint():
            table.set("hints", [hint])
        this: exp.Expr = table
        if self._take("EXTEND"):
            extended = self._wrapped_list(self._insert_column)
            this = self.expression(ExtendedTable(this=table, expressions=extended), start)
        # Flink 1.20 and 2.x differ in which of the two comes first, so both orders are read.
        partition = self._partition()
        if self._at_column_list():
            columns = self._wrapped_list(self._insert_column)
            this = self.expression(exp.Schema(this=this, expressions=columns), start)
        partition = partition or self._partition()
        source = self._query()
        conflict = None
        if self._take("ON", "CONFLICT"):
            self._require("DO")
            conflict = self.expression(exp.OnConflict(action=exp.var(self._require_any(*CONFLICT_ACTIONS))))
        return self.expression(
            cls(this=this, overwrite=overwrite, partition=partition, expression=source, conflict=conflict)
        )

    def _insert_column(self) -> exp.Expr:
        """Read a column's name; a type behind it makes a column that the table does not declare."""
        start = self._curr
        name = self._column_name()
        if self._curr.token_type in (TokenType.COMMA, TokenType.R_PAREN):
            return name
        kind = self._parse_types()
        constraints = []
        if self._take("NOT", "NULL"):
            constraints.append(exp.ColumnConstraint(kind=exp.NotNullColumnConstraint()))
        return self.expression(exp.ColumnDef(this=name, kind=kind, constraints=constraints), start)

    def _at_column_list(self) -> bool:
        """Tell a list of columns from a query in parentheses."""
        if self._curr.token_type != TokenType.L_PAREN:
            return False
        following = self._next
        return following.token_type == TokenType.IDENTIFIER or following.text.upper() not in (
            *("(", "SELECT", "WITH", "VALUES", "TABLE"),
        )

    def _parse_update_assignment(self) -> exp.Expr:
        start = self._curr
        parts = self._name_parts()
        column = exp.Dot.build(parts) if len(parts) > 1 else exp.Column(this=parts[0])
        if not self._match(TokenType.EQ):
            self.raise_error("Expected = after the column's name")
        return self.expression(exp.EQ(this=column, expression=self._ddl_expression()), start)

    def _flink_statement_set(self) -> exp.Expr | None:
        """Read `STATEMENT SET BEGIN ...; END` behind STATEMENT."""
        if not self._take("SET", "BEGIN"):
            return None
        return self._set_of(client=False)

    def _flink_begin(self) -> exp.Expr | None:
        """Read the client's `BEGIN STATEMENT SET; ...; END` behind BEGIN."""
        if not self._take("STATEMENT", "SET"):
            return None
        if not self._match(TokenType.SEMICOLON):
            return self.expression(BeginStatementSet())
        return self._set_of(client=True)

    def _set_of(self, client: bool) -> StatementSet:
        statements: list[exp.Expr] = []
        while self._curr and not self._at("END"):
            statement = self._parse_statement()
            if statement is None:
                break
            statements.append(statement)
            if not self._match(TokenType.SEMICOLON):
                self.raise_error("Expected ; after a statement of the set")
                break
        self._require("END")
        return self.expression(StatementSet(expressions=statements, client=client))

    def _flink_end(self) -> exp.Expr | None:
        return None if self._curr else self.expression(exp.EndStatement())

    def _flink_execute(self) -> exp.Expr:
        if self._take("PLAN"):
            return self.expression(ExecutePlan(this=self._text()))
        return self.expression(ExecuteStatement(this=self._inner_statement()))

    def _inner_statement(self) -> exp.Expr:
        statement = self._parse_statement()
        if statement is None:
            self.raise_error("Expected a query, an INSERT or a STATEMENT SET")
            return exp.Select()
        return statement

    def _flink_compile(self) -> exp.Expr | None:
        execute = self._take("AND", "EXECUTE")
        if not self._take("PLAN"):
            return None
        path = self._text()
        exists = self._not_exists()
        self._require("FOR")
        return self.expression(
            CompilePlan(this=path, exists=exists, execute=execute, expression=self._inner_statement())
        )

    def _flink_call(self) -> exp.Expr:
        name = self._table_name()
        arguments = self._wrapped_list(self._call_argument, empty=True)
        return self.expression(Call(this=name, expressions=arguments))

    def _call_argument(self) -> exp.Expr | None:
        if self._next.token_type != TokenType.FARROW:
            return self._query() if self._at("SELECT") or self._at("WITH") else self._parse_disjunction()
        start = self._curr
        name = self._name()
        self._match(TokenType.FARROW)
        return self.expression(exp.Kwarg(this=name, expression=self._ddl_expression()), start)

    def _flink_analyze(self) -> exp.Expr | None:
        if not self._take("TABLE"):
            return None
        table = self._table_name()
        partition = self._partition()
        self._require("COMPUTE", "STATISTICS")
        columns: list[exp.Identifier] = []
        all_columns = False
        if self._take("FOR"):
            all_columns = self._take("ALL")
            self._require("COLUMNS")
            if not all_columns:
                columns = self._comma_list(self._name)
        return self.expression(
            AnalyzeTable(this=table, partition=partition, expressions=columns, all_columns=all_columns)
        )

    def _flink_truncate(self) -> exp.Expr | None:
        if not self._take("TABLE"):
            return None
        return self.expression(exp.TruncateTable(expressions=[self._table_name()]))
