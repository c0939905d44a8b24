r"""Reads text tables, the notation of rows in a test case, and keeps the place of every cell.

A table is a header line and one line a row; cells are separated by `|` and spaces around them do not count:

    event_time | amount | currency
    12:00:05   |  20.00 | EUR

- `NULL` (in capitals, unquoted) is SQL's NULL; `''` is the empty string. A cell with nothing in it is an
  error, so that neither can be meant by accident.
- A cell in single quotes is taken as it stands, spaces, bars and all; a quote inside is doubled, as in SQL:
  `'rock ''n'' roll | live'`. `'NULL'` is a word of four letters.
- What no line can hold stands as an escape in `E'...'`: `E'two\nlines'`, `\t`, `\r`, `\u2028`; `\\` is one
  backslash there.
- A line that begins with `#` is a remark; blank lines do not count.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model.diagnostics import Diagnostic, Position

_NO_LINE_HOLDS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True)
class Cell:
    """One cell: its text without surrounding spaces and quotes, and where it stands."""

    text: str
    quoted: bool
    position: Position

    @property
    def is_null(self) -> bool:
        """Whether it says NULL."""
        return self.text == "NULL" and not self.quoted


@dataclass(frozen=True)
class TextTable:
    """A table as written: names of columns, then rows of as many cells."""

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    position: Position


@dataclass(frozen=True)
class Line:
    """One line of a table; `column` is where `text` begins in the file, from 1."""

    number: int
    column: int
    text: str


def parse_text_table(
    file: str, lines: Sequence[Line], position: Position
) -> tuple[TextTable | None, list[Diagnostic]]:
    """The table that the lines hold, and every mistake in them; no table where the header is at fault.

    `position` stands for the whole table, such as the key it belongs to. A row with a mistake is left out.
    """
    errors: list[Diagnostic] = []
    written = [line for line in lines if line.text.strip() and not line.text.lstrip().startswith("#")]
    if not written:
        errors.append(
            Diagnostic(position, "empty-table", "the table is empty", "begin with a line of column names")
        )
        return None, errors

    header = _split(file, written[0], errors)
    if header is None:
        return None, errors
    seen: set[str] = set()
    for cell in header:
        if cell.text in seen:
            errors.append(
                Diagnostic(
                    cell.position, "repeated-column", f'column "{cell.text}" is named twice', "keep one"
                )
            )
        seen.add(cell.text)
    if errors:
        return None, errors

    rows: list[tuple[Cell, ...]] = []
    for line in written[1:]:
        row = _split(file, line, errors)
        if row is None:
            continue
        if len(row) != len(header):
            at = row[len(header)].position if len(row) > len(header) else _end(file, line)
            expected = f"{_count(len(header), 'cell')} expected: {' | '.join(cell.text for cell in header)}"
            errors.append(
                Diagnostic(at, "wrong-number-of-cells", f"the row has {_count(len(row), 'cell')}", expected)
            )
            continue
        rows.append(tuple(row))
    return TextTable(tuple(header), tuple(rows), position), errors


def format_text_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a text table with aligned bars; cells are taken as they stand (see `quote`)."""
    widths = [max(width(row[index]) for row in [header, *rows]) for index in range(len(header))]
    return [
        " | ".join(cell + " " * (widths[index] - width(cell)) for index, cell in enumerate(row)).rstrip()
        for row in [header, *rows]
    ]


def quote(text: str) -> str:
    """The text as a cell: quoted only where it would be misread without."""
    doubled = text.replace("'", "''")
    if _NO_LINE_HOLDS.search(text):
        escaped = _NO_LINE_HOLDS.sub(_escape, doubled.replace("\\", "\\\\"))
        return f"E'{escaped}'"
    if text in {"", "NULL"} or text != text.strip() or "|" in text or text[0] in "'#" or text[:2] == "E'":
        return f"'{doubled}'"
    return text


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[0]) or f"\\u{ord(found[0]):04x}"


def _unescaped(text: str) -> str:
    meant = {escape[1]: character for character, escape in _ESCAPES.items()}

    def character(found: re.Match[str]) -> str:
        return chr(int(found[1], 16)) if found[1] else meant.get(found[2], found[2])

    return re.sub(r"\\(?:u([0-9a-fA-F]{4})|(.))", character, text)


def width(text: str) -> int:
    """How many places of a terminal the text takes: wide characters take two, combining ones none."""
    places = 0
    for character in text:
        if unicodedata.combining(character):
            continue
        places += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return places


def _split(file: str, line: Line, errors: list[Diagnostic]) -> list[Cell] | None:
    cells: list[Cell] = []
    text = line.text.rstrip()
    at = 0
    while True:
        while at < len(text) and text[at] in " \t":
            at += 1
        start = at
        escaped = text.startswith("E'", at)
        quoted = escaped or text.startswith("'", at)
        if quoted:
            value, at = _quoted(text, at + escaped)
            if value is None:
                where = Position(file, line.number, line.column + start, len(text) - start)
                errors.append(Diagnostic(where, "open-quote", "the quote is not closed", "add '"))
                return None
            value = _unescaped(value) if escaped else value
        else:
            at = text.find("|", start)
            at = len(text) if at < 0 else at
            value = text[start:at].rstrip()
        written = max(1, at - start if quoted else len(value))
        position = Position(file, line.number, line.column + min(start, max(0, len(text) - 1)), written)
        while at < len(text) and text[at] in " \t":
            at += 1
        if at < len(text) and text[at] != "|":
            where = Position(file, line.number, line.column + at)
            errors.append(
                Diagnostic(where, "text-after-quote", "text after the closing quote", "a bar was expected")
            )
            return None
        if not value and not quoted:
            errors.append(
                Diagnostic(
                    position, "empty-cell", "the cell is empty", "write NULL, or '' for an empty string"
                )
            )
            return None
        cells.append(Cell(value, quoted, position))
        if at >= len(text):
            return cells
        at += 1


def _quoted(text: str, at: int) -> tuple[str | None, int]:
    value = ""
    at += 1
    while at < len(text):
        if text[at] != "'":
            value += text[at]
            at += 1
        elif text[at + 1 : at + 2] == "'":
            value += "'"
            at += 2
        else:
            return value, at + 1
    return None, at


def _end(file: str, line: Line) -> Position:
    return Position(file, line.number, line.column + len(line.text.rstrip()))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
