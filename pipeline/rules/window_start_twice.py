"""Rule: a window's start is given once."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.queries import unaliased
from pipeline.rules.rule import Rule, Subject


class WindowStartTwice(Rule):
    """Each of window_start, window_end and window_time is an output at most once.

    A second copy says nothing, and a table with two time columns makes it unclear which one is the key.
    """

    code = "window-column-twice"

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Outputs that repeat a window column."""
        for select in subject.selects():
            # Joined by an interval, rows have windows of their own.
            apart = any(join.meta.get("bound") == "interval" for join in select.args.get("joins") or [])
            seen: dict[tuple[str, str], str] = {}
            for item in select.expressions:
                column = unaliased(item)
                if not isinstance(column, exp.Column) or not column.name.startswith("window_"):
                    continue
                told = (column.table if apart else "", column.name)
                if told in seen:
                    message = f"{column.name} is given twice"
                    hint = f'take one out; the first is "{seen[told]}"'
                    yield self.found(subject, item, message, hint)
                seen.setdefault(told, item.alias_or_name)
