"""What arrives: named datasets for a model, the same for the same seed.

Events walk along days that are known for trouble, in steps that are exactly, or one millisecond more or less
than, a length of time that the query names, or that end on an edge of its windows. All events of a dataset
share the walk, so two streams meet at such distances too. Then the arrivals are put out of order, within the
watermark's delay or, where late rows have one meaning, far beyond it.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from pipeline.model.contracts import Contracts, Event
from pipeline.model.models import Classified
from pipeline.names import EVENT_TIME
from pipeline.parity.episodes import Wanted, episodes_of
from pipeline.parity.facts import Facts, facts_of
from pipeline.parity.pools import Pool, near, pools_of
from pipeline.testing.cases import EVENT_ID, Arrivals, columns_of
from pipeline.testing.values import Value

EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001  values are UTC without a zone
TROUBLE = (
    "2026-01-15T12:00:00",  # an ordinary noon
    "2026-02-28T23:59:59",
    "2026-03-08T07:00:00",  # summer time begins in the US
    "2026-03-29T01:00:00",  # and in Europe
    "2026-10-25T01:00:00",  # summer time ends in Europe
    "2026-11-01T06:00:00",  # and in the US
    "2026-11-22T00:00:00",  # a Sunday
    "2026-11-23T00:00:00",  # a Monday
    "2026-12-31T23:59:59",  # year's end; ISO week 53
    "2027-01-04T00:00:00",  # ISO week 1
    "2028-02-29T00:00:00",  # leap day
    "2028-02-29T23:59:59",
    "2028-12-31T00:00:00",
)
CROWDED = "2029-06-01T12:00:00"
VISITS = "2029-08-01T12:00:00"
HAZARDS = "hazards, all on time"
LATE = "hazards, some late"
ONE = "one event"
NOTHING = "nothing happens"


@dataclass(frozen=True)
class LeftOut:
    """An event that was taken out of a dataset, since the batch engines stop at it: why, and which it was."""

    reason: str
    event: str


@dataclass(frozen=True)
class Dataset:
    """What arrives on the model's streams; `name` is a phrase that reports show."""

    name: str
    given: tuple[Arrivals, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def size(self) -> int:
        """How many events arrive."""
        return sum(len(arrivals.rows) for arrivals in self.given)


@dataclass
class _Happening:
    """An event on its way: when it happens, and its place in the order of arrival (both in milliseconds)."""

    event: Event
    at: int
    place: float
    values: dict[str, Value]


def datasets_for(model: Classified, contracts: Contracts, seed: int, rows: int) -> tuple[Dataset, ...]:
    """The model's datasets, the first and largest of about `rows` events and what comes too late or twice."""
    name = model.resolved.parsed.rendered.source.name
    facts = facts_of(model)
    events = [event for event in contracts.events if event.name in model.sources]
    made = []
    # Late rows come on top of all other hazards.
    for title in (LATE if facts.late_rows else HAZARDS, ONE, NOTHING):
        chance = random.Random(f"{seed} {name} {title}")  # noqa: S311  no secret
        walk = _Walk(chance, model, facts, events)
        made.append(Dataset(title, walk.arrivals(title, rows)))
    return tuple(made)


class _Walk:
    """Makes one dataset."""

    def __init__(
        self, chance: random.Random, model: Classified, facts: Facts, events: Sequence[Event]
    ) -> None:
        self.chance = chance
        self.model = model
        self.facts = facts
        self.events = events
        self.pools: dict[str, tuple[Pool, ...]] = {event.name: pools_of(event, facts) for event in events}
        self.delay_ms = min(event.watermark_delay_ms for event in events)
        self.happened: list[_Happening] = []
        self.taken: dict[int, str] = {}

    def arrivals(self, title: str, rows: int) -> tuple[Arrivals, ...]:
        """What arrives on each stream."""
        late = title == LATE
        if title in (HAZARDS, LATE):
            anchors = [dt.datetime.fromisoformat(text) for text in TROUBLE]
            for anchor in anchors:
                self._stroll(_ms(anchor), max(4, rows * 2 // 3 // len(anchors)), late=late)
                if late and anchor.day == 29:
                    self._close_windows(_ms(anchor))
            self._crowd(rows // 3)
            self._visits(rows // 3)
            self._repeat(rows // 12)
        elif title == ONE:
            for event in self.events:
                self._happen(event, _ms(dt.datetime.fromisoformat(TROUBLE[0])), {})
        self.happened.sort(key=lambda happening: happening.place)
        return tuple(self._stream(event) for event in self.events)

    def _stroll(self, start: int, steps: int, *, late: bool) -> None:
        """A walk around an anchor in steps that hit the edges, by few visitors."""
        at = self._edge(start) + self.chance.choice((-1, 0, 0, 1))
        common: dict[str, Value] = {}
        for _ in range(steps):
            event = self.chance.choice(self.events)
            if not common or self.chance.random() < 0.3:
                common = self._common()
            happening = self._happen(event, at, common)
            if late and self.chance.random() < 0.25:
                happening.place += self._lateness()
            at += self._step(at)

    def _crowd(self, rows: int) -> None:
        """Many events of one key within a few of the query's lengths, the others' scattered between."""
        span = min(4 * self.facts.longest_ms, 2 * 86_400_000)
        start = _ms(dt.datetime.fromisoformat(CROWDED))
        hot = self._common()
        for at in sorted(start + self.chance.randrange(span + 1) for _ in range(rows)):
            busy = self.chance.random() < 0.8
            self._happen(self.chance.choice(self.events), at, hot if busy else self._common())

    def _visits(self, count: int) -> None:
        """Visits that nearly follow the model's patterns; some of them at the same time."""
        at = _ms(dt.datetime.fromisoformat(VISITS))
        for episode in episodes_of(self.model):
            for _ in range(count):
                visitor = {name: value for name, value in self._common().items() if name in episode.keys}
                for since, wanted in episode.visit(self.chance):
                    event = self.chance.choice(self.events)
                    self._happen(event, at + since, {**visitor, **self._wanted(event, wanted)}, at + since)
                at += self.chance.choice(
                    (0, episode.within_ms // 2, episode.within_ms, 3 * episode.within_ms)
                )

    def _wanted(self, event: Event, wanted: Wanted) -> dict[str, Value]:
        """One of the wanted values of each column, as far as the contract allows them."""
        found: dict[str, Value] = {}
        for pool in self.pools[event.name]:
            allowed = [value for value in pool.literals if value in wanted.get(pool.column, ())]
            if allowed:
                found[pool.column] = self.chance.choice(allowed)
        return found

    def _common(self) -> dict[str, Value]:
        """Values of the fields that tie events together: who, where, what."""
        tying = {"user_id", "session_id"}
        if self.model.resolved.tree.find(exp.MatchRecognize) is None:
            # The steps of a pattern are one visitor's, and each is another thing.
            tying |= {"product_id", "category", "currency", "element"}
        return {
            pool.column: pool.draw(self.chance)
            for pool in self.pools[self.events[0].name]
            if pool.column in tying
        }

    def _step(self, at: int) -> int:
        """How long until the next event: often nothing, a length of the query, or up to an edge."""
        kind = self.chance.random()
        nudge = self.chance.choice((-1, 0, 0, 1))
        if kind < 0.15:
            return 0
        if kind < 0.5 and self.facts.lengths:
            return max(0, self.chance.choice(self.facts.lengths) + nudge)
        if kind < 0.7 and self.facts.edges:
            return max(0, self._edge(at + 1) - at + nudge)
        return self.chance.choice((1, 2, 999, 1000, 1001, self.chance.randrange(1, 30_000)))

    def _edge(self, at: int) -> int:
        """The next edge of a window of the query, from `at` on."""
        if not self.facts.edges:
            return at
        period, offset = self.chance.choice(self.facts.edges)
        return at + (offset - at) % period

    def _lateness(self) -> float:
        hours = self.model.resolved.parsed.rendered.source.promises.late_hours * 3_600_000
        around = (self.delay_ms, hours, *self.facts.lengths, 60_000, 600_000, 3 * 3_600_000)
        return self.chance.choice(around) + self.chance.choice((-1, 0, 1)) + 0.5

    def _close_windows(self, start: int) -> None:
        """Around the watermark's step over a window's end, and over the end of the hours for late rows.

        The streams are at `at` when a row comes for the window that ends at `edge`: one millisecond before it
        is closed, as it is closed, and after.
        """
        hours = self.model.resolved.parsed.rendered.source.promises.late_hours * 3_600_000
        for event in self.events:
            edge = self._edge(start + 2 * self.facts.longest_ms)
            for beyond in (-2, -1, 0, 1):
                at = edge + self.delay_ms + beyond
                self._happen(event, at, {}, place=at)
                self._happen(event, edge - 1 - self.chance.randrange(3), {}, place=at + 0.2)
                self._happen(event, at - hours + beyond, {}, place=at + 0.4)

    def _happen(
        self, event: Event, at: int, common: dict[str, Value], place: float | None = None
    ) -> _Happening:
        if not self.facts.ties_across_streams:
            while self.taken.setdefault(at, event.name) != event.name:
                at += 1
        moment = EPOCH + dt.timedelta(milliseconds=at)
        values: dict[str, Value] = {}
        for pool in self.pools[event.name]:
            drawn = common[pool.column] if pool.column in common else pool.draw(self.chance)
            values[pool.column] = drawn
        optional = {pool.column for pool in self.pools[event.name] if pool.nullable}
        for column in columns_of(event):
            if column.name == EVENT_TIME:
                values[column.name] = moment
            elif column.sql_type.startswith("TIMESTAMP"):
                missing = column.name in optional and self.chance.random() < 0.2
                values[column.name] = None if missing else near(moment, self.facts, self.chance)
        values[EVENT_ID] = f"{event.name}-{len(self.happened)}"
        if place is None:
            place = at + self.chance.choice((0, 0, 0, self.chance.randrange(max(1, self.delay_ms))))
        happening = _Happening(event, at, place, values)
        self.happened.append(happening)
        return happening

    def _repeat(self, count: int) -> None:
        """Some events come again, whole or with the same id and other values; only the first counts."""
        for happening in self.chance.sample(self.happened, min(count, len(self.happened))):
            again = replace(happening, values=dict(happening.values))
            again.place = happening.place + self.chance.choice((0.1, 1000, 400_000, 3_600_000))
            if self.chance.random() < 0.5:
                for pool in self.pools[happening.event.name]:
                    if pool.column not in (EVENT_ID, EVENT_TIME, "event_type"):
                        value = pool.draw(self.chance)
                        again.values[pool.column] = value if value is not None else again.values[pool.column]
            self.happened.append(again)

    def _stream(self, event: Event) -> Arrivals:
        columns = columns_of(event)
        rows = tuple(
            tuple(happening.values[column.name] for column in columns)
            for happening in self.happened
            if happening.event is event
        )
        return Arrivals(event.name, columns, rows)


def _ms(moment: dt.datetime) -> int:
    return (moment - EPOCH) // dt.timedelta(milliseconds=1)
