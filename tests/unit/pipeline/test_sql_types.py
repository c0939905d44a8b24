"""Types of operations, by the rules of Flink's `LogicalTypeMerging`, worked out by hand."""

from __future__ import annotations

import pytest

from pipeline.sql_types import SqlType, arithmetic, common_type, parse_type


@pytest.mark.parametrize("text", ["STRING", "DECIMAL(12, 2)", "TIMESTAMP_LTZ(3)", "BIGINT", "BOOLEAN"])
def test_type_is_written_as_it_is_read(text: str) -> None:
    assert str(parse_type(text)) == text


@pytest.mark.parametrize(
    ("left", "operator", "right", "result"),
    [
        ("INT", "+", "BIGINT", "BIGINT"),
        ("INT", "/", "INT", "INT"),
        ("BIGINT", "%", "INT", "INT"),
        # scale max(2, 0), whole digits max(10, 10), one more for the carry
        ("DECIMAL(12, 2)", "+", "INT", "DECIMAL(13, 2)"),
        # 12 + 12 + 1 digits, 2 + 2 behind the point
        ("DECIMAL(12, 2)", "*", "DECIMAL(12, 2)", "DECIMAL(25, 4)"),
        # scale max(6, 2 + 10 + 1), precision 12 - 2 + 0 + 13
        ("DECIMAL(12, 2)", "/", "INT", "DECIMAL(23, 13)"),
        # 41 digits are cut to 38: whole digits stay, the scale 20 gives way by three
        ("DECIMAL(20, 10)", "*", "DECIMAL(20, 10)", "DECIMAL(38, 17)"),
        ("DECIMAL(12, 2)", "+", "DOUBLE", "DOUBLE"),
        ("STRING", "+", "INT", None),
    ],
)
def test_arithmetic_gives_flinks_type(left: str, operator: str, right: str, result: str | None) -> None:
    kind = arithmetic(operator, parse_type(left), parse_type(right))
    assert (str(kind) if kind else None) == result


def test_result_may_be_null_where_an_operand_may() -> None:
    required, optional = parse_type("INT", nullable=False), parse_type("INT")
    assert arithmetic("+", required, required) == SqlType("INT", (), nullable=False)
    assert arithmetic("+", required, optional) == SqlType("INT", (), nullable=True)


@pytest.mark.parametrize(
    ("kinds", "result"),
    [
        (["INT", "BIGINT"], "BIGINT"),
        (["DECIMAL(12, 2)", "DECIMAL(10, 4)"], "DECIMAL(14, 4)"),
        (["CHAR(1)", "CHAR(3)"], "STRING"),
        (["INT", "DOUBLE"], "DOUBLE"),
        (["INT", "STRING"], None),
    ],
)
def test_common_type_holds_all(kinds: list[str], result: str | None) -> None:
    kind = common_type([parse_type(text) for text in kinds])
    assert (str(kind) if kind else None) == result
