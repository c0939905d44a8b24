"""Lowers a model to a batch engine: its streaming SELECT over tables of arrivals, as one SELECT.

The result is that of the stream after everything has arrived and all windows have closed:

- a repeated `event_id` counts once, as its first arrival;
- what was too late does not count (mode `as_streamed`): for a live model events that arrive `late_hours`
  after they happened; for a strict one over one stream, what the watermark had overtaken. The watermark is
  the one that the order of arrival implies. A strict model over several streams has no such form: what is
  late depends on how they interleave. `late_rows_exact` tells; late rows are then counted like all others;
- every other part of the query keeps Flink's meaning, pass by pass (`PASSES`).

What cannot be computed faithfully is refused by name and place.
"""

from __future__ import annotations

from collections.abc import Callable
from textwrap import indent

from sqlglot import exp

from pipeline.lower.batch.passes.event_tables import event_tables
from pipeline.lower.batch.passes.expressions import expressions
from pipeline.lower.batch.passes.flatten import flatten
from pipeline.lower.batch.passes.grouping_sets import grouping_sets
from pipeline.lower.batch.passes.late_rows import late_rows
from pipeline.lower.batch.passes.match_tables import match_tables
from pipeline.lower.batch.passes.order_of_arrival import order_of_arrival
from pipeline.lower.batch.passes.over_keys import over_keys
from pipeline.lower.batch.passes.peer_lags import peer_lags
from pipeline.lower.batch.passes.quoted_names import quoted_names
from pipeline.lower.batch.passes.range_frames import range_frames
from pipeline.lower.batch.passes.read_tables import read_tables
from pipeline.lower.batch.passes.shape import shape
from pipeline.lower.batch.passes.spelling import spelling
from pipeline.lower.batch.passes.temporal_joins import temporal_joins
from pipeline.lower.batch.passes.window_tables import window_tables
from pipeline.lower.batch.plan import Mode, Plan, used_columns
from pipeline.lower.engine import Engine
from pipeline.lower.refusal import RefusedError
from pipeline.model.contracts import Contracts
from pipeline.model.models import Classified

Pass = Callable[[Plan], None]
PASSES: tuple[Pass, ...] = (
    flatten,
    shape,
    grouping_sets,
    expressions,
    match_tables,
    late_rows,
    order_of_arrival,
    peer_lags,
    temporal_joins,
    range_frames,
    window_tables,
    over_keys,
    read_tables,
    event_tables,
    quoted_names,
    spelling,
)
"""In this order: Flink's forms first, then what they become, then how the engine writes it."""


def lower_batch(model: Classified, contracts: Contracts, engine: Engine, mode: Mode = "as_streamed") -> str:
    """The SELECT for an engine, with no semicolon; its columns are the model's, its rows in no order.

    It reads a table of arrivals for each of the model's sources (`create_table`). Raises `RefusedError` with
    every place that the engine would compute otherwise than Flink.
    """
    plan = planned(model, contracts, engine, mode)
    return written(plan)


def planned(
    model: Classified, contracts: Contracts, engine: Engine, mode: Mode, passes: tuple[Pass, ...] = PASSES
) -> Plan:
    """The model after the passes; raises `RefusedError` after the first that refuses something."""
    tree = model.resolved.tree.copy()
    plan = Plan(model, contracts, engine, mode, tree, used=used_columns(tree))
    for each in passes:
        each(plan)
        if plan.problems:
            raise RefusedError(plan.problems)
    return plan


def written(plan: Plan) -> str:
    """The plan's tables and result as text."""
    result = _text(plan.result, plan.engine)
    if not plan.tables:
        return result
    tables = ",\n".join(
        f"{exp.to_identifier(name).sql(dialect=plan.engine)} AS (\n"
        f"{indent(_text(query, plan.engine), '    ')}\n)"
        for name, query in plan.tables.items()
    )
    return f"WITH {tables}\n{result}"


def _text(query: exp.Expr, engine: Engine) -> str:
    return query.sql(dialect=engine, pretty=True, comments=False)
