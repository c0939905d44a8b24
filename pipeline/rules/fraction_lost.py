"""Rule: a ratio keeps what stands behind the point."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.queries import aggregates
from pipeline.rules.rule import Rule, Subject
from pipeline.sql_types import INTEGERS, from_tree


class FractionLost(Rule):
    """Counts and sums of whole numbers are not divided, nor averaged, as whole numbers.

    A share of 3 in 4 would be 0, and a CAST of the result to DECIMAL comes too late. A CAST of it to a whole
    number says that this is meant.
    """

    code = "fraction-lost"
    needs_types = True
    takes_part = True

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Averages of whole numbers, and divisions of aggregates that are such."""
        for node in subject.nodes():
            if not isinstance(node, (exp.Avg, exp.Div)):
                continue
            left = node.this.sql(dialect="flink", comments=False)
            if _is_meant(node):
                continue
            if isinstance(node, exp.Avg) and _is_whole(node.this) and not isinstance(node.this, exp.Distinct):
                message, hint = "the average of whole numbers", f"AVG(CAST({left} AS DECIMAL(18, 4)))"
                if node.find_ancestor(exp.Cast, exp.Select) is node.find_ancestor(exp.Select):
                    hint = f"CAST({hint} AS DECIMAL(18, 4))"
            elif isinstance(node, exp.Div) and _is_whole(node) and any(aggregates(node)):
                message, hint = "the division of whole numbers", f"CAST({left} AS DECIMAL(18, 4)) / ..."
            else:
                continue
            why = "What stands behind the point is cut off before any CAST around it: 3 / 4 is 0."
            yield self.found(subject, node, f"{message} is a whole number", f"write {hint}", why)


def _is_meant(node: exp.Expr) -> bool:
    cast = node.find_ancestor(exp.Cast, exp.Select)
    kind = from_tree(cast.to, True) if isinstance(cast, exp.Cast) else None
    return kind is not None and kind.name in INTEGERS


def _is_whole(node: exp.Expr) -> bool:
    kind = from_tree(node.type, True) if node.type else None
    return kind is not None and kind.name in INTEGERS
