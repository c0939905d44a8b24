"""Pass: `JOIN rates FOR SYSTEM_TIME AS OF o.event_time` becomes a join with the version valid at that time.

The versioned table is a query that keeps the last row a key by event time. Its versions are the same rows
without that choice: each is valid from its own time until the next row of its key. Of two of one time the one
that arrived last is valid. A row that arrives after a newer one of its key never is the last, and no version.
"""

from __future__ import annotations

from sqlglot import exp

from pipeline.lower.batch.carrying import carry
from pipeline.lower.batch.plan import Plan, called, relations
from pipeline.names import SEQUENCE

_FROM, _TO, _NEWEST = "_valid_from", "_valid_to", "_newest"


def temporal_joins(plan: Plan) -> None:
    """Define the versions of each versioned table and bound the join by their times."""
    for query in plan.queries():
        for join in list(query.find_all(exp.Join)):
            table = join.this
            version = table.args.get("version")
            if version is None:
                continue
            versions = _versions(plan, table)
            if versions is None:
                plan.refuse(table, "FOR SYSTEM_TIME AS OF over other than the last row a key by event time")
                continue
            alias = table.alias_or_name or "versions"
            name = plan.define_before(query, f"{table.name or 'query'}_versions", versions)
            table.replace(
                exp.Table(this=exp.to_identifier(name), alias=exp.TableAlias(this=exp.to_identifier(alias)))
            )
            time = version.expression
            since, until = exp.column(_FROM, table=alias), exp.column(_TO, table=alias)
            ended = exp.or_(
                exp.Is(this=until, expression=exp.Null()),
                exp.GT(this=until.copy(), expression=time.copy()),
            )
            began = exp.LTE(this=since, expression=time.copy())
            join.set("on", exp.and_(join.args.get("on"), began, exp.paren(ended)))


def _versions(plan: Plan, relation: exp.Expr) -> exp.Select | None:
    """All versions of a versioned table with `_valid_from` and `_valid_to`; None where it is none."""
    query = plan.tables.get(relation.name) if isinstance(relation, exp.Table) else relation.this
    if not isinstance(query, exp.Select) or len(relations(query)) != 1:
        return None
    source = relations(query)[0]
    query = query.copy()
    copied = relations(query)[0]
    inner = copied.this if isinstance(copied, exp.Subquery) else None
    if isinstance(inner, exp.Select):
        name = _every_version(plan, inner)
        if name is None:
            nested = _versions(plan, copied)
            if nested is None:
                return None
            inner.replace(nested)
        elif not _drop_choice(query, name):
            return None
    else:
        nested = _versions(plan, source)
        if nested is None:
            return None
        copied.replace(nested.subquery(source.alias_or_name, copy=False))
    return query.select(exp.column(_FROM), exp.column(_TO), copy=False)


def _every_version(plan: Plan, select: exp.Select) -> str | None:
    """Turn the numbering of rows a key from the newest on into times of validity; its name, or None."""
    for item in select.expressions:
        window = item.this if isinstance(item, exp.Alias) else item
        if not isinstance(window, exp.Window) or called(window.this) != "ROW_NUMBER":
            continue
        keys = window.args["order"].expressions if window.args.get("order") else []
        keys = [key for key in keys if key.this.name != SEQUENCE]
        if len(keys) != 1 or not keys[0].args.get("desc") or len(relations(select)) != 1:
            return None
        time = keys[0].this
        partition = window.args.get("partition_by") or []
        order = [plan.by(time.copy())]
        if carry(plan, relations(select)[0], SEQUENCE):
            order.append(plan.by(exp.column(SEQUENCE)))
            _leave_out_overtaken(plan, select, partition, time)
        until = exp.Window(
            this=exp.Anonymous(this="LEAD", expressions=[time.copy()]),
            partition_by=[key.copy() for key in partition],
            order=exp.Order(expressions=order),
        )
        name = item.alias
        item.replace(exp.alias_(until, _TO))
        select.append("expressions", exp.alias_(time.copy(), _FROM))
        return str(name)
    return None


def _leave_out_overtaken(plan: Plan, select: exp.Select, partition: list[exp.Expr], time: exp.Expr) -> None:
    """Take only rows that are no older than all of their key that arrived before them."""
    relation = relations(select)[0]
    alias = relation.alias_or_name
    names = sorted({column.name for column in select.find_all(exp.Column)} | {SEQUENCE})
    newest = exp.Window(
        this=exp.Max(this=time.copy()),
        partition_by=[key.copy() for key in partition],
        order=exp.Order(expressions=[plan.by(exp.column(SEQUENCE))]),
        spec=exp.WindowSpec(
            kind="ROWS",
            start="UNBOUNDED",
            start_side="PRECEDING",
            end=exp.Literal.number(1),
            end_side="PRECEDING",
        ),
    )
    chosen = exp.select(*(exp.column(name) for name in names), exp.alias_(newest, _NEWEST))
    chosen = chosen.from_(relation.copy(), copy=False)
    chosen.set("where", select.args.get("where"))
    relation.replace(chosen.subquery(alias or "rows", copy=False))
    first = exp.Is(this=exp.column(_NEWEST), expression=exp.Null())
    still = exp.LTE(this=exp.column(_NEWEST), expression=time.copy())
    select.set("where", exp.Where(this=exp.or_(first, still)))


def _drop_choice(select: exp.Select, name: str) -> bool:
    """Take `name = 1` out of WHERE; False where it is not there."""
    where = select.args.get("where")
    conditions = list(where.this.flatten()) if where and isinstance(where.this, exp.And) else []
    conditions = conditions or ([where.this] if where else [])
    kept = [
        item
        for item in conditions
        if not (isinstance(item, exp.EQ) and item.this.name == name and item.expression.name == "1")
    ]
    if len(kept) == len(conditions):
        return False
    select.set("where", exp.Where(this=exp.and_(*(item.copy() for item in kept))) if kept else None)
    return True
