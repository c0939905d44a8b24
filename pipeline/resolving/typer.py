"""Types a model's expressions and holds their values against the contracts."""

from __future__ import annotations

from sqlglot import exp

from pipeline.expressions import ExpressionTyper, arguments_of
from pipeline.relations import Field
from pipeline.resolving.arguments import wrong_argument
from pipeline.resolving.comparisons import Problem
from pipeline.resolving.values import impossible, note
from pipeline.scopes import Scope
from pipeline.sql_types import SqlType, from_tree

_UNITS = frozenset(("SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR"))


class ModelTyper(ExpressionTyper):
    """The typer of one model: beside types it looks at texts that a column never is, and at arguments."""

    def field_of(self, column: exp.Column, scope: Scope) -> Field | None:
        """The field that a column means, the texts that it can be noted on the column."""
        field = super().field_of(column, scope)
        if field is not None:
            note(column, field)
        return field

    def type_of(self, node: exp.Expr, scope: Scope) -> SqlType | None:
        """The node's type; None after a mistake that is reported already."""
        before = len(self.diagnostics)
        kind = super().type_of(node, scope)
        if len(self.diagnostics) > before:
            return kind
        for problem in impossible(node):
            self._tell(problem)
        return kind

    def _call(self, node: exp.Expr, name: str, scope: Scope) -> SqlType | None:
        before = len(self.diagnostics)
        kind = super()._call(node, name, scope)
        if kind is None or len(self.diagnostics) > before:
            return kind
        arguments = arguments_of(node, name)
        kinds = [from_tree(part.type, True) for part in arguments if part.type]
        known = [found for found in kinds if found is not None]
        problem = wrong_argument(name, arguments, known) if len(known) == len(arguments) else None
        if problem is None:
            return kind
        self._tell(problem)
        return None

    def _unknown_function(self, node: exp.Expr, name: str, arguments: list[exp.Expr], scope: Scope) -> None:
        # DATEDIFF(day, a, b): the unit of another database's function is no column.
        units = [part for part in arguments if isinstance(part, exp.Column) and part.name.upper() in _UNITS]
        super()._unknown_function(node, name, [part for part in arguments if part not in units], scope)

    def _tell(self, problem: Problem) -> None:
        self.report(problem.place, problem.code, problem.message, problem.hint, problem.why)
