"""Expressions of DEFINE and MEASURES: their looks at other rows of the match, apart from what they reckon."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from pipeline.functions import FUNCTIONS
from pipeline.lower.engine import Engine
from pipeline.lower.expressions import refusals, rewrite
from pipeline.lower.expressions.lowering import NAVIGATION
from pipeline.lower.match.spec import Problem

AGGREGATES = ("SUM", "COUNT", "AVG", "MIN", "MAX")
"""The aggregates that every engine can reckon over a match."""
_PLACEHOLDER = "_look_"


Way = Literal["first", "last", "each"]


@dataclass(frozen=True)
class Look:
    """A value of another row: `column` of the `offset`-th row of `variable` (None: of the match).

    Counted from the `first` row on or from the `last` one back; `each` is the row at hand in an aggregate.
    """

    way: Way
    variable: str | None
    offset: int
    column: str


class Expression:
    """One expression of DEFINE or MEASURES, its looks replaced by columns of their own."""

    def __init__(self, tree: exp.Expr, variables: tuple[str, ...], time: str) -> None:
        self.problems: list[Problem] = []
        self.looks: dict[str, Look] = {}
        self._variables = variables
        self._time = time
        self._holder = exp.Paren(this=tree.copy())
        for call in list(self._holder.find_all(exp.Func)):
            if function_name(call) in NAVIGATION:
                self._navigate(call, function_name(call))
        for column in list(self._holder.find_all(exp.Column)):
            if column.name not in self.looks:
                way: Way = "each" if _aggregate_of(column) else "last"
                self._replace(column, way, 0)
        for node in self.aggregates(self._holder):
            self._check_aggregate(node)

    @property
    def variables(self) -> set[str | None]:
        """The variables that are looked at; None for the match as a whole."""
        found: set[str | None] = {look.variable for look in self.looks.values()}
        counts = any(_counts_rows(node) for node in self.aggregates(self._holder))
        return found | {None} if counts else found

    def is_of_row(self, variable: str) -> bool:
        """Whether it looks at nothing but the row that is tried for the variable."""
        own = all(
            look.way == "last" and look.offset == 0 and look.variable in (None, variable)
            for look in self.looks.values()
        )
        return own and not any(self.aggregates(self._holder))

    def refused(self, engine: Engine) -> Iterator[Problem]:
        """What the engine would reckon otherwise than Flink."""
        yield from self.problems
        yield from refusals(self._holder.this, engine)

    def written(
        self,
        engine: Engine,
        look: Callable[[Look], str],
        aggregate: Callable[[exp.Expr, str | None], str] | None = None,
    ) -> str:
        """The expression as the engine's SQL.

        `look` writes a value of another row. `aggregate` writes an aggregate (`SUM(...)`, as the engine is to
        reckon it) over the rows of a variable, its inner values being written by then; None leaves it.
        """
        holder = exp.Paren(this=rewrite(self._holder.this.copy(), engine))
        variables = {
            id(node): self._rows_of(node) for node in self.aggregates(holder) if aggregate is not None
        }
        for column in list(holder.find_all(exp.Column)):
            if column.name in self.looks:
                value = exp.var(look(self.looks[column.name]))
                value.type = column.type
                value.meta["nullable"] = True
                column.replace(value)
        if aggregate is not None:
            for node in list(self.aggregates(holder)):
                node.replace(exp.var(aggregate(node, variables[id(node)])))
        return str(holder.this.sql(dialect=engine, comments=False))

    @staticmethod
    def aggregates(tree: exp.Expr) -> Iterator[exp.Expr]:
        """The aggregate calls in a tree."""
        return (node for node in tree.find_all(exp.Func) if _is_aggregate(node))

    def _rows_of(self, node: exp.Expr) -> str | None:
        columns = [column for column in node.find_all(exp.Column) if column.name in self.looks]
        return self.looks[columns[0].name].variable if columns else None

    def _navigate(self, node: exp.Expr, name: str) -> None:
        arguments = _arguments(node)
        if name == "MATCH_ROWTIME":
            if not arguments:
                arguments = [exp.column(self._time)]
                arguments[0].type = node.type
            self._move(node, arguments[0], "last", 0)
            return
        offset = 0
        if len(arguments) > 1:
            given = arguments[1]
            if not (isinstance(given, exp.Literal) and given.name.isdigit()):
                self.problems.append((node, f"{name} by other than a number of rows"))
                return
            offset = int(given.name)
        inner = arguments[0] if arguments else None
        if name not in ("FIRST", "LAST") or inner is None:
            self.problems.append((node, name))
        elif any(
            function_name(part) in NAVIGATION or _is_aggregate(part) for part in inner.find_all(exp.Func)
        ):
            self.problems.append((node, f"{name} of an aggregate or of FIRST or LAST"))
        elif _aggregate_of(node) is not None:
            self.problems.append((node, f"{name} inside an aggregate"))
        else:
            self._move(node, inner, "first" if name == "FIRST" else "last", offset)

    def _move(self, node: exp.Expr, inner: exp.Expr, way: Way, offset: int) -> None:
        """`FIRST(A.x + 1)` is `FIRST(A.x) + 1`: only columns are looked up."""
        inside = exp.Paren(this=inner.copy())
        inside.type, inside.meta["nullable"] = inner.type, True
        for column in list(inside.find_all(exp.Column)):
            self._replace(column, way, offset)
        bare = inside.this
        node.replace(bare if isinstance(bare, exp.Column) else inside)

    def _replace(self, column: exp.Column, way: Way, offset: int) -> None:
        variable = column.table or None
        if variable is not None and variable not in self._variables:
            self.problems.append((column, f"{variable}, which is not in the pattern,"))
        look = Look(way, variable, offset, column.name)
        name = f"{_PLACEHOLDER}{len(self.looks)}"
        self.looks[name] = look
        new = exp.column(name)
        new.type = column.type
        new.meta.update({key: value for key, value in column.meta.items() if key != "nullable"})
        # Far from every variable has a row when it is looked at.
        new.meta["nullable"] = True
        column.replace(new)

    def _check_aggregate(self, node: exp.Expr) -> None:
        if function_name(node) not in AGGREGATES:
            self.problems.append((node, f"{function_name(node)} over a pattern"))
        if any(node.find_all(exp.Distinct)):
            self.problems.append((node, "DISTINCT over a pattern"))
        looks = [self.looks.get(column.name) for column in node.find_all(exp.Column)]
        seen = {look.variable for look in looks if look is not None}
        if len(seen) > 1:
            self.problems.append((node, "an aggregate over several variables"))
        if _aggregate_of(node.parent) is not None:
            self.problems.append((node, "an aggregate of an aggregate"))


def function_name(node: exp.Expr) -> str:
    """The name of a called function in upper case; "" for what is no call."""
    if isinstance(node, exp.Anonymous):
        return str(node.name).upper()
    return node.sql_name().upper() if isinstance(node, exp.Func) else ""


def _arguments(node: exp.Expr) -> list[exp.Expr]:
    first = [node.this] if isinstance(node.this, exp.Expr) else []
    return [*first, *node.expressions]


def _is_aggregate(node: exp.Expr) -> bool:
    name = function_name(node)
    known = FUNCTIONS.get(name)
    return name not in NAVIGATION and (
        isinstance(node, exp.AggFunc) or (known is not None and known.aggregate)
    )


def _aggregate_of(node: exp.Expr | None) -> exp.Expr | None:
    while node is not None:
        if _is_aggregate(node):
            return node
        node = node.parent
    return None


def _counts_rows(node: exp.Expr) -> bool:
    return not any(node.find_all(exp.Column))
