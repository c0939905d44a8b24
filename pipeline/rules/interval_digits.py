"""Rule: an interval is written as Flink reads it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.rules.rule import Rule, Subject
from sqlglot_flink import WindowFunction

_MOST = 99


class IntervalDigits(Rule):
    """An interval is a quoted number of at most two digits, and a unit: INTERVAL '90' MINUTE.

    Flink takes a number without quotes for a column's value, and refuses three digits.
    """

    code = "interval-digits"
    needs_types = True

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Intervals that Flink reads otherwise."""
        live = subject.classified is not None and subject.classified.form == "live"
        for interval in subject.nodes():
            if not isinstance(interval, exp.Interval) or interval.this is None:
                continue
            # A live window is lowered to seconds; elsewhere the interval goes to Flink as it is written.
            lowered = live and isinstance(interval.parent, WindowFunction)
            if isinstance(interval.this, exp.Literal) and not interval.this.is_string:
                hint = f"write INTERVAL '{interval.this.name}' {_unit(interval)}"
                yield self.found(subject, interval, "the number of an interval stands in quotes", hint)
            elif not lowered and interval.this.name.isdigit() and int(interval.this.name) > _MOST:
                hint = "write it in a larger unit: INTERVAL '2' HOUR"
                yield self.found(subject, interval, "an interval has at most two digits on Flink", hint)


def _unit(interval: exp.Interval) -> str:
    unit = interval.args.get("unit")
    return unit.sql(dialect="flink") if isinstance(unit, exp.Expr) else "MINUTE"
