"""How DuckDB and Spark write the operations on lists that a pattern is evaluated with.

Arguments and results are SQL texts; `body` may use the names of the lambda's parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.sql_types import SqlType


@dataclass(frozen=True)
class Index:
    """A place in a list, from 0 on, or a count: the sum of some texts and a number."""

    terms: tuple[str, ...] = ()
    number: int = 0

    def __add__(self, other: Index | int) -> Index:
        if isinstance(other, int):
            return Index(self.terms, self.number + other)
        return Index((*self.terms, *other.terms), self.number + other.number)

    def __str__(self) -> str:
        if not self.terms:
            return str(self.number)
        text = " + ".join(self.terms)
        return text + (f" {'+' if self.number > 0 else '-'} {abs(self.number)}" if self.number else "")


class Lists(Protocol):
    """Lists, records and lambdas of one engine."""

    def name(self, name: str) -> str:
        """A quoted identifier."""

    def record(self, fields: Mapping[str, str]) -> str:
        """A record of values by name."""

    def of(self, items: Sequence[str]) -> str:
        """A list of values of one type."""

    def mapped(self, items: str, parameter: str, body: str) -> str:
        """The list of `body` of each item."""

    def chosen(self, items: str, parameter: str, body: str) -> str:
        """The items for which `body` is true."""

    def folded(self, items: str, start: str, total: str, parameter: str, body: str) -> str:
        """`start`, replaced by `body` for one item after the other."""

    def flat(self, items: str) -> str:
        """The items of the lists of a list."""

    def size(self, items: str) -> str:
        """How many items there are."""

    def item(self, items: str, index: Index) -> str:
        """The item at an index; NULL where there is none."""

    def part(self, items: str, start: Index, count: Index) -> str:
        """`count` items from an index on; those that exist."""

    def sorted(self, items: str) -> str:
        """Records in the order of their first field."""

    def with_item(self, items: str, item: str) -> str:
        """The list with one more item at its end."""

    def collected(self, item: str) -> str:
        """The aggregate that makes a list, in any order."""

    def spread(self, items: str) -> str:
        """In SELECT: one row for each item."""

    def epoch_ms(self, time: str) -> str:
        """Milliseconds since 1970 of a time."""

    def aggregate(self, name: str, values: str, kind: SqlType | None) -> str:
        """SUM, COUNT, MIN or MAX of the values of a list, `kind` the type of the values."""


class DuckDbLists:
    """DuckDB: `lambda x: ...`, indices from 1."""

    def name(self, name: str) -> str:
        """See `Lists`."""
        escaped = name.replace('"', '""')
        return f'"{escaped}"'

    def record(self, fields: Mapping[str, str]) -> str:
        """See `Lists`."""
        return "{" + ", ".join(f"{self.name(key)}: {value}" for key, value in fields.items()) + "}"

    def of(self, items: Sequence[str]) -> str:
        """See `Lists`."""
        return f"[{', '.join(items)}]"

    def mapped(self, items: str, parameter: str, body: str) -> str:
        """See `Lists`."""
        return f"list_transform({items}, lambda {parameter}: {body})"

    def chosen(self, items: str, parameter: str, body: str) -> str:
        """See `Lists`."""
        return f"list_filter({items}, lambda {parameter}: {body})"

    def folded(self, items: str, start: str, total: str, parameter: str, body: str) -> str:
        """See `Lists`."""
        return f"list_reduce({items}, lambda {total}, {parameter}: {body}, {start})"

    def flat(self, items: str) -> str:
        """See `Lists`."""
        return f"flatten({items})"

    def size(self, items: str) -> str:
        """See `Lists`."""
        return f"len({items})"

    def item(self, items: str, index: Index) -> str:
        """See `Lists`."""
        return f"{items}[{index + 1}]"

    def part(self, items: str, start: Index, count: Index) -> str:
        """See `Lists`."""
        return f"{items}[{start + 1} : {start + count}]"

    def sorted(self, items: str) -> str:
        """See `Lists`."""
        return f"list_sort({items})"

    def with_item(self, items: str, item: str) -> str:
        """See `Lists`."""
        return f"list_append({items}, {item})"

    def collected(self, item: str) -> str:
        """See `Lists`."""
        return f"list({item})"

    def spread(self, items: str) -> str:
        """See `Lists`."""
        return f"unnest({items})"

    def epoch_ms(self, time: str) -> str:
        """See `Lists`."""
        return f"epoch_ms({time})"

    def aggregate(self, name: str, values: str, kind: SqlType | None) -> str:  # noqa: ARG002  Spark needs it
        """See `Lists`."""
        return f"list_{name.lower()}({values})"


class SparkLists:
    """Spark: `x -> ...`, indices from 0 (`get`) or 1 (`slice`)."""

    def name(self, name: str) -> str:
        """See `Lists`."""
        escaped = name.replace("`", "``")
        return f"`{escaped}`"

    def record(self, fields: Mapping[str, str]) -> str:
        """See `Lists`."""
        return "NAMED_STRUCT(" + ", ".join(f"'{key}', {value}" for key, value in fields.items()) + ")"

    def of(self, items: Sequence[str]) -> str:
        """See `Lists`."""
        return f"ARRAY({', '.join(items)})"

    def mapped(self, items: str, parameter: str, body: str) -> str:
        """See `Lists`."""
        return f"TRANSFORM({items}, {parameter} -> {body})"

    def chosen(self, items: str, parameter: str, body: str) -> str:
        """See `Lists`."""
        return f"FILTER({items}, {parameter} -> {body})"

    def folded(self, items: str, start: str, total: str, parameter: str, body: str) -> str:
        """See `Lists`."""
        return f"AGGREGATE({items}, {start}, ({total}, {parameter}) -> {body})"

    def flat(self, items: str) -> str:
        """See `Lists`."""
        return f"FLATTEN({items})"

    def size(self, items: str) -> str:
        """See `Lists`."""
        return f"SIZE({items})"

    def item(self, items: str, index: Index) -> str:
        """See `Lists`."""
        return f"GET({items}, {index})"

    def part(self, items: str, start: Index, count: Index) -> str:
        """See `Lists`."""
        return f"SLICE({items}, {start + 1}, {count})"

    def sorted(self, items: str) -> str:
        """See `Lists`."""
        return f"ARRAY_SORT({items})"

    def with_item(self, items: str, item: str) -> str:
        """See `Lists`."""
        return f"CONCAT({items}, ARRAY({item}))"

    def collected(self, item: str) -> str:
        """See `Lists`."""
        return f"COLLECT_LIST({item})"

    def spread(self, items: str) -> str:
        """See `Lists`."""
        return f"EXPLODE({items})"

    def epoch_ms(self, time: str) -> str:
        """See `Lists`."""
        return f"UNIX_MILLIS({time})"

    def aggregate(self, name: str, values: str, kind: SqlType | None) -> str:
        """See `Lists`."""
        if name == "COUNT":
            return f"SIZE(FILTER({values}, _v -> _v IS NOT NULL))"
        if name in ("MIN", "MAX"):
            return f"ARRAY_{name}({values})"
        total = f"CAST(NULL AS {_total_type(kind)})"
        sum_ = f"CAST(COALESCE(_sum, 0) + _v AS {_total_type(kind)})"
        present = f"FILTER({values}, _v -> _v IS NOT NULL)"
        return f"AGGREGATE({present}, {total}, (_sum, _v) -> {sum_})"


def _total_type(kind: SqlType | None) -> str:
    if kind is not None and kind.name == "DECIMAL":
        return f"DECIMAL(38, {kind.parameters[1]})"
    return "DOUBLE" if kind is None or kind.name in ("DOUBLE", "FLOAT") else "BIGINT"
