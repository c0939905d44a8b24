"""Finds the events at which a model's batch form stops, and leaves them out, on Flink as well.

A few values no engine can be made to treat as Flink does, such as Σ beside a comma in LOWER. There the
lowered SQL stops, rather than give another row. What all other events give is proven without those, and
the report says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from pipeline.lower.batch import create_table, lower_batch
from pipeline.lower.expressions.stops import MARK
from pipeline.lower.refusal import RefusedError
from pipeline.model.contracts import Contracts
from pipeline.model.models import Classified
from pipeline.parity.datasets import Dataset, LeftOut
from pipeline.testing.arrival_rows import arrival_rows
from pipeline.testing.cases import EVENT_ID
from pipeline.testing.engines.batch import EngineError
from pipeline.testing.engines.duckdb import DuckDbEngine

_REASON = re.compile(re.escape(MARK) + r": ([^\n'\"]+)")
_ROUNDS = 5
"""Where an event is gone, one that came again may count in its place, and stop the query in turn."""
_Place = tuple[int, int]
"""A stream and a row of it, by number."""


def without_stops(
    model: Classified, contracts: Contracts, datasets: Sequence[Dataset], engine: DuckDbEngine
) -> tuple[Dataset, ...]:
    """The datasets without the events at which the model's form for DuckDB stops; the rest as they are.

    The engines stop at much the same values. What cannot be traced to single events stays, and is told as
    an error.
    """
    try:
        query = lower_batch(model, contracts, "duckdb")
    except RefusedError:
        return tuple(datasets)
    if MARK not in query:
        return tuple(datasets)
    ddl = [create_table(event, "duckdb") for event in contracts.events if event.name in model.sources]
    return tuple(_Search(model, dataset, query, ddl, engine).result() for dataset in datasets)


class _Search:
    """Halves a dataset until the events that stop the query are found."""

    def __init__(
        self, model: Classified, dataset: Dataset, query: str, ddl: Sequence[str], engine: DuckDbEngine
    ) -> None:
        self.model = model
        self.dataset = dataset
        self.query = query
        self.ddl = ddl
        self.engine = engine

    def result(self) -> Dataset:
        """The dataset that runs through."""
        places = [
            (stream, row)
            for stream, arrivals in enumerate(self.dataset.given)
            for row in range(len(arrivals.rows))
        ]
        found: dict[_Place, str] = {}
        for _ in range(_ROUNDS):
            rest = [place for place in places if place not in found]
            if self._reason(rest) is None:
                break
            found |= self._stopping(rest)
        else:
            return self.dataset
        if not found:
            return self.dataset
        left_out = tuple(LeftOut(reason, self._shown(place)) for place, reason in sorted(found.items()))
        return replace(self._of([place for place in places if place not in found]), left_out=left_out)

    def _stopping(self, places: Sequence[_Place]) -> dict[_Place, str]:
        reason = self._reason(places)
        if reason is None:
            return {}
        if len(places) == 1:
            return {places[0]: reason}
        middle = len(places) // 2
        return self._stopping(places[:middle]) | self._stopping(places[middle:])

    def _reason(self, places: Sequence[_Place]) -> str | None:
        tables = {arrivals.event: arrival_rows(arrivals) for arrivals in self._of(places).given}
        try:
            self.engine.run(self.ddl, tables, self.query)
        except EngineError as error:
            match = _REASON.search(str(error))
            return match[1].strip() if match else None
        return None

    def _of(self, places: Sequence[_Place]) -> Dataset:
        kept = set(places)
        given = tuple(
            replace(arrivals, rows=tuple(row for at, row in enumerate(arrivals.rows) if (stream, at) in kept))
            for stream, arrivals in enumerate(self.dataset.given)
        )
        return replace(self.dataset, given=given)

    def _shown(self, place: _Place) -> str:
        """The event's id, and its texts that the model reads."""
        arrivals = self.dataset.given[place[0]]
        row = dict(zip((column.name for column in arrivals.columns), arrivals.rows[place[1]], strict=True))
        used = dict.fromkeys(column.name for column in self.model.resolved.tree.find_all(exp.Column))
        texts = [
            f"{name} {row[name]!r}" for name in used if name != EVENT_ID and isinstance(row.get(name), str)
        ]
        return f"{row[EVENT_ID]} ({', '.join(texts)})" if texts else str(row[EVENT_ID])
