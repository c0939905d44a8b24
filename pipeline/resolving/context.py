"""What the parts of `resolve` share about one model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from pipeline.expressions import ExpressionTyper
from pipeline.locate import Locator
from pipeline.model.models import Resolved
from pipeline.relations import Relation

Common = dict[str, Relation]
"""The CTEs that a query can see."""
Query = Callable[[exp.Expr, Common], Relation]
"""Resolves a query and gives its relation."""
_LISTED = 6
UNRESOLVED = Relation("what could not be resolved", (), known=False)


@dataclass
class Context:
    """One model on its way: what it may read, and what it was found to read.

    `models` are the other models by name, None where one has errors of its own. `hoisted` are CTEs of models
    that were expanded, to be put in front of this one's.
    """

    name: str
    locator: Locator
    typer: ExpressionTyper
    tables: Mapping[str, Relation]
    models: Mapping[str, Resolved | None]
    reads: set[str] = field(default_factory=set)
    upstream: set[str] = field(default_factory=set)
    hoisted: dict[str, exp.CTE] = field(default_factory=dict)
    hoisted_relations: Common = field(default_factory=dict)

    def choices(self) -> str:
        """The tables and models that a query can read, for a hint."""
        others = [name for name in self.models if name != self.name]
        shown = ", ".join(others[:_LISTED]) + (", ..." if len(others) > _LISTED else "")
        models = f"; models: {shown}" if others else ""
        return f"Tables: {', '.join(self.tables)} (sql/events/){models}"
