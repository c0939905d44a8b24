"""Rule: a metric is a windowed aggregation that is compiled so far."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.model.models import Classified
from pipeline.queries import aggregates, group_keys, interval_ms, names_in, window_of
from pipeline.rules.rule import Rule, Subject
from sqlglot_flink import Hop, Tumble, WindowFunction

_ADDITIONS = {"sample": "TABLESAMPLE", "pivots": "PIVOT", "version": "FOR SYSTEM_TIME AS OF"}
_MOST_WINDOWS = 288


class Shape(Rule):
    """A metric reads TUMBLE or HOP over one event, groups by the window, and aggregates.

    Joins, CTEs, CUMULATE and SESSION are not compiled yet: each is refused by name.
    """

    code = "not-compiled-yet"
    needs_types = True

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """What stands in the way of lowering the model."""
        if subject.classified is None:
            return
        with_ = subject.tree.args.get("with_")
        if with_:
            hint = "put its condition into WHERE of the SELECT"
            yield self.found(subject, with_.expressions[0].args["alias"], "WITH is not compiled yet", hint)
            return
        for select in subject.selects():
            yield from self._select(subject, subject.classified, select)

    def _select(self, subject: Subject, model: Classified, select: exp.Select) -> Iterator[Diagnostic]:
        joins = select.args.get("joins")
        if joins:
            yield self.found(subject, joins[0].this, "joins are not compiled yet", "select from one event")
            return
        window = window_of(select)
        if window is None:
            hint = "FROM TABLE(TUMBLE(TABLE <event>, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))"
            if not any(aggregates(select)):
                yield self.found(subject, select.args["from_"].this, "a metric reads a window", hint)
            elif isinstance(select.args["from_"].this, exp.Subquery):
                yield self.found(
                    subject, select.args["from_"].this, "aggregating a subquery is not compiled yet", hint
                )
            return
        yield from self._additions(subject, select, window)
        yield from self._window(subject, window)
        if not any(aggregates(select)) and not select.args.get("group"):
            message = "a metric aggregates its windows"
            yield self.found(subject, select.expressions[0], message, "add an aggregate and GROUP BY")
        yield from self._parts(subject, model, select)
        if select.args.get("distinct"):
            message = "SELECT DISTINCT is not compiled yet"
            yield self.found(subject, select.expressions[0], message, "GROUP BY makes rows distinct")
        group = select.args.get("group")
        if group and any(group.args.get(key) for key in ("grouping_sets", "cube", "rollup")):
            message = "GROUPING SETS are not compiled yet"
            yield self.found(subject, select.args["from_"].this, message, "write one branch for each")
        if "window_time" in names_in(list(select.find_all(exp.Column))) and model.form == "live":
            column = next(c for c in select.find_all(exp.Column) if c.name == "window_time")
            yield self.found(subject, column, "window_time is not compiled yet", "use window_start")
        if "window_start" in names_in(group_keys(select)) and not model.time_column:
            hint = "add window_start AS <name>"
            yield self.found(subject, select.expressions[0], "no output is the window's start", hint)

    def _parts(self, subject: Subject, model: Classified, select: exp.Select) -> Iterator[Diagnostic]:
        for node in select.find_all(exp.Window, exp.Select):
            if node is select:
                continue
            what = "OVER" if isinstance(node, exp.Window) else "a subquery"
            yield self.found(subject, node, f"{what} is not compiled yet", "leave it out until it is")
        for interval in select.find_all(exp.Interval):
            # A live window is lowered to seconds; elsewhere the interval goes to Flink as it is written.
            lowered = model.form == "live" and isinstance(interval.parent, WindowFunction)
            if (
                not lowered
                and interval.this
                and interval.this.name.isdigit()
                and int(interval.this.name) > 99
            ):
                hint = "write it in a larger unit: INTERVAL '2' HOUR"
                yield self.found(subject, interval, "an interval has at most two digits on Flink", hint)
        having = select.args.get("having")
        if having and model.form == "live":
            hint = "let the reader filter, or declare live: false in metric.yaml"
            why = "A live row that no longer fulfils it would have to be taken back."
            yield self.found(subject, having.this, "HAVING is not compiled yet for live models", hint, why)

    def _additions(
        self, subject: Subject, select: exp.Select, window: WindowFunction
    ) -> Iterator[Diagnostic]:
        """What stands beside a table and is not lowered: without it the numbers would be others."""
        for table in (select.args["from_"].this, window.this.this):
            for key, value in table.args.items():
                if value and key not in ("this", "alias") and isinstance(table, exp.Table):
                    what = _ADDITIONS.get(key, key.upper())
                    yield self.found(subject, table, f"{what} is not compiled yet", "take it out")
        if select.args.get("hint"):
            message = "a hint to the planner is not compiled yet"
            yield self.found(subject, select.expressions[0], message, "take it out; settings are generated")

    def _window(self, subject: Subject, window: WindowFunction) -> Iterator[Diagnostic]:
        if not isinstance(window, (Tumble, Hop)):
            hint = "use TUMBLE or HOP: their windows are shown while they fill"
            yield self.found(subject, window, f"{window.NAME} is not compiled yet", hint)
            return
        if isinstance(window.this.this, exp.Subquery):
            hint = "name the event, and put the condition into WHERE"
            yield self.found(subject, window.this, "a window over a subquery is not compiled yet", hint)
        if window.this.args.get("partition_by"):
            hint = "take it out: GROUP BY says it"
            yield self.found(subject, window.this, f"PARTITION BY has no meaning in {window.NAME}", hint)
        size, slide = (interval_ms(window.args.get(key)) for key in ("size", "slide"))
        for key in ("size", "slide") if isinstance(window, Hop) else ("size",):
            if interval_ms(window.args.get(key)) is None:
                hint = "write INTERVAL '5' MINUTE: a whole number of seconds, minutes, hours or days"
                yield self.found(
                    subject, window.args.get(key), f"the window's {key} is not a plain interval", hint
                )
        if size and slide and size % slide:
            hint = "its size is a multiple of its step: INTERVAL '1' MINUTE, INTERVAL '5' MINUTE"
            yield self.found(subject, window.args["size"], "the window is no multiple of its step", hint)
        elif size and slide and size // slide > _MOST_WINDOWS:
            message = f"each event would count in {size // slide:,} windows".replace(",", " ")
            hint = f"make the step longer: at most {_MOST_WINDOWS} windows may hold one event"
            yield self.found(subject, window.args["slide"], message, hint)
