"""Session windows as tables, for the pass `window_tables`."""

from __future__ import annotations

from sqlglot import exp

from pipeline.lower.batch.intervals import length
from pipeline.lower.batch.plan import Plan, assigned
from pipeline.lower.batch.primitives import EpochMs, SessionFold, number, plus
from pipeline.names import SEQUENCE, WATERMARK
from sqlglot_flink.expressions import Session

_AT, _START, _END, _BEGINS, _SESSION, _MEMBER = "_at", "_start", "_end", "_begins", "_session", "_member"
_NEVER = -(10**16)
"""A watermark before all times that a timestamp can hold, in milliseconds."""


def sessions(plan: Plan, window: Session, relation: exp.Expr, kept: list[str]) -> exp.Select:
    """Sessions of all rows: runs of a partition with pauses of at most `gap`."""
    gap = length(window, "gap")
    at = _time(window)
    keys = _keys(window)

    def over(function: exp.Expr, order: exp.Expr | None, *more: str) -> exp.Window:
        partition = [key.copy() for key in keys] + [exp.column(name) for name in more]
        ordered = exp.Order(expressions=[plan.by(order.copy())]) if order else None
        return exp.Window(this=function, partition_by=partition, order=ordered)

    pause = exp.Sub(this=at.copy(), expression=over(exp.Anonymous(this="LAG", expressions=[at.copy()]), at))
    begins = exp.Case().when(exp.LTE(this=pause, expression=number(gap)), "0").else_("1")
    rows = exp.select(*map(exp.column, kept), exp.alias_(at.copy(), _AT), exp.alias_(begins, _BEGINS))
    rows = rows.from_(relation, copy=False)
    # Without a frame a row's sum includes its peers: rows of one time are of one session.
    numbered = over(exp.Sum(this=exp.column(_BEGINS)), exp.column(_AT))
    runs = exp.select(*map(exp.column, [*kept, _AT]), exp.alias_(numbered, _SESSION))
    runs = runs.from_(rows.subquery("pauses", copy=False), copy=False)
    first = over(exp.Min(this=exp.column(_AT)), None, _SESSION)
    last = over(exp.Max(this=exp.column(_AT)), None, _SESSION)
    bounds = exp.select(
        *map(exp.column, kept), exp.alias_(first, _START), exp.alias_(plus(last, gap), _END)
    ).from_(runs.subquery("runs", copy=False), copy=False)
    return assigned(kept, exp.column(_START), exp.column(_END)).from_(
        bounds.subquery("bounds", copy=False), copy=False
    )


def sessions_as_streamed(
    plan: Plan, query: exp.Expr, window: Session, relation: exp.Expr, kept: list[str]
) -> exp.Select:
    """Sessions as the stream made them, without the rows that came too late to be in one.

    Defines `<table>_rows` and `<table>_sessions` before the query that reads them.
    """
    label = relation.name if isinstance(relation, exp.Table) else "query"
    keys = _keys(window)
    own = dict.fromkeys([*kept, *(key.name for key in keys), SEQUENCE])
    met = exp.Coalesce(this=exp.column(WATERMARK), expressions=[number(_NEVER)])
    rows = exp.select(
        *map(exp.column, own), exp.alias_(_time(window), _AT), exp.alias_(met, WATERMARK)
    ).from_(relation, copy=False)
    rows_name = plan.define_before(query, f"{label}_rows", rows)
    fold = SessionFold(this=exp.to_table(rows_name), keys=keys, gap=exp.Literal.number(length(window, "gap")))
    sessions_name = plan.define_before(query, f"{label}_sessions", fold)
    return (
        assigned(kept, exp.column(_START), exp.column(_END))
        .from_(rows_name, copy=False)
        .join(sessions_name, on=exp.EQ(this=exp.column(SEQUENCE), expression=exp.column(_MEMBER)), copy=False)
    )


def _time(window: Session) -> exp.Expr:
    return EpochMs(this=exp.column(window.args["time"].expressions[0].name))


def _keys(window: Session) -> list[exp.Expr]:
    return [exp.column(key.name) for key in window.this.args.get("partition_by") or []]
