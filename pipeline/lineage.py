"""Which fields of which events each output column is reckoned from, and which decide what rows there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlglot import exp

from pipeline.model.contracts import Contracts
from pipeline.model.models import Classified
from pipeline.names import EVENT_TIME
from pipeline.queries import branches, unaliased
from pipeline.relations import WINDOW_COLUMNS, relations_of
from sqlglot_flink import TableArgument, TableFunction, WindowFunction

Origin = tuple[str, str]
"""An event's name (or `events`) and one of its columns."""
Origins = frozenset[Origin]
_NONE: Origins = frozenset()
_ROW_CLAUSES = ("where", "having", "group", "qualify")


@dataclass(frozen=True)
class ColumnLineage:
    """One output column: its expression, and the fields that its value is reckoned from."""

    name: str
    expression: str
    origins: tuple[Origin, ...]


@dataclass(frozen=True)
class Lineage:
    """A model's lineage; `rows` are the fields that filters, groups, windows, joins and patterns look at."""

    columns: tuple[ColumnLineage, ...]
    rows: tuple[Origin, ...]


@dataclass(frozen=True)
class _Relation:
    """What can be selected from: the origins of each column."""

    columns: Mapping[str, Origins]

    def get(self, name: str) -> Origins | None:
        return self.columns.get(name)


_Scope = dict[str, _Relation]


def lineage_of(model: Classified, contracts: Contracts) -> Lineage:
    """The lineage of a model's output columns, through windows, subqueries, CTEs, joins and UNION ALL."""
    walk = _Walk(contracts)
    relation = walk.query(model.resolved.tree, {})
    selects = branches(model.resolved.tree)
    columns = tuple(
        ColumnLineage(
            column.name,
            _expression(selects, index) or column.name,
            tuple(sorted(relation.get(column.name) or _NONE)),
        )
        for index, column in enumerate(model.resolved.columns)
    )
    return Lineage(columns, tuple(sorted(walk.rows)))


def _expression(selects: list[exp.Select], index: int) -> str:
    """The output's expression; where the branches of a UNION ALL differ, each of them."""
    found = [
        unaliased(select.expressions[index]).sql(dialect="flink", comments=False)
        for select in selects
        if index < len(select.expressions)
    ]
    return " | ".join(dict.fromkeys(found))


class _Walk:
    """Goes through a query from the inside out; `rows` gathers what decides about rows on the way."""

    def __init__(self, contracts: Contracts) -> None:
        self._tables = {
            name: _Relation({field.name: frozenset({(name, field.name)}) for field in relation.fields})
            for name, relation in relations_of(contracts).items()
        }
        self.rows: set[Origin] = set()

    def query(self, node: exp.Expr, outer: dict[str, _Relation]) -> _Relation:
        common = dict(outer)
        with_ = node.args.get("with_")
        for cte in with_.expressions if with_ else []:
            common[cte.alias] = _renamed(self.query(cte.this, common), cte)
        if isinstance(node, (exp.Subquery, exp.Paren)):
            return _renamed(self.query(node.this, common), node)
        if isinstance(node, exp.SetOperation):
            left, right = self.query(node.left, common), self.query(node.right, common)
            others = list(right.columns.values())
            return _Relation(
                {
                    name: found | (others[index] if index < len(others) else _NONE)
                    for index, (name, found) in enumerate(left.columns.items())
                }
            )
        if not isinstance(node, exp.Select):
            return _Relation({})
        scope = self._scope(node, common)
        for clause in _ROW_CLAUSES:
            if node.args.get(clause):
                self.rows |= self._origins(node.args[clause], scope, common)
        columns: dict[str, Origins] = {}
        for item in node.expressions:
            if isinstance(unaliased(item), exp.Star):
                for relation in scope.values():
                    columns.update(relation.columns)
            else:
                columns[item.alias_or_name] = self._origins(item, scope, common)
        return _Relation(columns)

    def _scope(self, select: exp.Select, common: dict[str, _Relation]) -> _Scope:
        source = select.args.get("from_")
        scope: _Scope = {}
        if source:
            self._add(scope, source.this, common)
        for join in [*(select.args.get("joins") or []), *(select.args.get("laterals") or [])]:
            self._add(scope, join.this, common)
            if isinstance(join, exp.Join):
                for key in ("on", "using"):
                    parts = join.args.get(key)
                    for part in parts if isinstance(parts, list) else [parts] if parts else []:
                        self.rows |= self._origins(part, scope, common)
        return scope

    def _add(self, scope: _Scope, node: exp.Expr, common: dict[str, _Relation]) -> None:
        relation = self._relation(node, common)
        version = node.args.get("version")
        if isinstance(version, exp.Expr):
            self.rows |= self._origins(version, scope, common)
        scope[node.alias_or_name or f"_{len(scope)}"] = relation
        match = node.args.get("match") or next(
            (found for found in node.args.get("pivots") or [] if isinstance(found, exp.MatchRecognize)), None
        )
        if isinstance(match, exp.MatchRecognize):
            scope.popitem()
            scope[match.alias or node.alias_or_name or "_"] = self._matched(match, relation, common)

    def _relation(self, node: exp.Expr, common: dict[str, _Relation]) -> _Relation:
        if isinstance(node, exp.Subquery):
            return self.query(node, common)
        if isinstance(node, exp.Table) and isinstance(node.this, TableFunction):
            return self._windowed(node.this.this, common)
        if isinstance(node, exp.Table):
            return common.get(node.name) or self._tables.get(node.name) or _Relation({})
        return _Relation({})

    def _windowed(self, window: exp.Expr, common: dict[str, _Relation]) -> _Relation:
        if not isinstance(window, WindowFunction) or not isinstance(window.this, TableArgument):
            return _Relation({})
        inner = self._relation(window.this.this, common)
        time: Origins = _NONE
        for identifier in window.args["time"].expressions:
            time |= inner.get(identifier.name) or _NONE
        self.rows |= time
        for key in window.this.args.get("partition_by") or []:
            self.rows |= self._origins(key, {"": inner}, common)
        return _Relation({**inner.columns, **dict.fromkeys(WINDOW_COLUMNS, time)})

    def _matched(
        self, match: exp.MatchRecognize, inner: _Relation, common: dict[str, _Relation]
    ) -> _Relation:
        # A pattern variable stands for rows of the input: `A.amount` is the input's `amount`.
        scope = {"": inner}
        columns: dict[str, Origins] = {}
        for key in match.args.get("partition_by") or []:
            columns[key.alias_or_name] = self._origins(key, scope, common)
            self.rows |= columns[key.alias_or_name]
        for part in (match.args.get("order"), *(match.args.get("define") or [])):
            if isinstance(part, exp.Expr):
                self.rows |= self._origins(part, scope, common)
        for measure in match.args.get("measures") or []:
            item = measure.this if isinstance(measure, exp.MatchRecognizeMeasure) else measure
            columns[item.alias_or_name] = self._origins(item, scope, common)
        return _Relation(columns)

    def _origins(self, node: exp.Expr, scope: _Scope, common: dict[str, _Relation]) -> Origins:
        found: Origins = _NONE
        for part in node.walk(prune=lambda inner: isinstance(inner, exp.Query)):
            if isinstance(part, exp.Query):
                for origins in self.query(part, common).columns.values():
                    found |= origins
            elif isinstance(part, exp.Column):
                found |= _column(part, scope)
            elif isinstance(part, exp.Count) and isinstance(part.this, exp.Star):
                # A count of rows is reckoned from the rows there are: each has the time that placed it.
                found |= frozenset(
                    origin for one in scope.values() for origin in one.get(EVENT_TIME) or _NONE
                )
        return found


def _column(column: exp.Column, scope: _Scope) -> Origins:
    qualified = scope.get(column.table) if column.table else None
    candidates: Iterable[_Relation] = [qualified] if qualified else scope.values()
    found: Origins = _NONE
    for relation in candidates:
        found |= relation.get(column.name) or _NONE
    return found


def _renamed(relation: _Relation, node: exp.Expr) -> _Relation:
    """The relation under the column names of `AS t (a, b)`."""
    alias = node.args.get("alias")
    names = (
        [name.name for name in alias.args.get("columns") or []] if isinstance(alias, exp.TableAlias) else []
    )
    if not names:
        return relation
    return _Relation(dict(zip(names, relation.columns.values(), strict=False)))
