"""MATCH_RECOGNIZE on engines without it: Flink's own automaton, played over lists of rows.

From each row on, the rows that WITHIN allows are gone through once (`ahead`). What is carried along are the
ways of matching that are still open: for each, the element of the pattern it is in and how many rows each
element has taken. As the rows of an element lie side by side, these counts say which row belongs to which
variable. The first way to end is the match of that row (`found`); from the matches in order of their first
rows, those stay that begin where SKIP lets them (`kept`).
"""

# ruff: noqa: S608  all names in the SQL were checked by the compiler
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from textwrap import indent

from sqlglot import exp

from pipeline.lower.engine import Engine
from pipeline.lower.expressions.call import kind_of
from pipeline.lower.match.lists import Index, Lists
from pipeline.lower.match.spec import Spec
from pipeline.lower.match.values import Expression, Look, function_name
from pipeline.sql_types import SqlType

_ROW, _TIME, _ROWS, _NEXT, _WAYS, _WAY = "_row", "_time", "_rows", "_next", "_ways", "_way"


@dataclass(frozen=True)
class _Place:
    """Where an expression is evaluated: what `way` has taken, and the element a row is tried for, if any."""

    way: str
    tried: int | None = None


def fold(
    spec: Spec, expressions: dict[str, Expression], engine: Engine, rows: str, arrival: tuple[str, ...]
) -> str:
    """The query for DuckDB or Spark; arguments as in `lower_match`."""
    return _Fold(spec, expressions, engine).query(rows, arrival)


class _Fold:
    def __init__(self, spec: Spec, expressions: dict[str, Expression], engine: Engine) -> None:
        self.spec, self.expressions, self.engine = spec, expressions, engine
        self.sql = Lists(engine)
        self.looked_back = any(not self.expressions[f"define {name}"].is_of_row(name) for name in spec.define)

    def query(self, rows: str, arrival: tuple[str, ...]) -> str:
        tables = {
            "numbered": self._numbered(rows, arrival),
            "ahead": self._ahead(),
            "tried": self._tried(),
            "found": self._found(),
            "measured": self._measured(),
        }
        result = "measured"
        if self.spec.skip.to != "next row":
            tables["kept"], result = self._kept(), "kept"
        names = {name: self.sql.name(f"_{name}") for name in tables}
        text = ",\n".join(f"{names[name]} AS (\n{indent(query, '    ')}\n)" for name, query in tables.items())
        record = f"{self.sql.name('_match')}." if result == "kept" else ""
        columns = [
            *map(self.sql.name, self.spec.keys),
            *(f"{record}{self.sql.name(name)} AS {self.sql.name(name)}" for name, _ in self.spec.measures),
        ]
        return f"WITH {text}\nSELECT {', '.join(columns)}\nFROM {names[result]}"

    def _from(self, table: str) -> str:
        return self.sql.name(f"_{table}")

    def _numbered(self, rows: str, arrival: tuple[str, ...]) -> str:
        """Rows numbered in Flink's order, with the conditions that look at the row alone."""
        quote = self.sql.name
        order = [f"{quote(key.this.name)} {_direction(key)}" for key in self.spec.order]
        order += [quote(column) for column in arrival]
        items = [
            *map(quote, self._columns()),
            f"{self.sql.epoch_ms(quote(self.spec.time))} AS {quote(_TIME)}",
        ]
        over = f"{self._partition()}ORDER BY {', '.join(order)}"
        items.append(f"ROW_NUMBER() OVER ({over}) AS {quote(_ROW)}")
        for index in self._of_row():
            condition = self._condition(index).written(self.engine, lambda look: quote(look.column))
            items.append(f"COALESCE({condition}, FALSE) AS {quote(_is(index))}")
        return f"SELECT {', '.join(items)}\nFROM {quote(rows)}"

    def _ahead(self) -> str:
        """Each row with the rows from it on that a match beginning there may take."""
        quote = self.sql.name
        fields = [_ROW, *self._columns(), *(_is(index) for index in self._of_row())]
        record = self.sql.record({name: quote(name) for name in fields})
        frame = f"RANGE BETWEEN CURRENT ROW AND {self.spec.within_ms - 1} FOLLOWING"
        over = f"{self._partition()}ORDER BY {quote(_TIME)} {frame}"
        # Rows of the same time that come before it are in the frame too.
        rows = f"{self.sql.collected(record)} OVER ({over}) AS {quote(_ROWS)}"
        keys = "".join(f"{quote(key)}, " for key in self.spec.keys)
        inner = f"SELECT {keys}{quote(_ROW)}, {rows}\nFROM {self._from('numbered')}"
        later = self.sql.chosen(self.sql.sorted(quote(_ROWS)), "_r", f"_r.{quote(_ROW)} >= {quote(_ROW)}")
        return (
            f"SELECT {keys}{quote(_ROW)}, {later} AS {quote(_ROWS)}\n"
            f"FROM (\n{indent(inner, '    ')}\n) AS {quote('_frames')}"
        )

    def _tried(self) -> str:
        """The ways of matching that are open after the rows, or those that have ended, from each row on."""
        quote, sql = self.sql.name, self.sql
        counts = {_count(index): "0" for index in range(len(self.spec.elements))}
        start = sql.of([sql.record({"_at": "-1", **counts})])
        ended = f"{sql.size(sql.chosen('_ways', '_w', self._has_ended('_w')))} > 0"
        step = f"CASE WHEN {ended} THEN _ways ELSE {self._step()} END"
        folded = sql.folded(quote(_ROWS), start, "_ways", "_r", step)
        keys = "".join(f"{quote(key)}, " for key in self.spec.keys)
        return (
            f"SELECT {keys}{quote(_ROW)}, {quote(_ROWS)},\n    {folded} AS {quote(_WAYS)}\n"
            f"FROM {self._from('ahead')}"
        )

    def _found(self) -> str:
        quote, sql = self.sql.name, self.sql
        ended = sql.chosen(quote(_WAYS), "_w", self._has_ended("_w"))
        keys = "".join(f"{quote(key)}, " for key in self.spec.keys)
        return (
            f"SELECT {keys}{quote(_ROW)}, {quote(_ROWS)}, {sql.item(ended, Index())} AS {quote(_WAY)}\n"
            f"FROM {self._from('tried')}\nWHERE {sql.size(ended)} > 0"
        )

    def _measured(self) -> str:
        """The measures of each match, its first row, and the first row that the next match may begin with."""
        quote = self.sql.name
        place = _Place(quote(_WAY))
        totals: dict[str, str] = {}

        def total(node: exp.Expr, variable: str | None) -> str:
            # Reckoned once, however often the engine's form of the aggregate names it.
            text = self._aggregate(node, variable, place)
            return totals.setdefault(text, quote(f"_total_{len(totals) + 1}"))

        measures = [
            self.expressions[f"measure {index}"].written(
                self.engine, lambda look: self._value(look, place), total
            )
            for index in range(len(self.spec.measures))
        ]
        columns = [*map(quote, self.spec.keys), quote(_ROW)]
        items = [*columns, f"{self._next(place)} AS {quote(_NEXT)}"]
        items += [
            f"{value} AS {quote(name)}" for value, (name, _) in zip(measures, self.spec.measures, strict=True)
        ]
        source = self._from("found")
        if totals:
            inner = [
                *columns,
                quote(_ROWS),
                quote(_WAY),
                *(f"{text} AS {name}" for text, name in totals.items()),
            ]
            listed = ",\n        ".join(inner)
            source = f"(\n    SELECT {listed}\n    FROM {source}\n) AS {quote('_totals')}"
        return f"SELECT {', '.join(items)}\nFROM {source}"

    def _kept(self) -> str:
        quote, sql = self.sql.name, self.sql
        fields = [_ROW, _NEXT, *(name for name, _ in self.spec.measures)]
        matches = sql.sorted(sql.collected(sql.record({name: quote(name) for name in fields})))
        last = sql.item("_kept", Index((sql.size("_kept"),), -1))
        free = f"{sql.size('_kept')} = 0 OR _m.{quote(_ROW)} >= {last}.{quote(_NEXT)}"
        step = f"CASE WHEN {free} THEN {sql.with_item('_kept', '_m')} ELSE _kept END"
        none = sql.chosen(quote("_matches"), "_m", "FALSE")
        kept = sql.folded(quote("_matches"), none, "_kept", "_m", step)
        keys = "".join(f"{quote(key)}, " for key in self.spec.keys)
        group = f"\nGROUP BY {', '.join(map(quote, self.spec.keys))}" if keys else ""
        inner = f"SELECT {keys}{matches} AS {quote('_matches')}\nFROM {self._from('measured')}{group}"
        return (
            f"SELECT {keys}{sql.spread(kept)} AS {quote('_match')}\n"
            f"FROM (\n{indent(inner, '    ')}\n) AS {quote('_partitions')}"
        )

    def _next(self, place: _Place) -> str:
        skip, row = self.spec.skip, Index((self.sql.name(_ROW),))
        if skip.to == "next row":
            return str(row + 1)
        if skip.to == "last row":
            return str(row + self._taken(place))
        index = self.spec.place(skip.variable)
        assert index is not None
        first, count = self._range(skip.variable, place)
        return str(row + first if skip.to == "first of" else row + first + count + -1)

    def _step(self) -> str:
        """The ways after one more row, `_r`: each goes on with every element that may take the row."""
        sql = self.sql
        ways, way, conditions = "_ways", "_w", self._is_of_row
        if self.looked_back:
            # Conditions that look back are worked out once for each way.
            fields = {"_w": "_w", **{_is(index): self._looked(index) for index in self._looking()}}
            ways, way = sql.mapped("_ways", "_w", sql.record(fields)), "_t._w"
            conditions = self._is_of_way
        steps = [
            f"CASE WHEN {self._may(way, index, conditions)} THEN {self._advanced(way, index)} END"
            for index in range(len(self.spec.elements))
        ]
        parameter = "_t" if self.looked_back else "_w"
        taken = sql.chosen(sql.of(steps), "_n", "_n IS NOT NULL")
        return sql.flat(sql.mapped(ways, parameter, taken))

    def _may(self, way: str, index: int, condition: Callable[[int], str]) -> str:
        """Whether a way may give the row to an element: from which elements, and what the row must be."""
        elements = self.spec.elements
        element = elements[index]
        befores = []
        if element.most is None:
            befores.append(f"{way}._at = {index}")
        elif element.most > 1:
            befores.append(f"({way}._at = {index} AND {way}.{_count(index)} < {element.most})")
        left: list[str] = []
        for before in range(index - 1, -2, -1):
            conditions = [f"{way}._at = {before}"]
            if before >= 0:
                if elements[before].taking == "greedy":
                    left.append(f"NOT {condition(before)}")
                if elements[before].least > 1:
                    conditions.append(f"{way}.{_count(before)} >= {elements[before].least}")
            conditions += left
            befores.append(f"({' AND '.join(conditions)})")
            if before >= 0 and elements[before].least:
                break
        return f"({' OR '.join(befores)}) AND {condition(index)}"

    def _advanced(self, way: str, index: int) -> str:
        counts = {
            _count(other): f"{way}.{_count(other)} + 1" if other == index else f"{way}.{_count(other)}"
            for other in range(len(self.spec.elements))
        }
        return self.sql.record({"_at": str(index), **counts})

    def _has_ended(self, way: str) -> str:
        last = len(self.spec.elements) - 1
        return f"{way}._at = {last} AND {way}.{_count(last)} >= {self.spec.elements[last].least}"

    def _condition(self, index: int) -> Expression:
        return self.expressions[f"define {self.spec.elements[index].variable}"]

    def _defined(self) -> list[int]:
        return [index for index, item in enumerate(self.spec.elements) if item.variable in self.spec.define]

    def _of_row(self) -> list[int]:
        """Elements of which the condition looks at the row alone."""
        return [
            index
            for index in self._defined()
            if self._condition(index).is_of_row(self.spec.elements[index].variable)
        ]

    def _looking(self) -> list[int]:
        """Elements of which the condition looks at other rows."""
        return [index for index in self._defined() if index not in self._of_row()]

    def _is_of_row(self, index: int) -> str:
        return f"_r.{self.sql.name(_is(index))}" if index in self._defined() else "TRUE"

    def _is_of_way(self, index: int) -> str:
        return f"_t.{self.sql.name(_is(index))}" if index in self._looking() else self._is_of_row(index)

    def _looked(self, index: int) -> str:
        return f"COALESCE({self._written(self._condition(index), _Place('_w', index))}, FALSE)"

    def _written(self, expression: Expression, place: _Place) -> str:
        return expression.written(
            self.engine,
            lambda look: self._value(look, place),
            lambda node, variable: self._aggregate(node, variable, place),
        )

    def _value(self, look: Look, place: _Place) -> str:
        """A value of another row; within an aggregate, of the row at hand (`_e`)."""
        column = self.sql.name(look.column)
        if look.way == "each":
            return f"_e.{column}"
        own = look.variable is None or self.spec.place(look.variable) == place.tried
        if place.tried is not None and own and look.way == "last" and not look.offset:
            return f"_r.{column}"
        start, count = self._range(look.variable, place)
        index = start + look.offset if look.way == "first" else start + count + (-1 - look.offset)
        value = f"{self.sql.item(self.sql.name(_ROWS), index)}.{column}"
        return f"CASE WHEN {count} > {look.offset} THEN {value} END"

    def _aggregate(self, node: exp.Expr, variable: str | None, place: _Place) -> str:
        start, count = self._range(variable, place)
        name = function_name(node)
        argument = node.expressions[0] if isinstance(node, exp.Anonymous) else node.this
        if isinstance(argument, exp.Star):
            return f"({count})"
        rows = self.sql.part(self.sql.name(_ROWS), start, count)
        values = self.sql.mapped(rows, "_e", argument.sql(dialect=self.engine, comments=False))
        return self.sql.aggregate(name, values, _kind(argument))

    def _range(self, variable: str | None, place: _Place) -> tuple[Index, Index]:
        """Index of the first row of a variable (of the match, where it is None) and how many rows it has.

        The row that is tried for an element counts as its last.
        """
        if variable is None:
            return Index(), self._taken(place) + (place.tried is not None)
        index = self.spec.place(variable)
        assert index is not None
        count = Index((f"{place.way}.{_count(index)}",))
        return self._before(place, index), count + (place.tried == index)

    def _taken(self, place: _Place) -> Index:
        return self._before(place, len(self.spec.elements))

    def _before(self, place: _Place, index: int) -> Index:
        """How many rows the elements before one have taken."""
        return Index(tuple(f"{place.way}.{_count(other)}" for other in range(index)))

    def _partition(self) -> str:
        keys = ", ".join(map(self.sql.name, self.spec.keys))
        return f"PARTITION BY {keys} " if keys else ""

    def _columns(self) -> tuple[str, ...]:
        return self.spec.reads()


def _count(index: int) -> str:
    return f"_n{index + 1}"


def _is(index: int) -> str:
    return f"_is_{index + 1}"


def _kind(argument: exp.Expr) -> SqlType | None:
    while isinstance(argument, exp.Paren) and argument.type is None:
        argument = argument.this
    return kind_of(argument)


def _direction(key: exp.Ordered) -> str:
    """Flink puts NULL before all values, and behind them where it goes down."""
    return "DESC NULLS LAST" if key.args.get("desc") else "ASC NULLS FIRST"
