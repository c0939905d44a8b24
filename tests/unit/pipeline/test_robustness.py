"""No text makes the compiler fail: it compiles, or is refused at a place that exists."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.compile.check import check
from pipeline.compile.classify import classify
from pipeline.compile.contracts import load_contracts
from pipeline.compile.parse import parse
from pipeline.compile.render import render
from pipeline.compile.resolve import resolve
from pipeline.emit.batch import emit_batch
from pipeline.emit.flink import emit_statements
from pipeline.model.contracts import Contracts
from pipeline.model.diagnostics import Diagnostic
from pipeline.model.models import Promises, Source, Sources
from sqlglot_flink import Flink

ROOT = Path(__file__).parents[3]
FILE = "sql/metrics/probe/query.sql"
SQL = """-- How much?
SELECT
    'a' AS kind,                                                              -- kind
    window_start AS minute_start,                                             -- start
    currency,                                                                 -- code
    CAST(SUM(CASE WHEN amount > 10.5 THEN amount END) AS DECIMAL(18, 2)) AS m,  -- money
    COUNT(DISTINCT user_id) FILTER (WHERE coupon IS NOT NULL) AS people       -- people
FROM TABLE(HOP(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE)) AS t
WHERE t.amount BETWEEN 1 AND 1000 AND currency IN ('EUR', 'USD') OR UPPER(country) LIKE 'D%'
GROUP BY window_start, window_end, currency
UNION ALL
SELECT 'b' AS kind, window_start AS minute_start, currency, CAST(MAX(amount) AS DECIMAL(18, 2)) AS m,
    COUNT(*) AS people
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' HOUR))
GROUP BY window_start, window_end, currency
"""


@pytest.fixture(scope="module")
def contracts() -> Contracts:
    return load_contracts(ROOT)[0]


def _compile(sql: str, contracts: Contracts) -> list[Diagnostic]:
    source = Source("probe", "metric", "sql/metrics/probe", FILE, sql, Promises())
    rendered, found = render(source, Sources((source,)))
    diagnostics = [*found]
    parsed, found = parse(rendered) if rendered else (None, ())
    diagnostics += found
    if parsed is None:
        return diagnostics
    resolved, found = resolve(parsed, contracts, ["probe"])
    diagnostics += found
    model = classify(resolved, contracts) if resolved else None
    diagnostics += check(parsed, model)
    if model and not diagnostics:
        emit_statements((model,), contracts)
        emit_batch((model,), contracts)
    return diagnostics


def _spans() -> list[tuple[int, int]]:
    return [(token.start, token.end + 1) for token in Flink().tokenize(SQL)]


def _assert_sound(sql: str, contracts: Contracts) -> None:
    lines = sql.split("\n")
    for diagnostic in _compile(sql, contracts):
        at = diagnostic.position
        assert at.file == FILE
        assert 1 <= at.line <= len(lines), diagnostic
        assert 1 <= at.column <= len(lines[at.line - 1]) + 1, diagnostic
        assert "sqlglot" not in diagnostic.message, diagnostic
        assert "class '" not in diagnostic.message, diagnostic


def test_the_query_itself_compiles(contracts: Contracts) -> None:
    assert _compile(SQL, contracts) == []


def test_any_word_may_be_left_out(contracts: Contracts) -> None:
    for start, end in _spans():
        _assert_sound(SQL[:start] + SQL[end:], contracts)


def test_any_word_may_stand_twice(contracts: Contracts) -> None:
    for start, end in _spans():
        _assert_sound(SQL[:end] + " " + SQL[start:end] + SQL[end:], contracts)


def test_any_two_neighbours_may_change_places(contracts: Contracts) -> None:
    spans = _spans()
    for (a, b), (c, d) in pairwise(spans):
        _assert_sound(SQL[:a] + SQL[c:d] + SQL[b:c] + SQL[a:b] + SQL[d:], contracts)


def test_the_text_may_end_anywhere(contracts: Contracts) -> None:
    for end in range(0, len(SQL), 11):
        _assert_sound(SQL[:end], contracts)


@pytest.mark.parametrize("word", ["NULL", "(", "window_start", "'", "{{ x }}"])
def test_any_word_may_be_replaced(contracts: Contracts, word: str) -> None:
    for start, end in _spans():
        _assert_sound(SQL[:start] + word + SQL[end:], contracts)


@pytest.mark.parametrize("text", ["(" * 3000 + "amount" + ")" * 3000, "+".join(["amount"] * 3000)])
def test_endless_nesting_is_refused(contracts: Contracts, text: str) -> None:
    found = _compile(SQL.replace("10.5", text), contracts)
    assert [item.code for item in found] == ["too-deep"]


def test_text_that_needs_too_much_memory_is_refused(contracts: Contracts) -> None:
    (found,) = _compile(SQL.replace("10.5", "{{ 'x' * 10**17 }}"), contracts)
    assert found.message == "Jinja: it needs too much memory"
