"""Rule: the branches of a UNION ALL are one table."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.queries import unaliased
from pipeline.rules.rule import Rule, Subject
from pipeline.sql_types import common_type, from_tree


class UnionBranches(Rule):
    """The branches of a UNION ALL have the same columns, and a literal in each tells them apart.

    Columns are joined by place, not by name; rows of two branches with one key would overwrite each other.
    """

    code = "union-branches"
    needs_types = True

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Branches that differ from the first in number, names or types, or in nothing at all."""
        first, *others = subject.selects() or [exp.Select()]
        for select in others:
            if len(select.expressions) != len(first.expressions):
                given, wanted = len(select.expressions), len(first.expressions)
                message = f"this branch has {given} columns, the first has {wanted}"
                yield self.found(subject, select.expressions[0], message, "give both the same columns")
                continue
            yield from self._columns(subject, first, select)
        if others and all(len(select.expressions) == len(first.expressions) for select in others):
            yield from self._apart(subject, [first, *others])

    def _columns(self, subject: Subject, first: exp.Select, other: exp.Select) -> Iterator[Diagnostic]:
        for left, right in zip(first.expressions, other.expressions, strict=True):
            if left.alias_or_name != right.alias_or_name:
                message = f'"{right.alias_or_name}" stands where the first branch has "{left.alias_or_name}"'
                yield self.found(subject, right, message, "give each column the same name and place")
                continue
            items = [item for item in map(unaliased, (left, right)) if item.type]
            kinds = [kind for item in items if item.type and (kind := from_tree(item.type, True))]
            if len(kinds) == 2 and (common_type(kinds) is None or kinds[0].name != kinds[1].name):
                if all(kind.is_text for kind in kinds):
                    continue
                message = f'"{right.alias_or_name}" is {kinds[1]} here and {kinds[0]} in the first branch'
                yield self.found(subject, right, message, f"CAST it to {kinds[0]}")

    def _apart(self, subject: Subject, selects: list[exp.Select]) -> Iterator[Diagnostic]:
        seen: dict[tuple[str, ...], int] = {}
        for number, select in enumerate(selects, 1):
            items = map(unaliased, select.expressions)
            values = tuple(item.name for item in items if isinstance(item, exp.Literal))
            if values in seen:
                message = f"nothing tells this branch from branch {seen[values]}"
                hint = "add a literal column with another value in each: '5m' AS period"
                why = "Rows of both branches with the same key would overwrite each other."
                yield self.found(subject, select.expressions[0], message, hint, why)
            seen.setdefault(values, number)
