"""A new model's folder as text: a query that compiles and a case that passes, for its author to change."""

# ruff: noqa: S608  the name in the SQL is an event of the contracts

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model.contracts import Contracts, Event
from sqlglot_flink import RESERVED_WORDS


@dataclass(frozen=True)
class _Grain:
    unit: str
    arrivals: tuple[str, str]
    start: str


_GRAINS = {
    "second": _Grain("SECOND", ("12:00:05.100", "12:00:05.900"), "12:00:05"),
    "minute": _Grain("MINUTE", ("12:00:05", "12:00:58"), "12:00"),
    "hour": _Grain("HOUR", ("12:05", "12:58"), "12:00"),
    "day": _Grain("DAY", ("08:00", "23:59"), "00:00"),
}
_DEFAULT_GRAIN = "minute"
_PER = "_per_"


def grain_of(name: str) -> str:
    """The window that a metric's name asks for: `minute` of `revenue_per_minute`, and where it says none."""
    asked = name.rpartition(_PER)[2] if _PER in name else ""
    return asked if asked in _GRAINS else _DEFAULT_GRAIN


def event_of(name: str, contracts: Contracts) -> Event:
    """The event that a model's name speaks of (`search` for `searches_per_minute`), or the first there is.

    Raises ValueError where the project has no events.
    """
    events = [event for event in contracts.events if not event.standalone] or list(contracts.events)
    if not events:
        raise ValueError("the project has no events: write sql/events/<event>.yaml first")
    named = [event for event in events if event.name in name]
    return max(named, key=lambda event: len(event.name)) if named else events[0]


def new_metric(name: str, event: Event) -> dict[str, str]:
    """`{path: text}` of a metric that counts the event, by the window that its name asks for."""
    folder = f"sql/metrics/{name}"
    word = grain_of(name)
    grain = _GRAINS[word]
    events = _plural(event.name)
    counted = events if events.upper() not in RESERVED_WORDS else f"{event.name}_count"
    start = f"{word}_start"
    gap = " " * max(len(f"window_start AS {start}") - len(f"COUNT(*) AS {counted}") + 1, 0)
    other = " " * max(len(f"COUNT(*) AS {counted}") - len(f"window_start AS {start}") - 1, 0)
    query = f"""-- How many {_words(events)} are there each {word}?
SELECT
    window_start AS {start}, {other} -- start of the {word}, UTC
    COUNT(*) AS {counted} {gap} -- {_words(events)} in the {word}
FROM TABLE(TUMBLE(TABLE {event.name}, DESCRIPTOR(event_time), INTERVAL '1' {grain.unit}))
GROUP BY window_start, window_end
"""
    width = max(len(start), len(grain.start))
    case = f"""# Fields that are not named take the example values of sql/events/{event.name}.yaml.
given:
  {event.name}: |
    event_time
    {grain.arrivals[0]}
    {grain.arrivals[1]}
expect: |
    {start:<{width}} | {counted}
    {grain.start:<{width}} | 2
"""
    sentence = f"two_{events}_in_one_{word}_count_two"
    return {f"{folder}/query.sql": query, f"{folder}/tests/{sentence}.yaml": case}


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "z", "ch", "sh")) else "s")


def _words(name: str) -> str:
    return name.replace("_", " ")
