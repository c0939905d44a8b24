"""Parses ALTER TABLE, VIEW, DATABASE, CATALOG, FUNCTION, MODEL, CONNECTION and MATERIALIZED TABLE."""

from __future__ import annotations

from itertools import product

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from sqlglot_flink.statements.create_other import CreateParser
from sqlglot_flink.statements.expressions import (
    AddPartitions,
    AlterAdd,
    AlterAs,
    AlterComment,
    AlterDistribution,
    AlterModify,
    AlterSetProperty,
    Compact,
    DropColumns,
    DropConstraint,
    DropPart,
    DropPartitions,
    PartitionDefinition,
    RefreshTable,
    ResetOptions,
    Resume,
    SetOptions,
    Suspend,
)


class AlterParser(CreateParser):
    """Reads `ALTER ...` behind its first word."""

    def _flink_alter(self) -> exp.Expr:
        for scope, change in product(("SYSTEM", "SESSION"), ("SET", "RESET")):
            if self._take(scope, change):
                setting = self._flink_set() if change == "SET" else self._flink_reset()
                setting.set("scope", scope)
                return setting
        prefix = "TEMPORARY " if self._take("TEMPORARY") else ""
        kind = self._kind()
        exists = self._if_exists()
        this = self._table_name()
        start = self._curr
        action = self._alter_action()
        if action is None:
            self.raise_error("Expected ADD, MODIFY, DROP, RENAME, SET, RESET, AS or another change")
        else:
            action.update_positions(start)
        return self.expression(exp.Alter(this=this, kind=prefix + kind, exists=exists, actions=[action]))

    def _flink_set(self) -> exp.Expr:
        raise NotImplementedError

    def _flink_reset(self) -> exp.Expr:
        raise NotImplementedError

    def _alter_action(self) -> exp.Expr | None:
        if self._at("PARTITION") or self._at("COMPACT"):
            partition = self._partition()
            self._require("COMPACT")
            return Compact(this=partition)
        word = self._take_any(
            *(
                "ADD",
                "MODIFY",
                "DROP",
                "RENAME",
                "SET",
                "RESET",
                "AS",
                "COMMENT",
                "SUSPEND",
                "RESUME",
                "REFRESH",
            )
        )
        return getattr(self, f"_alter_{word.lower()}")() if word else None

    def _alter_add(self) -> exp.Expr:
        exists = self._not_exists()
        if exists or self._at("PARTITION"):
            partitions: list[exp.Expr] = []
            while partition := self._partition():
                options = self._options() if self._take("WITH") else None
                partitions.append(self.expression(PartitionDefinition(this=partition, expressions=options)))
            if not partitions:
                self.raise_error("Expected PARTITION (...)")
            return AddPartitions(expressions=partitions, exists=exists)
        wrapped = self._curr.token_type == TokenType.L_PAREN
        return AlterAdd(expressions=self._alter_elements(), wrapped=wrapped)

    def _alter_modify(self) -> exp.Expr:
        wrapped = self._curr.token_type == TokenType.L_PAREN
        return AlterModify(expressions=self._alter_elements(), wrapped=wrapped)

    def _alter_elements(self) -> list[exp.Expr]:
        if self._curr.token_type == TokenType.L_PAREN:
            return self._wrapped_list(self._alter_element)
        return [self._alter_element()]

    def _alter_element(self) -> exp.Expr:
        start = self._curr
        if self._take("DISTRIBUTION"):
            return self.expression(AlterDistribution(this=self._distribution()), start)
        self._take("COLUMN")
        element = self._table_element()
        if isinstance(element, exp.ColumnDef):
            if self._take("FIRST"):
                element.set("position", exp.ColumnPosition(position="FIRST"))
            elif self._take("AFTER"):
                element.set("position", exp.ColumnPosition(this=self._column_name(), position="AFTER"))
        return element

    def _alter_drop(self) -> exp.Expr:
        exists = self._if_exists()
        if exists or self._at("PARTITION"):
            return DropPartitions(expressions=self._comma_list(self._dropped_partition), exists=exists)
        if self._take("CONSTRAINT"):
            return DropConstraint(this=self._name())
        for part in ("PRIMARY KEY", "WATERMARK", "DISTRIBUTION"):
            if self._take(*part.split()):
                return DropPart(this=exp.var(part))
        if self._curr.token_type == TokenType.L_PAREN:
            return DropColumns(expressions=self._wrapped_list(self._column_name), wrapped=True)
        return DropColumns(expressions=[self._column_name()])

    def _dropped_partition(self) -> exp.Expr:
        partition = self._partition()
        if partition is None:
            self.raise_error("Expected PARTITION (...)")
            return exp.Partition(expressions=[])
        return partition

    def _alter_rename(self) -> exp.Expr:
        if self._take("TO"):
            return exp.AlterRename(this=self._table_name())
        column = self._column_name()
        self._require("TO")
        return exp.RenameColumn(this=column, to=self._column_name())

    def _alter_set(self) -> exp.Expr:
        if self._take("FRESHNESS"):
            return AlterSetProperty(this=self._freshness())
        if self._take("REFRESH_MODE"):
            return AlterSetProperty(this=self._refresh_mode())
        return SetOptions(expressions=self._options())

    def _alter_reset(self) -> exp.Expr:
        return ResetOptions(expressions=self._option_keys())

    def _alter_as(self) -> exp.Expr:
        if self._curr.token_type == TokenType.STRING:
            return AlterAs(this=self._text(), language=self._language())
        return AlterAs(this=self._query())

    def _alter_comment(self) -> exp.Expr:
        return AlterComment(this=self._text())

    def _alter_suspend(self) -> exp.Expr:
        return Suspend()

    def _alter_resume(self) -> exp.Expr:
        return Resume(expressions=self._options() if self._take("WITH") else None)

    def _alter_refresh(self) -> exp.Expr:
        return RefreshTable(this=self._partition())
