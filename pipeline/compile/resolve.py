"""Stage `resolve`: every name gets its meaning and every expression its type, against the contracts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from sqlglot import exp

from pipeline import sql_types as types
from pipeline.expressions import ExpressionTyper, Scope
from pipeline.locate import Locator
from pipeline.model.contracts import Contracts
from pipeline.model.diagnostics import Diagnostic
from pipeline.model.models import Column, Parsed, Resolved
from pipeline.names import EVENT_TIME, WIRE_TIME
from pipeline.queries import branches, unaliased
from pipeline.relations import Field, Relation, relations_of
from pipeline.suggest import suggestion
from sqlglot_flink import Descriptor, TableArgument, TableFunction, WindowFunction

_QUESTION = re.compile(r"\A(?:[ \t]*\n)*((?:[ \t]*--[^\n]*(?:\n|\Z))+)")
_TRAILING = re.compile(r"[ \t]*,?[ \t]*--[ \t]*([^\n]*)((?:\n[ \t]*--[^\n]*)*)")
_UNRESOLVED = Relation("what could not be resolved", (), known=False)


def resolve(
    parsed: Parsed, contracts: Contracts, model_names: Iterable[str]
) -> tuple[Resolved | None, tuple[Diagnostic, ...]]:
    """Resolve one model; `model_names` (all of the project) tells a model from an unknown table."""
    resolver = _Resolver(parsed, contracts, frozenset(model_names))
    tree = parsed.tree.copy()
    relation = resolver.query(tree, {})
    question = resolver.question()
    columns = resolver.columns(tree, relation)
    if resolver.typer.diagnostics:
        return None, tuple(resolver.typer.diagnostics)
    return Resolved(parsed, tree, question, columns, tuple(sorted(resolver.reads))), ()


class _Resolver:
    """Walks one model's tree, from the innermost query outwards."""

    def __init__(self, parsed: Parsed, contracts: Contracts, model_names: frozenset[str]) -> None:
        self.locator = Locator(parsed.rendered)
        self.model = parsed.rendered.source
        self.tables = relations_of(contracts)
        self.model_names = model_names
        self.reads: set[str] = set()
        self.common: dict[str, Relation] = {}
        self.typer = ExpressionTyper(self.locator, lambda node: self.query(node, self.common))

    def query(self, node: exp.Expr, outer: dict[str, Relation]) -> Relation:
        """The relation that a query gives; `outer` holds the CTEs it can see."""
        common = dict(outer)
        with_ = node.args.get("with_")
        for cte in with_.expressions if with_ else []:
            result = self.query(cte.this, common)
            common[cte.alias] = replace(result, label=f'the CTE "{cte.alias}"', home="")
        if isinstance(node, exp.Subquery):
            return self.query(node.this, common)
        if isinstance(node, exp.SetOperation):
            return self._union(node, common)
        if isinstance(node, exp.Select):
            return self._select(node, common)
        self.typer.report(node, "not-compiled-yet", f"{node.key.upper()} is not compiled yet")
        return _UNRESOLVED

    def _union(self, node: exp.SetOperation, common: dict[str, Relation]) -> Relation:
        if not isinstance(node, exp.Union) or node.args.get("distinct"):
            hint = "write UNION ALL and keep the branches apart with a literal column"
            self.typer.report(
                node.right, "set-operation", f"only UNION ALL joins results, not {node.key.upper()}", hint
            )
        left, right = self.query(node.left, common), self.query(node.right, common)
        fields = []
        for index, field in enumerate(left.fields):
            other = right.fields[index].kind if index < len(right.fields) else field.kind
            fields.append(replace(field, kind=types.common_type([field.kind, other]) or field.kind))
        return Relation("the UNION ALL", tuple(fields), known=left.known and right.known)

    def _select(self, select: exp.Select, common: dict[str, Relation]) -> Relation:
        self.common = common
        scope = self._scope(select, common)
        for key in ("where", "having", "qualify"):
            clause = select.args.get(key)
            if clause:
                self.typer.condition(clause.this, scope)
        group = select.args.get("group")
        for expression in group.expressions if group else []:
            self.typer.type_of(expression, scope)
        for key, what in (("order", "ORDER BY"), ("limit", "LIMIT"), ("offset", "OFFSET")):
            if select.args.get(key):
                hint = "a model is a table, which has no order; take it out"
                self.typer.report(select.args[key], "no-order", f"{what} means nothing here", hint)
        fields = [field for item in select.expressions if (field := self._output(item, scope))]
        known = all(relation.known for relation in scope.values()) and len(fields) == len(select.expressions)
        return Relation("the subquery", tuple(fields), known=known)

    def _output(self, item: exp.Expr, scope: Scope) -> Field | None:
        expression = unaliased(item)
        if isinstance(expression, exp.Star) or (
            isinstance(expression, exp.Column) and isinstance(expression.this, exp.Star)
        ):
            hint = "name each column, so that a new field changes nothing by itself"
            self.typer.report(expression, "select-star", "SELECT * hides what the model gives", hint)
            return None
        field = None
        if isinstance(expression, exp.Column):
            field = self.typer.field_of(expression, scope)
            kind = field.kind if field else None
            if kind:
                self.typer.type_of(item, scope)
        else:
            kind = self.typer.type_of(item, scope)
        name = item.alias if isinstance(item, exp.Alias) else item.name if field else ""
        if not name:
            if not isinstance(expression, exp.Column):
                self.typer.report(expression, "no-alias", "this output has no name", "add AS <name>")
            return None
        # A mistake in the expression is reported: the name goes on, so that it is not unknown further out.
        kind = kind or types.NULL
        if field is None:
            return Field(name, kind, money=self._is_money(expression, scope))
        return replace(field, name=name, kind=kind)

    def _is_money(self, expression: exp.Expr, scope: Scope) -> bool:
        """Whether the value is an amount of money: reckoned from one by sums, not by counting it."""
        if isinstance(expression, (exp.Count, exp.Predicate)):
            return False
        if isinstance(expression, exp.Column):
            found = [field for relation in scope.values() if (field := relation.get(expression.name))]
            return any(field.money for field in found)
        # A quotient of two amounts is a ratio.
        if isinstance(expression, exp.Div):
            left, right = self._is_money(expression.this, scope), self._is_money(expression.expression, scope)
            return left and not right
        if isinstance(expression, exp.Case):
            results = [part.args["true"] for part in expression.args["ifs"]]
            return any(
                self._is_money(part, scope) for part in (*results, expression.args.get("default")) if part
            )
        parts = [expression.this] if isinstance(expression, exp.Filter) else expression.iter_expressions()
        return any(self._is_money(part, scope) for part in parts)

    def _scope(self, select: exp.Select, common: dict[str, Relation]) -> Scope:
        source = select.args.get("from_")
        if not source:
            self.typer.report(select, "no-from", "the SELECT reads nothing", f"add FROM; {self._choices()}")
            return {}
        if select.args.get("match"):
            self.typer.report(source.this, "not-compiled-yet", "MATCH_RECOGNIZE is not compiled yet")
            return {"": _UNRESOLVED}
        scope: Scope = {}
        self._add(scope, source.this, common, outer=False)
        for join in [*(select.args.get("joins") or []), *(select.args.get("laterals") or [])]:
            if not isinstance(join, exp.Join):
                self.typer.report(join, "not-compiled-yet", "LATERAL is not compiled yet")
                continue
            self._add(scope, join.this, common, outer=join.side in ("LEFT", "FULL"))
            if join.side in ("RIGHT", "FULL"):
                last = list(scope)[-1]
                scope = {name: rel if name == last else rel.optional() for name, rel in scope.items()}
            if join.args.get("on"):
                self.typer.condition(join.args["on"], scope)
        return scope

    def _add(self, scope: Scope, node: exp.Expr, common: dict[str, Relation], outer: bool) -> None:
        relation = self._relation(node, common)
        name = node.alias_or_name or f"_{len(scope)}"
        if name in scope:
            self.typer.report(node, "duplicate-table", f'"{name}" is in FROM twice', "give each an alias")
        scope[name] = relation.optional() if outer else relation

    def _relation(self, node: exp.Expr, common: dict[str, Relation]) -> Relation:
        if isinstance(node, exp.Subquery):
            return self.query(node.this, common)
        if isinstance(node, exp.Table) and isinstance(node.this, TableFunction):
            return self._window(node.this, common)
        if isinstance(node, exp.Table):
            return self._table(node, common)
        self.typer.report(node, "not-compiled-yet", "this in FROM is not compiled yet", self._choices())
        return _UNRESOLVED

    def _window(self, function: TableFunction, common: dict[str, Relation]) -> Relation:
        window = function.this
        if not isinstance(window, WindowFunction):
            self.typer.report(
                window, "unknown-function", "not a window function", "choose TUMBLE, HOP, CUMULATE or SESSION"
            )
            return _UNRESOLVED
        argument = window.this
        assert isinstance(argument, TableArgument)
        inner = self._relation(argument.this, common)
        for key in argument.args.get("partition_by") or []:
            self.typer.type_of(key, {argument.this.alias_or_name or "_0": inner})
        descriptor = window.args["time"]
        assert isinstance(descriptor, Descriptor)
        if inner.known:
            self._descriptor(descriptor, inner)
        return inner.windowed()

    def _descriptor(self, descriptor: Descriptor, inner: Relation) -> None:
        for identifier in descriptor.expressions:
            field = inner.get(identifier.name)
            times = [item.name for item in inner.fields if item.time_attribute]
            descriptor.meta["time_attribute"] = bool(field and field.time_attribute)
            descriptor.meta["time_columns"] = times
            if field is None:
                hint = suggestion(identifier.name, [item.name for item in inner.fields]) + inner.listing()
                if identifier.name == WIRE_TIME and inner.get(EVENT_TIME):
                    hint = f"in SQL it is called {EVENT_TIME}"
                message = f'unknown column "{identifier.name}" in {inner.label}'
                self.typer.report(identifier, "unknown-column", message, hint)

    def _table(self, node: exp.Table, common: dict[str, Relation]) -> Relation:
        name = node.name
        if not isinstance(node.this, exp.Identifier):
            hint = "write FROM TABLE(TUMBLE(TABLE <event>, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))"
            self.typer.report(node, "bad-table", "a function in FROM stands inside TABLE( )", hint)
            return _UNRESOLVED
        if node.args.get("db"):
            self.typer.report(node, "unknown-table", "a table has no database here", self._choices())
            return _UNRESOLVED
        if name in common:
            return common[name]
        if name in self.tables:
            self.reads.add(name)
            return self.tables[name]
        if name == self.model.name:
            self.typer.report(node.this, "self-reference", "the model selects from itself", self._choices())
        elif name in self.model_names:
            message = f'selecting from the model "{name}" is not compiled yet'
            self.typer.report(
                node.this, "not-compiled-yet", message, f"select from events; {self._choices()}"
            )
        else:
            hint = suggestion(name, [*self.tables, *common]) + self._choices()
            self.typer.report(node.this, "unknown-table", f'unknown table "{name}"', hint)
        return _UNRESOLVED

    def _choices(self) -> str:
        return f"Tables: {', '.join(self.tables)} (sql/events/)"

    def question(self) -> str:
        """The question that the first comment asks."""
        match = _QUESTION.match(self.locator.sql)
        lines = [line.strip().lstrip("-").strip() for line in match[1].splitlines()] if match else []
        text = " ".join(line for line in lines if line)
        if not text:
            place = self.locator.between(0, max(len(self.locator.sql.partition("\n")[0]), 1))
            hint = "begin with a comment: -- How much money does the shop take each minute?"
            message = "the first line does not say which question the model answers"
            self.typer.diagnostics.append(Diagnostic(place, "no-question", message, hint))
        return text

    def columns(self, tree: exp.Expr, relation: Relation) -> tuple[Column, ...]:
        """The output columns with their descriptions, which stand behind them in the first SELECT."""
        first = branches(tree)
        items = first[0].expressions if first else []
        by_name = {field.name: field for field in relation.fields}
        columns = []
        for item in items:
            field = by_name.get(item.alias_or_name)
            if field is None:
                continue
            kind = types.STRING.null(field.kind.nullable) if field.kind.is_text else field.kind
            if kind.name == "NULL" and not self.typer.diagnostics:
                self.typer.report(item, "no-type", "a bare NULL has no type", "CAST(NULL AS <type>)")
            description = self._description(item)
            columns.append(
                Column(
                    field.name,
                    str(kind),
                    kind.nullable,
                    description,
                    self.locator.at(item),
                    field.identifier,
                    field.money,
                )
            )
        return tuple(columns)

    def _description(self, item: exp.Expr) -> str:
        span = self.locator.span(item)
        match = _TRAILING.match(self.locator.sql, span[1]) if span else None
        lines = [match[1], *match[2].splitlines()] if match else []
        words = (line.strip().lstrip("-").strip() for line in lines)
        text = " ".join(filter(None, words))
        if not text:
            hint = f"write it behind the column: {item.alias_or_name},  -- meaning and unit"
            why = "It documents the API, the table and the page."
            message = f'output column "{item.alias_or_name}" has no description'
            self.typer.report(item, "no-description", message, hint, why)
        return text
