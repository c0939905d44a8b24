"""Rule: OVER looks back over a bounded stretch of time."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.expressions import function_name
from pipeline.model.diagnostics import Diagnostic
from pipeline.rules.rule import Rule, Subject

_FRAME = "RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW"


class OverFrame(Rule):
    """OVER is ordered by a time attribute, upwards, and reaches back over a bounded frame to the current row.

    Flink computes rows in the order of their time as the watermark passes them, one frame in a SELECT.
    ROW_NUMBER() is ordered by one column at least, and is limited outside; RANK and DENSE_RANK are not
    Flink's over windows.
    """

    code = "over-frame"
    needs_types = True
    takes_part = True

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """OVER clauses that Flink refuses, or would keep state for ever for."""
        for select in subject.all_selects():
            windows = [
                node for node in select.find_all(exp.Window) if node.find_ancestor(exp.Select) is select
            ]
            frames: list[exp.Window] = []
            for window in windows:
                if subject.classified is None and window.type is None:
                    continue
                name = function_name(window.this) or ""
                if name in ("RANK", "DENSE_RANK"):
                    hint = "use ROW_NUMBER(), with an order that leaves no ties"
                    yield self.found(subject, window, f"Flink has no {name} of a window's rows", hint)
                elif name == "ROW_NUMBER":
                    if not window.args.get("order"):
                        hint = "ROW_NUMBER() OVER (PARTITION BY ... ORDER BY ...)"
                        yield self.found(subject, window, "ROW_NUMBER() has no order", hint)
                else:
                    yield from self._order(subject, window)
                    if name != "LAG":
                        yield from self._frame(subject, window)
                    frames.append(window)
            frames.sort(key=subject.locator.at)
            different = next((w for w in frames if _text(w) != _text(frames[0])), None)
            if different is not None and subject.knows(*frames):
                hint = "put the other into a SELECT around this one"
                yield self.found(subject, different, "a SELECT has one frame on Flink", hint)

    def _order(self, subject: Subject, window: exp.Window) -> Iterator[Diagnostic]:
        order = window.args.get("order")
        parts = order.expressions if order else []
        if len(parts) != 1:
            hint = "ORDER BY event_time"
            yield self.found(subject, window, "OVER is not ordered by a time attribute", hint)
            return
        if not subject.knows(parts[0]):
            return
        if not parts[0].meta.get("time_attribute"):
            hint = f"ORDER BY {(parts[0].meta.get('time_columns') or ['event_time'])[0]}"
            why = "Flink computes the rows in the order of their time, as the watermark passes them."
            yield self.found(subject, parts[0], "OVER is not ordered by a time attribute", hint, why)
        elif parts[0].args.get("desc"):
            yield self.found(subject, parts[0], "OVER looks back: its order goes up", "take DESC out")

    def _frame(self, subject: Subject, window: exp.Window) -> Iterator[Diagnostic]:
        spec = window.args.get("spec")
        start = spec.args.get("start") if spec else None
        if spec is None or not isinstance(start, exp.Expr):
            why = "Without an earliest row Flink would keep a count for each key for ever."
            place = window
            yield self.found(subject, place, "the frame has no begin", f"add {_FRAME}", why)
            return
        if spec.args.get("start_side") != "PRECEDING" or spec.args.get("end") not in (None, "CURRENT ROW"):
            yield self.found(subject, window, "the frame does not end at the current row", f"write {_FRAME}")
        if spec.text("kind").upper() == "ROWS" and not isinstance(start, exp.Literal):
            yield self.found(subject, window, "ROWS counts rows", "ROWS BETWEEN 2 PRECEDING AND CURRENT ROW")
        if spec.text("kind").upper() == "RANGE" and not isinstance(start, exp.Interval):
            yield self.found(subject, window, "RANGE is an interval", f"write {_FRAME}")


def _text(window: exp.Window) -> str:
    parts = [*(window.args.get("partition_by") or []), window.args.get("order"), window.args.get("spec")]
    return " ".join(part.sql(dialect="flink", comments=False) for part in parts if part is not None)
