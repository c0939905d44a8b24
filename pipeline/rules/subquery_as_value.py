"""Rule: a query stands in FROM, not in a condition."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.rules.rule import Rule, Subject
from sqlglot_flink import TableArgument

_HOMES = (exp.From, exp.Join, exp.CTE, exp.SetOperation, TableArgument, exp.Subquery, exp.Table)


class SubqueryAsValue(Rule):
    """No subquery in IN, EXISTS, a comparison or an output.

    Flink makes it a join that keeps every row of both sides for ever.
    """

    code = "subquery-as-value"

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Subqueries outside FROM."""
        for node in subject.nodes():
            if not isinstance(node, exp.Select) or node.parent is None:
                continue
            inner: exp.Expr = node
            while isinstance(inner.parent, (exp.SetOperation, exp.Subquery)):
                inner = inner.parent
            parent = inner.parent
            if parent is None or isinstance(parent, _HOMES):
                continue
            hint = "join it, bounded in time: a.event_time BETWEEN b.event_time - INTERVAL '1' HOUR AND ..."
            why = "Flink would keep every row of both sides for ever."
            yield self.found(subject, node, "a subquery cannot be a value", hint, why)
            return
