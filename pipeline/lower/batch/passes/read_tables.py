"""Pass: tables that nothing reads any more are left out."""

from __future__ import annotations

from sqlglot import exp

from pipeline.lower.batch.plan import Plan


def read_tables(plan: Plan) -> None:
    """Keep the tables that the result reads, through others or by itself."""
    read = {table.name for table in plan.result.find_all(exp.Table)}
    kept: dict[str, exp.Expr] = {}
    for name, query in reversed(plan.tables.items()):
        if name in read:
            kept[name] = query
            read |= {table.name for table in query.find_all(exp.Table)}
    plan.tables = dict(reversed(kept.items()))
