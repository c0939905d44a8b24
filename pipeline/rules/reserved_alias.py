"""Rule: an output's name is no word of the language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.names import ITEM_ATTRIBUTES
from pipeline.rules.rule import Rule, Subject
from sqlglot_flink import RESERVED_WORDS

# Reserved for a feature of the standard that no engine here has, and too good a name to refuse; what is
# generated quotes every name.
_ALLOWED = frozenset({"PERIOD"})
_TOLD_BY_THE_API = frozenset({"status", "as_of", "age_ms"})
_WINDOW_BOUNDS = frozenset({"window_start", "window_end"})
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


class ReservedAlias(Rule):
    """An alias is snake_case, and a word that is neither Flink's nor ours.

    `minute`, `views` or `value` would need quotes wherever the table is read. A field that a contract names
    so may be an output under its own name: an analyst cannot rename it, and what is generated quotes it.
    """

    code = "reserved-alias"

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Aliases that are reserved, or not snake_case."""
        for select in subject.selects():
            for item in select.expressions:
                if not isinstance(item, exp.Alias):
                    continue
                name, place = item.alias, item.args["alias"]
                if name.upper() in RESERVED_WORDS - _ALLOWED:
                    message = f'"{name}" is a reserved word of Flink'
                    yield self.found(subject, place, message, f"name it otherwise, such as {_another(item)}")
                elif name in ITEM_ATTRIBUTES or name in _TOLD_BY_THE_API or _hides_a_bound(item):
                    message = f'"{name}" is an attribute of every result row'
                    yield self.found(subject, place, message, "choose another name")
                elif not _NAME.fullmatch(name):
                    message = f'"{name}" is not snake_case'
                    yield self.found(subject, place, message, "use lower case, digits and single underscores")


def _hides_a_bound(item: exp.Alias) -> bool:
    """Whether something else than the window's own bound is given its name."""
    is_bound = isinstance(item.this, exp.Column) and item.this.name == item.alias
    return item.alias in _WINDOW_BOUNDS and not is_bound


def _another(item: exp.Alias) -> str:
    """A name that says the same and is free."""
    name = item.alias.lower()
    if isinstance(item.this, exp.Column) and item.this.name.startswith("window_"):
        return f"{name}_{item.this.name.removeprefix('window_')}"
    if name in ("count", "number", "value", "sum", "avg", "min", "max"):
        return f"event_{name}"
    return f"{name}_count" if item.find(exp.Count) else f"{name}_value"
