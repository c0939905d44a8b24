"""Lowers one expression after another, the innermost first: the walk that `refusals` and `rewrite` share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp

from pipeline.lower.engine import Engine
from pipeline.lower.expressions import aggregates, arithmetic, casts, comparisons, duckdb, spark, trino
from pipeline.lower.expressions.call import Call, CannotLowerError, Lowering, kind_of, typed
from pipeline.lower.expressions.named import argument_list, called_name
from pipeline.lower.expressions.template import fill

TABLES: dict[Engine, dict[str, Lowering]] = {
    "duckdb": duckdb.FUNCTIONS,
    "trino": trino.FUNCTIONS,
    "spark": spark.FUNCTIONS,
}
"""Name in upper case -> how an engine writes the function; `NAME/2` is that of two arguments alone."""

NAVIGATION = frozenset(
    {"FIRST", "LAST", "PREV", "NEXT", "CLASSIFIER", "MATCH_NUMBER", "MATCH_ROWTIME", "MATCH_PROCTIME"}
)
"""Functions of MATCH_RECOGNIZE, which its own lowering understands."""

_OPERATORS: tuple[tuple[type[exp.Expr], str, Callable[[Call], str | exp.Expr]], ...] = (
    (exp.Add, "+", arithmetic.plus_minus_times),
    (exp.Sub, "-", arithmetic.plus_minus_times),
    (exp.Mul, "*", arithmetic.plus_minus_times),
    (exp.Div, "/", arithmetic.divide),
    (exp.Mod, "%", arithmetic.remainder),
    (exp.EQ, "=", comparisons.compare),
    (exp.NEQ, "<>", comparisons.compare),
    (exp.GT, ">", comparisons.compare),
    (exp.GTE, ">=", comparisons.compare),
    (exp.LT, "<", comparisons.compare),
    (exp.LTE, "<=", comparisons.compare),
    (exp.NullSafeEQ, "IS NOT DISTINCT FROM", comparisons.compare),
    (exp.NullSafeNEQ, "IS DISTINCT FROM", comparisons.compare),
    (exp.DPipe, "||", comparisons.concatenate),
    (exp.Like, "LIKE", comparisons.like),
)
_SAME: tuple[type[exp.Expr], ...] = (
    exp.Column, exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.And, exp.Or, exp.Not, exp.Exists, exp.Star,
)  # fmt: skip
"""What every engine reads alike."""


class Lowerer:
    """Rewrites trees for one engine; what cannot be computed alike goes to `problems` and stays as it was."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.problems: list[tuple[exp.Expr, str]] = []

    def lower(self, node: exp.Expr) -> exp.Expr:
        """The node, its parts lowered before it; the tree given is changed in place, or replaced."""
        if isinstance(node, (exp.DataType, exp.Identifier, exp.Interval)):
            return node
        if aggregates.is_wrapped(node):
            return self._aggregate(node)
        self._parts(node)
        try:
            return self._lowered(node)
        except CannotLowerError as reason:
            self.problems.append((node, str(reason)))
            return node

    def _parts(self, node: exp.Expr) -> None:
        for key, value in list(node.args.items()):
            parts = value if isinstance(value, list) else [value]
            lowered = [self.lower(part) if isinstance(part, exp.Expr) else part for part in parts]
            if any(new is not old for new, old in zip(lowered, parts, strict=True)):
                node.set(key, lowered if isinstance(value, list) else lowered[0])

    def _clauses(self, window: exp.Window) -> None:
        call = window.this
        window.set("this", None)
        self._parts(window)
        window.set("this", call)

    def _aggregate(self, node: exp.Expr) -> exp.Expr:
        """An aggregate with its FILTER and OVER: the wrapping goes about each aggregate that it becomes."""
        wrapped = aggregates.unwrap(node)
        for part in wrapped.parts:
            self._parts(part)
        if wrapped.distinct is None:
            self._parts(wrapped.call)
        if wrapped.window is not None:
            self._clauses(wrapped.window)
        try:
            name = called_name(wrapped.call) or "OVER of other than an aggregate"
            around = aggregates.around(wrapped, name)
            call = Call(name, tuple(wrapped.arguments), self.engine, wrapped.call, wrapped.window)
            text = aggregates.lower(call, wrapped, TABLES[self.engine])
            new = fill(text, call.arguments, self.engine, around) if isinstance(text, str) else text
        except CannotLowerError as reason:
            self.problems.append((node, str(reason)))
            return node
        return _like(new, node)

    def _lowered(self, node: exp.Expr) -> exp.Expr:
        if isinstance(node, _SAME) or not isinstance(node, exp.Condition):
            return node
        if isinstance(node, (exp.Cast, exp.TryCast)):
            call = Call("CAST", (node.this,), self.engine, node)
            return self._written(node, call, casts.cast(call))
        for kind, name, lowering in _OPERATORS:
            if type(node) is kind:
                call = Call(name, (node.this, node.expression), self.engine, node)
                return self._written(node, call, lowering(call))
        special = comparisons.SPECIAL.get(type(node))
        if special is not None:
            call = Call(type(node).__name__.upper(), tuple(argument_list(node)), self.engine, node)
            return self._written(node, call, special(call))
        if isinstance(node, exp.Neg):
            call = Call("-", (node.this,), self.engine, node)
            return self._written(node, call, arithmetic.negative(call))
        called = called_name(node)
        if called is None:
            raise CannotLowerError(type(node).__name__.upper())
        if called in NAVIGATION and node.find_ancestor(exp.MatchRecognize):
            return node
        call = Call(called, tuple(argument_list(node)), self.engine, node)
        return self._written(node, call, self._function(call))

    def _function(self, call: Call) -> str | exp.Expr:
        table = TABLES[self.engine]
        lowering = table.get(f"{call.name}/{len(call.arguments)}", table.get(call.name))
        if lowering is None:
            raise CannotLowerError(f"the function {call.name}")
        return lowering if isinstance(lowering, str) else lowering(call)

    def _written(self, node: exp.Expr, call: Call, written: str | exp.Expr) -> exp.Expr:
        if written is node:
            return node
        new = fill(written, call.arguments, self.engine) if isinstance(written, str) else written
        return _like(new, node)


def _like(new: exp.Expr, old: exp.Expr) -> exp.Expr:
    """The new node with the old one's type, so that what stands around it can be lowered in turn."""
    if old.type is not None:
        typed(new, old.type, bool(old.meta.get("nullable", True)))
    elif (kind := kind_of(old)) is not None:
        typed(new, kind)
    for key in ("start", "end", "line", "col"):
        if key in old.meta:
            new.meta[key] = old.meta[key]
    return new


def refusals(tree: exp.Expr, engine: Engine) -> Iterator[tuple[exp.Expr, str]]:
    """Every expression of a typed tree that the engine would compute otherwise than Flink, with what it is.

    `tree` is not changed. The nodes are of a copy and carry the places of the author's text.
    """
    lowerer = Lowerer(engine)
    lowerer.lower(tree.copy())
    yield from lowerer.problems


def rewrite(tree: exp.Expr, engine: Engine) -> exp.Expr:
    """The tree with each of Flink's expressions spelled for the engine; it is changed in place, or replaced.

    Written with sqlglot's dialect of the engine it means what Flink computes. What `refusals` names stays as
    it was: ask it first.
    """
    return Lowerer(engine).lower(tree)
