"""Rule: a window function is given what Flink takes."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.queries import aggregates, group_keys, interval_ms
from pipeline.resolving.intervals import place_of_interval
from pipeline.rules.rule import Rule, Subject
from sqlglot_flink import Cumulate, Hop, Session, TableFunction, WindowFunction

_MOST_WINDOWS = 288
_LENGTHS = {"size": "size", "slide": "step", "step": "step", "gap": "gap"}


class WindowArguments(Rule):
    """A window's lengths are plain intervals, its size a multiple of its step, and few hold one event.

    A SESSION is grouped by both of its ends and by what it is partitioned by, and by nothing else: else Flink
    sees an endless aggregation.
    """

    code = "window-arguments"
    needs_types = True
    takes_part = True

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Window functions with other arguments."""
        for node in subject.nodes():
            if isinstance(node, TableFunction) and isinstance(node.this, WindowFunction):
                yield from self._lengths(subject, node.this)
                yield from self._partition(subject, node.this)
                select = node.find_ancestor(exp.Select)
                if isinstance(node.this, Session) and isinstance(select, exp.Select):
                    yield from self._session(subject, node.this, select)

    def _lengths(self, subject: Subject, window: WindowFunction) -> Iterator[Diagnostic]:
        for key, word in _LENGTHS.items():
            given = window.args.get(key)
            if given is not None and interval_ms(given) is None:
                hint = "write INTERVAL '5' MINUTE: a whole number of seconds, minutes, hours or days"
                place = place_of_interval(subject.locator, given)
                message = f"the window's {word} is not a plain interval"
                yield Diagnostic(place, self.code, message, hint)
        size = interval_ms(window.args.get("size"))
        key = "step" if isinstance(window, Cumulate) else "slide"
        step = interval_ms(window.args.get(key))
        if not isinstance(window, (Hop, Cumulate)) or not size or not step:
            return
        place = place_of_interval(subject.locator, window.args["size"])
        if step > size:
            texts = [window.args[name].sql(dialect="flink") for name in ("size", key)]
            hint = f"the step comes first, then the size: {', '.join(texts)}"
            place = place_of_interval(subject.locator, window.args[key])
            yield Diagnostic(place, self.code, "the step is longer than the window", hint)
        elif size % step:
            hint = "its size is a multiple of its step: INTERVAL '1' MINUTE, INTERVAL '5' MINUTE"
            yield Diagnostic(place, self.code, "the window is no multiple of its step", hint)
        elif size // step > _MOST_WINDOWS:
            message = f"each event would count in {size // step:,} windows".replace(",", " ")
            hint = f"make the step longer: at most {_MOST_WINDOWS} windows may hold one event"
            place = place_of_interval(subject.locator, window.args[key])
            yield Diagnostic(place, self.code, message, hint)

    def _partition(self, subject: Subject, window: WindowFunction) -> Iterator[Diagnostic]:
        argument = window.this
        if argument.args.get("partition_by") and not isinstance(window, Session):
            hint = "take it out: GROUP BY says it"
            yield self.found(subject, argument, f"PARTITION BY has no meaning in {window.NAME}", hint)
        if argument.args.get("order"):
            hint = "take it out: DESCRIPTOR says it"
            yield self.found(subject, argument, f"ORDER BY has no meaning in {window.NAME}", hint)

    def _session(self, subject: Subject, window: Session, select: exp.Select) -> Iterator[Diagnostic]:
        if not any(aggregates(select)) and not select.args.get("group"):
            return
        partition = {key.name for key in window.this.args.get("partition_by") or []}
        grouped = {
            key.name if isinstance(key, exp.Column) else key.sql(dialect="flink"): key
            for key in group_keys(select)
            if not key.name.startswith("window_")
        }
        why = "Flink would update the rows without an end instead of closing sessions."
        for name in sorted(partition - set(grouped)):
            message = f"the sessions are those of each {name}, which is not grouped by"
            yield self.found(subject, window.this, message, f'add ", {name}" to GROUP BY', why)
        for name, key in grouped.items():
            if name not in partition:
                message = f"{name} is grouped by, but the sessions are not those of each {name}"
                yield self.found(subject, key, message, f"add {name} to PARTITION BY of SESSION", why)
