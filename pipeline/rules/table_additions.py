"""Rule: nothing stands beside a table that would change its rows unseen."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.rules.rule import Rule, Subject

_PLAIN = ("this", "alias", "version", "match", "joins", "db", "catalog")
_WORDS = {"sample": "TABLESAMPLE", "pivots": "PIVOT", "hints": "a hint to the planner"}


class TableAdditions(Rule):
    """No TABLESAMPLE, PIVOT, QUALIFY or hint stands beside a table.

    They are not everywhere, or give other rows each time.
    """

    code = "not-compiled-yet"
    needs_types = True
    takes_part = True

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Tables and subqueries with such additions."""
        for node in subject.nodes():
            if isinstance(node, (exp.Table, exp.Subquery)):
                for key, value in node.args.items():
                    if value and key not in _PLAIN:
                        what = _WORDS.get(key, key.upper().rstrip("_"))
                        named = isinstance(node.this, exp.Identifier)
                        place = node.this if named else node
                        yield self.found(subject, place, f"{what} is not compiled yet", "take it out")
            elif isinstance(node, exp.Select) and node.args.get("hint"):
                message = "a hint to the planner is not compiled yet"
                hint = "take it out; settings are generated"
                yield self.found(subject, node.expressions[0], message, hint)
            elif isinstance(node, exp.Qualify):
                hint = "put the query into FROM ( ... ), and the condition into WHERE behind it"
                yield self.found(subject, node, "Flink 1.20 has no QUALIFY", hint)
