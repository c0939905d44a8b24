"""Rule: each output has a name of its own."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.rules.rule import Rule, Subject


class DuplicateOutput(Rule):
    """No two outputs have one name, upper and lower case apart.

    They are the attributes of one row.
    """

    code = "duplicate-output"

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Outputs whose name is taken."""
        for select in subject.selects():
            seen: dict[str, int] = {}
            for item in select.expressions:
                name = item.alias_or_name
                if name and name != "*" and name.lower() in seen:
                    place = item.args["alias"] if isinstance(item, exp.Alias) else item
                    hint = f"the first is in line {seen[name.lower()]}: give this one a name of its own"
                    yield self.found(subject, place, f'there are two outputs called "{name}"', hint)
                    continue
                seen[name.lower()] = subject.locator.at(item).line
