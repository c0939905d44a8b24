"""Rule: each row has a time, and can be told from every other."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.model.models import Classified
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

Side = tuple[str, str]
_MEASURED = "measure the time of a variable that every match has"


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
            hint = _MEASURED if _has_pattern(subject) else hint
            message = f'"{time.name}" may be NULL, and is the time of the row'
            yield Diagnostic(time.position, self.code, message, hint)
        if time.bound == "end" and not any(column.bound == "start" for column in model.resolved.columns):
            yield Diagnostic(
                time.position, self.code, "no output is the window's start", "add window_start AS <name>"
            )
        if not model.resolved.rows.keys:
            yield self._without_key(subject, model, first)
        elif self._needs_end(subject):
            hint = "add window_end AS <name>"
            yield self.found(subject, first, "no output is the window's end", hint)

    def _without_key(self, subject: Subject, model: Classified, first: exp.Expr) -> Diagnostic:
        missing = model.resolved.rows.missing
        lacking = ", ".join(missing) or "event_id"
        place, hint = first, f"add {lacking} to SELECT"
        why = "Rows with the same key would overwrite each other."
        joined = _unsure_join(subject)
        if joined is not None and not missing:
            place, sides = joined
            left, right = (".".join(side) for side in sides)
            hint = f"compare them so: {left} IS NOT DISTINCT FROM {right}"
            why = f"Where {left} and {right} are NULL they are not equal: both sides give a row with one key."
        elif _sessions(model) and "window_end" in lacking:
            why = "Two sessions may begin in the same moment; rows with the same key overwrite each other."
        return self.found(subject, place, "rows of this model cannot be told apart", hint, why)

    def _needs_end(self, subject: Subject) -> bool:
        """Whether a window's end cannot be reckoned from its start, and is not there."""
        model = subject.classified
        if model is None or any(column.bound == "end" for column in model.resolved.columns):
            return False
        return any(
            window.kind == "cumulate" or (window.kind == "session" and not select.meta.get("window_end"))
            for select, window in zip(subject.selects(), model.windows, strict=True)
        )


def _unsure_join(subject: Subject) -> tuple[exp.Expr, tuple[Side, Side]] | None:
    """The table that a FULL JOIN joins by columns that may be NULL on both sides, and those columns."""
    for select in subject.all_selects():
        for join in select.args.get("joins") or []:
            if "apart" in join.meta:
                return join.this, join.meta["apart"]
    return None


def _has_pattern(subject: Subject) -> bool:
    return any(isinstance(node, exp.MatchRecognize) for node in subject.nodes())


def _sessions(model: Classified) -> bool:
    return any(window.kind == "session" for window in model.windows)
