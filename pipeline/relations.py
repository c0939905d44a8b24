"""What a query can select from: tables with named, typed columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from typing import Literal

from sqlglot import exp

from pipeline.model.contracts import Contracts, Event
from pipeline.model.models import Window
from pipeline.names import UNION_TABLE, WIRE_TIME, column_name
from pipeline.sql_types import SqlType, parse_type

WINDOW_COLUMNS: dict[str, Literal["start", "end", "time"]] = {
    "window_start": "start",
    "window_end": "end",
    "window_time": "time",
}
EVENT_ID = "event_id"
_LISTED = 12


@dataclass(frozen=True)
class Rank:
    """What the ROW_NUMBER() `node` counts.

    `partition` are columns of its input, `windowed` says that they hold both bounds of a window.
    `by_time` says which of a partition's events comes first where it is ordered by the time attribute alone;
    `total` whether the order leaves no ties.
    """

    partition: tuple[str, ...]
    windowed: bool
    by_time: Literal["first", "last"] | None
    total: bool
    node: exp.Expr = dataclass_field(compare=False)


class Cut:
    """One cut of a table into windows: columns of the same cut are bounds of the same window of a row."""


@dataclass(frozen=True)
class Field:
    """A column of a relation. `time_attribute`: its watermark is known, so that windows can use it.

    `window` and `span` say which bound of which window it is, `event_time` that it is a time attribute or the
    same moment in another type, `literals` which texts it can be where it is a literal in every branch,
    `of_match` that it is MATCH_ROWTIME: a moment by which Flink goes on to plan nothing.
    """

    name: str
    kind: SqlType
    time_attribute: bool = False
    identifier: bool = False
    money: bool = False
    window: Literal["start", "end", "time"] | None = None
    span: Window | None = None
    cut: Cut | None = dataclass_field(default=None, compare=False)
    event_time: bool = False
    of_match: bool = False
    rank: Rank | None = None
    literals: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Relation:
    """A table, a view or a subquery; `label` is what messages call it, `home` the file that defines it."""

    label: str
    fields: tuple[Field, ...]
    home: str = ""
    known: bool = True
    """False for what could not be resolved: its columns are not complained about as well."""
    keys: tuple[frozenset[str], ...] = ()
    """Sets of columns that no two rows share."""
    missing: tuple[str, ...] = ()
    """Where there is no key: what would have to be an output to have one."""
    reach_ms: int = 0
    """How far before a row's end of time lies the first event that it may depend on."""
    remembers: bool = False
    """Whether Flink must remember something whose end no watermark tells."""
    updating: str = ""
    """Why its rows are taken back, where they are."""
    version_key: frozenset[str] = frozenset()
    """Columns by which FOR SYSTEM_TIME AS OF can look a row up; empty where it has no versions."""
    aligned: bool = True
    """Whether Flink still sees windows in it that may be grouped, ranked and joined by."""

    def get(self, name: str) -> Field | None:
        """The field of that name (upper and lower case count), or None."""
        return next((item for item in self.fields if item.name == name), None)

    def listing(self) -> str:
        """The fields for a hint: `Fields: amount, currency, ... (sql/events/purchase.yaml)`."""
        names = [item.name for item in self.fields]
        shown = ", ".join(names[:_LISTED]) + (", ..." if len(names) > _LISTED else "")
        return f"Fields: {shown}" + (f" ({self.home})" if self.home else "")

    def windowed(self, window: Window | None = None) -> Relation:
        """The relation as a window function gives it: with window_start, window_end and window_time."""
        time = SqlType("TIMESTAMP", (3,), nullable=False)
        local, cut = SqlType("TIMESTAMP_LTZ", (3,), nullable=False), Cut()
        added = (
            Field("window_start", time, window="start", span=window, cut=cut),
            Field("window_end", time, window="end", span=window, cut=cut),
            Field("window_time", local, True, window="time", span=window, cut=cut, event_time=True),
        )
        kept = tuple(
            replace(item, window=None, span=None, cut=None)
            for item in self.fields
            if item.name not in WINDOW_COLUMNS
        )
        keys = self.keys
        if window and window.kind in ("hop", "cumulate"):
            # An event is in several of them.
            bound = "window_end" if window.kind == "cumulate" else "window_start"
            keys = tuple(key | {bound} for key in keys)
        return replace(
            self,
            fields=kept + added,
            keys=keys,
            reach_ms=self.reach_ms + (window.reach_ms if window else 0),
            aligned=True,
        )

    def apart(self, known: Mapping[Cut, Cut] | None = None) -> Relation:
        """The relation read once more: its windows are no longer those of another table that reads it too.

        `known` are cuts whose windows are, all the same, those of another one.
        """
        cuts = dict(known or {})
        fields = tuple(
            replace(item, cut=cuts.setdefault(item.cut, Cut())) if item.cut else item for item in self.fields
        )
        return replace(self, fields=fields)

    def optional(self) -> Relation:
        """The relation on the outer side of a join: every field may be NULL."""
        return replace(self, fields=tuple(replace(f, kind=f.kind.null(True)) for f in self.fields))


def event_relation(event: Event) -> Relation:
    """The event as a table: its own fields first, `timestamp` under the name `event_time`."""
    order = {"event": 0, "common": 1, "enrichment": 2}
    fields = sorted(event.fields, key=lambda item: order[item.origin])
    return Relation(
        f'event "{event.name}"',
        tuple(
            Field(
                column_name(item.name),
                parse_type(item.sql_type, nullable=not item.required),
                time_attribute=item.name == WIRE_TIME,
                event_time=item.name == WIRE_TIME,
                identifier=item.identifier,
                money=item.unit == "currency",
            )
            for item in fields
        ),
        f"sql/events/{event.name}.yaml",
        keys=(frozenset({EVENT_ID}),) if any(item.name == EVENT_ID for item in fields) else (),
    )


def union_relation(contracts: Contracts) -> Relation | None:
    """The table `events`: the columns that all events of the shop share; None where there are no events."""
    shop = [event for event in contracts.events if not event.standalone]
    if not shop:
        return None
    shared = {item.name for item in shop[0].fields if item.origin != "event"}
    relation = event_relation(shop[0])
    names = {column_name(name) for name in shared}
    fields = tuple(item for item in relation.fields if item.name in names)
    return Relation(f'table "{UNION_TABLE}"', fields, "sql/events/_common.yaml", keys=relation.keys)


def relations_of(contracts: Contracts) -> dict[str, Relation]:
    """Every table a model may select from, by name."""
    tables = {event.name: event_relation(event) for event in contracts.events}
    union = union_relation(contracts)
    return tables | ({UNION_TABLE: union} if union else {})


def field_names(relations: Iterable[Relation]) -> list[str]:
    """All field names of several relations, each once."""
    return list(dict.fromkeys(item.name for relation in relations for item in relation.fields))
