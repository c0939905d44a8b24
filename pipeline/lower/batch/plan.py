"""A model on its way to an engine: the tables of its WITH in order of definition, and its result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlglot import exp

from pipeline import names
from pipeline.locate import Locator
from pipeline.lower.batch.primitives import TimestampOfMs, Written, plus
from pipeline.lower.engine import LABELS, Engine
from pipeline.model.contracts import Contracts, Event
from pipeline.model.diagnostics import Diagnostic
from pipeline.model.models import Classified
from sqlglot_flink.expressions import Descriptor, TableFunction, WindowFunction

Mode = Literal["as_streamed", "complete"]
"""`as_streamed`: what was too late for the stream is left out; `complete`: every event counts."""
WINDOW_COLUMNS = ("window_start", "window_end", "window_time")


@dataclass
class Plan:
    """What the passes work on. Each pass changes it in place.

    `tables` are the queries that WITH defines, in order; `result` is the query behind it. A table in FROM is
    one of `tables` by name, or else an event (or `events`).
    """

    model: Classified
    contracts: Contracts
    engine: Engine
    mode: Mode
    result: exp.Expr
    tables: dict[str, exp.Expr] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)
    carried: set[str] = field(default_factory=set)
    """Columns that the arrivals of an event give beside its own: `_watermark`, `_sequence`."""
    closed: list[exp.Expr] = field(default_factory=list)
    """Conditions of an arrival (its `event_time` and `_watermark`) that was late for something."""
    used: frozenset[str] | None = None
    """The columns of events that the model names; None where it may use all of them."""

    def refuse(self, node: exp.Expr | None, what: str) -> None:
        """Note that the engine does not compute what stands at the node as Flink does."""
        place = Locator(self.model.resolved.parsed.rendered).at(node)
        message = f"{LABELS[self.engine]} does not compute {what} as Flink does"
        self.problems.append(Diagnostic(place, f"not-on-{self.engine}", message))

    @property
    def drops_late(self) -> bool:
        """Whether rows that the watermark overtook are to be left out: see `late_rows`."""
        return self.model.form == "strict" and self.mode == "as_streamed" and len(self.model.sources) == 1

    def events(self) -> list[Event]:
        """The contracts of the model's sources."""
        found = [self.contracts.event(name) for name in self.model.sources]
        return [event for event in found if event is not None]

    def queries(self) -> Iterator[exp.Expr]:
        """All queries, in order of definition, the result last."""
        yield from list(self.tables.values())
        yield self.result

    def replace(self, old: exp.Expr, new: exp.Expr) -> None:
        """Put `new` where `old` stands, a whole query of the plan included."""
        if old is self.result:
            self.result = new
            return
        for name, query in self.tables.items():
            if query is old:
                self.tables[name] = new
                return
        old.replace(new)

    def define_before(self, query: exp.Expr, name: str, table: exp.Expr) -> str:
        """Define a table before the query (of `queries`) that reads it; gives the name it got."""
        name = self.free_name(name)
        ordered: dict[str, exp.Expr] = {}
        placed = False
        for other, existing in self.tables.items():
            if existing is query and not placed:
                ordered[name], placed = table, True
            ordered[other] = existing
        if not placed:
            ordered[name] = table
        self.tables = ordered
        return name

    def free_name(self, wanted: str) -> str:
        """`wanted`, with a number behind it where it is taken by a table or an event."""
        taken = {names.UNION_TABLE, *self.tables}
        for event in (*(item.name for item in self.contracts.events), names.UNION_TABLE):
            taken |= {event, names.arrivals_name(event), names.counted_name(event)}
        name, number = wanted, 1
        while name in taken:
            number += 1
            name = f"{wanted}_{number}"
        return name

    def by(self, key: exp.Expr, *, descending: bool = False) -> exp.Ordered:
        """A key of ORDER BY that is never NULL: nothing need be said of NULLs, which engines differ in."""
        first = (self.engine == "spark") != descending
        return exp.Ordered(this=key, desc=descending or None, nulls_first=first)

    def is_event(self, node: exp.Expr | None) -> bool:
        """Whether the node is a table that stands for an event or for `events`."""
        return (
            isinstance(node, exp.Table)
            and isinstance(node.this, exp.Identifier)
            and node.name not in self.tables
        )

    def columns(self, relation: exp.Expr) -> tuple[str, ...]:
        """Names of the columns that a relation in FROM gives, in order."""
        window = window_of(relation)
        if window is not None:
            inner = self.columns(window.this.this)
            return (*(name for name in inner if name not in WINDOW_COLUMNS), *WINDOW_COLUMNS)
        if isinstance(relation, exp.Subquery):
            return self.outputs(relation.this)
        if self.is_event(relation):
            return (*self.event_columns(relation.name), *sorted(self.carried))
        if isinstance(relation, exp.Table) and relation.name in self.tables:
            return self.outputs(self.tables[relation.name])
        raise TypeError(f"{type(relation).__name__} is no relation")

    def outputs(self, query: exp.Expr) -> tuple[str, ...]:
        """Names of a query's columns."""
        if isinstance(query, Written):
            return tuple(item.name for item in query.args["columns"])
        while isinstance(query, (exp.Subquery, exp.SetOperation)):
            query = query.this
        return tuple(item.alias_or_name for item in query.expressions)

    def event_columns(self, name: str) -> tuple[str, ...]:
        """The columns of an event (or `events`) that the model uses, in the contract's order."""
        if name == names.UNION_TABLE:
            event = next(item for item in self.contracts.events if not item.standalone)
            fields = [item for item in event.fields if item.origin != "event"]
        else:
            found = self.contracts.event(name)
            assert found is not None, f"{name} is no event"
            fields = list(found.fields)
        columns = [names.column_name(item.name) for item in fields]
        return tuple(item for item in columns if self.used is None or item in self.used)


def window_of(relation: exp.Expr | None) -> WindowFunction | None:
    """The window function of `TABLE(TUMBLE(...))` in FROM, or None."""
    inner = relation.this if isinstance(relation, exp.Table) else None
    if isinstance(inner, TableFunction) and isinstance(inner.this, WindowFunction):
        return inner.this
    return None


def relations(select: exp.Select) -> list[exp.Expr]:
    """What a SELECT reads in FROM and JOIN, in order."""
    source = select.args.get("from_")
    found = [source.this] if source else []
    return found + [join.this for join in select.args.get("joins") or []]


def used_columns(tree: exp.Expr) -> frozenset[str] | None:
    """The column names in a query; None where a `*` may mean any."""
    for star in tree.find_all(exp.Star):
        if not isinstance(star.parent, exp.Count) and star.find_ancestor(exp.Exists) is None:
            return None
    columns = {column.name for column in tree.find_all(exp.Column)}
    for descriptor in tree.find_all(Descriptor):
        columns |= {item.name for item in descriptor.expressions}
    for join in tree.find_all(exp.Join):
        columns |= {item.name for item in join.args.get("using") or []}
    return frozenset(columns)


def called(node: exp.Expr) -> str:
    """The name of a called function in upper case; "" for what is no call."""
    if isinstance(node, exp.Anonymous):
        return str(node.name).upper()
    return node.sql_name().upper() if isinstance(node, exp.Func) else ""


def assigned(kept: Sequence[str], start: exp.Expr, end: exp.Expr) -> exp.Select:
    """A SELECT of columns and the window that begins and ends at milliseconds since 1970; it lacks FROM."""
    times = (start, end, plus(end.copy(), -1))
    windows = [
        exp.alias_(TimestampOfMs(this=time.copy()), name)
        for name, time in zip(WINDOW_COLUMNS, times, strict=True)
    ]
    return exp.select(*map(exp.column, kept), *windows)
