"""Pass: the author's expressions keep Flink's meaning on the engine, or are refused."""

from __future__ import annotations

import typing as t

from sqlglot import exp

from pipeline.lower.batch.plan import Plan
from pipeline.lower.expressions import refusals, rewrite
from sqlglot_flink.expressions import TableFunction


class _Relation(exp.Expression):
    """Stands for a TableFunction, which sqlglot has for a call though it is a relation."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


def expressions(plan: Plan) -> None:
    """Refuse what the engine would compute otherwise; rewrite what it spells otherwise.

    MATCH_RECOGNIZE stays as it is: `match_tables` has its expressions lowered, which mean other things there.
    """
    matches = [
        (match, match.parent)
        for query in plan.queries()
        for match in list(query.find_all(exp.MatchRecognize))
    ]
    for match, _ in matches:
        match.pop()
    _exchange(plan, TableFunction, _Relation)
    for query in plan.queries():
        for node, what in refusals(query, plan.engine):
            plan.refuse(node, what)
    for query in [] if plan.problems else list(plan.queries()):
        plan.replace(query, _bare(rewrite(query, plan.engine)))
    _exchange(plan, _Relation, TableFunction)
    for match, holder in matches:
        if holder is not None:
            holder.set("match", match)


def _exchange(plan: Plan, kind: type[exp.Expression], other: type[exp.Expression]) -> None:
    """Put another kind of node in the place of each of one kind, with what it holds."""
    for query in plan.queries():
        for node in list(query.find_all(kind)):
            made = other(this=node.this)
            made.meta.update(node.meta)
            node.replace(made)


def _bare(query: exp.Expr) -> exp.Expr:
    """The query with its outputs out of the parentheses that a rewriting put around them."""
    for select in query.find_all(exp.Select):
        for item in select.expressions:
            while isinstance(item, exp.Alias) and isinstance(item.this, exp.Paren):
                item.set("this", item.this.this)
    return query
