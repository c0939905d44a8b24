from __future__ import annotations

import pytest

from pipeline.model.diagnostics import Diagnostic, Position
from pipeline.testing.text_table import (
    Line,
    TextTable,
    format_text_table,
    parse_text_table,
    quote,
    width,
)

WHOLE = Position("case.yaml", 1, 1)


def read(text: str) -> tuple[TextTable | None, list[Diagnostic]]:
    lines = [
        Line(number, len(line) - len(line.lstrip()) + 1, line.lstrip())
        for number, line in enumerate(text.splitlines(), 2)
    ]
    return parse_text_table("case.yaml", lines, WHOLE)


def texts(text: str) -> list[list[str]]:
    table, errors = read(text)
    assert errors == []
    assert table is not None
    return [[cell.text for cell in row] for row in (table.header, *table.rows)]


def mistakes(text: str) -> list[str]:
    return [
        f"{e.position.line}:{e.position.column}+{e.position.length} {e.message} | {e.hint}"
        for e in read(text)[1]
    ]


def test_cells_are_read_without_the_spaces_around_them() -> None:
    assert texts("a | b\n  1  |  two words  ") == [["a", "b"], ["1", "two words"]]


def test_a_table_may_have_one_column() -> None:
    assert texts("a\n1\n2") == [["a"], ["1"], ["2"]]


def test_blank_lines_and_remarks_do_not_count() -> None:
    assert texts("# why\na | b\n\n# and so\n1 | 2\n") == [["a", "b"], ["1", "2"]]


def test_null_and_the_empty_string_and_the_word_null_are_three_things() -> None:
    table, _ = read("a | b | c\nNULL | '' | 'NULL'")
    assert table is not None
    null, empty, word = table.rows[0]
    assert (null.is_null, empty.is_null, word.is_null) == (True, False, False)
    assert (empty.text, word.text) == ("", "NULL")


def test_quotes_keep_spaces_bars_and_doubled_quotes() -> None:
    assert texts("a | b\n' x | y ' | 'rock ''n'' roll'")[1] == [" x | y ", "rock 'n' roll"]


def test_a_quote_inside_a_word_is_itself() -> None:
    assert texts("a\nwomen's")[1] == ["women's"]


def test_each_cell_knows_its_place() -> None:
    table, _ = read("  a  | bcd\n  12 | 'x'")
    assert table is not None
    places = [(c.position.line, c.position.column, c.position.length) for c in table.rows[0]]
    assert places == [(3, 3, 2), (3, 8, 3)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["1:1+1 the table is empty | begin with a line of column names"]),
        ("a | b | a\n", ['2:9+1 column "a" is named twice | keep one']),
        ("a | b\n1 | 2 | 3\n", ["3:9+1 the row has 3 cells | 2 cells expected: a | b"]),
        ("a | b\n1\n", ["3:2+1 the row has 1 cell | 2 cells expected: a | b"]),
        ("a | b\n1 |  \n", ["3:3+1 the cell is empty | write NULL, or '' for an empty string"]),
        ("a | b\n1 || 2\n", ["3:4+1 the cell is empty | write NULL, or '' for an empty string"]),
        ("a | b\n1 | 'x\n", ["3:5+2 the quote is not closed | add '"]),
        ("a | b\n'x' y | 1\n", ["3:5+1 text after the closing quote | a bar was expected"]),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, expected: list[str]) -> None:
    assert mistakes(text) == expected


def test_all_mistakes_are_reported_at_once() -> None:
    assert [line.split(" ")[0] for line in mistakes("a | b\n1\n1 | 2\n1 | 2 | 3\n'\n")] == [
        "3:2+1",
        "5:9+1",
        "6:1+1",
    ]


@pytest.mark.parametrize("text", ["", "NULL", " x", "x ", "a|b", "'", "it's", "# no", "家電"])
def test_a_quoted_cell_is_read_back_as_it_was(text: str) -> None:
    if "\n" in text:
        assert quote(text).startswith("'")
    else:
        cell = texts(f"a\n{quote(text)}")[1]
        assert cell == [text]


def test_wide_characters_take_two_places_in_an_aligned_table() -> None:
    assert (width("家電"), width("e\u0301"), width("abc")) == (4, 1, 3)
    assert format_text_table(["a", "b"], [["家電", "1"], ["x", "2"]]) == [
        "a    | b",
        "家電 | 1",
        "x    | 2",
    ]


@pytest.mark.parametrize(
    "text", ["two\nlines", "a\r\n\tb", "back\\slash\n", "it's\n", "\u2028", "\x00", "E'x", "\\n", "E'a\\nb'"]
)
def test_every_text_is_written_so_that_it_is_read_again(text: str) -> None:
    lines = [Line(1, 1, "name | other"), Line(2, 1, f"{quote(text)} | 1")]
    table, errors = parse_text_table("case.yaml", lines, WHOLE)
    assert errors == []
    assert table is not None
    assert table.rows[0][0].text == text
