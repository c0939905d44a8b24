"""A model that reads another model: the other one's query takes the place of its name."""

from __future__ import annotations

from sqlglot import exp

from pipeline.model.models import Resolved
from pipeline.relations import Relation
from pipeline.resolving.context import Common, Context, Query
from sqlglot_flink import TableArgument


def expand(node: exp.Table, model: Resolved, context: Context, query: Query) -> tuple[exp.Subquery, Relation]:
    """Replace the table by a copy of the model's query, in its strict form; the relation that this gives.

    Every node of the copy stands where the author wrote the model's name. CTEs of the model go to the front
    of the reading query, under a name of their own.
    """
    name = node.name
    tree = model.tree.copy()
    place = {key: value for key, value in node.this.meta.items() if key in ("start", "end")}
    for part in tree.walk():
        # `meta` makes a dictionary where there is none.
        if part._meta and "start" in part._meta:
            part._meta.update(place)
    if isinstance(tree, exp.Subquery):
        tree = tree.this
    _hoist(tree, name, context, query)
    alias = None if isinstance(node.parent, TableArgument) else exp.TableAlias(this=_identifier(node, place))
    subquery = exp.Subquery(this=tree, alias=alias)
    subquery.meta["model"] = name
    node.replace(subquery)
    relation = query(tree, dict(context.hoisted_relations))
    return subquery, Relation(
        f'model "{name}"',
        relation.fields,
        model.parsed.rendered.source.query_file,
        known=relation.known,
        keys=relation.keys,
        missing=relation.missing,
        reach_ms=relation.reach_ms,
        remembers=relation.remembers,
        aligned=relation.aligned,
    )


def _identifier(node: exp.Table, place: dict[str, int]) -> exp.Identifier:
    identifier = exp.to_identifier(node.alias or node.name)
    identifier.meta.update(place)
    return identifier


def _hoist(tree: exp.Expr, model: str, context: Context, query: Query) -> None:
    with_ = tree.args.get("with_")
    if not with_:
        return
    names = {
        cte.alias: cte.alias if "__" in cte.alias else f"{model}__{cte.alias}" for cte in with_.expressions
    }
    for table in tree.find_all(exp.Table):
        if isinstance(table.this, exp.Identifier) and table.name in names:
            if not table.alias and not isinstance(table.parent, TableArgument):
                table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
            table.this.set("this", names[table.name])
    tree.set("with_", None)
    for cte in with_.expressions:
        own = names[cte.alias]
        cte.args["alias"].set("this", exp.to_identifier(own))
        cte.meta["model"] = model
        if own not in context.hoisted:
            common: Common = dict(context.hoisted_relations)
            context.hoisted_relations[own] = query(cte.this, common)
            context.hoisted[own] = cte


def put_in_front(tree: exp.Expr, hoisted: dict[str, exp.CTE]) -> None:
    """Add the CTEs of expanded models to the query's own, before them."""
    if not hoisted:
        return
    with_ = tree.args.get("with_")
    own = list(with_.expressions) if with_ else []
    tree.set("with_", exp.With(expressions=[*hoisted.values(), *own]))
