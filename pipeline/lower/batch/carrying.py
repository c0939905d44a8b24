"""Carries a column of an event's arrivals (`_watermark`, `_sequence`) up through plain subqueries."""

from __future__ import annotations

from sqlglot import exp

from pipeline.lower.batch.plan import Plan, relations, window_of
from pipeline.names import EVENT_TIME, UNION_TABLE, WATERMARK


def carry(plan: Plan, relation: exp.Expr, column: str) -> bool:
    """Have the relation give the column of the one event whose rows it passes on.

    False, and nothing changed, where it is more than rows of one event, chosen and projected: then there is
    no such column.
    """
    if not _can(plan, relation, column):
        return False
    _do(plan, relation, column)
    return True


def traced_time(plan: Plan, relation: exp.Expr, name: str) -> bool:
    """Whether the relation's column is the event time of the event whose rows it passes on."""
    window = window_of(relation)
    if window is not None:
        return traced_time(plan, window.this.this, name)
    if plan.is_event(relation):
        return name == EVENT_TIME
    query = _query(plan, relation)
    if not isinstance(query, exp.Select) or not _passes_rows_on(query):
        return False
    item = next((item for item in query.expressions if item.alias_or_name == name), None)
    bare = item.this if isinstance(item, exp.Alias) else item
    return isinstance(bare, exp.Column) and traced_time(plan, relations(query)[0], bare.name)


def _query(plan: Plan, relation: exp.Expr) -> exp.Expr | None:
    if isinstance(relation, exp.Subquery):
        return relation.this if isinstance(relation.this, exp.Query) else None
    return plan.tables.get(relation.name) if isinstance(relation, exp.Table) else None


def _can(plan: Plan, relation: exp.Expr, column: str) -> bool:
    if relation.args.get("match") or relation.args.get("version"):
        return False
    window = window_of(relation)
    if window is not None:
        return column != WATERMARK and _can(plan, window.this.this, column)
    if plan.is_event(relation):
        # Several streams have neither one order of arrival nor one watermark.
        return relation.name != UNION_TABLE or len(plan.model.sources) == 1
    query = _query(plan, relation)
    return query is not None and _can_query(plan, query, column)


def _can_query(plan: Plan, query: exp.Expr, column: str) -> bool:
    if isinstance(query, exp.Subquery):
        return _can_query(plan, query.this, column)
    if isinstance(query, exp.Union) and not query.args.get("distinct"):
        return _can_query(plan, query.left, column) and _can_query(plan, query.right, column)
    return (
        isinstance(query, exp.Select)
        and _passes_rows_on(query)
        and _can(plan, relations(query)[0], column)
        and (column != WATERMARK or not any(query.find_all(exp.Window)))
    )


def _passes_rows_on(select: exp.Select) -> bool:
    keys = ("group", "distinct", "joins", "laterals", "limit", "match", "having")
    return (
        not any(select.args.get(key) for key in keys)
        and len(relations(select)) == 1
        and not any(
            isinstance(node, exp.AggFunc) and node.find_ancestor(exp.Window) is None
            for item in select.expressions
            for node in item.find_all(exp.AggFunc)
        )
    )


def _do(plan: Plan, relation: exp.Expr, column: str) -> None:
    window = window_of(relation)
    if window is not None:
        window.meta.setdefault("carried", set()).add(column)
        _do(plan, window.this.this, column)
    elif plan.is_event(relation):
        plan.carried.add(column)
    else:
        query = _query(plan, relation)
        assert query is not None
        _do_query(plan, query, column)


def _do_query(plan: Plan, query: exp.Expr, column: str) -> None:
    if isinstance(query, exp.Subquery):
        _do_query(plan, query.this, column)
        return
    if isinstance(query, exp.SetOperation):
        _do_query(plan, query.left, column)
        _do_query(plan, query.right, column)
        return
    assert isinstance(query, exp.Select)
    if column not in (item.alias_or_name for item in query.expressions):
        query.append("expressions", exp.column(column))
        _do(plan, relations(query)[0], column)
