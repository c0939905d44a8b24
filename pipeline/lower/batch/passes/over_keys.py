"""Pass: what OVER partitions by is a column, worked out in a subquery where the author wrote an expression.

DuckDB takes no expression there that may stop the query, and some of Flink's functions are refused in that
way value by value.
"""

from __future__ import annotations

from sqlglot import exp

from pipeline.lower.batch.plan import Plan, relations

_KEY = "_key_"


def over_keys(plan: Plan) -> None:
    """Have each SELECT with `OVER (PARTITION BY f(a))` read a subquery that gives `f(a)` a name.

    Where the SELECT groups too, what it partitions by is of the groups, and stays.
    """
    for query in plan.queries():
        for select in list(query.find_all(exp.Select)):
            keys = [key for window in _windows(select) for key in window.args.get("partition_by") or []]
            reckoned = [key for key in keys if not isinstance(key, exp.Column)]
            if reckoned and not select.args.get("group"):
                _reckon(select, reckoned)


def _reckon(select: exp.Select, keys: list[exp.Expr]) -> None:
    """Move FROM, JOIN and WHERE into a subquery with all columns that the SELECT uses, and the keys."""
    alias = relations(select)[0].alias_or_name if len(relations(select)) == 1 else ""
    names: dict[exp.Expr, str] = {}
    for key in keys:
        names.setdefault(key.copy(), f"{_KEY}{len(names) + 1}")
    for key in keys:
        key.replace(exp.column(names[key]))
    inner = exp.Select()
    for part in ("from_", "joins", "where"):
        inner.set(part, select.args.get(part))
        select.set(part, None)
    taken: dict[tuple[str, str], str] = {}
    for column in [found for found in select.find_all(exp.Column) if not found.name.startswith(_KEY)]:
        # The names of joined tables end here: their columns may be named alike.
        name = taken.setdefault(
            (column.table, column.name),
            column.name if alias or not column.table else f"{column.table}_{column.name}",
        )
        column.set("this", exp.to_identifier(name))
        column.set("table", None)
    for (table, name), new in taken.items():
        column = exp.column(name, table=table or None)
        inner.select(column if name == new else exp.alias_(column, new), copy=False)
    for key, name in names.items():
        inner.select(exp.alias_(key, name), copy=False)
    select.from_(inner.subquery(alias or "reckoned", copy=False), copy=False)


def _windows(select: exp.Select) -> list[exp.Window]:
    """The OVER aggregates of the SELECT itself."""
    return [
        window
        for item in select.expressions
        for window in item.find_all(exp.Window)
        if window.find_ancestor(exp.Select) is select
    ]
