"""Lowers a model to DuckDB: the batch form of its streaming SELECT, over tables of arrivals.

The result is that of the stream after everything has arrived and all windows have closed:

- a repeated `event_id` counts once, as its first arrival;
- what is too late does not count: for a live model events that arrive `late_hours` after they happened, for a
  strict one events whose window the watermark has closed. The watermark is the one that the order of arrival
  implies: the greatest event time that came before, less the contract's delay;
- TUMBLE, HOP and CUMULATE are derived tables that add `window_start`, `window_end` and `window_time`;
- expressions keep Flink's meaning (`_duckdb_expressions`).

What cannot be computed faithfully is refused by name and place.
"""

# ruff: noqa: S608  all names in the SQL were checked by the compiler
from __future__ import annotations

from textwrap import indent

from sqlglot import exp

from pipeline.locate import Locator
from pipeline.lower import _duckdb_sources as sources
from pipeline.lower._duckdb_expressions import refusals, rewrite
from pipeline.lower.refusal import RefusedError
from pipeline.model.contracts import Contracts, Event
from pipeline.model.diagnostics import Diagnostic
from pipeline.model.models import Classified
from pipeline.names import UNION_TABLE, WATERMARK
from sqlglot_flink.expressions import TableArgument, TableFunction, WindowFunction


def lower_duckdb(model: Classified, contracts: Contracts) -> str:
    """The SELECT for DuckDB, with no semicolon; its columns are the model's, its rows in no order.

    It reads a table of arrivals for each of the model's sources (`_duckdb_sources.create_table`). Raises
    `RefusedError` with every place that DuckDB would compute otherwise than Flink.
    """
    lowering = _Lowering(model)
    tree = model.resolved.tree.copy()
    for node, what in refusals(tree):
        lowering.refuse(node, what)
    if lowering.problems:
        raise RefusedError(lowering.problems)

    lowering.tables.extend(_source_tables(model, contracts))
    with_ = tree.args.get("with_")
    tree.set("with_", None)
    for cte in with_.expressions if with_ else []:
        lowering.tables.append((cte.alias, lowering.query(cte.this)))
        lowering.defined.add(cte.alias)
    query = lowering.query(tree)
    if lowering.problems:
        raise RefusedError(lowering.problems)
    ctes = ",\n".join(f"{name} AS (\n{indent(text, '    ')}\n)" for name, text in lowering.tables)
    return f"WITH {ctes}\n{query}"


def lower_duckdb_late(model: Classified, contracts: Contracts) -> str:
    """A SELECT of one number: how many events were too late for at least one window of the model.

    Over the same tables as `lower_duckdb`. A repeat of an event that was counted is not late.
    """
    late_hours = model.resolved.parsed.rendered.source.promises.late_hours
    events = _events(model, contracts)
    if model.form == "live":
        too_late = f"NOT ({sources.on_time(late_hours)})"
    else:
        closed = [
            f"epoch_ms({WATERMARK}) >= {_first_end(window.size_ms, window.slide_ms)} - 1"
            for window in model.windows
        ]
        too_late = f"{WATERMARK} IS NOT NULL AND ({' OR '.join(closed)})" if closed else "FALSE"
    counts = [f"(SELECT COUNT(*) FROM ({sources.arrivals(event)}) WHERE {too_late})" for event in events]
    return f"SELECT {' + '.join(counts)}"


def _first_end(size_ms: int, slide_ms: int) -> str:
    """End of the window that closes first among those of an event: it began `size` before, rounded up."""
    last_start = f"epoch_ms(event_time) - (epoch_ms(event_time) % {slide_ms} + {slide_ms}) % {slide_ms}"
    return f"({last_start} - {size_ms - slide_ms} + {size_ms})"


def _source_tables(model: Classified, contracts: Contracts) -> list[tuple[str, str]]:
    promises = model.resolved.parsed.rendered.source.promises
    late_hours = promises.late_hours if model.form == "live" else None
    tables: list[tuple[str, str]] = []
    events = _events(model, contracts)
    for event in events:
        tables.append((sources.arrivals_name(event.name), sources.arrivals(event)))
        tables.append((sources.counted_name(event.name), sources.counted(event, late_hours)))
    if UNION_TABLE in model.resolved.reads:
        names = [event.name for event in events if not event.standalone]
        tables.append((sources.counted_name(UNION_TABLE), sources.union_of(names, contracts)))
    return tables


def _events(model: Classified, contracts: Contracts) -> list[Event]:
    found = [contracts.event(name) for name in model.sources]
    return [event for event in found if event is not None]


class _Lowering:
    """One model on its way: tables in the order they must be defined, and what is refused."""

    def __init__(self, model: Classified) -> None:
        self.model = model
        self.places = Locator(model.resolved.parsed.rendered)
        self.tables: list[tuple[str, str]] = []
        self.defined: set[str] = set()
        self.windows = 0
        self.problems: list[Diagnostic] = []

    def refuse(self, node: exp.Expr, what: str) -> None:
        message = f"DuckDB does not compute {what} as Flink does"
        self.problems.append(Diagnostic(self.places.at(node), "not-on-duckdb", message))

    def query(self, tree: exp.Expr) -> str:
        """The text of a query; its window functions become tables of their own, defined before it."""
        for table in list(tree.find_all(exp.Table, bfs=False)):
            if isinstance(table.parent, TableArgument):
                continue
            if isinstance(table.this, TableFunction):
                name, alias = self.window_table(table.this.this), table.alias
            else:
                name, alias = self.table_name(table), table.alias or table.name
            table.replace(exp.alias_(exp.to_table(name), alias, table=True) if alias else exp.to_table(name))
        return rewrite(tree).sql(dialect="duckdb", pretty=True, comments=False)

    def table_name(self, table: exp.Table) -> str:
        """Name of the table that stands for an event, or for a query of the author's own."""
        if table.name in self.defined:
            return table.name
        if table.name in self.model.sources or table.name == UNION_TABLE:
            return sources.counted_name(table.name)
        self.refuse(table, f'a query that reads "{table.name}"')
        return table.name

    def window_table(self, window: WindowFunction) -> str:
        """Define the rows of a window function; the name of that table."""
        argument = window.this
        strict = self.model.form == "strict"
        if isinstance(argument.this, exp.Table):
            table = self.table_name(argument.this)
            label = argument.this.name
        else:
            table = f"(\n{indent(self.query(argument.this), '    ')}\n)"
            label = "query"
        if argument.args.get("partition_by"):
            self.refuse(window, f"PARTITION BY in {window.NAME}")
        elif strict and not table.endswith("_counted"):
            self.refuse(window, "a strict window over other than an event")
        elif strict and label == UNION_TABLE and len(self.model.sources) > 1:
            # Which rows are late depends on how the streams interleave: there is no one result.
            self.refuse(window, "a strict window over several streams")
        self.windows += 1
        name = f"{label}_windows_{self.windows}"
        try:
            self.tables.append((name, sources.windowed(window, table, drop_late=strict)))
        except ValueError as problem:
            self.refuse(window, f"{window.NAME} ({problem})")
        return name
