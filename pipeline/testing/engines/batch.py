"""What every batch engine offers: tables are filled, one query runs, rows come back as Python values."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import TracebackType
from typing import Any, ClassVar, Protocol, Self

Row = dict[str, Any]

_CREATE = re.compile(r"\s*CREATE TABLE\s+([`\"]?)(?P<name>\w+)\1\s*\((?P<columns>.*)\)\s*\Z", re.DOTALL)


class EngineError(Exception):
    """The engine did not start or refused a statement; the message is the engine's own, without a stack."""


class BatchEngine(Protocol):
    """An engine that runs one query at a time over tables of arrivals."""

    name: ClassVar[str]
    """As in `pipeline.lower.engine.Engine`."""

    @staticmethod
    def available() -> str | None:
        """None where the engine can run here; otherwise what is missing and how to get it."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def run(
        self, ddl: Sequence[str], tables: Mapping[str, Sequence[Mapping[str, Any]]], query: str
    ) -> list[Row]:
        """The rows of `query` over tables that `ddl` creates and that hold exactly `tables`.

        `ddl` has one `CREATE TABLE name (columns)` a table; a table that `tables` does not name is empty, a
        column that a row does not name is NULL. Times are naive UTC. Raises `EngineError`.
        """


def split_create(statement: str) -> tuple[str, str]:
    """Name and column list of `CREATE TABLE name (columns)`."""
    match = _CREATE.fullmatch(statement.strip().rstrip(";"))
    if match is None:
        raise ValueError(f"CREATE TABLE name (columns) was expected: {statement[:80]}")
    return match["name"], match["columns"].strip()


def normalised(value: Any) -> Any:
    """The value as int, Decimal, float, str, bool, None, naive UTC datetime, date, time, bytes or list."""
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return value.astimezone(dt.UTC).replace(tzinfo=None)
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    if isinstance(value, list | tuple):
        return [normalised(item) for item in value]
    if isinstance(value, bool | int | float | Decimal | str | bytes | dt.date | dt.time) or value is None:
        return value
    raise EngineError(f"a value of type {type(value).__name__} is not known here: {value!r}")
