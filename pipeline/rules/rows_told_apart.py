"""Rule: each row has a time, and can be told from every other."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model.diagnostics import Diagnostic
from pipeline.queries import branches
from pipeline.rules.group_without_window import GroupWithoutWindow
from pipeline.rules.key_incomplete import KeyIncomplete
from pipeline.rules.match_without_within import MatchWithoutWithin
from pipeline.rules.not_repeatable import NotRepeatable
from pipeline.rules.rule import Rule, Subject
from pipeline.rules.unbounded_join import UnboundedJoin
from pipeline.rules.union_branches import UnionBranches
from pipeline.rules.window_arguments import WindowArguments
from pipeline.rules.window_in_sets import WindowInSets


class RowsToldApart(Rule):
    """A model gives a time, and columns that no two of its rows share.

    The time is a window's start, or for rows without a window the time attribute. Both together are the row's
    key: without them rows overwrite each other.
    """

    code = "rows-not-told-apart"
    needs_types = True

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Models without a time or a key."""
        model = subject.classified
        if model is None:
            return
        others = (
            KeyIncomplete(),
            UnionBranches(),
            GroupWithoutWindow(),
            UnboundedJoin(),
            MatchWithoutWithin(),
            WindowArguments(),
            WindowInSets(),
            NotRepeatable(),
        )
        if any(True for rule in others for _ in rule.check(subject)):
            return
        first = branches(subject.tree)[0].expressions[0]
        if not model.time_column:
            hint = "add window_start AS <name>, or for rows without a window event_time"
            yield self.found(subject, first, "no output says when", hint)
            return
        time = next(column for column in model.resolved.columns if column.name == model.time_column)
        if time.nullable:
            hint = "COALESCE(a.window_start, b.window_start) AS <name> where a side may be missing"
            message = f'"{time.name}" may be NULL, and is the time of the row'
            yield Diagnostic(time.position, self.code, message, hint)
        if time.bound == "end" and not any(column.bound == "start" for column in model.resolved.columns):
            yield Diagnostic(
                time.position, self.code, "no output is the window's start", "add window_start AS <name>"
            )
        rows = model.resolved.rows
        if not rows.keys:
            lacking = ", ".join(rows.missing) or "event_id"
            why = "Rows with the same key would overwrite each other."
            message = "rows of this model cannot be told apart"
            yield self.found(subject, first, message, f"add {lacking} to SELECT", why)
        elif self._needs_end(subject):
            hint = "add window_end AS <name>"
            yield self.found(subject, first, "no output is the window's end", hint)

    def _needs_end(self, subject: Subject) -> bool:
        """Whether a window's end cannot be reckoned from its start, and is not there."""
        model = subject.classified
        if model is None or any(column.bound == "end" for column in model.resolved.columns):
            return False
        return any(
            window.kind == "cumulate" or (window.kind == "session" and not select.meta.get("window_end"))
            for select, window in zip(subject.selects(), model.windows, strict=True)
        )
