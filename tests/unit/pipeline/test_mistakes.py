"""Which mistakes are told, and which are not: neither what follows from another, nor what is right."""

from __future__ import annotations

import pytest

from pipeline.compile.consequences import without_consequences
from pipeline.compiler import compile_project
from pipeline.model.diagnostics import Diagnostic, Position
from tests.unit.pipeline.conftest import MakeProject

QUERY = """-- How many?
SELECT
    window_start AS minute_start,  -- start
    COUNT(*) AS purchases          -- orders
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
WHERE {}
GROUP BY window_start, window_end
"""


def _told(shop_project: MakeProject, condition: str) -> list[str]:
    root = shop_project({"metrics/probe/query.sql": QUERY.format(condition)})
    return [f"{one.code} {one.message}" for one in compile_project(root, emit=False).diagnostics]


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("currency = 'EURO'", "\"currency\" is never 'EURO'"),
        ("currency IN ('EUR', 'eur')", "\"currency\" is never 'eur'"),
        ("'PAYPAL' = payment_method", "\"payment_method\" is never 'PAYPAL'"),
        ("COALESCE(payment_status, 'none') <> 'payed'", "\"payment_status\" is never 'payed'"),
    ],
)
def test_text_that_the_contract_forbids_is_told(shop_project: MakeProject, condition: str, told: str) -> None:
    assert _told(shop_project, condition) == [f"impossible-value {told}"]


@pytest.mark.parametrize(
    "condition",
    [
        "currency <> '' AND payment_method <> ''",
        "COALESCE(payment_method, 'none') = 'none'",
        "COALESCE(payment_method, coupon) = 'whatever'",
        "UPPER(payment_method) = 'CARD'",
        "payment_method LIKE 'c%' AND coupon = 'anything'",
        "EXTRACT(HOUR FROM event_time) < 12 AND HOUR(window_start) < 12",
        "DATE_FORMAT(event_time, 'HH') = '12'",
        "TIMESTAMPDIFF(DAY, ingest_time, event_time) < 1",
        "TO_TIMESTAMP('2026-01-01 00:00:00') < CAST(event_time AS TIMESTAMP(3))",
    ],
)
def test_what_is_right_is_not_refused(shop_project: MakeProject, condition: str) -> None:
    assert _told(shop_project, condition) == []


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("DATE_FORMAT(event_time, 1) = '1'", "the pattern of DATE_FORMAT cannot be INT"),
        ("DATE_FORMAT(amount, 'yyyy') = '1'", "DATE_FORMAT cannot take DECIMAL(12, 2)"),
        ("YEAR(amount) = 2026", "YEAR cannot take DECIMAL(12, 2)"),
        ("TO_TIMESTAMP(event_time) IS NULL", "TO_TIMESTAMP reads a text, not TIMESTAMP_LTZ(3)"),
        ("TO_DATE(amount) IS NULL", "TO_DATE reads a text, not DECIMAL(12, 2)"),
        ("TIMESTAMPADD(DAY, 1, currency) IS NULL", "TIMESTAMPADD cannot take STRING"),
    ],
)
def test_argument_that_flink_would_not_take_is_told(
    shop_project: MakeProject, condition: str, told: str
) -> None:
    assert _told(shop_project, condition) == [f"type-mismatch {told}"]


def test_texts_of_a_union_are_known_only_where_both_branches_have_them(shop_project: MakeProject) -> None:
    both = (
        "WITH p AS (SELECT event_time, payment_method AS x FROM purchase UNION ALL SELECT event_time, {})\n"
    )
    query = QUERY.replace("SELECT\n", both + "SELECT\n").replace("TABLE purchase", "TABLE p")
    for other, expected in (("coupon FROM purchase", 0), ("payment_method FROM purchase", 1)):
        text = query.replace("event_time, {}", f"event_time, {other}").format("x = 'cash'")
        found = compile_project(shop_project({"metrics/probe/query.sql": text}), emit=False).diagnostics
        assert [one.code for one in found] == ["impossible-value"] * expected


def test_name_of_a_contract_with_mistakes_is_not_called_unknown() -> None:
    broken = Diagnostic(Position("sql/events/refund.yaml", 3, 5), "unknown-key", "no")
    column = Diagnostic(Position("q.sql", 2, 1), "unknown-column", 'unknown column "x" in event "refund"')
    table = Diagnostic(Position("q.sql", 3, 1), "unknown-table", 'unknown table "refund"')
    other = Diagnostic(Position("q.sql", 4, 1), "unknown-column", 'unknown column "x" in event "click"')
    assert without_consequences([other, table, column, broken]) == (other, broken)


def test_sum_that_is_wrong_inside_is_not_asked_for_a_cast() -> None:
    outer = Diagnostic(Position("q.sql", 2, 5, 12), "aggregate-without-cast", "SUM(currency) has no CAST")
    inner = Diagnostic(Position("q.sql", 2, 9, 8), "type-mismatch", "SUM cannot take STRING")
    beside = Diagnostic(Position("q.sql", 2, 30, 8), "aggregate-without-cast", "SUM(amount) has no CAST")
    assert without_consequences([outer, inner, beside]) == (inner, beside)
