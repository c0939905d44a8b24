"""FROM: what a SELECT reads, how its tables are joined, and what tells the rows so made apart."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace

from sqlglot import exp

from pipeline.expressions import function_name
from pipeline.model.diagnostics import Diagnostic
from pipeline.queries import match_of
from pipeline.relations import Cut, Field, Relation
from pipeline.resolving.context import UNRESOLVED, Common, Context, Query
from pipeline.resolving.joins import Bound, bound_of, column_of, field_at, keeps_unmatched
from pipeline.resolving.keys import Keys
from pipeline.resolving.patterns import resolve_pattern
from pipeline.resolving.upstream import expand
from pipeline.resolving.windows import resolve_window
from pipeline.scopes import Scope
from pipeline.suggest import closest, suggestion
from sqlglot_flink import TableFunction

_BOTH = "let the pattern read both: FROM events MATCH_RECOGNIZE (...), with a variable for each event_type"
_NO_TIME = "A join is bounded in time, and behind a pattern Flink no longer knows how far time has come."
_SURE = 0.85
_NO_LATERAL = "a row gives one row: take a part of a text by SPLIT_INDEX(text, '/', 1) in SELECT"


@dataclass
class From:
    """What FROM gives: its tables by alias, the keys of their joined rows, and what Flink keeps."""

    scope: Scope
    keys: Keys
    reach_ms: int = 0
    remembers: bool = False
    aligned: bool = True

    @property
    def known(self) -> bool:
        """Whether every table could be resolved."""
        return all(relation.known for relation in self.scope.values())


class Sources:
    """Resolves FROM clauses of one model; `query` resolves the subqueries in them."""

    def __init__(self, context: Context, query: Query) -> None:
        self.context = context
        self.query = query

    def of(self, select: exp.Select, common: Common) -> From:
        """Everything that stands behind FROM, joins and MATCH_RECOGNIZE included."""
        report = self.context.typer.report
        source = select.args.get("from_")
        if not source:
            report(select, "no-from", "the SELECT reads nothing", f"add FROM; {self.context.choices()}")
            return From({}, Keys("", UNRESOLVED))
        relation = self._checked(source.this, self.relation(source.this, common)).apart()
        node = source.this
        name = node.alias_or_name or "_0"
        match = match_of(select)
        if match is not None:
            relation = resolve_pattern(match, relation, self.context.typer)
            alias = match.args.get("alias")
            name = alias.name if isinstance(alias, exp.TableAlias) and alias.name else "_0"
        found = From(
            {name: relation},
            Keys(name, relation),
            relation.reach_ms,
            relation.remembers,
            relation.aligned,
        )
        for join in [*(select.args.get("joins") or []), *(select.args.get("laterals") or [])]:
            if isinstance(join, exp.Join) and join.this.args.get("match"):
                report(join.this.this, "pattern-joined", "a pattern cannot be joined", _BOTH, _NO_TIME)
                found.scope[join.this.args["match"].alias or f"_{len(found.scope)}"] = UNRESOLVED
            elif isinstance(join, exp.Join):
                self._join(found, join, select, common)
            else:
                report(join, "not-compiled-yet", "LATERAL is not compiled yet", "take it out")
        return found

    def _join(self, found: From, join: exp.Join, select: exp.Select, common: Common) -> None:
        report = self.context.typer.report
        scope, node = found.scope, join.this
        relation = self.relation(node, common)
        version = node.args.get("version") if isinstance(node, exp.Table) else None
        if not version:
            relation = self._checked(node, relation)
        node = join.this
        name = node.alias_or_name or f"_{len(scope)}"
        if name in scope:
            report(
                node.args.get("alias") or node,
                "duplicate-table",
                f'"{name}" is in FROM twice',
                "give each an alias",
            )
            return
        before = dict(scope)
        scope[name] = relation = relation.apart()
        if join.args.get("using") or join.method == "NATURAL":
            report(node, "not-compiled-yet", "USING and NATURAL are not compiled yet", "write ON a.x = b.x")
        conditions = [join.args.get("on"), select.args.get("where")]
        if join.args.get("on"):
            self.context.typer.condition(join.args["on"], scope)
        if join.side:
            conditions = conditions[:1]
        else:
            self._type_where(select, scope)
        if version:
            bound = self._temporal(version, before, scope, conditions)
        else:
            bound = bound_of(conditions, scope, name)
        join.meta["sides"] = (_side(before), _side({name: relation}))
        join.meta["bound"] = bound.kind
        join.meta["bound_reason"] = bound.reason
        join.meta["known"] = found.known
        if bound.kind == "window":
            scope[name] = relation = relation.apart(_same_cuts(bound, scope))
        if bound.kind != "temporal":
            self._keys(found, join, select, bound)
        found.reach_ms = max(found.reach_ms, relation.reach_ms) + bound.reach_ms
        found.remembers = found.remembers or relation.remembers or bound.kind == "temporal"
        found.aligned = found.aligned and bound.kind == "window"
        may_lack = {"LEFT": [name], "RIGHT": list(before), "FULL": list(scope)}.get(join.side, [])
        for other in may_lack:
            scope[other] = scope[other].optional()

    def _keys(self, found: From, join: exp.Join, select: exp.Select, bound: Bound) -> None:
        """What tells the joined rows apart."""
        scope, name = found.scope, next(reversed(found.scope))
        pairs = (*bound.equal, *bound.alike)
        if join.side == "LEFT" and keeps_unmatched(select.args.get("where"), scope, name, bound):
            return
        unsure = next((pair for pair in bound.equal if all(_may_lack(side, scope) for side in pair)), None)
        found.keys.join(name, scope[name], join.side, pairs)
        if join.side == "FULL" and unsure:
            # Rows of both sides whose NULL found no partner would have one key.
            found.keys.found = []
            join.meta["apart"] = unsure

    def _type_where(self, select: exp.Select, scope: Scope) -> None:
        """Give columns of a WHERE that bounds a comma's join their tables, as far as they are known."""
        where = select.args.get("where")
        for column in where.find_all(exp.Column) if where else ():
            if column.table or column.find_ancestor(exp.Select) is not select:
                continue
            homes = [alias for alias, relation in scope.items() if relation.get(column.name)]
            if len(homes) == 1:
                column.set("table", exp.to_identifier(homes[0]))

    def _temporal(
        self, version: exp.Expr, before: Scope, scope: Scope, conditions: list[exp.Expr | None]
    ) -> Bound:
        name = next(reversed(scope))
        relation, scope_node = scope[name], version.parent
        report = self.context.typer.report
        moment = version.args.get("expression")
        if isinstance(moment, exp.Expr):
            self.context.typer.type_of(moment, before)
        column = column_of(moment, before) if isinstance(moment, exp.Expr) else None
        field = field_at(column, before) if column else None
        if column and isinstance(moment, exp.Column):
            # Where it stands there are two tables, though it may mean one only.
            moment.set("table", exp.to_identifier(column[0]))
        if not all(item.known for item in scope.values()):
            return Bound("temporal")
        if field is None or not field.time_attribute:
            hint = "FOR SYSTEM_TIME AS OF a.event_time, the time of the other side"
            report(moment if isinstance(moment, exp.Expr) else version, "not-a-time-column",
                   "the version is not asked for at a time attribute", hint)  # fmt: skip
        if not relation.version_key:
            hint = (
                "read a CTE that keeps the last row of each key: ROW_NUMBER() OVER (PARTITION BY key "
                "ORDER BY event_time DESC) = 1, with key and event_time among its columns"
            )
            table = scope_node.this if isinstance(scope_node, exp.Table) else version
            report(table, "no-versions", f"{relation.label} has no versions", hint)
            return Bound("temporal")
        equal = bound_of(conditions, scope, name).equal
        asked = {other[1] for _, other in equal}
        lacking = sorted(relation.version_key - asked)
        if lacking:
            hint = f"add {name}.{lacking[0]} = ... to ON"
            message = f"the version's key {', '.join(lacking)} is not compared"
            report(version, "no-versions", message, hint)
        scope[name] = replace(
            relation,
            fields=tuple(replace(item, time_attribute=False, event_time=False) for item in relation.fields),
        )
        return Bound("temporal", equal)

    def _checked(self, node: exp.Expr, relation: Relation) -> Relation:
        if relation.updating:
            hint = "look its rows up with FOR SYSTEM_TIME AS OF, or keep the first row: ORDER BY event_time"
            self.context.typer.report(
                node, "updating", f"rows of {relation.label} are taken back", hint, relation.updating
            )
            return replace(relation, known=False)
        return relation

    def relation(self, node: exp.Expr, common: Common) -> Relation:
        """The relation of one table, window function or subquery in FROM."""
        alias = node.args.get("alias")
        if not isinstance(node, (exp.Table, exp.Subquery)):
            name = function_name(node) or node.key.upper()
            hint = (
                _NO_LATERAL if name in ("LATERAL", "UNNEST") else f"read an event. {self.context.choices()}"
            )
            self.context.typer.report(node, "not-compiled-yet", f"{name} in FROM is not compiled yet", hint)
            return UNRESOLVED
        if isinstance(alias, exp.TableAlias) and alias.args.get("columns"):
            hint = "name the columns inside: SELECT amount AS a"
            self.context.typer.report(
                node, "not-compiled-yet", "names of columns behind an alias are not compiled yet", hint
            )
        if isinstance(node, exp.Subquery):
            if node.this.args.get("with_"):
                hint = "put it at the top of the query"
                self.context.typer.report(
                    node.this.args["with_"].expressions[0].args["alias"],
                    "not-compiled-yet",
                    "WITH inside a query is not compiled yet",
                    hint,
                )
            return self.query(node.this, common)
        if isinstance(node, exp.Table) and isinstance(node.this, TableFunction):
            return resolve_window(node.this, common, self.context, self.relation)
        return self._table(node, common)

    def _called(self, node: exp.Table) -> None:
        """Report a function that stands in FROM without TABLE( ) around it."""
        name = function_name(node.this) or "a function in FROM"
        hint = "write FROM TABLE(TUMBLE(TABLE <event>, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))"
        message = f"{name} stands inside TABLE( )"
        if 'TABLE"' in suggestion(name, ["TABLE", "TUMBLE"]):
            message, hint = f"unknown function {name} in FROM", f"did you mean TABLE? {hint}"
        place = self.context.locator.head(node.this)
        self.context.typer.diagnostics.append(Diagnostic(place, "bad-table", message, hint))

    def _table(self, node: exp.Table, common: Common) -> Relation:
        context, report = self.context, self.context.typer.report
        name = node.name
        if not isinstance(node.this, exp.Identifier):
            self._called(node)
            return UNRESOLVED
        if node.args.get("db"):
            report(node, "unknown-table", "a table has no database here", context.choices())
            return UNRESOLVED
        for tables in (common, context.hoisted_relations):
            if name in tables:
                return tables[name]
        if name in context.tables:
            context.reads.add(name)
            return context.tables[name]
        if name == context.name:
            report(node.this, "self-reference", "the model selects from itself", context.choices())
        elif name in context.models:
            model = context.models[name]
            context.upstream.add(name)
            if model is None:
                # Its own mistakes are told where they are.
                return UNRESOLVED
            if node.args.get("version"):
                hint = "versions are made in a CTE of this query"
                report(node.this, "no-versions", f'the model "{name}" has no versions', hint)
                return UNRESOLVED
            return expand(node, model, context, self.query)[1]
        else:
            near = suggestion(name, [*context.tables, *common, *context.models])
            hint = near + context.choices()
            report(node.this, "unknown-table", f'unknown table "{name}"', hint)
            # What else is wrong is told by the table that is meant, where that is plain.
            return _surely_meant(name, common | dict(context.tables))
        return UNRESOLVED


def _same_cuts(bound: Bound, scope: Scope) -> dict[Cut, Cut]:
    """The cuts of a joined table whose windows are those of the table before it."""
    fields = [(field_at(left, scope), field_at(right, scope)) for left, right in bound.equal]
    return {
        theirs.cut: ours.cut
        for ours, theirs in fields
        if ours and theirs and ours.cut and theirs.cut and ours.window == theirs.window
    }


def _may_lack(column: tuple[str, str], scope: Scope) -> bool:
    field = field_at(column, scope)
    return field is not None and field.kind.nullable


def _side(tables: Scope) -> tuple[str, str]:
    """Alias and time attribute of the first table that has a time attribute, else of the first."""
    sides = [(alias, next(iter(time_attributes(item.fields)), "")) for alias, item in tables.items()]
    return next((side for side in sides if side[1]), sides[0])


def time_attributes(fields: tuple[Field, ...]) -> list[str]:
    """The names of the time attributes among the fields."""
    return [field.name for field in fields if field.time_attribute]


def _surely_meant(name: str, tables: Common) -> Relation:
    """The table whose name differs in case or in a letter or two; unresolved where there is none."""
    near = closest(name, tables)
    if near is None or difflib.SequenceMatcher(a=name.lower(), b=near.lower()).ratio() < _SURE:
        return UNRESOLVED
    return tables[near]
