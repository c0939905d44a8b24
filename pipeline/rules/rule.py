"""What a rule is: a class whose docstring is the rule's text, and whose `check` finds where it is broken."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from sqlglot import exp

from pipeline.locate import Locator
from pipeline.model.diagnostics import Diagnostic
from pipeline.model.models import Classified, Parsed
from pipeline.queries import branches
from sqlglot_flink import TableArgument

_HOMES = (exp.From, exp.Join, exp.CTE, exp.SetOperation, TableArgument, exp.Subquery, exp.Table)
"""Where a query is a table."""


@dataclass(frozen=True)
class Subject:
    """One model, held against the rules; `classified` is None where names or types are wrong already.

    `partly` is then the query as far as its names and types are known, for the rules that take it so.
    """

    parsed: Parsed
    classified: Classified | None
    partly: exp.Expr | None = None

    @cached_property
    def locator(self) -> Locator:
        """Finds places in the author's template."""
        return Locator(self.parsed.rendered)

    @property
    def tree(self) -> exp.Expr:
        """The query; typed where `classified` is there."""
        return self.classified.resolved.tree if self.classified else self.partly or self.parsed.tree

    def knows(self, *nodes: exp.Expr | None) -> bool:
        """Whether every column in them is known: of others nothing can be said but that."""
        if self.classified is not None:
            return True
        columns = (column for node in nodes if node is not None for column in node.find_all(exp.Column))
        return all(column.type is not None or isinstance(column.this, exp.Star) for column in columns)

    def selects(self) -> list[exp.Select]:
        """The SELECTs that UNION ALL joins at the top."""
        return branches(self.tree)

    def nodes(self) -> Iterator[exp.Expr]:
        """Every node that the author of this model wrote: those of models that it reads are left out.

        So is what stands in a subquery that is a value: a rule of its own refuses all of it.
        """
        yield from self._nodes

    @cached_property
    def _nodes(self) -> tuple[exp.Expr, ...]:
        found: list[exp.Expr] = []
        pending: list[exp.Expr] = [self.tree]
        while pending:
            node = pending.pop()
            # `meta` makes a dictionary where there is none.
            if node._meta and "model" in node._meta:
                continue
            if is_value(node):
                continue
            found.append(node)
            pending.extend(reversed(list(node.iter_expressions())))
        return tuple(found)

    def all_selects(self) -> list[exp.Select]:
        """Every SELECT of the model, subqueries and CTEs included."""
        return [node for node in self.nodes() if isinstance(node, exp.Select)]


def is_value(node: exp.Expr) -> bool:
    """Whether the node is a query that stands in a condition or an output, not in FROM."""
    if not isinstance(node, (exp.Select, exp.SetOperation)):
        return False
    while isinstance(node.parent, (exp.SetOperation, exp.Subquery)):
        node = node.parent
    return node.parent is not None and not isinstance(node.parent, _HOMES)


class Rule(ABC):
    """A rule. Its docstring is what `pipeline docs` prints; the first line is the rule in one sentence."""

    code: ClassVar[str]
    needs_types: ClassVar[bool] = False
    takes_part: ClassVar[bool] = False
    """Whether a query of which not all names and types are known tells it something, all the same."""

    @abstractmethod
    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Where the model breaks the rule."""

    def found(
        self, subject: Subject, node: exp.Expr | None, message: str, hint: str = "", why: str = ""
    ) -> Diagnostic:
        """A breach at a node of the tree."""
        return Diagnostic(subject.locator.at(node), self.code, message, hint, why)
