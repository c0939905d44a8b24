"""Rule: an output is grouped by or aggregated."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.queries import aggregates, group_keys, is_aggregate
from pipeline.rules.rule import Rule, Subject


class UngroupedColumn(Rule):
    """A column of an aggregating SELECT is in GROUP BY or inside an aggregate.

    Otherwise a group has many values for it, and none is right.
    """

    code = "ungrouped-column"
    needs_types = True

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Columns in outputs and HAVING that are neither."""
        for select in subject.all_selects():
            if not select.args.get("group") and not any(aggregates(select)):
                continue
            keys = group_keys(select)
            having = select.args.get("having")
            for part in [*select.expressions, *([having.this] if having else [])]:
                for column in _loose(part, keys):
                    # A missing window column is told by the rule of its own.
                    if column.name not in ("window_start", "window_end") and isinstance(
                        column.this, exp.Identifier
                    ):
                        message = f'"{column.name}" is neither grouped by nor aggregated'
                        hint = f'add ", {column.name}" to GROUP BY, or aggregate it'
                        yield self.found(subject, column, message, hint)


def _loose(node: exp.Expr, keys: list[exp.Expr]) -> Iterator[exp.Column]:
    if any(node == key for key in keys) or is_aggregate(node) or isinstance(node, (exp.Filter, exp.Query)):
        return
    if isinstance(node, exp.Column):
        yield node
        return
    for part in node.iter_expressions():
        yield from _loose(part, keys)
