"""Walks the queries of a model from the inside outwards: every name, every type, and what its rows are."""

from __future__ import annotations

import re
from dataclasses import replace

from sqlglot import exp

from pipeline import sql_types as types
from pipeline.expressions import arguments_of, function_name
from pipeline.model.diagnostics import Diagnostic, Position
from pipeline.model.models import REMEMBERED_MS
from pipeline.queries import aggregates, all_keys, branches, group_keys, interval_ms, set_keys, unaliased
from pipeline.relations import EVENT_ID, Field, Relation
from pipeline.resolving.context import UNRESOLVED, Common, Context
from pipeline.resolving.joins import column_of, field_at
from pipeline.resolving.keys import Id
from pipeline.resolving.legacy_windows import modernise
from pipeline.resolving.outputs import expand_stars, output
from pipeline.resolving.ranks import KEEPS_FIRST, Limit, limit_of
from pipeline.resolving.sources import From, Sources
from pipeline.resolving.values import united

_LAST_ROW = "Flink would write the last row of each key so far, and take it back with the next one."
_FIRST_ROWS = (
    "the first 10 of each window: number them in a subquery by ROW_NUMBER() OVER (PARTITION BY window_start, "
    "window_end ORDER BY ... DESC) AS place, and keep WHERE place <= 10"
)
_NO_ORDER = "a model is a table, which has no order; take it out"


class QueryResolver:
    """Resolves one model's queries; mistakes are reported to `context.typer`."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.sources = Sources(context, self.query)

    def query(self, node: exp.Expr, outer: Common, *, outermost: bool = False) -> Relation:
        """The relation that a query gives; `outer` holds the CTEs it can see."""
        common = dict(outer)
        with_ = node.args.get("with_")
        if with_ and with_.args.get("recursive"):
            self.context.typer.report(with_, "not-compiled-yet", "Flink has no WITH RECURSIVE", "take it out")
        for cte in with_.expressions if with_ else []:
            self._define(cte, common)
        if isinstance(node, exp.Subquery):
            return self.query(node.this, common, outermost=outermost)
        if isinstance(node, exp.SetOperation):
            return self._union(node, common, outermost=outermost)
        if isinstance(node, exp.Select):
            return self._select(node, common, outermost=outermost)
        self.context.typer.report(node, "not-compiled-yet", f"{node.key.upper()} is not compiled yet")
        return UNRESOLVED

    def _define(self, cte: exp.CTE, common: Common) -> None:
        name, alias = cte.alias, cte.args["alias"]
        report = self.context.typer.report
        if alias.args.get("columns"):
            hint = "name the columns inside: SELECT amount AS a"
            report(alias, "not-compiled-yet", "names of columns behind a CTE are not compiled yet", hint)
        if name in common:
            report(alias, "duplicate-table", f'there are two CTEs called "{name}"', "name one otherwise")
        elif name in self.context.tables:
            report(alias, "duplicate-table", f'"{name}" is an event', "name the CTE otherwise")
        result = self.query(cte.this, common)
        common[name] = replace(result, label=f'the CTE "{name}"', home="")

    def _union(self, node: exp.SetOperation, common: Common, *, outermost: bool) -> Relation:
        if not isinstance(node, exp.Union) or node.args.get("distinct"):
            hint = "write UNION ALL and keep the branches apart with a literal column"
            word = "UNION" if isinstance(node, exp.Union) else node.key.upper()
            message = f"only UNION ALL joins results, not {word}"
            place = self._from_word(word, node.right)
            self.context.typer.diagnostics.append(Diagnostic(place, "set-operation", message, hint))
        self._no_order(node)
        left = self.query(node.left, common, outermost=outermost)
        _name_like(left, node.right)
        right = self.query(node.right, common, outermost=outermost)
        fields = [_united(field, right.fields[index]) if index < len(right.fields) else field
                  for index, field in enumerate(left.fields)]  # fmt: skip
        names = {other.name: field.name for field, other in zip(left.fields, right.fields, strict=False)}
        apart = {
            field.name
            for field, other in zip(left.fields, right.fields, strict=False)
            if field.literals and other.literals and not field.literals & other.literals
        }
        keys = []
        for mine in left.keys:
            for other in right.keys:
                theirs = frozenset(names.get(name, name) for name in other)
                if apart:
                    keys.append(mine | theirs | apart)
                elif mine == theirs and self._is_event_id(left, mine) and self._is_event_id(right, other):
                    keys.append(mine)
        return Relation(
            "the UNION ALL",
            tuple(fields),
            known=left.known and right.known,
            keys=tuple(keys),
            missing=left.missing
            or right.missing
            or (() if keys else ("a literal that tells the branches apart",)),
            reach_ms=max(left.reach_ms, right.reach_ms),
            remembers=left.remembers or right.remembers,
            updating=left.updating or right.updating,
            aligned=left.aligned and right.aligned,
        )

    def _is_event_id(self, relation: Relation, key: frozenset[str]) -> bool:
        """Whether the key is the id of single events, which is unique over all streams."""
        fields = [relation.get(name) for name in key]
        return len(fields) == 1 and fields[0] is not None and fields[0].name == EVENT_ID

    def _select(self, select: exp.Select, common: Common, *, outermost: bool) -> Relation:
        typer = self.context.typer
        modernise(select, self.context.locator)
        source = self.sources.of(select, common)
        scope = source.scope
        _name_windows(select)
        for key in ("where", "having", "qualify"):
            clause = select.args.get(key)
            if clause:
                typer.condition(clause.this, scope)
        for expression in all_keys(select):
            typer.type_of(expression, scope)
        self._no_order(select)
        expand_stars(select, scope, typer, outermost=outermost)
        found = [(item, output(item, scope, typer)) for item in select.expressions]
        outputs = [(item, field) for item, field in found if field is not None]
        fields = [field for _, field in outputs]
        known = source.known and len(outputs) == len(select.expressions)
        select.meta["known"] = source.known
        if not known:
            rows = _Rows(select, source, outputs)
            if source.known and rows.grouped:
                select.meta["windowed"] = rows.is_windowed()
            return Relation("the subquery", tuple(fields), known=False)
        limit = limit_of(select, scope)
        relation = _Rows(select, source, outputs).relation(limit)
        self._ranks(select, source, limit)
        return relation

    def _no_order(self, query: exp.Expr) -> None:
        """Report ORDER BY, LIMIT and OFFSET, each from its own word on."""
        context = self.context
        first = bool(query.args.get("order")) and bool(query.args.get("limit"))
        for key, what in (("order", "ORDER BY"), ("limit", "LIMIT"), ("offset", "OFFSET")):
            clause = query.args.get(key)
            if not clause:
                continue
            hint = _FIRST_ROWS if first and key == "limit" else _NO_ORDER
            place, message = self._from_word(what, clause), f"{what} means nothing here"
            context.typer.diagnostics.append(Diagnostic(place, "no-order", message, hint))

    def _from_word(self, words: str, clause: exp.Expr) -> Position:
        """The place of the clause from the keyword before it on; trees keep no places of keywords."""
        locator = self.context.locator
        span = locator.span(clause)
        if span is None:
            return locator.at(clause)
        pattern = re.compile(r"\b" + words.replace(" ", r"\s+") + r"\b", re.IGNORECASE)
        found = list(pattern.finditer(locator.sql[: span[0]]))
        return locator.between(found[-1].start(), span[1]) if found else locator.at(clause)

    def _ranks(self, select: exp.Select, source: From, limit: Limit | None) -> None:
        """Note on the ROW_NUMBER() that a condition keeps only the first rows; tell what Flink cannot."""
        where = select.args.get("where")
        ranked = [field for relation in source.scope.values() for field in relation.fields if field.rank]
        if not ranked:
            return
        report = self.context.typer.report
        if limit is None:
            rank = ranked[0].rank
            place = where.this if where else rank.node if rank else None
            hint = f"keep the first rows: WHERE {ranked[0].name} <= 3"
            why = "Without a limit Flink would have to number every row that ever came."
            report(place, "rank-without-limit", f'"{ranked[0].name}" counts without an end', hint, why)
            return
        rank = limit.field.rank
        assert rank is not None
        if not rank.windowed and rank.by_time == "first" and limit.most == 1:
            rank.node.meta[KEEPS_FIRST] = True
        if rank.windowed:
            if not rank.total and rank.by_time is None:
                hint = "add what tells rows apart to its ORDER BY, such as the columns grouped by"
                why = "Rows of equal rank would come in the order of arrival, and a replay may turn it."
                report(rank.node, "rank-with-ties", "rows of equal rank have no order", hint, why)
        elif rank.by_time is None or limit.most > 1:
            hint = "add window_start and window_end to its PARTITION BY"
            why = "Each new row may push another out of the first: it would have to be taken back."
            report(rank.node, "rank-without-window", "the first rows are those of no window", hint, why)


class _Rows:
    """What is known about the rows of one SELECT whose names are all resolved."""

    def __init__(self, select: exp.Select, source: From, outputs: list[tuple[exp.Expr, Field]]) -> None:
        self.select = select
        self.source = source
        self.outputs = outputs
        self.grouped = bool(select.args.get("group")) or any(aggregates(select))

    def relation(self, limit: Limit | None) -> Relation:
        """The relation of the rows; `limit` is the condition on a rank among its own."""
        select, source = self.select, self.source
        keys, fields = source.keys, [field for _, field in self.outputs]
        updating, version, remembers, aligned = "", frozenset[str](), source.remembers, source.aligned
        reach = source.reach_ms
        if limit is not None and limit.field.rank is not None and len(source.scope) == 1:
            alias, rank = next(iter(source.scope)), limit.field.rank
            rest = () if limit.most == 1 else (limit.field.name,)
            keys.limit((alias, name) for name in (*rank.partition, *rest))
            if not rank.windowed:
                remembers = True
                aligned = False
                if rank.by_time == "last" and limit.most == 1:
                    updating = _LAST_ROW
            fields = [replace(field, rank=None) for field in fields]
        if self.grouped:
            keys.group(self._group_ids())
            aligned = aligned and self.is_windowed()
            fields = [replace(field, time_attribute=field.window == "time" and aligned) for field in fields]
            sets = set_keys(select)
            if sets:
                fields = [
                    replace(field, kind=field.kind.null(True)) if unaliased(item) in sets else field
                    for (item, _), field in zip(self.outputs, fields, strict=True)
                ]
        elif select.args.get("distinct"):
            keys.group(self._id(unaliased(item)) for item, _ in self.outputs)
            aligned = aligned and {"start", "end"} <= {field.window for field in fields}
        over = [
            window for window in select.find_all(exp.Window) if window.find_ancestor(exp.Select) is select
        ]
        frames = [window for window in over if not isinstance(window.this, exp.RowNumber)]
        if frames:
            reach += max(_frame_ms(window) for window in frames)
            remembers = remembers or any(_frame_ms(window) == 0 for window in frames)
            aligned = False
        if remembers and not source.remembers:
            reach += REMEMBERED_MS
        self._note_bounds(aligned)
        found, missing = keys.projected(self._named(), source.scope)
        if updating and limit is not None and limit.field.rank is not None:
            version = self._version(limit.field.rank.partition, fields)
        return Relation(
            "the subquery",
            tuple(fields),
            keys=found,
            missing=missing,
            reach_ms=reach,
            remembers=remembers,
            updating=updating,
            version_key=version,
            aligned=aligned,
        )

    def _note_bounds(self, aligned: bool) -> None:
        """Note on the SELECT whether Flink sees windows in its groups, and which column ends them."""
        select, scope = self.select, self.source.scope
        if self.grouped or select.args.get("distinct"):
            select.meta["windowed"] = aligned
        if self.grouped:
            columns = [column_of(key, scope) for key in group_keys(select)]
        else:
            columns = [(alias, field.name) for alias, relation in scope.items() for field in relation.fields]
        ends = [
            column
            for column in columns
            if column
            and (field := field_at(column, scope))
            and field.window == "end"
            and not field.kind.nullable
        ]
        if ends and not select.args.get("distinct"):
            alias, name = ends[0]
            select.meta["window_end"] = (alias if len(scope) > 1 else "", name)

    def _version(self, partition: tuple[str, ...], fields: list[Field]) -> frozenset[str]:
        """The outputs that a version is looked up by; none where its time or its key is no output."""
        by_source = {
            unaliased(item).name: field.name
            for item, field in self.outputs
            if isinstance(unaliased(item), exp.Column)
        }
        whole = all(name in by_source for name in partition) and any(item.time_attribute for item in fields)
        return frozenset(by_source[name] for name in partition) if whole else frozenset()

    def is_windowed(self) -> bool:
        """Whether both bounds of a window are grouped by."""
        fields = [self._field(key) for key in group_keys(self.select)]
        return {"start", "end"} <= {field.window for field in fields if field is not None}

    def _field(self, node: exp.Expr) -> Field | None:
        column = column_of(node, self.source.scope)
        return field_at(column, self.source.scope) if column else None

    def _id(self, node: exp.Expr) -> Id:
        return column_of(node, self.source.scope) or ("", node.sql(dialect="flink", comments=False))

    def _named(self) -> dict[Id, str]:
        """What each output tells: itself, and GROUPING of each column of a GROUPING_ID."""
        names: dict[Id, str] = {}
        for item, field in reversed(self.outputs):
            node = unaliased(item)
            names[self._id(node)] = field.name
            if function_name(node) in ("GROUPING", "GROUPING_ID"):
                names |= {_grouping(part): field.name for part in arguments_of(node, "GROUPING_ID")}
        return names

    def _group_ids(self) -> list[Id]:
        ids = [self._id(key) for key in group_keys(self.select)]
        # NULL may be a value of the column, or say that the row is not grouped by it.
        unsure = [key for key in set_keys(self.select) if key.meta.get("nullable") is not False]
        return [*ids, *map(_grouping, unsure)]


def _grouping(key: exp.Expr) -> Id:
    """Whether a row is grouped by the key at all, which GROUPING tells."""
    return "", f"GROUPING({key.sql(dialect='flink', comments=False)})"


def _name_like(left: Relation, right: exp.Expr) -> None:
    """Give the outputs of a further branch that have no name those of the first, which are all that count."""
    for select in branches(right):
        for field, item in zip(left.fields, list(select.expressions), strict=False):
            if not isinstance(item, (exp.Alias, exp.Column, exp.Star)):
                named = exp.Alias(alias=exp.to_identifier(field.name))
                named.meta.update(item.meta)
                item.replace(named)
                named.set("this", item)


def _united(field: Field, other: Field) -> Field:
    kind = types.common_type([field.kind, other.kind]) or field.kind
    same_window = field.window == other.window and field.span == other.span
    return replace(
        united(field, other),
        kind=kind,
        time_attribute=field.time_attribute and other.time_attribute,
        event_time=field.event_time and other.event_time,
        money=field.money or other.money,
        identifier=field.identifier or other.identifier,
        window=field.window if field.window == other.window else None,
        span=field.span if same_window else None,
        literals=field.literals | other.literals if field.literals and other.literals else frozenset(),
        rank=None,
    )


def _frame_ms(window: exp.Window) -> int:
    """How far back a frame reaches in time; 0 where it is counted in rows."""
    spec = window.args.get("spec")
    return (interval_ms(spec.args.get("start")) or 0) if spec and spec.text("kind").upper() == "RANGE" else 0


def _name_windows(select: exp.Select) -> None:
    """Write what WINDOW w AS (...) defines into each OVER w."""
    named = {window.this.name: window for window in select.args.get("windows") or []}
    if not named:
        return
    for window in [item for part in select.expressions for item in part.find_all(exp.Window)]:
        alias = window.args.get("alias")
        definition = named.get(alias.name) if alias else None
        if definition is not None:
            copy = definition.copy()
            for part in copy.walk():
                # Errors in it are told where it is used.
                if part._meta and "start" in part._meta:
                    part._meta.update({key: alias.meta[key] for key in ("start", "end") if key in alias.meta})
            for key in ("partition_by", "order", "spec"):
                window.set(key, copy.args.get(key))
            window.set("alias", None)
    select.set("windows", None)
