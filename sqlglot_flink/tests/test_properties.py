"""Queries written by the grammar keep their tree in Flink's own parser; operators bind as there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlglot
from hypothesis import HealthCheck, Phase, given, seed, settings
from sqlglot import exp

from sqlglot_flink.expressions import JsonPair
from sqlglot_flink.tests import grammar
from sqlglot_flink.tests.flink_gate.gate import FlinkGate, unavailable

OPERATORS = (exp.Binary, exp.Unary, exp.Between, exp.In, exp.Is)
NO_OPERATORS = (exp.Dot, exp.Paren, JsonPair, exp.Escape, exp.IntervalSpan)


@pytest.fixture(scope="module")
def gate() -> Iterator[FlinkGate]:
    if reason := unavailable():
        pytest.skip(reason)
    with FlinkGate() as opened:
        yield opened


def drawn(strategy: grammar.S, count: int) -> list[str]:
    """Draw the same texts every time; one batch is judged at once, for the gate is fast in batches."""
    found: dict[str, None] = {}

    @seed(20261122)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(strategy)
    def collect(text: str) -> None:
        found[text] = None

    collect()
    return list(found)


STRATEGIES = {
    "expressions": (grammar.EXPRESSION.map(lambda text: f"SELECT {text}"), 150),
    "types": (grammar.TYPE.map(lambda text: f"SELECT CAST(a AS {text})"), 60),
    "window functions": (grammar.WINDOW_FUNCTION.map(lambda text: f"SELECT * FROM {text}"), 60),
    "patterns": (grammar.MATCH, 60),
    "statements": (grammar.STATEMENT, 120),
}


@pytest.mark.parametrize("name", STRATEGIES)
def test_what_the_grammar_writes_keeps_its_tree(gate: FlinkGate, name: str) -> None:
    texts = drawn(*STRATEGIES[name])
    taken = [text for text, error in zip(texts, gate.parse(texts), strict=True) if error is None]
    assert len(taken) > len(texts) / 2
    pairs = [(text, sqlglot.parse_one(text, dialect="flink").sql("flink")) for text in taken]
    verdicts = gate.compare(pairs)
    assert [pair for pair, verdict in zip(pairs, verdicts, strict=True) if not verdict.equal] == []


def is_operator(node: exp.Expr | None) -> bool:
    return isinstance(node, OPERATORS) and not isinstance(node, NO_OPERATORS)


def grouped(tree: exp.Expr) -> exp.Expr:
    """Put every operator that stands below another one in parentheses."""
    for node in reversed(list(tree.walk())):
        parent = node.parent
        below = is_operator(parent) and parent is not None and not parent.meta.get("infix")
        if is_operator(node) and below and node.arg_key != "expressions":
            node.replace(exp.Paren(this=node.copy()))
    return tree


def test_operators_bind_as_they_do_in_flink(gate: FlinkGate) -> None:
    texts = drawn(grammar.EXPRESSION.map(lambda text: f"SELECT {text}"), 200)
    taken = [text for text, error in zip(texts, gate.parse(texts), strict=True) if error is None]
    pairs = [(text, grouped(sqlglot.parse_one(text, dialect="flink")).sql("flink")) for text in taken]
    verdicts = gate.compare(pairs)
    assert [pair for pair, verdict in zip(pairs, verdicts, strict=True) if not verdict.equal] == []
