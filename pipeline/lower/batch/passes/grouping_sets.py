"""Pass: `GROUP BY window_start, GROUPING SETS ((a), (b))` becomes the sets it stands for, written out.

Spark reads a list in front of GROUPING SETS otherwise: as the columns that the sets choose from.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

from sqlglot import exp

from pipeline.lower.batch.plan import Plan

Keys = tuple[exp.Expr, ...]


def grouping_sets(plan: Plan) -> None:
    """Write out every GROUP BY with GROUPING SETS; CUBE and ROLLUP alone stay as they are."""
    for query in plan.queries():
        for group in list(query.find_all(exp.Group)):
            if group.args.get("grouping_sets"):
                group.replace(_written_out(group))


def _written_out(group: exp.Group) -> exp.Group:
    plain = tuple(group.expressions)
    parts = [
        list(_sets(part)) for key in ("grouping_sets", "cube", "rollup") for part in group.args.get(key) or []
    ]
    sets = [
        exp.Tuple(
            expressions=[
                key.copy() for key in dict.fromkeys((*plain, *(key for one in chosen for key in one)))
            ]
        )
        for chosen in product(*parts)
    ]
    return exp.Group(grouping_sets=[exp.GroupingSets(expressions=sets)])


def _sets(part: exp.Expr) -> Iterator[Keys]:
    if isinstance(part, exp.GroupingSets):
        for inner in part.expressions:
            yield from _sets(inner)
    elif isinstance(part, exp.Cube):
        keys = [_keys(inner) for inner in part.expressions]
        for size in range(len(keys), -1, -1):
            yield from (sum(chosen, ()) for chosen in combinations(keys, size))
    elif isinstance(part, exp.Rollup):
        keys = [_keys(inner) for inner in part.expressions]
        yield from (sum(keys[:size], ()) for size in range(len(keys), -1, -1))
    else:
        yield _keys(part)


def _keys(part: exp.Expr) -> Keys:
    if isinstance(part, exp.Tuple):
        return tuple(part.expressions)
    return (part.this,) if isinstance(part, exp.Paren) else (part,)
