"""Pass: the author's expressions keep Flink's meaning on the engine, or are refused."""

from __future__ import annotations

from sqlglot import exp

from pipeline.lower.batch.plan import Plan
from pipeline.lower.expressions import refusals, rewrite


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
    for query in plan.queries():
        for node, what in refusals(query, plan.engine):
            plan.refuse(node, what)
    for query in [] if plan.problems else list(plan.queries()):
        plan.replace(query, _bare(rewrite(query, plan.engine)))
    for match, holder in matches:
        if holder is not None:
            holder.set("match", match)


def _bare(query: exp.Expr) -> exp.Expr:
    """The query with its outputs out of the parentheses that a rewriting put around them."""
    for select in query.find_all(exp.Select):
        for item in select.expressions:
            while isinstance(item, exp.Alias) and isinstance(item.this, exp.Paren):
                item.set("this", item.this.this)
    return query
