"""Parses the columns, constraints and clauses that CREATE TABLE shares with ALTER TABLE and CREATE MODEL."""

from __future__ import annotations

import typing as t

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from sqlglot_flink.statements.expressions import (
    DistributionProperty,
    FreshnessProperty,
    LikeOption,
    MetadataColumn,
    RefreshModeProperty,
    StartModeProperty,
    Watermark,
)
from sqlglot_flink.statements.words import WordParser

LIKE_STRATEGIES = ("INCLUDING", "EXCLUDING", "OVERWRITING")
LIKE_FEATURES = (
    "ALL",
    "CONSTRAINTS",
    "DISTRIBUTION",
    "GENERATED",
    "METADATA",
    "OPTIONS",
    "PARTITIONS",
    "WATERMARKS",
)
REFRESH_MODES = ("FULL", "CONTINUOUS")
START_MODES = (
    "FROM_BEGINNING",
    "FROM_NOW",
    "FROM_TIMESTAMP",
    "RESUME_OR_FROM_BEGINNING",
    "RESUME_OR_FROM_NOW",
    "RESUME_OR_FROM_TIMESTAMP",
)


class TableParser(WordParser):
    """Reads the parts of a table's definition."""

    def _table_elements(self) -> list[exp.Expr]:
        return self._wrapped_list(self._table_element)

    def _table_element(self) -> exp.Expr:
        """Read a column, a bare column name (CREATE TABLE AS), a watermark or a table constraint."""
        if self._at("WATERMARK"):
            return self._table_watermark()
        if self._at("CONSTRAINT") or self._at("PRIMARY", "KEY") or self._at("UNIQUE"):
            return self._table_constraint()
        return self._table_column()

    def _table_watermark(self) -> Watermark:
        start = self._curr
        self._require("WATERMARK")
        self._require("FOR")
        parts = self._name_parts()
        column = exp.Dot.build(parts) if len(parts) > 1 else exp.Column(this=parts[0])
        self._require("AS")
        return self.expression(Watermark(this=column, expression=self._ddl_expression()), start)

    def _table_constraint(self) -> exp.Expr:
        """Read `[CONSTRAINT name] PRIMARY KEY|UNIQUE (a, b) [[NOT] ENFORCED]`."""
        start = self._curr
        name = self._name() if self._take("CONSTRAINT") else None
        constraint: exp.Expr
        if self._take("UNIQUE"):
            columns = exp.Schema(expressions=self._wrapped_list(self._name))
            constraint = exp.UniqueColumnConstraint(this=columns, options=self._enforcement())
        else:
            self._require("PRIMARY", "KEY")
            constraint = exp.PrimaryKey(
                expressions=self._wrapped_list(self._name), options=self._enforcement()
            )
        constraint = self.expression(constraint, start)
        if name is None:
            return constraint
        return self.expression(exp.Constraint(this=name, expressions=[constraint]), start)

    def _enforcement(self) -> list[exp.Expr]:
        if self._take("NOT", "ENFORCED"):
            return [exp.var("NOT ENFORCED")]
        return [exp.var("ENFORCED")] if self._take("ENFORCED") else []

    def _table_column(self) -> exp.Expr:
        start = self._curr
        name = self._column_name()
        if self._curr.token_type in (TokenType.COMMA, TokenType.R_PAREN):
            return name
        kind: exp.Expr | None = None
        constraints: list[exp.Expr] = []
        if self._take("AS"):
            computed = exp.ComputedColumnConstraint(this=self._ddl_expression())
            constraints.append(exp.ColumnConstraint(kind=computed))
        else:
            kind = self._parse_types(schema=True)
            if kind is None:
                self.raise_error("Expected the column's type, or AS and an expression")
        while constraint := self._column_constraint():
            constraints.append(constraint)
        return self.expression(exp.ColumnDef(this=name, kind=kind, constraints=constraints), start)

    def _column_constraint(self) -> exp.ColumnConstraint | None:
        start = self._curr
        if self._take("NOT", "NULL"):
            return self._constraint_of(exp.NotNullColumnConstraint())
        if self._take("NULL"):
            return self._constraint_of(exp.NotNullColumnConstraint(allow_null=True))
        if self._take("COMMENT"):
            return self._constraint_of(exp.CommentColumnConstraint(this=self._text()))
        if self._take("METADATA"):
            key = self._text() if self._take("FROM") else None
            return self._constraint_of(MetadataColumn(this=key, virtual=self._take("VIRTUAL")))
        name = self._name() if self._take("CONSTRAINT") else None
        if self._take("PRIMARY", "KEY"):
            key_constraint = exp.PrimaryKeyColumnConstraint(options=self._enforcement())
            return self.expression(exp.ColumnConstraint(this=name, kind=key_constraint), start)
        if self._take("UNIQUE"):
            unique = exp.UniqueColumnConstraint(options=self._enforcement())
            return self.expression(exp.ColumnConstraint(this=name, kind=unique), start)
        if name is not None:
            self.raise_error("Expected PRIMARY KEY or UNIQUE after the constraint's name")
        return None

    def _constraint_of(self, kind: exp.Expr) -> exp.ColumnConstraint:
        return self.expression(exp.ColumnConstraint(kind=kind))

    def _table_clauses(self) -> list[exp.Expr]:
        """Read what stands between a table's columns and its query, in any order."""
        found: list[exp.Expr] = []
        while True:
            start = self._curr
            clause = self._table_clause()
            if clause is None:
                return found
            for part in clause:
                if "start" not in part.meta:
                    part.update_positions(start)
            found.extend(clause)

    def _table_clause(self) -> t.Sequence[exp.Expr] | None:
        if self._take("WITH"):
            return self._options()
        for word, parse in self._TABLE_CLAUSES.items():
            if self._take(*word.split()):
                return [parse(self)]
        return None

    def _comment_clause(self) -> exp.Expr:
        return exp.SchemaCommentProperty(this=self._text())

    def _distribution(self) -> DistributionProperty:
        """Read `BY [HASH|RANGE] (a, b) [INTO n BUCKETS]` or `INTO n BUCKETS`."""
        start = self._curr
        kind = None
        columns: list[exp.Identifier] = []
        if self._take("BY"):
            kind = self._take_any("HASH", "RANGE")
            columns = self._wrapped_list(self._name)
        elif not self._at("INTO"):
            self.raise_error("Expected BY or INTO")
        buckets = None
        if self._take("INTO"):
            buckets = self._parse_number()
            self._require("BUCKETS")
        return self.expression(
            DistributionProperty(kind=kind and exp.var(kind), expressions=columns, buckets=buckets), start
        )

    def _partitioned_by(self) -> exp.Expr:
        columns = self._wrapped_list(self._name)
        return exp.PartitionedByProperty(this=exp.Schema(expressions=columns))

    def _freshness(self) -> FreshnessProperty:
        self._match(TokenType.EQ)
        return self.expression(FreshnessProperty(this=self._ddl_expression()))

    def _refresh_mode(self) -> RefreshModeProperty:
        self._match(TokenType.EQ)
        return self.expression(RefreshModeProperty(this=exp.var(self._require_any(*REFRESH_MODES))))

    def _start_mode(self) -> StartModeProperty:
        self._match(TokenType.EQ)
        mode = exp.var(self._require_any(*START_MODES))
        argument = None
        if self._match(TokenType.L_PAREN):
            argument = self._ddl_expression()
            self._match_r_paren()
        return self.expression(StartModeProperty(this=mode, expression=argument))

    def _table_like(self) -> exp.LikeProperty:
        table = self._table_name()
        options: list[exp.Expr] = []
        if self._match(TokenType.L_PAREN):
            while not self._match(TokenType.R_PAREN):
                start, index = self._curr, self._index
                strategy = self._require_any(*LIKE_STRATEGIES)
                feature = self._require_any(*LIKE_FEATURES)
                option = LikeOption(this=exp.var(feature), strategy=exp.var(strategy))
                options.append(self.expression(option, start))
                if self._index == index:
                    # The error is noted and not raised where sqlglot was asked to collect them.
                    break
        return self.expression(exp.LikeProperty(this=table, expressions=options))

    _TABLE_CLAUSES: t.ClassVar[dict[str, t.Callable[[t.Any], exp.Expr]]] = {
        "COMMENT": lambda self: self._comment_clause(),
        "DISTRIBUTED": lambda self: self._distribution(),
        "PARTITIONED BY": lambda self: self._partitioned_by(),
        "FRESHNESS": lambda self: self._freshness(),
        "REFRESH_MODE": lambda self: self._refresh_mode(),
        "START_MODE": lambda self: self._start_mode(),
        "LIKE": lambda self: self._table_like(),
    }
