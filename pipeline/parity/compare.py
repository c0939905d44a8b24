"""Holds an engine's rows against Flink's: as multisets, on all columns, exactly but for DOUBLE.

DOUBLE and FLOAT may differ by 1e-12 of their amount (a sum of them depends on the order of addition).
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

RELATIVE = 1e-12
FLOATS = ("DOUBLE", "FLOAT", "REAL")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One row that is not the same: Flink's, the engine's, or both where their keys agree."""

    flink: Row | None
    engine: Row | None
    columns: tuple[str, ...]
    """The columns that differ; all of them where one side has no such row."""


@dataclass(frozen=True)
class Comparison:
    """`rows` counts those of Flink; `changes` is empty where the engine has the same."""

    rows: int
    changes: tuple[Change, ...] = ()


def compare(
    flink: Sequence[Row], engine: Sequence[Row], types: Mapping[str, str], key: Sequence[str]
) -> Comparison:
    """Compare by all columns of `types` (column to Flink type); `key` pairs rows that differ."""
    exact = [name for name, kind in types.items() if not kind.startswith(FLOATS)]
    floats = [name for name in types if name not in exact]
    open_flink, open_engine = _unmatched(flink, engine, exact) if not floats else (list(flink), list(engine))
    if floats:
        open_flink, open_engine = _without_close(open_flink, open_engine, exact, floats)
    places = [name for name in key if name in types and name not in floats]
    changes: list[Change] = []
    for row in open_flink:
        other = next((o for o in open_engine if all(_same(row[name], o[name]) for name in places)), None)
        if other is None:
            changes.append(Change(row, None, tuple(types)))
            continue
        open_engine.remove(other)
        differing = tuple(
            name for name in types if not _equal(row[name], other[name], is_float=name in floats)
        )
        changes.append(Change(row, other, differing))
    changes.extend(Change(None, row, tuple(types)) for row in open_engine)
    changes.sort(key=lambda change: [_order((change.flink or change.engine or {})[name]) for name in places])
    return Comparison(len(flink), tuple(changes))


def _unmatched(
    left: Sequence[Row], right: Sequence[Row], columns: Sequence[str]
) -> tuple[list[Row], list[Row]]:
    """What is left of both after equal rows have been taken away one for one."""
    wanted = Counter(tuple(_exact(row[name]) for name in columns) for row in right)
    have = Counter(tuple(_exact(row[name]) for name in columns) for row in left)

    def rest(rows: Sequence[Row], surplus: Counter[tuple[Any, ...]]) -> list[Row]:
        found = []
        for row in rows:
            key = tuple(_exact(row[name]) for name in columns)
            if surplus[key] > 0:
                surplus[key] -= 1
                found.append(row)
        return found

    return rest(left, have - wanted), rest(right, wanted - have)


def _without_close(
    left: list[Row], right: list[Row], exact: Sequence[str], floats: Sequence[str]
) -> tuple[list[Row], list[Row]]:
    by_key: dict[tuple[Any, ...], list[Row]] = {}
    for row in right:
        by_key.setdefault(tuple(_exact(row[name]) for name in exact), []).append(row)
    open_left = []
    for row in left:
        others = by_key.get(tuple(_exact(row[name]) for name in exact), [])
        place = next(
            (
                index
                for index, other in enumerate(others)
                if all(_equal(row[name], other[name], is_float=True) for name in floats)
            ),
            None,
        )
        if place is None:
            open_left.append(row)
        else:
            del others[place]
    return open_left, [row for others in by_key.values() for row in others]


def _exact(value: Any) -> tuple[str, Any]:
    """A key that is equal exactly for equal values of one kind: TRUE is not 1, text is no number."""
    if isinstance(value, bool):
        return "boolean", value
    if isinstance(value, int | Decimal):
        return "number", Decimal(value)
    if isinstance(value, float):
        return "float", "NaN" if math.isnan(value) else value
    if isinstance(value, dt.datetime):
        return "timestamp", value
    return type(value).__name__, value


def _same(left: Any, right: Any) -> bool:
    return _exact(left) == _exact(right)


def _equal(left: Any, right: Any, *, is_float: bool) -> bool:
    if not is_float or left is None or right is None:
        return _same(left, right)
    if isinstance(left, bool | str) or isinstance(right, bool | str):
        return False
    first, second = float(left), float(right)
    return (math.isnan(first) and math.isnan(second)) or math.isclose(
        first, second, rel_tol=RELATIVE, abs_tol=0
    )


def _order(value: Any) -> tuple[str, Any]:
    kind, ordered = _exact(value)
    return kind, "" if ordered is None else ordered
