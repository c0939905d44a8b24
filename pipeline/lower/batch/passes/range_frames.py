"""Pass: frames of RANGE over a time are counted in milliseconds, for engines differ in intervals."""

from __future__ import annotations

from sqlglot import exp

from pipeline.lower.batch.intervals import milliseconds
from pipeline.lower.batch.plan import Plan
from pipeline.lower.batch.primitives import EpochMs, number


def range_frames(plan: Plan) -> None:
    """`ORDER BY t RANGE BETWEEN INTERVAL '1' HOUR PRECEDING ...` becomes a range of 3600000."""
    for query in plan.queries():
        for window in query.find_all(exp.Window):
            spec = window.args.get("spec")
            if spec is None:
                continue
            bounds = [key for key in ("start", "end") if isinstance(spec.args.get(key), exp.Expr)]
            lengths = {key: milliseconds(spec.args[key]) for key in bounds}
            if not any(isinstance(spec.args[key], exp.Interval) for key in lengths):
                continue
            for key, length in lengths.items():
                if length is None:
                    plan.refuse(window, "a RANGE of other than an INTERVAL of a fixed length")
                    continue
                spec.set(key, number(length))
            ordered = window.args["order"].expressions[0]
            ordered.set("this", EpochMs(this=ordered.this.copy()))
