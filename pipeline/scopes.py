"""What names mean in one SELECT: finds the field of a column, and tells what else was meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from sqlglot import exp

from pipeline.locate import Locator
from pipeline.model.diagnostics import Diagnostic
from pipeline.names import EVENT_TIME, WIRE_TIME
from pipeline.relations import Field, Relation, field_names
from pipeline.suggest import suggestion

OWN_FIELDS = "custom_properties"
"""The object that holds an event's own fields on the wire; in SQL they are columns like the others."""

Scope = dict[str, Relation]
"""What names mean in one SELECT: alias or table name -> relation."""


class PatternScope(Scope):
    """What names mean in MATCH_RECOGNIZE: each variable is the input `rows`; a bare column is any variable's.

    `certain` are the variables that every match has at least one row of.
    """

    def __init__(self, variables: Iterable[str], rows: Relation, certain: frozenset[str]) -> None:
        super().__init__(dict.fromkeys(variables, rows))
        self.rows = rows
        self.certain = certain


class NamesInScope:
    """Finds fields by name; `diagnostics` collects what is wrong."""

    def __init__(self, locator: Locator) -> None:
        self.locator = locator
        self.diagnostics: list[Diagnostic] = []

    def report(self, node: exp.Expr | None, code: str, message: str, hint: str = "", why: str = "") -> None:
        """Add a mistake found at the node."""
        self.diagnostics.append(Diagnostic(self.locator.at(node), code, message, hint, why))

    def field_of(self, column: exp.Column, scope: Scope) -> Field | None:
        """The field that a column means; None after reporting an unknown or ambiguous name."""
        name, table = column.name, column.table
        if not all(relation.known for relation in scope.values()):
            return None
        if table and table not in scope:
            self._unknown_table(column, scope)
            return None
        relations = [scope[table]] if table else list(scope.values())
        if isinstance(scope, PatternScope) and not table:
            relations = [scope.rows]
        found = [field for relation in relations if (field := relation.get(name))]
        if len(found) > 1:
            hint = "say which: " + " or ".join(f"{alias}.{name}" for alias in scope if scope[alias].get(name))
            self.report(column, "ambiguous-column", f'"{name}" is in several tables', hint)
            return None
        if not found:
            self._unknown_column(column, relations)
            return None
        if isinstance(scope, PatternScope):
            uncertain = bool(table) and table not in scope.certain
            return replace(found[0], kind=found[0].kind.null(True)) if uncertain else found[0]
        if len(scope) > 1 and not table:
            alias = next(alias for alias, relation in scope.items() if relation.get(name))
            column.set("table", exp.to_identifier(alias))
        if len(scope) == 1 and table:
            # `p.amount` and `amount` are one column: rules and stages compare expressions as trees.
            start, end = column.args["table"].meta.get("start"), column.this.meta.get("end")
            if start is not None and end is not None:
                column.meta.update(start=start, end=end)
            column.set("table", None)
        return found[0]

    def _unknown_table(self, column: exp.Column, scope: Scope) -> None:
        table, named = column.table, [name for name in scope if not re.fullmatch(r"_\d+", name)]
        where, words = ("PATTERN", "Variables") if isinstance(scope, PatternScope) else ("FROM", "Tables")
        hint = suggestion(table, named) + (f"{words}: {', '.join(named)}" if named else "")
        if any(relation.get(column.name) for relation in scope.values()):
            bare = not named or table == OWN_FIELDS
            hint = f"{column.name} is an ordinary column: write {column.name}" if bare else hint
        self.report(column.args["table"], "unknown-table", f'"{table}" is not in {where}', hint)

    def _unknown_column(self, column: exp.Column, relations: list[Relation]) -> None:
        where = f" in {relations[0].label}" if len(relations) == 1 else ""
        listing = relations[0].listing() if relations else "there is no FROM"
        if len(relations) > 1:
            listing = f"Fields: {', '.join(field_names(relations)[:20])}"
        hint = suggestion(column.name, field_names(relations)) + listing
        if column.name == WIRE_TIME and any(relation.get(EVENT_TIME) for relation in relations):
            hint = f"in SQL it is called {EVENT_TIME}"
        hint = _of_output(column) or hint
        bare = not column.table and isinstance(column.parent, (exp.EQ, exp.NEQ, exp.In))
        if bare and not suggestion(column.name, field_names(relations)):
            hint = f"a text stands in quotes: '{column.name}'. {hint}"
        self.report(column.this, "unknown-column", f'unknown column "{column.name}"{where}', hint)


def _of_output(column: exp.Column) -> str:
    """What to write where the name is that of an output of the same SELECT; empty where it is none."""
    select = column.find_ancestor(exp.Select)
    if column.table or select is None:
        return ""
    for item in select.expressions:
        if isinstance(item, exp.Alias) and item.alias == column.name and item.find(exp.Column) is not column:
            text = item.this.sql(dialect="flink", comments=False)
            if column.find_ancestor(exp.Where) and item.find(exp.AggFunc):
                return f"it names an output, which WHERE cannot know: write HAVING {text} ... behind GROUP BY"
            return f"it names an output, which is not known here: write its expression, {text}"
    return ""
