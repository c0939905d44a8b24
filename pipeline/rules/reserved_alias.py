"""Rule: an output's name is no word of the language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.names import ITEM_ATTRIBUTES
from pipeline.rules.rule import Rule, Subject
from sqlglot_flink import RESERVED_WORDS

# Reserved for a feature of the standard that no engine here has, and too good a name to refuse; what is generated
# quotes every name.
_ALLOWED = frozenset({"PERIOD"})
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


class ReservedAlias(Rule):
    """An output is named in snake_case, by a word that is neither Flink's nor ours.

    `minute`, `views` or `value` would need quotes in every engine that reads the table, and names that begin
    with `_` are attributes of a result row.
    """

    code = "reserved-alias"

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Outputs with a reserved name, or one that is not snake_case."""
        for select in subject.selects():
            for item in select.expressions:
                name = item.alias_or_name
                place = item.args["alias"] if isinstance(item, exp.Alias) else item
                if name.upper() in RESERVED_WORDS - _ALLOWED:
                    message = f'"{name}" is a reserved word of Flink'
                    yield self.found(subject, place, message, f"name it {name}_start, {name}_count, ...")
                elif name in ITEM_ATTRIBUTES:
                    message = f'"{name}" is an attribute of every result row'
                    yield self.found(subject, place, message, "choose another name")
                elif name and name != "*" and not _NAME.fullmatch(name):
                    message = f'"{name}" is not snake_case'
                    yield self.found(subject, place, message, "use lower case, digits and single underscores")
