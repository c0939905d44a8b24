"""Holds the rows that came against the rows expected: as a multiset, by value, with a difference to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.testing.text_table import format_text_table
from pipeline.testing.values import Value, equal, format_value

Row = tuple[Value, ...]


@dataclass(frozen=True)
class Difference:
    """What does not agree. `changed` pairs an expected row with the actual row that took its place."""

    columns: tuple[str, ...]
    missing: tuple[Row, ...]
    unexpected: tuple[Row, ...]
    changed: tuple[tuple[Row, Row], ...]
    matched: int

    @property
    def is_empty(self) -> bool:
        """Whether all rows agree."""
        return not (self.missing or self.unexpected or self.changed)


def compare(
    columns: Sequence[str], key: Sequence[str], expected: Sequence[Row], actual: Sequence[Row]
) -> Difference:
    """The difference between two multisets of rows that hold `columns`.

    Rows with the same values in those columns of `key` that are compared are taken for the same row, changed;
    without any such column, the rows that share most values are.
    """
    open_actual = list(actual)
    open_expected: list[Row] = []
    for row in expected:
        index = next((i for i, other in enumerate(open_actual) if _same(row, other)), None)
        if index is None:
            open_expected.append(row)
        else:
            del open_actual[index]
    matched = len(expected) - len(open_expected)

    places = [index for index, name in enumerate(columns) if name in key]
    changed: list[tuple[Row, Row]] = []
    missing: list[Row] = []
    for row in open_expected:
        index = _counterpart(row, open_actual, places)
        if index is None:
            missing.append(row)
        else:
            changed.append((row, open_actual.pop(index)))
    return Difference(tuple(columns), tuple(missing), tuple(open_actual), tuple(changed), matched)


def format_difference(difference: Difference) -> list[str]:
    """The difference as an aligned table: `-` expected but missing, `+` unexpected, `~` changed cells."""
    marked: list[tuple[str, Row, list[str]]] = []
    for row, other in difference.changed:
        cells = [
            format_value(left) if equal(left, right) else f"{format_value(left)} -> {format_value(right)}"
            for left, right in zip(row, other, strict=True)
        ]
        marked.append(("~", row, cells))
    marked.extend(("-", row, [format_value(value) for value in row]) for row in difference.missing)
    marked.extend(("+", row, [format_value(value) for value in row]) for row in difference.unexpected)
    marked.sort(key=lambda entry: [(value is not None, str(value)) for value in entry[1]])

    table = format_text_table(difference.columns, [cells for _, _, cells in marked])
    lines = [f"  {table[0]}"]
    lines.extend(f"{mark} {line}" for (mark, _, _), line in zip(marked, table[1:], strict=True))
    counts = [
        (len(difference.changed), "~ changed (expected -> actual)"),
        (len(difference.missing), "- missing"),
        (len(difference.unexpected), "+ unexpected"),
        (difference.matched, "as expected"),
    ]
    lines.append(", ".join(f"{count} {what}" for count, what in counts if count))
    return lines


def _same(left: Row, right: Row) -> bool:
    return all(equal(a, b) for a, b in zip(left, right, strict=True))


def _counterpart(row: Row, others: Sequence[Row], places: Sequence[int]) -> int | None:
    if places:
        return next(
            (i for i, other in enumerate(others) if all(equal(row[p], other[p]) for p in places)),
            None,
        )
    shared = [sum(equal(a, b) for a, b in zip(row, other, strict=True)) for other in others]
    best = max(shared, default=0)
    return shared.index(best) if best else None
