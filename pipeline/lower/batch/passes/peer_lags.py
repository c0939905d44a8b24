"""Pass: LAG gives rows of one time the same value, as Flink does: that of the last of them to arrive.

Flink adds all rows of a time to the frame and then asks LAG once, for all of them. So the LAG of each row is
worked out in a subquery, and of the rows of a key and time the last one's is taken.
"""

from __future__ import annotations

from sqlglot import exp

from pipeline.lower.batch.plan import Plan, called, relations
from pipeline.names import SEQUENCE


def peer_lags(plan: Plan) -> None:
    """Put a subquery with every LAG below the SELECTs that have one, where an order of arrival is known."""
    for query in plan.queries():
        for select in list(query.find_all(exp.Select)):
            lags = [node for node in select.find_all(exp.Window) if _is_lag(node, select)]
            if lags:
                _below(plan, select, lags)


def _is_lag(node: exp.Window, select: exp.Select) -> bool:
    order = node.args.get("order")
    keys = order.expressions if order else []
    return (
        called(node.this) == "LAG"
        and node.find_ancestor(exp.Select) is select
        and len(keys) > 1
        and keys[-1].this.name == SEQUENCE
    )


def _below(plan: Plan, select: exp.Select, lags: list[exp.Window]) -> None:
    relation = relations(select)[0]
    inner = exp.Select(
        expressions=[exp.column(name) for name in plan.columns(relation)],
        from_=exp.From(this=relation.copy()),
        where=select.args.get("where"),
    )
    select.set("where", None)
    for number, lag in enumerate(lags, 1):
        name = f"_lag_{number}"
        time = lag.args["order"].expressions[0].this
        inner.append("expressions", exp.alias_(lag.copy(), name))
        last = exp.Window(
            this=exp.Anonymous(this="LAST_VALUE", expressions=[exp.column(name)]),
            partition_by=[*(key.copy() for key in lag.args.get("partition_by") or []), time.copy()],
            order=exp.Order(expressions=[plan.by(exp.column(SEQUENCE))]),
            spec=exp.WindowSpec(
                kind="ROWS",
                start="UNBOUNDED",
                start_side="PRECEDING",
                end="UNBOUNDED",
                end_side="FOLLOWING",
            ),
        )
        lag.replace(last)
    alias = exp.TableAlias(this=exp.to_identifier(relation.alias_or_name or "lagged"))
    relation.replace(exp.Subquery(this=inner, alias=alias))
