"""Every statement of the corpus keeps its tree: in Flink's own parser, in this one, plain and pretty."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from sqlglot_flink.tests.corpus_files import CORPUS, OLDEST, Case, read_corpus
from sqlglot_flink.tests.flink_gate.gate import FlinkGate, unavailable

CASES = read_corpus(CORPUS / "statements")
FLINK_2_JARS = "FLINK_2_JARS"
WAYS: tuple[dict[str, bool], ...] = ({}, {"pretty": True}, {"identify": True}, {"comments": False})


def read(sql: str) -> list[exp.Expr]:
    return [tree for tree in sqlglot.parse(sql, dialect="flink") if tree is not None]


def write(trees: list[exp.Expr], **ways: Any) -> str:
    return ";\n".join(tree.sql("flink", **ways) for tree in trees)


@pytest.fixture(scope="module")
def gate() -> Iterator[FlinkGate]:
    if reason := unavailable():
        pytest.skip(reason)
    with FlinkGate() as opened:
        yield opened


def differences(gate: FlinkGate, cases: list[Case]) -> list[str]:
    pairs = [(case, write(read(case.sql), **ways)) for case in cases for ways in WAYS]
    verdicts = gate.compare([(case.sql, written) for case, written in pairs])
    return [
        f"{case.id}: {verdict.original_error or verdict.regenerated_error or 'other tree'}\n{written}"
        for (case, written), verdict in zip(pairs, verdicts, strict=True)
        if not verdict.equal
    ]


def test_flinks_own_parser_sees_no_difference(gate: FlinkGate) -> None:
    assert differences(gate, [case for case in CASES if case.flink == OLDEST]) == []


def test_flink_2s_own_parser_sees_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    jars = os.environ.get(FLINK_2_JARS)
    if not jars:
        pytest.skip(
            f"{FLINK_2_JARS} names no folder of Flink 2's jars: what it adds was compared by our trees only"
        )
    monkeypatch.setenv("FLINK_GATE_JARS", jars)
    with FlinkGate() as opened:
        assert differences(opened, [case for case in read_corpus() if case.flink != OLDEST]) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_statement_read_again_is_the_same_tree(case: Case) -> None:
    trees = read(case.sql)
    assert trees
    assert not any(tree.find(exp.Command) for tree in trees)
    assert read(write(trees)) == trees
    assert read(write(trees, pretty=True)) == trees


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_every_part_of_a_statement_is_an_expression(case: Case) -> None:
    for tree in read(case.sql):
        for node in tree.walk():
            assert isinstance(node, exp.Expr)
            known = type(node).arg_types
            assert set(node.args) <= set(known), f"{type(node).__name__} has unknown arguments"
        assert tree.copy() == tree
