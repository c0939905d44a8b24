"""Lowers one MATCH_RECOGNIZE to a batch engine, or says by name what keeps it from that."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.lower.engine import Engine
from pipeline.lower.match.fold import fold
from pipeline.lower.match.spec import Problem, Spec, read, undecided
from pipeline.lower.match.trino import trino
from pipeline.lower.match.values import Expression


def refusals(node: exp.MatchRecognize, engine: Engine) -> Iterator[Problem]:
    """Each node of which the engine would not compute what Flink does, and what it is, as a noun.

    `node` is typed as after `resolve`: every expression in MEASURES and DEFINE has its `type`.
    """
    spec = read(node)
    yield from spec.problems
    if not spec.elements:
        return
    expressions = _expressions(spec)
    for expression in expressions.values():
        yield from expression.refused(engine)
    yield from _undecided(spec, expressions, engine)


def not_on_flink(node: exp.MatchRecognize) -> Iterator[Problem]:
    """What Flink itself refuses when it plans the query, or what would end its job while it runs."""
    spec = read(node)
    yield from spec.problems
    for expression in _expressions(spec).values() if spec.elements else ():
        yield from expression.problems


def lower_match(node: exp.MatchRecognize, engine: Engine, rows: str, arrival: tuple[str, ...] = ()) -> str:
    """The rows that MATCH_RECOGNIZE gives, as one SELECT (with tables of its own, named `_...`).

    Its columns are `columns_of(node)`, all quoted. `rows` names the table of its input, which has at least
    the columns `reads_of(node)` and those of `arrival`: they tell in which order rows of equal times arrived.
    Rows that were too late for the stream (event time not beyond the watermark they met) are not in it any
    more. Ask `refusals` first; `node` is not changed.
    """
    spec = read(node)
    expressions = _expressions(spec)
    if engine == "trino":
        return trino(spec, expressions, rows, arrival)
    return fold(spec, expressions, engine, rows, arrival)


def columns_of(node: exp.MatchRecognize) -> tuple[str, ...]:
    """Names of the columns that come out: those of PARTITION BY, then the measures."""
    return read(node).columns


def reads_of(node: exp.MatchRecognize) -> tuple[str, ...]:
    """Names of the columns of its input that it uses."""
    return read(node).reads()


def _expressions(spec: Spec) -> dict[str, Expression]:
    """`define <variable>` and `measure <index>` -> the expression."""
    variables = tuple(item.variable for item in spec.elements)
    time = spec.time if spec.order else ""
    trees = {f"define {name}": tree for name, tree in spec.define.items()}
    trees.update({f"measure {index}": tree for index, (_, tree) in enumerate(spec.measures)})
    return {name: Expression(tree, variables, time) for name, tree in trees.items()}


def _undecided(spec: Spec, expressions: dict[str, Expression], engine: Engine) -> Iterator[Problem]:
    """What would show which of several ways through the pattern Flink happened to take."""
    span = undecided(spec)
    if span is None:
        return
    loose = {item.variable for item in spec.elements[span[0] : span[1] + 1]}
    shown: list[tuple[exp.Expr, str]] = []
    for index, (_, tree) in enumerate(spec.measures):
        shown += [(tree, name) for name in sorted(loose) if name in expressions[f"measure {index}"].variables]
    if spec.skip.variable in loose:
        shown.append((spec.node.args["after"], spec.skip.variable))
    first, last = (spec.elements[index].variable for index in span)
    hint = f"a row may be {first} or what follows it, up to {last}: let their conditions exclude each other"
    for tree, name in shown:
        yield tree, f"the rows of {name}, which Flink itself may choose in several ways ({hint}),"
    if engine == "trino" and not shown:
        # Trino prefers ways by their quantifiers, and takes one that ends later where that is preferred.
        yield spec.node.args["pattern"], f"a pattern that matches in several ways ({hint})"
