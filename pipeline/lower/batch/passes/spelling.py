"""Pass: the primitives as the engine writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlglot import exp

from pipeline.lower.batch.plan import Plan
from pipeline.lower.batch.primitives import EpochMs, Series, SessionFold, TimestampOfMs, Written
from pipeline.lower.batch.session_folds import session_fold
from pipeline.lower.engine import Engine

# Three digits make it a timestamp(3), and so is the sum of it and an interval.
_EPOCH = exp.var("TIMESTAMP '1970-01-01 00:00:00.000'")
_MILLISECOND = exp.var("INTERVAL '0.001' SECOND")
_EPOCH_MS: Mapping[Engine, Callable[[exp.Expr], exp.Expr]] = {
    "duckdb": lambda time: exp.Anonymous(this="epoch_ms", expressions=[time]),
    "trino": lambda time: exp.Anonymous(
        this="date_diff", expressions=[exp.Literal.string("millisecond"), _EPOCH.copy(), time]
    ),
    "spark": lambda time: exp.Anonymous(this="unix_millis", expressions=[time]),
}
_TIMESTAMP: Mapping[Engine, Callable[[exp.Expr], exp.Expr]] = {
    "duckdb": lambda ms: exp.Anonymous(this="make_timestamp_ms", expressions=[ms]),
    # Its date_add takes no more than an INTEGER.
    "trino": lambda ms: exp.Add(
        this=_EPOCH.copy(),
        expression=exp.Mul(
            this=ms if isinstance(ms, exp.Column) else exp.paren(ms), expression=_MILLISECOND.copy()
        ),
    ),
    "spark": lambda ms: exp.Anonymous(this="timestamp_millis", expressions=[ms]),
}


def spelling(plan: Plan) -> None:
    """Replace the nodes of `primitives` in all queries."""
    for query in plan.queries():
        plan.replace(query, query.transform(lambda node: spelled(node, plan.engine), copy=False))


def spelled(node: exp.Expr, engine: Engine) -> exp.Expr:
    """The node in the engine's words; itself where it is no primitive."""
    if isinstance(node, EpochMs):
        return _EPOCH_MS[engine](node.this)
    if isinstance(node, TimestampOfMs):
        return _TIMESTAMP[engine](node.this)
    if isinstance(node, Series):
        return _series(node, engine)
    if isinstance(node, SessionFold):
        keys = [key.sql(dialect=engine) for key in node.args.get("keys") or []]
        return exp.var(session_fold(engine, node.this.sql(dialect=engine), keys, int(node.args["gap"].name)))
    return exp.var(str(node.this)) if isinstance(node, Written) else node


def _series(node: Series, engine: Engine) -> exp.Expr:
    bounds = [node.args[key] for key in ("start", "stop", "step")]
    name, column = node.args["alias"], node.args["column"]
    if engine == "spark":
        numbers = exp.Anonymous(
            this="explode", expressions=[exp.Anonymous(this="sequence", expressions=bounds)]
        )
        return exp.select(exp.alias_(numbers, column.name)).subquery(name.name, copy=False)
    function = "generate_series" if engine == "duckdb" else "sequence"
    unnested = exp.Anonymous(this="UNNEST", expressions=[exp.Anonymous(this=function, expressions=bounds)])
    return exp.Table(this=unnested, alias=exp.TableAlias(this=name, columns=[column]))
