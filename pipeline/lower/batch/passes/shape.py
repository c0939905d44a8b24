"""Pass: relations that no pass knows how to compute in batch are refused by name."""

from __future__ import annotations

import re

from sqlglot import exp

from pipeline.lower.batch.plan import Plan, relations, window_of
from sqlglot_flink.expressions import TableFunction

_CLAUSES = {
    "laterals": "LATERAL TABLE",
    "hint": "hints",
    "qualify": "QUALIFY",
    "sample": "TABLESAMPLE",
    "windows": "a named WINDOW",
}


def shape(plan: Plan) -> None:
    """Refuse clauses and relations that are not among those that the passes turn into batch SQL."""
    for query in plan.queries():
        for select in query.find_all(exp.Select):
            for key, what in _CLAUSES.items():
                if select.args.get(key):
                    plan.refuse(select, what)
            for relation in relations(select):
                what = _unknown(plan, relation)
                if what:
                    plan.refuse(relation, what)


def _unknown(plan: Plan, relation: exp.Expr) -> str:
    if isinstance(relation, exp.Table):
        if window_of(relation) is not None:
            return ""
        if isinstance(relation.this, TableFunction):
            return "a table function other than a window"
        if not isinstance(relation.this, exp.Identifier):
            return "a function in FROM"
        name = relation.name
        known = name in plan.tables or name in plan.model.sources or name in plan.model.resolved.reads
        return "" if known else f'a query that reads "{name}"'
    if isinstance(relation, exp.Subquery):
        return ""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(relation).__name__).upper()
