"""Pass: rows that the stream dropped as late are left out, where Flink drops them.

For a strict model over one stream, each row knows the watermark it met (`_watermark`): the greatest event
time that came before it, less the contract's delay. Flink leaves a row out

- of each window that this watermark had closed, where an aggregation, a join or a ranking reads the windows
  (a window function alone assigns and passes on); of a session, where it touches none that is open;
- of OVER aggregations and MATCH_RECOGNIZE, where its event time is not beyond the watermark.
"""

from __future__ import annotations

from sqlglot import exp

from pipeline.lower.batch.carrying import carry, traced_time
from pipeline.lower.batch.intervals import milliseconds
from pipeline.lower.batch.plan import Plan, called, relations, window_of
from pipeline.lower.batch.primitives import EpochMs, floored, plus
from pipeline.names import EVENT_TIME, SEQUENCE, WATERMARK
from sqlglot_flink.expressions import Session, WindowFunction

DROP_LATE = "drop_late"
"""Note on a window function: `window_tables` leaves out what came when a window had closed."""


def late_rows(plan: Plan) -> None:
    """Note on windows that they drop late rows, and filter the input of OVER aggregations."""
    if not plan.drops_late:
        return
    for query in plan.queries():
        for select in list(query.find_all(exp.Select)):
            _over(plan, select)
            for relation in relations(select):
                window = window_of(relation)
                if window is None or not _is_consumed(plan, select):
                    continue
                if isinstance(window, Session) and not carry(plan, window.this.this, SEQUENCE):
                    continue
                if carry(plan, window.this.this, WATERMARK):
                    window.meta[DROP_LATE] = True
                    if not isinstance(window, Session):
                        plan.closed.append(_closed(window))


def passed(plan: Plan, time: exp.Expr, watermark: exp.Expr) -> exp.Expr:
    """Condition of a row whose time is beyond the watermark it met; notes that events may fail it."""
    late = exp.LTE(this=EpochMs(this=exp.column(EVENT_TIME)), expression=exp.column(WATERMARK))
    plan.closed.append(late)
    in_time = exp.GT(this=EpochMs(this=time), expression=watermark.copy())
    return exp.paren(exp.or_(exp.Is(this=watermark, expression=exp.Null()), in_time))


def _over(plan: Plan, select: exp.Select) -> None:
    windows = [node for node in select.find_all(exp.Window) if node.find_ancestor(exp.Select) is select]
    aggregating = [node for node in windows if called(node.this) != "ROW_NUMBER" or _first_only(node)]
    found = relations(select)
    if not aggregating or len(found) != 1 or window_of(found[0]) is not None:
        return
    order = aggregating[0].args.get("order")
    key = order.expressions[0].this if order else None
    if not isinstance(key, exp.Column) or not traced_time(plan, found[0], key.name):
        return
    if carry(plan, found[0], WATERMARK):
        table = found[0].alias_or_name
        watermark = exp.column(WATERMARK, table=table) if table else exp.column(WATERMARK)
        select.where(passed(plan, key.copy(), watermark), copy=False)


def _closed(window: WindowFunction) -> exp.Expr:
    """Condition of an event of which the watermark had closed the window that closes first."""
    step = milliseconds(window.args.get({"HOP": "slide", "CUMULATE": "step"}.get(window.NAME, "size"))) or 1
    offset = milliseconds(window.args.get("offset")) or 0
    last = floored(EpochMs(this=exp.column(EVENT_TIME)), step, offset)
    return exp.LTE(this=plus(last, step - 1), expression=exp.column(WATERMARK))


def _first_only(window: exp.Window) -> bool:
    """Whether it numbers rows from the earliest on: Flink is given a COUNT for that, an OVER aggregation."""
    order = window.args.get("order")
    keys = [key for key in order.expressions if key.this.name != SEQUENCE] if order else []
    return len(keys) == 1 and not keys[0].args.get("desc")


def _is_consumed(plan: Plan, select: exp.Select) -> bool:
    """Whether something reads the window's rows that closes with it: all but plain projections."""
    node: exp.Expr | None = select
    while node is not None:
        if isinstance(node, exp.Select) and _closes(node):
            return True
        if isinstance(node, (exp.Exists, exp.In)):
            return True
        root, node = node, node.parent
    for name, query in plan.tables.items():
        if query is root:
            return any(
                _is_consumed(plan, reader)
                for other in plan.queries()
                for reader in other.find_all(exp.Select)
                if any(isinstance(found, exp.Table) and found.name == name for found in relations(reader))
            )
    return False


def _closes(select: exp.Select) -> bool:
    keys = ("group", "joins", "distinct")
    return any(select.args.get(key) for key in keys) or any(
        isinstance(node, (exp.AggFunc, exp.Window)) for item in select.expressions for node in item.walk()
    )
