"""The text of PATTERN as elements, and what Flink takes for no pattern."""

from __future__ import annotations

import pytest

from pipeline.lower.match.pattern import Element, PatternError, parse_pattern


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A", Element("A", 1, 1, "fixed")),
        ("A{2}", Element("A", 2, 2, "fixed")),
        ("A{2}?", Element("A", 2, 2, "fixed")),
        ("A+", Element("A", 1, None, "greedy")),
        ("A*", Element("A", 0, None, "greedy")),
        ("A{2,}", Element("A", 2, None, "greedy")),
        ("A{0,3}", Element("A", 0, 3, "greedy")),
        ("A { 1 , 2 }", Element("A", 1, 2, "greedy")),
        ("A?", Element("A", 0, 1, "open")),
        ("A{0,1}", Element("A", 0, 1, "open")),
        ("A+?", Element("A", 1, None, "open")),
        ("A*?", Element("A", 0, None, "open")),
        ("A{1,2}?", Element("A", 1, 2, "open")),
        ("(A)+", Element("A", 1, None, "greedy")),
        ("`card test`", Element("card test", 1, 1, "fixed")),
    ],
)
def test_quantifier_says_how_many_rows_and_who_gets_them(text: str, expected: Element) -> None:
    assert parse_pattern(text) == (expected,)


def test_variables_follow_one_another() -> None:
    assert [element.variable for element in parse_pattern("START (PAID+ (X*?))  END_1")] == [
        "START",
        "PAID",
        "X",
        "END_1",
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("(A B)+ C", "a quantifier of a group"),
        ("((A+)) (A B)? C", "a quantifier of a group"),
        ("(A+)? B", "a quantifier of a group"),
        ("A | B", "alternation (|) in a pattern"),
        ("PERMUTE(A, B)", "PERMUTE in a pattern"),
        ("A {- B -} C", "{- ... -} in a pattern"),
        ("^ A", "^ in a pattern"),
        ("A B A", "the variable A twice in a pattern"),
        ("A?? B", "A?? (a reluctant ?)"),
        ("A{,2} B", "A{,2} (write {0,...})"),
        ("A{0} B", "A{0}, which takes no row"),
        ("A{3,2} B", "A{3,2}, which takes no row"),
        ("A (B", "an incomplete pattern"),
        ("A) B", "an incomplete pattern"),
        ("", "an incomplete pattern"),
        ("A & B", "& in a pattern"),
        ("+ A", "+ in a pattern"),
    ],
)
def test_pattern_that_flink_would_refuse_is_named(text: str, what: str) -> None:
    with pytest.raises(PatternError) as caught:
        parse_pattern(text)
    assert str(caught.value) == what


@pytest.mark.parametrize("text", ["A", "A{2}", "A+", "A*", "A?", "A{2,}", "A{2,3}"])
def test_quantifier_is_written_as_it_was_read(text: str) -> None:
    (element,) = parse_pattern(text)
    assert f"{element.variable}{element.quantifier}" == text
