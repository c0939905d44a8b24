"""DuckDB in this process: the engine of `pipeline test` and the fastest judge of parity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, ClassVar, Self

import duckdb

from pipeline.testing.engines.batch import EngineError, Row, normalised, split_create

ROWS_AN_INSERT = 50
"""One by one would take longer than the query."""


class DuckDbEngine:
    """A database in memory, one thread; every run begins with new tables."""

    name: ClassVar[str] = "duckdb"

    @staticmethod
    def available() -> str | None:
        """Always None: DuckDB is among the project's dependencies."""
        return None

    def __enter__(self) -> Self:
        self._connection = duckdb.connect(":memory:", config={"threads": 1})
        self._connection.execute("SET TimeZone = 'UTC'")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def run(
        self, ddl: Sequence[str], tables: Mapping[str, Sequence[Mapping[str, Any]]], query: str
    ) -> list[Row]:
        """See `BatchEngine.run`."""
        try:
            for statement in ddl:
                name, _ = split_create(statement)
                self._connection.execute(f'DROP TABLE IF EXISTS "{name}"')
                self._connection.execute(statement)
            for name, rows in tables.items():
                self._insert(name, rows)
        except duckdb.Error as error:
            raise EngineError(str(error)) from error
        return self.query(query)

    def query(self, query: str) -> list[Row]:
        """The rows of a query over the tables of the last `run`. Raises `EngineError`."""
        try:
            cursor = self._connection.execute(query)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, map(normalised, values), strict=True)) for values in cursor.fetchall()]
        except duckdb.Error as error:
            raise EngineError(str(error)) from error

    def _insert(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        if not rows:
            return
        columns = list(dict.fromkeys(column for row in rows for column in row))
        listed = ", ".join(f'"{column}"' for column in columns)
        marks = f"({', '.join('?' * len(columns))})"
        for start in range(0, len(rows), ROWS_AN_INSERT):
            chunk = rows[start : start + ROWS_AN_INSERT]
            self._connection.execute(
                f'INSERT INTO "{name}" ({listed}) VALUES {", ".join([marks] * len(chunk))}',  # noqa: S608
                [row.get(column) for row in chunk for column in columns],
            )
