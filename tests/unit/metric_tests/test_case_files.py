# ruff: noqa: DTZ001  values are UTC without a zone
from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.model.contracts import Contracts
from pipeline.testing.cases import Case, Target, load_case, load_cases

from .conftest import plain

FILE = "sql/metrics/revenue/tests/a_case.yaml"
GOOD = """\
given:                     # arrival order
  purchase: |
    event_time | amount | currency
    12:00:05   |  20.00 | EUR
    12:00:58   |   5.25 | USD
expect: |
    minute_start | revenue
    12:00        |   25.25
late: 1
"""


def load(text: str, target: Target, contracts: Contracts) -> Case:
    case, errors = load_case(FILE, text, target, contracts)
    assert plain(errors) == []
    assert case is not None
    return case


def rows_of(case: Case) -> list[dict[str, object]]:
    (arrivals,) = case.given
    return [dict(zip((c.name for c in arrivals.columns), row, strict=True)) for row in arrivals.rows]


def test_a_case_holds_what_arrives_and_what_is_expected(target: Target, contracts: Contracts) -> None:
    case = load(GOOD, target, contracts)
    assert (case.model, case.name, case.sentence, case.late) == ("revenue", "a_case", "a case", 1)
    assert [column.name for column in case.columns] == ["minute_start", "revenue"]
    assert case.expect == ((dt.datetime(2026, 1, 15, 12), Decimal("25.25")),)
    assert [row["amount"] for row in rows_of(case)] == [Decimal("20.00"), Decimal("5.25")]


def test_a_field_that_is_not_named_has_its_contracts_example(target: Target, contracts: Contracts) -> None:
    first = rows_of(load(GOOD, target, contracts))[0]
    assert (first["quantity"], first["method"], first["is_refund"]) == (1, "card", False)


def test_each_event_has_an_id_of_its_own_and_the_type_of_its_table(
    target: Target, contracts: Contracts
) -> None:
    rows = rows_of(load(GOOD, target, contracts))
    assert [row["event_id"] for row in rows] == ["purchase-1", "purchase-2"]
    assert {row["event_type"] for row in rows} == {"purchase"}


def test_nothing_arrives_where_nothing_is_given(target: Target, contracts: Contracts) -> None:
    for given in ("", "given:\n", "given: {}\n"):
        case = load(f"{given}expect: |\n  revenue\n", target, contracts)
        assert (case.given, case.expect) == ((), ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["1:1+1 this is not a test case | given: and expect: were expected"]),
        ("given: {}\n", ["1:1+1 expect: is missing | a table of rows after |"]),
        (
            GOOD + "lates: 2\n",
            ['10:1+5 unknown key "lates" | did you mean "late"? Keys: expect, given, late'],
        ),
        (
            GOOD.replace("late: 1", "late: one"),
            ["9:7+3 late: is not a number | how many events come too late, such as 1"],
        ),
        (GOOD + "late: 2\n", ['10:1+4 "late" is said twice | keep one']),
        (
            GOOD.replace("purchase: |", "purchases: |"),
            [
                (
                    '2:3+9 the model does not read an event "purchases" | '
                    'did you mean "purchase"? Events it reads: purchase'
                )
            ],
        ),
        (
            GOOD.replace("| amount |", "| amout  |"),
            [
                (
                    '3:18+5 unknown column "amout" in event "purchase" | did you mean "amount"? Columns: '
                    "amount, currency, event_id, event_time, event_type, is_refund, method, quantity"
                )
            ],
        ),
        (
            GOOD.replace("event_time |", "timestamp  |"),
            ['3:5+9 unknown column "timestamp" in event "purchase" | it is called event_time in SQL'],
        ),
        (
            GOOD.replace("| revenue", "| revenu"),
            [
                (
                    '7:20+6 unknown column "revenu" in the result of "revenue" | did you mean "revenue"? '
                    "Columns: currency, minute_start, purchases, revenue"
                )
            ],
        ),
        (
            GOOD.replace("20.00", "20,00"),
            ['4:19+5 amount cannot be "20,00" | DECIMAL(12, 2) was expected, such as 12.95'],
        ),
        (
            GOOD.replace("20.00 |", "-1.00 |"),
            ["4:19+5 amount cannot be '-1.00' | at least 0 was expected (sql/events/purchase.yaml)"],
        ),
        (
            GOOD.replace("20.00 | EUR", " NULL | eur"),
            [
                "4:20+4 amount cannot be NULL | the contract requires it (sql/events/purchase.yaml)",
                "4:27+3 currency cannot be 'eur' | ^[A-Z]{3}$ was expected (sql/events/purchase.yaml)",
            ],
        ),
        (
            GOOD.replace("|   25.25", "|  25.255"),
            ['8:21+6 revenue cannot be "25.255" | DECIMAL(18, 2) has 2 digits after the point'],
        ),
        (
            GOOD.replace("expect: |", "expect:"),
            ["7:5+1 expect: has no table | write expect: | and the table below"],
        ),
        (
            "given: [1]\n" + GOOD[GOOD.index("expect") :],
            ["1:8+3 given: does not name events | events were expected, each with a table after |"],
        ),
        (
            "expect: |\n  revenue\ngiven: {\n",
            [
                (
                    "4:1+1 this is not YAML: expected the node content, but found '<stream end>' | "
                    "while parsing a flow node"
                )
            ],
        ),
        (
            "expect: |\n\trevenue\n",
            [
                (
                    "2:1+1 this is not YAML: found character '\\t' that cannot start any token | "
                    "while scanning for the next token"
                )
            ],
        ),
        ("late: \x07\n", ["1:7+1 this is not YAML: the character U+0007 is not allowed | remove it"]),
    ],
)
def test_a_mistake_is_named_with_its_place_and_the_choices(
    text: str, expected: list[str], target: Target, contracts: Contracts
) -> None:
    case, errors = load_case(FILE, text, target, contracts)
    assert plain(errors) == expected
    assert case is None


def test_all_mistakes_of_a_file_are_reported_at_once(target: Target, contracts: Contracts) -> None:
    text = GOOD.replace("20.00", "20,00").replace("| revenue", "| revenu").replace("late: 1", "late: x")
    _, errors = load_case(FILE, text, target, contracts)
    assert [(error.position.line, error.code) for error in errors] == [
        (4, "wrong-value"),
        (7, "unknown-column"),
        (9, "wrong-value"),
    ]


def test_cases_are_read_from_the_folder_beside_the_query(
    tmp_path: Path, target: Target, contracts: Contracts
) -> None:
    folder = tmp_path / target.folder / "tests"
    folder.mkdir(parents=True)
    (folder / "b.yaml").write_text(GOOD)
    (folder / "a.yaml").write_text(GOOD)
    (folder / "Not A Case.yml").write_text(GOOD)
    (folder / "latin.yaml").write_bytes(b"late: \xe9\n")
    cases, errors = load_cases(tmp_path, target, contracts)
    assert [case.name for case in cases] == ["a", "b"]
    assert [error.message for error in errors] == [
        '"Not A Case.yml" is not a test case',
        "the file is not UTF-8: invalid continuation byte",
    ]


def test_a_model_without_a_tests_folder_has_no_cases(
    tmp_path: Path, target: Target, contracts: Contracts
) -> None:
    assert load_cases(tmp_path, target, contracts) == ((), [])
