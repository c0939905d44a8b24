"""Pass: every WITH of the query, however deep, becomes a table of the plan with a name of its own."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from pipeline.lower.batch.plan import Plan


def flatten(plan: Plan) -> None:
    """Move the author's common table expressions, in order of definition, into `plan.tables`.

    One that is called like an event, or like another in an outer query, is renamed; readers keep the name
    that their columns may be qualified with as an alias.
    """
    plan.result = _flat(plan, plan.result, {})


def _flat(plan: Plan, query: exp.Expr, outer: Mapping[str, str]) -> exp.Expr:
    known = dict(outer)
    with_ = query.args.get("with_")
    query.set("with_", None)
    for cte in with_.expressions if with_ else []:
        body = _named(_flat(plan, cte.this, known), cte.args["alias"])
        name = plan.free_name(cte.alias)
        plan.tables[name] = body
        known[cte.alias] = name
    for child in list(query.iter_expressions()):
        _visit(plan, child, known)
    return query


def _visit(plan: Plan, node: exp.Expr, known: Mapping[str, str]) -> None:
    if isinstance(node, exp.Query) and node.args.get("with_"):
        _flat(plan, node, known)
        return
    if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier) and node.name in known:
        name = known[node.name]
        if name != node.name:
            if not node.alias:
                node.set("alias", exp.TableAlias(this=exp.to_identifier(node.name)))
            node.set("this", exp.to_identifier(name))
    for child in list(node.iter_expressions()):
        _visit(plan, child, known)


def _named(query: exp.Expr, alias: exp.Expr) -> exp.Expr:
    """The query with its columns called as in `WITH t (a, b) AS`."""
    names = alias.args.get("columns") or []
    first = query
    while isinstance(first, (exp.SetOperation, exp.Subquery)):
        first = first.this
    for item, name in zip(list(first.expressions) if names else [], names, strict=True):
        bare = item.this if isinstance(item, exp.Alias) else item
        item.replace(exp.Alias(this=bare.copy(), alias=name.copy()))
    return query
