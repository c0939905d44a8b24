"""Keeps rows without a key out of the versioned tables that Flink joins as of a time."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from pipeline.queries import unaliased


def without_null_keys(tree: exp.Expr) -> None:
    """Have each versioned table leave out rows with a NULL in its key: NULL = NULL is not true, and no match.

    Flink 1.20 looks the version up by the key in its state and takes NULL for a key like any other (its other
    joins do not). A condition beside the join's would be folded into the equality; one in the table stays.
    """
    with_ = tree.args.get("with_")
    common = {cte.alias: cte.this for cte in with_.expressions} if with_ else {}
    for join in tree.find_all(exp.Join):
        if join.this.args.get("version"):
            _choose(join.this, common)


def _choose(relation: exp.Expr, common: Mapping[str, exp.Expr]) -> None:
    """Find the SELECT that numbers the rows of each key, and choose there."""
    query = common.get(relation.name) if isinstance(relation, exp.Table) else relation.this
    if not isinstance(query, exp.Select) or not query.args.get("from_"):
        return
    numbering = [window for item in query.expressions if isinstance(window := unaliased(item), exp.Window)]
    if not numbering:
        _choose(query.args["from_"].this, common)
        return
    chosen = list(query.args["where"].this.flatten()) if query.args.get("where") else []
    for key in numbering[0].args.get("partition_by") or []:
        known = exp.not_(exp.Is(this=key.copy(), expression=exp.Null()))
        if key.meta.get("nullable") is not False and known not in chosen:
            query.where(known, copy=False)
            chosen.append(known)
