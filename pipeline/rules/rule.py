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


@dataclass(frozen=True)
class Subject:
    """One model, held against the rules; `classified` is None where names or types are wrong already."""

    parsed: Parsed
    classified: Classified | None

    @cached_property
    def locator(self) -> Locator:
        """Finds places in the author's template."""
        return Locator(self.parsed.rendered)

    @property
    def tree(self) -> exp.Expr:
        """The query; typed where `classified` is there."""
        return self.classified.resolved.tree if self.classified else self.parsed.tree

    def selects(self) -> list[exp.Select]:
        """The SELECTs that UNION ALL joins at the top."""
        return branches(self.tree)

    def nodes(self) -> Iterator[exp.Expr]:
        """Every node that the author of this model wrote: those of models that it reads are left out."""
        pending: list[exp.Expr] = [self.tree]
        while pending:
            node = pending.pop()
            # `meta` makes a dictionary where there is none.
            if node._meta and "model" in node._meta:
                continue
            yield node
            pending.extend(reversed(list(node.iter_expressions())))

    def all_selects(self) -> list[exp.Select]:
        """Every SELECT of the model, subqueries and CTEs included."""
        return [node for node in self.nodes() if isinstance(node, exp.Select)]


class Rule(ABC):
    """A rule. Its docstring is what `pipeline docs` prints; the first line is the rule in one sentence."""

    code: ClassVar[str]
    needs_types: ClassVar[bool] = False

    @abstractmethod
    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Where the model breaks the rule."""

    def found(
        self, subject: Subject, node: exp.Expr | None, message: str, hint: str = "", why: str = ""
    ) -> Diagnostic:
        """A breach at a node of the tree."""
        return Diagnostic(subject.locator.at(node), self.code, message, hint, why)
