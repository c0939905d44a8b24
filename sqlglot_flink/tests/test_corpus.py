"""Every query of the corpus keeps its tree: in Flink's own parser, in this one, plain and pretty."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from sqlglot_flink.tests.corpus_files import CORPUS, OLDEST, Case, read_corpus
from sqlglot_flink.tests.flink_gate.gate import FlinkGate, unavailable

CASES = read_corpus(CORPUS / "queries")
WAYS: tuple[dict[str, Any], ...] = ({}, {"pretty": True}, {"identify": True}, {"comments": False})


@pytest.fixture(scope="module")
def gate() -> Iterator[FlinkGate]:
    if reason := unavailable():
        pytest.skip(reason)
    with FlinkGate() as opened:
        yield opened


def read(sql: str) -> exp.Expr:
    (tree,) = (tree for tree in sqlglot.parse(sql, dialect="flink") if tree is not None)
    return tree


def test_flinks_own_parser_sees_no_difference(gate: FlinkGate) -> None:
    pairs = [
        (case, read(case.sql).sql("flink", **ways)) for case in CASES if case.flink == OLDEST for ways in WAYS
    ]
    verdicts = gate.compare([(case.sql, written) for case, written in pairs])
    assert [
        f"{case.id}: {verdict.original_error or verdict.regenerated_error or 'other tree'}\n{written}"
        for (case, written), verdict in zip(pairs, verdicts, strict=True)
        if not verdict.equal
    ] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_query_read_again_is_the_same_tree(case: Case) -> None:
    tree = read(case.sql)
    assert not tree.find(exp.Command)
    assert read(tree.sql("flink")) == tree
    assert read(tree.sql("flink", pretty=True)) == tree
    assert tree.copy().sql("flink") == tree.sql("flink")
