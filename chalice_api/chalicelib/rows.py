"""Result rows: from a DynamoDB item to what is cached, and from there to what a client reads.

A row is cached as it was written, without regard to the manifest, so that a new build never meets rows in an
old shape. Types, status and age are worked out when it is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import orjson

from chalicelib import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalicelib.manifest import Column, Model

NEVER = "0000-00-00T00:00:00.000Z"
"""Before every time, in the form of all times here: compares as text."""

_NOT_CACHED = frozenset({"pk", "_ttl"})
_ADDED = frozenset({"window_start", "window_end", "status", "as_of", "age_ms"})
_ISO_LENGTH = len(NEVER)


class RowError(ValueError):
    """An item that is no result row by docs/contracts.md; the message names the attribute, never its
    value."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A row as it is cached.

    `value` is a JSON object of all attributes but `pk` and `_ttl`: strings and numbers as strings, booleans,
    no nulls.
    """

    pk: str
    sk: str
    updated_at: str
    watermark: str | None
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row ready to be shown; `fragment` is its JSON object without what changes with time and without
    `}`."""

    sk: str
    window_start: str
    window_end: str
    as_of: str
    as_of_ms: int
    watermark: str | None
    dimensions: tuple[str, ...]
    fragment: str

    def render(self, watermark: str | None, now_ms: int, recomputing_from: str | None = None) -> str:
        """The row as JSON, with its `status` at `watermark` and its age at `now_ms`.

        Windows that began at `recomputing_from` or later are being recomputed.
        """
        if recomputing_from is not None and self.window_start >= recomputing_from:
            status = "recomputing"
        else:
            status = "fresh" if watermark is not None and self.window_end <= watermark else "provisional"
        age_ms = now_ms - self.as_of_ms
        return f'{self.fragment},"status":"{status}","age_ms":{age_ms if age_ms > 0 else 0}}}'


def from_image(image: Mapping[str, Any]) -> Stored:
    """The stored form of an item or stream image in DynamoDB's JSON (`{"pk": {"S": "..."}}`).

    Raises:
        RowError: an attribute is missing or of a type no result row has.
    """
    attributes = {name: _plain(name, value) for name, value in image.items()}
    pk, sk = attributes.get("pk"), attributes.get("sk")
    if not isinstance(pk, str) or not isinstance(sk, str):
        raise RowError("pk and sk are expected as strings")
    times = {
        name: _time(name, attributes.get(name)) for name in ("_updated_at", "_window_start", "_window_end")
    }
    watermark = attributes.get("_watermark")
    if watermark is not None:
        times["_watermark"] = _time("_watermark", watermark)
    kept = {
        name: value for name, value in attributes.items() if value is not None and name not in _NOT_CACHED
    }
    return Stored(pk, sk, times["_updated_at"], times.get("_watermark"), orjson.dumps(kept | times).decode())


def parse(model: Model, value: bytes | str | Mapping[str, Any]) -> Row:
    """The row of `model` that `value` (`Stored.value`, or the object in it) holds."""
    raw: Mapping[str, Any] = orjson.loads(value) if isinstance(value, bytes | str) else value
    shown = {c.name: _typed(c, raw.get(c.name)) for c in model.columns if c.name not in _ADDED}
    window_start, window_end, as_of = raw["_window_start"], raw["_window_end"], raw["_updated_at"]
    shown |= {"window_start": window_start, "window_end": window_end, "as_of": as_of}
    return Row(
        sk=raw["sk"],
        window_start=window_start,
        window_end=window_end,
        as_of=as_of,
        as_of_ms=clock.epoch_ms(as_of),
        watermark=raw.get("_watermark"),
        dimensions=tuple(filter_value(shown.get(name)) for name in model.dimensions),
        fragment=orjson.dumps(shown)[:-1].decode(),
    )


def filter_value(value: object) -> str:
    """How a dimension's value is written in a query string; NULL and the empty string are both empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def latest(times: Iterable[str | None]) -> str | None:
    """The latest of the times that are there; None where there is none."""
    return max((time for time in times if time is not None), default=None)


def _plain(name: str, value: Mapping[str, Any]) -> str | bool | None:
    """A DynamoDB value without its type; numbers stay text, so that no digit is lost."""
    ((kind, content),) = value.items()
    if kind in {"S", "N"}:
        return str(content)
    if kind == "BOOL":
        return bool(content)
    if kind == "NULL":
        return None
    raise RowError(f"attribute {name[:60]} has type {kind}; S, N, BOOL and NULL are expected")


def _time(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise RowError(f"attribute {name} is missing; an ISO 8601 time is expected")
    if len(value) == _ISO_LENGTH and value[10] == "T" and value[19] == "." and value[23] == "Z":
        return value
    try:
        return clock.iso(clock.epoch_ms(value))
    except (ValueError, OverflowError) as error:
        raise RowError(f"attribute {name} is no ISO 8601 time") from error


def _typed(column: Column, value: object) -> object:
    """A value in the JSON type the manifest promises; one that does not fit stays as it was written."""
    if not isinstance(value, str):
        return value
    try:
        if column.json_type == "integer":
            return int(Decimal(value))
        if column.json_type == "number":
            return float(value)
        if column.json_type == "decimal":
            # DynamoDB drops trailing zeros of a number: 25.50 comes back as 25.5.
            return (
                format(Decimal(value), "f") if column.scale is None else f"{Decimal(value):.{column.scale}f}"
            )
        if column.json_type == "boolean":
            return {"true": True, "false": False}.get(value, value)
    except (InvalidOperation, ValueError, OverflowError):
        return value
    return value
