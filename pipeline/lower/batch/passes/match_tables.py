"""Pass: each MATCH_RECOGNIZE becomes a table of its matches, over a table of the rows that it reads."""

from __future__ import annotations

from sqlglot import exp

from pipeline.lower.batch.carrying import carry, traced_time
from pipeline.lower.batch.passes.late_rows import passed
from pipeline.lower.batch.plan import Plan, relations
from pipeline.lower.batch.primitives import Written
from pipeline.lower.match import columns_of, lower_match, reads_of, refusals
from pipeline.names import SEQUENCE, WATERMARK
from pipeline.queries import match_of


def match_tables(plan: Plan) -> None:
    """Define `<table>_rows` (what the pattern reads, without what came too late) and `<table>_matches`."""
    for query in plan.queries():
        for select in list(query.find_all(exp.Select)):
            match = match_of(select)
            if match is None:
                continue
            found = list(refusals(match, plan.engine))
            for node, what in found:
                plan.refuse(node, what)
            if not found:
                _define(plan, query, select, match)


def _define(plan: Plan, query: exp.Expr, select: exp.Select, match: exp.MatchRecognize) -> None:
    source = relations(select)[0].copy()
    source.set("match", None)
    rows = exp.select(*map(exp.column, reads_of(match))).from_(source, copy=False)
    source = relations(rows)[0]
    arrival: tuple[str, ...] = ()
    if carry(plan, source, SEQUENCE):
        arrival = (SEQUENCE,)
        rows.select(exp.column(SEQUENCE), copy=False)
    order = match.args.get("order")
    time = order.expressions[0].this if order else None
    timed = time.name if isinstance(time, exp.Column) and traced_time(plan, source, time.name) else ""
    if plan.drops_late and timed and carry(plan, source, WATERMARK):
        rows.where(passed(plan, exp.column(timed), exp.column(WATERMARK)), copy=False)
    label = source.name if isinstance(source, exp.Table) and source.name else "query"
    rows_name = plan.define_before(query, f"{label}_rows", rows)
    names = columns_of(match)
    matches = Written(
        this=lower_match(match, plan.engine, rows_name, arrival),
        reads=[exp.to_table(rows_name)],
        columns=[exp.to_identifier(name) for name in names],
    )
    name = plan.define_before(query, f"{label}_matches", matches)
    alias = match.args.get("alias")
    match.pop()
    relation = exp.Table(this=exp.to_identifier(name), alias=alias.copy() if alias else None)
    relations(select)[0].replace(relation)
