"""Stage `resolve`: every name gets its meaning and every expression its type, against the contracts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlglot import exp

from pipeline import sql_types as types
from pipeline.locate import Locator
from pipeline.model.contracts import Contracts
from pipeline.model.diagnostics import Diagnostic
from pipeline.model.models import Column, Parsed, Resolved, Rows
from pipeline.queries import branches
from pipeline.relations import Relation, relations_of
from pipeline.resolving.context import UNRESOLVED, Context
from pipeline.resolving.query import QueryResolver
from pipeline.resolving.typer import ModelTyper
from pipeline.resolving.upstream import put_in_front
from pipeline.resolving.values import with_allowed_texts

_QUESTION = re.compile(r"\A(?:[ \t]*\n)*((?:[ \t]*--[^\n]*(?:\n|\Z))+)")
_TRAILING = re.compile(r"[ \t]*,?[ \t]*--[ \t]*([^\n]*)((?:\n[ \t]*--[^\n]*)*)")


@dataclass(frozen=True)
class Attempt:
    """What resolving a model gave: `resolved` is None where `diagnostics` says why.

    `tree` is then the query as far as its names and types are known.
    """

    resolved: Resolved | None
    diagnostics: tuple[Diagnostic, ...]
    tree: exp.Expr


def resolve(
    parsed: Parsed,
    contracts: Contracts,
    model_names: Iterable[str],
    models: Mapping[str, Resolved | None] | None = None,
) -> tuple[Resolved | None, tuple[Diagnostic, ...]]:
    """Resolve one model, as `attempt` does; without the query that could be resolved in part only."""
    found = attempt(parsed, contracts, model_names, models)
    return found.resolved, found.diagnostics


def attempt(
    parsed: Parsed,
    contracts: Contracts,
    model_names: Iterable[str],
    models: Mapping[str, Resolved | None] | None = None,
) -> Attempt:
    """Resolve one model.

    `model_names` (all of the project) tells a model from an unknown table; `models` are those that were
    resolved before it, since it reads them (None where one has errors).
    """
    known = dict.fromkeys(model_names) | dict(models or {})
    resolver = _Resolver(parsed, contracts, known)
    tree = parsed.tree.copy()
    relation = resolver.queries.query(tree, {}, outermost=True)
    put_in_front(tree, resolver.context.hoisted)
    if relation.known and relation.updating:
        hint = "keep the first row instead: ORDER BY event_time"
        where = branches(tree)[0].args.get("where")
        place = where.this if where else branches(tree)[0]
        message = "rows of the model are taken back"
        resolver.typer.report(place, "updating", message, hint, relation.updating)
    question = resolver.question()
    columns = resolver.columns(tree, relation)
    if resolver.typer.diagnostics or not relation.known:
        return Attempt(None, tuple(resolver.typer.diagnostics), tree)
    context = resolver.context
    resolved = Resolved(
        parsed,
        tree,
        question,
        columns,
        tuple(sorted(context.reads)),
        tuple(sorted(context.upstream)),
        _rows(relation, columns),
    )
    return Attempt(resolved, (), tree)


def _rows(relation: Relation, columns: tuple[Column, ...]) -> Rows:
    order = {column.name: index for index, column in enumerate(columns)}
    keys = [tuple(sorted(key, key=lambda name: order.get(name, 0))) for key in relation.keys]
    return Rows(
        tuple(sorted(dict.fromkeys(keys), key=len)), relation.missing, relation.reach_ms, relation.remembers
    )


def _no_table(_query: exp.Expr) -> Relation:
    """What a query that stands in a condition or an output is: a rule refuses it, whatever is in it."""
    return UNRESOLVED


class _Resolver:
    """One model: its queries, its question and its columns' descriptions."""

    def __init__(self, parsed: Parsed, contracts: Contracts, models: Mapping[str, Resolved | None]) -> None:
        self.locator = Locator(parsed.rendered)
        self.typer = ModelTyper(self.locator, _no_table)
        source = parsed.rendered.source
        tables = with_allowed_texts(relations_of(contracts), contracts)
        self.context = Context(source.name, self.locator, self.typer, tables, models)
        self.queries = QueryResolver(self.context)

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
            untyped = kind.name == "NULL" and not item.find(exp.Query)
            if untyped and relation.known and not self.typer.diagnostics:
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
                    field.window,
                    field.span,
                    field.event_time,
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
