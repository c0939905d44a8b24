"""Questions about the shape of a query that several stages ask."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.functions import FUNCTIONS
from sqlglot_flink import TableFunction, WindowFunction

_SETS = (exp.GroupingSets, exp.Cube, exp.Rollup)
INTERVAL_MS = {"SECOND": 1000, "MINUTE": 60_000, "HOUR": 3_600_000, "DAY": 86_400_000}


def branches(tree: exp.Expr) -> list[exp.Select]:
    """The SELECTs that UNION ALL joins at the top of a query, in order."""
    if isinstance(tree, exp.Union):
        return [*branches(tree.left), *branches(tree.right)]
    if isinstance(tree, exp.Subquery):
        return branches(tree.this)
    return [tree] if isinstance(tree, exp.Select) else []


def from_table(select: exp.Select) -> exp.Expr | None:
    """What stands behind FROM, without joins."""
    source = select.args.get("from_")
    return source.this if source else None


def window_of(select: exp.Select) -> WindowFunction | None:
    """The window function that a SELECT reads, where it reads one directly."""
    table = from_table(select)
    inner = table.this if isinstance(table, exp.Table) else None
    return inner.this if isinstance(inner, TableFunction) and isinstance(inner.this, WindowFunction) else None


def match_of(select: exp.Select) -> exp.MatchRecognize | None:
    """The MATCH_RECOGNIZE that a SELECT reads, where it reads one."""
    table = from_table(select)
    found = select.args.get("match") or (table.args.get("match") if table else None)
    return found if isinstance(found, exp.MatchRecognize) else None


def group_keys(select: exp.Select) -> list[exp.Expr]:
    """The expressions of GROUP BY, those inside GROUPING SETS, CUBE and ROLLUP included, each once."""
    keys: list[exp.Expr] = []
    for key in all_keys(select):
        if key not in keys:
            keys.append(key)
    return keys


def all_keys(select: exp.Select) -> list[exp.Expr]:
    """Every place in GROUP BY where an expression stands."""
    group = select.args.get("group")
    return [key for part in (group.iter_expressions() if group else ()) for key in _plain_keys(part)]


def set_keys(select: exp.Select) -> list[exp.Expr]:
    """The expressions of GROUP BY that some rows are not grouped by: those of GROUPING SETS, CUBE, ROLLUP."""
    group = select.args.get("group")
    parts = group.iter_expressions() if group else ()
    return [key for part in parts if isinstance(part, _SETS) for key in _plain_keys(part)]


def _plain_keys(part: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(part, (*_SETS, exp.Tuple)):
        for inner in part.expressions:
            yield from _plain_keys(inner)
    elif isinstance(part, exp.Paren):
        yield from _plain_keys(part.this)
    else:
        yield part


def conjuncts(condition: exp.Expr | None) -> Iterator[exp.Expr]:
    """The conditions that AND joins."""
    while isinstance(condition, (exp.Paren, exp.Where)):
        condition = condition.this
    if isinstance(condition, exp.And):
        yield from conjuncts(condition.this)
        yield from conjuncts(condition.expression)
    elif condition is not None:
        yield condition


def names_in(keys: list[exp.Expr]) -> set[str]:
    """The plain columns among the expressions, by name."""
    return {key.name for key in keys if isinstance(key, exp.Column)}


def unaliased(item: exp.Expr) -> exp.Expr:
    """An output's expression without its alias."""
    return item.this if isinstance(item, exp.Alias) else item


def is_aggregate(node: exp.Expr) -> bool:
    """Whether the node itself calls an aggregate function."""
    if isinstance(node, exp.AggFunc):
        return True
    function = FUNCTIONS.get(node.name.upper()) if isinstance(node, exp.Anonymous) else None
    return function is not None and function.aggregate


def aggregates(node: exp.Expr) -> Iterator[exp.Expr]:
    """The aggregate calls in an expression, those of OVER windows and subqueries left out."""
    for part in node.walk(
        prune=lambda found: (
            found is not node and isinstance(found, (exp.Window, exp.Query, exp.MatchRecognize))
        )
    ):
        if is_aggregate(part):
            yield part


def is_additive(expression: exp.Expr) -> bool:
    """Whether its values of one window add up over the dimensions: SUM and COUNT, but not of DISTINCT."""
    while isinstance(expression, (exp.Cast, exp.Paren, exp.Filter)):
        expression = expression.this
    return isinstance(expression, (exp.Sum, exp.Count)) and not isinstance(expression.this, exp.Distinct)


def interval_ms(node: exp.Expr | None) -> int | None:
    """The length of `INTERVAL '5' MINUTE`; None for what is not a whole number of seconds to days."""
    if not isinstance(node, exp.Interval):
        return None
    unit = node.args.get("unit")
    factor = INTERVAL_MS.get(unit.name.upper().removesuffix("S")) if isinstance(unit, exp.Var) else None
    text = node.this.name if node.this else ""
    return int(text) * factor if factor and text.isdigit() and int(text) > 0 else None
