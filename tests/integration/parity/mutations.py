"""Wrong lowerings: small, plausible mistakes, put into the batch form between two passes of the compiler.

A mutation is an edit of the plan after the named pass, and the models that must notice it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlglot import exp

from pipeline.lower.batch.lowering import PASSES, planned, written
from pipeline.lower.batch.plan import Plan, called
from pipeline.lower.batch.primitives import EpochMs, Series, Written, number, plus
from pipeline.lower.engine import Engine
from pipeline.model.contracts import Contracts
from pipeline.model.models import Classified
from pipeline.names import ARRIVAL, SEQUENCE, WATERMARK
from sqlglot_flink.expressions import Session, Tumble

Edit = Callable[[Plan], None]


@dataclass(frozen=True)
class Mutation:
    """One mistake. `after` names the pass behind which `edit` works; "" means before all of them."""

    name: str
    models: tuple[str, ...]
    after: str
    edit: Edit

    def lower(self, model: Classified, contracts: Contracts, engine: Engine) -> str:
        """The batch form with the mistake in it."""
        passes: list[Edit] = [] if self.after else [self.edit]
        for each in PASSES:
            passes.append(each)
            if each.__name__ == self.after:
                passes.append(self.edit)
        assert self.edit in passes, f"there is no pass {self.after}"
        return written(planned(model, contracts, engine, "as_streamed", tuple(passes)))


def nodes(plan: Plan, *kinds: type[exp.Expr]) -> Iterator[exp.Expr]:
    """The nodes of those kinds in the plan, listed beforehand: an edit may replace them."""
    for query in list(plan.queries()):
        yield from list(query.find_all(*kinds))


def millisecond(value: int = 1) -> exp.Interval:
    return exp.Interval(this=exp.Literal.string(f"0.{value:03}"), unit=exp.var("SECOND"))


def swap(plan: Plan, old: exp.Expr, new: exp.Expr) -> None:
    plan.replace(old, new)


def comparison(old: type[exp.Expr], new: type[exp.Expr], about: str = "") -> Edit:
    """Every `old` comparison that names the column `about` (or any) becomes `new`."""

    def edit(plan: Plan) -> None:
        for node in nodes(plan, old):
            if type(node) is old and (not about or any(c.name == about for c in node.find_all(exp.Column))):
                swap(plan, node, new(this=node.this.copy(), expression=node.expression.copy()))

    return edit


def window_argument(kind: type[exp.Expr], key: str, value: exp.Expr) -> Edit:
    def edit(plan: Plan) -> None:
        for node in nodes(plan, kind):
            node.set(key, value.copy())

    return edit


def starts_shifted(milliseconds: int) -> Edit:
    """Events are put into windows as if they had happened some milliseconds later."""

    def edit(plan: Plan) -> None:
        for node in nodes(plan, exp.Alias):
            if node.alias == "_start":
                for at in list(node.this.find_all(EpochMs)):
                    at.replace(exp.paren(plus(at.copy(), milliseconds)))

    return edit


def series(key: str, steps: int) -> Edit:
    """One window less: the series of windows begins later or ends earlier."""

    def edit(plan: Plan) -> None:
        for node in nodes(plan, Series):
            value = int(node.args[key].name) + steps * int(node.args["step"].name)
            node.set(key, number(value))

    return edit


def without(kind: type[exp.Expr], put: Callable[[exp.Expr], exp.Expr]) -> Edit:
    """Every node of a kind is replaced by what `put` makes of it."""

    def edit(plan: Plan) -> None:
        for node in nodes(plan, kind):
            swap(plan, node, put(node))

    return edit


def clause_dropped(key: str) -> Edit:
    def edit(plan: Plan) -> None:
        for node in nodes(plan, exp.Select):
            node.set(key, None)

    return edit


def order_turned(plan: Plan) -> None:
    for node in nodes(plan, exp.Window):
        order = node.args.get("order")
        if order and called(node.this) == "ROW_NUMBER":
            first = order.expressions[0]
            first.set("desc", not first.args.get("desc"))


def ties_turned(plan: Plan) -> None:
    for node in nodes(plan, exp.Ordered):
        inside = node.find_ancestor(exp.Window)
        others = node.parent.expressions if node.parent is not None else []
        if node.this.name == SEQUENCE and inside is not None and len(others) > 1:
            node.set("desc", not node.args.get("desc"))
            node.set("nulls_first", None)


def latest_copy(plan: Plan) -> None:
    for node in nodes(plan, exp.Alias):
        if node.alias == "_copy":
            for key in node.this.args["order"].expressions:
                key.set("desc", True)


def every_copy(plan: Plan) -> None:
    for node in nodes(plan, exp.EQ):
        if node.this.name == "_copy":
            swap(plan, node, exp.true())


def watermark_moved(milliseconds: int) -> Edit:
    def edit(plan: Plan) -> None:
        for node in nodes(plan, exp.Alias):
            if node.alias == WATERMARK and node.find(EpochMs):
                node.set("this", plus(node.this.copy(), milliseconds))

    return edit


def frame(key: str, change: int) -> Edit:
    """The bound of a frame, moved."""

    def edit(plan: Plan) -> None:
        for node in nodes(plan, exp.WindowSpec):
            bound = node.args.get(key)
            inside = node.find_ancestor(exp.Alias)
            if isinstance(bound, exp.Expr) and (inside is None or inside.alias != WATERMARK):
                node.set(key, number(int(bound.name) + change))

    return edit


def counts_all(plan: Plan) -> None:
    for node in nodes(plan, exp.Count):
        if isinstance(node.this, exp.Column):
            node.set("this", exp.Star())


def not_distinct(plan: Plan) -> None:
    for node in nodes(plan, exp.AggFunc):
        if isinstance(node.this, exp.Distinct):
            node.set("this", node.this.expressions[0].copy())


def missing_as_zero(plan: Plan) -> None:
    for node in nodes(plan, exp.Sum):
        added = node.this
        if not isinstance(added, exp.Distinct):
            seven = number(7)
            filled = exp.Coalesce(this=added.copy(), expressions=[seven])
            for made in (seven, filled):
                made.type = added.type
            node.set("this", filled)


def joins_inner(plan: Plan) -> None:
    for node in nodes(plan, exp.Join):
        node.set("side", None)


def joins_on_missing(plan: Plan) -> None:
    for node in nodes(plan, exp.Join):
        for equal in list(node.args["on"].find_all(exp.EQ)) if node.args.get("on") else []:
            swap(plan, equal, exp.true())


def smallest_set(plan: Plan) -> None:
    """GROUPING SETS lose their last set, the sum of all."""
    for node in nodes(plan, exp.GroupingSets):
        node.set("expressions", node.expressions[:-1])


def fewer_rows(plan: Plan) -> None:
    """`place <= n` becomes `place < n`."""
    for node in nodes(plan, exp.LTE):
        if node.this.name == "place":
            swap(plan, node, exp.LT(this=node.this.copy(), expression=node.expression.copy()))


def three_valued_as_two(plan: Plan) -> None:
    """Comparisons take NULL for a value."""
    for node in nodes(plan, exp.EQ, exp.NEQ):
        if isinstance(node.this, exp.Column) and node.this.name not in ("_copy", "place"):
            kind = exp.NullSafeEQ if isinstance(node, exp.EQ) else exp.NullSafeNEQ
            swap(plan, node, kind(this=node.this.copy(), expression=node.expression.copy()))


def fractions(plan: Plan) -> None:
    """`//` becomes `/`."""
    for node in nodes(plan, exp.IntDiv):
        swap(plan, node, exp.Div(this=node.this.copy(), expression=node.expression.copy()))


def floored_remainder(plan: Plan) -> None:
    for node in nodes(plan, exp.Mod):
        right = node.expression
        once = exp.Paren(this=exp.Mod(this=node.this.copy(), expression=right.copy()))
        again = exp.Paren(this=exp.Add(this=once, expression=right.copy()))
        swap(plan, node, exp.Mod(this=again, expression=right.copy()))


def nulls_left_out(plan: Plan) -> None:
    """GREATEST without the CASE around it that gives NULL where one of the values is NULL."""
    for node in nodes(plan, exp.Case):
        default = node.args.get("default")
        if default is not None and str(default.name).lower() == "greatest":
            swap(plan, node, default.copy())


def not_cut(plan: Plan) -> None:
    """A number is not cut before it becomes a whole one: the engine's own CAST rounds."""
    for node in nodes(plan, exp.Anonymous, exp.Trunc):
        if called(node) in ("TRUNC", "TRUNCATE"):
            swap(plan, node, (node.expressions[0] if isinstance(node, exp.Anonymous) else node.this).copy())


def cut_to_cents(plan: Plan) -> None:
    """A number is cut, not rounded, where it becomes DECIMAL(18, 2)."""
    for node in nodes(plan, exp.TryCast):
        if node.args["to"].sql().replace(" ", "") == "DECIMAL(18,2)":
            cents = exp.Mul(this=exp.paren(node.this.copy()), expression=number(100))
            cut = exp.Anonymous(this="trunc", expressions=[cents])
            node.set("this", exp.Mul(this=cut, expression=exp.Literal.number("0.01")))


def within_moved(milliseconds: int) -> Edit:
    """A match may last longer, or less, than before."""

    def edit(plan: Plan) -> None:
        for node in nodes(plan, Written):
            node.set(
                "this",
                re.sub(r"(?<= AND )\d+(?= FOLLOWING)", lambda m: str(int(m[0]) + milliseconds), node.this),
            )

    return edit


def joins_filtered(plan: Plan) -> None:
    """What ON says of times is asked of the joined rows: a row with a partner, but none in time, is lost."""
    for node in nodes(plan, exp.Join):
        select = node.find_ancestor(exp.Select)
        on = node.args.get("on")
        if node.args.get("side") and on is not None and select is not None:
            times = [part for part in on.flatten() if not isinstance(part, exp.EQ)]
            select.where(*(part.copy() for part in times), copy=False)
            node.set("on", exp.and_(*(part.copy() for part in on.flatten() if isinstance(part, exp.EQ))))


def joins_full(plan: Plan) -> None:
    """Rows without a partner are kept on both sides."""
    for node in nodes(plan, exp.Join):
        if node.args.get("side"):
            node.set("side", "FULL")


MUTATIONS: tuple[Mutation, ...] = (
    Mutation(
        "tumbling windows begin a millisecond late", ("tumble_strict",), "window_tables", starts_shifted(-1)
    ),
    Mutation(
        "tumbling windows begin a millisecond early", ("tumble_strict",), "window_tables", starts_shifted(1)
    ),
    Mutation("live windows begin a millisecond late", ("tumble_live",), "window_tables", starts_shifted(-1)),
    Mutation(
        "hopping windows begin a millisecond late", ("hop_strict",), "window_tables", starts_shifted(-1)
    ),
    Mutation(
        "the newest hopping window is missing",
        ("hop_strict", "hop_live"),
        "window_tables",
        series("start", 1),
    ),
    Mutation(
        "the oldest hopping window is missing",
        ("hop_strict", "hop_live"),
        "window_tables",
        series("stop", -1),
    ),
    Mutation("one hopping window too many", ("hop_strict", "hop_live"), "window_tables", series("stop", 1)),
    Mutation("the longest cumulating window is missing", ("cumulate",), "window_tables", series("stop", -1)),
    Mutation("the shortest cumulating window is missing", ("cumulate",), "window_tables", series("start", 1)),
    Mutation(
        "cumulating windows begin a millisecond late", ("cumulate",), "window_tables", starts_shifted(-1)
    ),
    Mutation(
        "visits end a millisecond early",
        ("session_by_user",),
        "",
        window_argument(
            Session, "gap", exp.Interval(this=exp.Literal.string("1799.999"), unit=exp.var("SECOND"))
        ),
    ),
    Mutation(
        "visits end a millisecond late",
        ("session_by_user",),
        "",
        window_argument(
            Session, "gap", exp.Interval(this=exp.Literal.string("1800.001"), unit=exp.var("SECOND"))
        ),
    ),
    Mutation(
        "windows are a millisecond off by an offset",
        ("tumble_strict",),
        "",
        window_argument(Tumble, "offset", millisecond()),
    ),
    Mutation(
        "late by exactly late_hours still counts",
        ("tumble_live", "hop_live"),
        "event_tables",
        comparison(exp.GT, exp.GTE, ARRIVAL),
    ),
    Mutation(
        "late events count whatever the hours",
        ("tumble_live", "hop_live"),
        "event_tables",
        without(
            exp.GT,
            lambda node: (
                exp.true() if ARRIVAL in {c.name for c in node.find_all(exp.Column)} else node.copy()
            ),
        ),
    ),
    Mutation(
        "a window closes one millisecond late",
        ("tumble_strict", "hop_strict"),
        "window_tables",
        comparison(exp.GT, exp.GTE, WATERMARK),
    ),
    Mutation("the watermark is a millisecond ahead", ("tumble_strict",), "event_tables", watermark_moved(1)),
    Mutation(
        "the watermark is a millisecond behind", ("tumble_strict",), "event_tables", watermark_moved(-1)
    ),
    Mutation(
        "rows that the watermark has reached are still in time for OVER",
        ("over_rows", "over_lag"),
        "late_rows",
        comparison(exp.GT, exp.GTE, WATERMARK),
    ),
    Mutation(
        "the last copy of an event counts", ("tumble_strict", "tumble_live"), "event_tables", latest_copy
    ),
    Mutation("every copy of an event counts", ("tumble_strict", "tumble_live"), "event_tables", every_copy),
    Mutation(
        "the join's upper bound is open", ("interval_join",), "expressions", comparison(exp.LTE, exp.LT)
    ),
    Mutation(
        "the join's lower bound is open", ("interval_join",), "expressions", comparison(exp.GTE, exp.GT)
    ),
    Mutation(
        "the join's open bound is closed below",
        ("interval_join_open",),
        "expressions",
        comparison(exp.GT, exp.GTE),
    ),
    Mutation(
        "the join's open bound is closed above",
        ("interval_join_open",),
        "expressions",
        comparison(exp.LT, exp.LTE),
    ),
    Mutation("an outer join is an inner one", ("interval_join_left", "window_join_left"), "", joins_inner),
    Mutation(
        "an outer join's times are a condition of its rows", ("interval_join_left",), "", joins_filtered
    ),
    Mutation(
        "an outer join keeps the other side's rows too",
        ("interval_join_left", "window_join_left"),
        "",
        joins_full,
    ),
    Mutation("a cast to a whole number rounds", ("casts", "decimals"), "expressions", not_cut),
    Mutation("a cast to fewer digits cuts", ("decimals",), "expressions", cut_to_cents),
    Mutation("a match may last exactly WITHIN", ("within_is_strict",), "match_tables", within_moved(1)),
    Mutation("a match may last a millisecond less", ("within_is_strict",), "match_tables", within_moved(-1)),
    Mutation("a join forgets its key", ("interval_join", "window_join"), "", joins_on_missing),
    Mutation(
        "a version is valid only after its time",
        ("temporal_join",),
        "temporal_joins",
        comparison(exp.LTE, exp.LT, "_valid_from"),
    ),
    Mutation(
        "a version is still valid when the next begins",
        ("temporal_join",),
        "temporal_joins",
        comparison(exp.GT, exp.GTE, "_valid_to"),
    ),
    Mutation("the last row is kept for the first", ("first_click",), "order_of_arrival", order_turned),
    Mutation(
        "the first row is kept for the last", ("window_first_of_user",), "order_of_arrival", order_turned
    ),
    Mutation(
        "the lowest come first for the highest",
        ("window_top_n", "dearest_orders"),
        "order_of_arrival",
        order_turned,
    ),
    Mutation("one row too few is kept", ("window_top_n", "dearest_orders"), "", fewer_rows),
    Mutation(
        "of two at one time the other counts", ("first_click", "over_rows"), "order_of_arrival", ties_turned
    ),
    Mutation("a frame of rows is one too long", ("over_rows",), "order_of_arrival", frame("start", 1)),
    Mutation("a frame of rows is one too short", ("over_rows",), "order_of_arrival", frame("start", -1)),
    Mutation("a frame of time is a millisecond too long", ("over_range",), "range_frames", frame("start", 1)),
    Mutation(
        "a frame of time is a millisecond too short", ("over_range",), "range_frames", frame("start", -1)
    ),
    Mutation("COUNT counts NULLs", ("tumble_strict",), "", counts_all),
    Mutation("SUM takes NULL for a number", ("tumble_strict",), "", missing_as_zero),
    Mutation("COUNT DISTINCT counts all", ("windowed_events",), "", not_distinct),
    Mutation(
        "FILTER is forgotten",
        ("aggregates", "money"),
        "expressions",
        without(exp.Filter, lambda node: node.this.copy()),
    ),
    Mutation("HAVING is forgotten", ("having",), "", clause_dropped("having")),
    Mutation("DISTINCT is forgotten", ("distinct_rows",), "", clause_dropped("distinct")),
    Mutation(
        "a condition is forgotten", ("with_and_subqueries", "filtered_model"), "", clause_dropped("where")
    ),
    Mutation("the sum of all sets is missing", ("grouping_sets",), "", smallest_set),
    Mutation("whole numbers are divided as fractions", ("arithmetic",), "expressions", fractions),
    Mutation("a remainder takes the sign of the divisor", ("arithmetic",), "expressions", floored_remainder),
    Mutation("GREATEST leaves NULLs out", ("nulls",), "expressions", nulls_left_out),
    Mutation("NULL is a value to compare", ("texts_compared",), "", three_valued_as_two),
)
"""All mistakes, each with the models of which at least one must show it."""
