"""Rule: an output is grouped by or aggregated."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.functions import FUNCTIONS
from pipeline.model.diagnostics import Diagnostic
from pipeline.queries import aggregates, group_keys, is_aggregate
from pipeline.rules.rule import Rule, Subject
from pipeline.suggest import closest


class UngroupedColumn(Rule):
    """A column of an aggregating SELECT is in GROUP BY or inside an aggregate.

    Otherwise a group has many values for it, and none is right.
    """

    code = "ungrouped-column"
    needs_types = True
    takes_part = True

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Columns in outputs and HAVING that are neither."""
        for select in subject.all_selects():
            if not select.args.get("group") and not any(aggregates(select)):
                continue
            keys = group_keys(select)
            if select.meta.get("known") is False or any(isinstance(key, exp.Literal) for key in keys):
                continue
            unknown = {key.name for key in keys if isinstance(key, exp.Column) and not subject.knows(key)}
            having = select.args.get("having")
            for part in [*select.expressions, *([having.this] if having else [])]:
                # An output's name in GROUP BY is a mistake of its own.
                loose = [] if part.alias in unknown else list(_loose(part, keys))
                for column in loose:
                    # A missing window column is told by the rule of its own.
                    bound = column.name in ("window_start", "window_end")
                    # A misspelt key may be this very column.
                    meant = any(closest(name, [column.name]) for name in unknown)
                    named = isinstance(column.this, exp.Identifier) and not bound
                    if named and not meant and subject.knows(column):
                        message = f'"{column.name}" is neither grouped by nor aggregated'
                        hint = f'add ", {column.name}" to GROUP BY, or aggregate it'
                        yield self.found(subject, column, message, hint)


def _loose(node: exp.Expr, keys: list[exp.Expr]) -> Iterator[exp.Column]:
    if isinstance(node, exp.Anonymous) and node.name.upper() not in FUNCTIONS:
        # It may have been meant to be an aggregate.
        return
    if any(node == key for key in keys) or is_aggregate(node) or isinstance(node, (exp.Filter, exp.Query)):
        return
    if isinstance(node, exp.Column):
        yield node
        return
    for part in node.iter_expressions():
        yield from _loose(part, keys)
