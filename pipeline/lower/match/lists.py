"""How DuckDB and Spark write the operations on lists that a pattern is evaluated with.

Arguments and results are SQL texts; `body` may use the names of the lambda's parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.lower.engine import Engine
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


_SPELLINGS: Mapping[str, tuple[str, str]] = {
    "quote": ('"', "`"),
    "field": ('"{name}": {value}', "'{name}', {value}"),
    "record": ("{{{fields}}}", "NAMED_STRUCT({fields})"),
    "of": ("[{items}]", "ARRAY({items})"),
    "mapped": (
        "list_transform({items}, lambda {parameter}: {body})",
        "TRANSFORM({items}, {parameter} -> {body})",
    ),
    "chosen": ("list_filter({items}, lambda {parameter}: {body})", "FILTER({items}, {parameter} -> {body})"),
    "folded": (
        "list_reduce({items}, lambda {total}, {parameter}: {body}, {start})",
        "AGGREGATE({items}, {start}, ({total}, {parameter}) -> {body})",
    ),
    "flat": ("flatten({items})", "FLATTEN({items})"),
    "size": ("len({items})", "SIZE({items})"),
    "item": ("{items}[{place}]", "GET({items}, {index})"),
    "part": ("{items}[{first} : {last}]", "SLICE({items}, {first}, {count})"),
    "sorted": ("list_sort({items})", "ARRAY_SORT({items})"),
    "with_item": ("list_append({items}, {item})", "CONCAT({items}, ARRAY({item}))"),
    "collected": ("list({item})", "COLLECT_LIST({item})"),
    "spread": ("unnest({items})", "EXPLODE({items})"),
    "epoch_ms": ("epoch_ms({time})", "UNIX_MILLIS({time})"),
    "COUNT": ("list_count({values})", "SIZE(FILTER({values}, _v -> _v IS NOT NULL))"),
    "MIN": ("list_min({values})", "ARRAY_MIN({values})"),
    "MAX": ("list_max({values})", "ARRAY_MAX({values})"),
    "SUM": (
        "list_sum({values})",
        (
            "AGGREGATE(FILTER({values}, _v -> _v IS NOT NULL), CAST(NULL AS {total}), "
            "(_sum, _v) -> CAST(COALESCE(_sum, 0) + _v AS {total}))"
        ),
    ),
}
"""Operation -> how DuckDB and Spark write it. DuckDB counts places from 1 (`place`, `first`, `last`), Spark
from 0 in `GET` (`index`) and from 1 in `SLICE`."""


class Lists:
    """Lists, records and lambdas of one engine."""

    def __init__(self, engine: Engine) -> None:
        self._column = {"duckdb": 0, "spark": 1}[engine]

    def _spelled(self, operation: str, **parts: str) -> str:
        return _SPELLINGS[operation][self._column].format(**parts)

    def name(self, name: str) -> str:
        """A quoted identifier."""
        quote = _SPELLINGS["quote"][self._column]
        return f"{quote}{name.replace(quote, quote * 2)}{quote}"

    def record(self, fields: Mapping[str, str]) -> str:
        """A record of values by name."""
        items = (self._spelled("field", name=key, value=value) for key, value in fields.items())
        return self._spelled("record", fields=", ".join(items))

    def of(self, items: Sequence[str]) -> str:
        """A list of values of one type."""
        return self._spelled("of", items=", ".join(items))

    def mapped(self, items: str, parameter: str, body: str) -> str:
        """The list of `body` of each item."""
        return self._spelled("mapped", items=items, parameter=parameter, body=body)

    def chosen(self, items: str, parameter: str, body: str) -> str:
        """The items for which `body` is true."""
        return self._spelled("chosen", items=items, parameter=parameter, body=body)

    def folded(self, items: str, start: str, total: str, parameter: str, body: str) -> str:
        """`start`, replaced by `body` for one item after the other."""
        return self._spelled("folded", items=items, start=start, total=total, parameter=parameter, body=body)

    def flat(self, items: str) -> str:
        """The items of the lists of a list."""
        return self._spelled("flat", items=items)

    def size(self, items: str) -> str:
        """How many items there are."""
        return self._spelled("size", items=items)

    def item(self, items: str, index: Index) -> str:
        """The item at an index; NULL where there is none."""
        return self._spelled("item", items=items, index=str(index), place=str(index + 1))

    def part(self, items: str, start: Index, count: Index) -> str:
        """`count` items from an index on; those that exist."""
        return self._spelled(
            "part", items=items, first=str(start + 1), last=str(start + count), count=str(count)
        )

    def sorted(self, items: str) -> str:
        """Records in the order of their first field."""
        return self._spelled("sorted", items=items)

    def with_item(self, items: str, item: str) -> str:
        """The list with one more item at its end."""
        return self._spelled("with_item", items=items, item=item)

    def collected(self, item: str) -> str:
        """The aggregate that makes a list, in any order."""
        return self._spelled("collected", item=item)

    def spread(self, items: str) -> str:
        """In SELECT: one row for each item."""
        return self._spelled("spread", items=items)

    def epoch_ms(self, time: str) -> str:
        """Milliseconds since 1970 of a time."""
        return self._spelled("epoch_ms", time=time)

    def aggregate(self, name: str, values: str, kind: SqlType | None) -> str:
        """SUM, COUNT, MIN or MAX of the values of a list, `kind` the type of the values."""
        return self._spelled(name, values=values, total=_total_type(kind))


def _total_type(kind: SqlType | None) -> str:
    if kind is not None and kind.name == "DECIMAL":
        return f"DECIMAL(38, {kind.parameters[1]})"
    return "DOUBLE" if kind is None or kind.name in ("DOUBLE", "FLOAT") else "BIGINT"
