"""Pass: rows of equal rank come in the order in which they arrived, as in a stream.

ROW_NUMBER and frames of ROWS need one order. Flink takes the row that came first; only "the last row a key"
(`ROW_NUMBER() OVER (PARTITION BY key ORDER BY event_time DESC)` with `= 1`) takes the one that came last.
Rows that are no longer those of one event (of a join or an aggregation) have no order of arrival: there equal
rows stay in any order, as they do in Flink.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.lower.batch.carrying import carry, traced_time
from pipeline.lower.batch.plan import Plan, called, relations
from pipeline.names import SEQUENCE


def order_of_arrival(plan: Plan) -> None:
    """Add `_sequence` behind the last key of ORDER BY wherever the order of equal rows shows."""
    for query in plan.queries():
        for select in list(query.find_all(exp.Select)):
            windows = [node for node in select.find_all(exp.Window) if _shows_order(node, select)]
            found = relations(select)
            if windows and len(found) == 1 and carry(plan, found[0], SEQUENCE):
                for window in windows:
                    descending = _keeps_last(plan, window, found[0])
                    key = plan.by(exp.column(SEQUENCE), descending=descending)
                    window.args["order"].append("expressions", key)


def _shows_order(node: exp.Window, select: exp.Select) -> bool:
    if node.find_ancestor(exp.Select) is not select or not node.args.get("order"):
        return False
    spec = node.args.get("spec")
    in_rows = spec is not None and str(spec.args.get("kind")).upper() == "ROWS"
    return in_rows or called(node.this) in ("ROW_NUMBER", "LAG", "LEAD")


def _keeps_last(plan: Plan, window: exp.Window, relation: exp.Expr) -> bool:
    """Whether it numbers rows from the newest on, and only the first is kept: "the last row a key"."""
    keys = window.args["order"].expressions
    only = keys[0] if len(keys) == 1 and called(window.this) == "ROW_NUMBER" else None
    if only is None or not only.args.get("desc") or not isinstance(only.this, exp.Column):
        return False
    return traced_time(plan, relation, only.this.name) and _kept(plan, window) == 1


def _kept(plan: Plan, window: exp.Window) -> int:
    """How many numbers the query around lets through; 1 where it does not say."""
    alias = window.parent.alias if isinstance(window.parent, exp.Alias) else ""
    select = window.find_ancestor(exp.Select)
    assert isinstance(select, exp.Select)
    for reader in _readers(plan, select):
        where = reader.args.get("where")
        for node in where.find_all(exp.EQ, exp.LTE, exp.LT) if where else []:
            if isinstance(node.this, exp.Column) and node.this.name == alias and node.expression.is_int:
                return int(node.expression.name) - isinstance(node, exp.LT)
    return 1


def _readers(plan: Plan, select: exp.Select) -> Iterator[exp.Select]:
    around = select.find_ancestor(exp.Select)
    if around is not None:
        yield around
    for name, query in plan.tables.items():
        if query is select:
            for other in plan.queries():
                yield from (
                    reader
                    for reader in other.find_all(exp.Select)
                    if any(isinstance(item, exp.Table) and item.name == name for item in relations(reader))
                )
