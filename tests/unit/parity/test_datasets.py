"""The input of parity: it keeps the contract, is the same for the same seed, and goes where it hurts."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from pipeline.compiler import Compilation, compile_project
from pipeline.model.models import Classified
from pipeline.names import column_name
from pipeline.parity.datasets import HAZARDS, LATE, NOTHING, ONE, Dataset, datasets_for
from pipeline.parity.facts import facts_of
from pipeline.testing.cases import EVENT_ID, Arrivals, arrival_times, broken_constraint
from tests.integration.parity.support import project

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(scope="module")
def compilation(tmp_path_factory: pytest.TempPathFactory) -> Compilation:
    return compile_project(project(tmp_path_factory.mktemp("project")))


def model(compilation: Compilation, name: str) -> Classified:
    return next(m for m in compilation.project.models if m.resolved.parsed.rendered.source.name == name)


def dataset(compilation: Compilation, name: str, title: str, seed: int = 1, rows: int = 130) -> Dataset:
    found = datasets_for(model(compilation, name), compilation.contracts, seed, rows)
    return next(each for each in found if each.name == title)


def column(arrivals: Arrivals, name: str) -> list[object]:
    place = [each.name for each in arrivals.columns].index(name)
    return [row[place] for row in arrivals.rows]


def times(arrivals: Arrivals) -> list[dt.datetime]:
    return [value for value in column(arrivals, "event_time") if isinstance(value, dt.datetime)]


def test_the_same_seed_makes_the_same_input_and_an_other_one_an_other(compilation: Compilation) -> None:
    first, again, other = (dataset(compilation, "tumble_live", LATE, seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_every_value_keeps_its_contract(compilation: Compilation) -> None:
    for each in compilation.project.models:
        for made in datasets_for(each, compilation.contracts, 1, 60):
            for arrivals in made.given:
                event = compilation.contracts.event(arrivals.event)
                assert event is not None
                for field in event.fields:
                    values = set(column(arrivals, column_name(field.name)))
                    broken = [value for value in values if broken_constraint(value, field)]  # type: ignore[arg-type]
                    assert broken == [], (field.name, each.resolved.parsed.rendered.source.name)


def test_optional_fields_are_missing_at_times_and_texts_are_odd(compilation: Compilation) -> None:
    (arrivals,) = dataset(compilation, "page_views_per_minute", LATE).given
    categories = column(arrivals, "category")
    assert None in categories
    assert "" in categories
    assert len(set(categories)) > 10


def test_events_stand_on_the_edges_of_the_windows_and_a_millisecond_beside(compilation: Compilation) -> None:
    (arrivals,) = dataset(compilation, "tumble_strict", LATE).given
    phases = {(moment - dt.datetime(1970, 1, 1)) % MINUTE for moment in times(arrivals)}  # noqa: DTZ001
    assert {dt.timedelta(0), MINUTE - dt.timedelta(milliseconds=1), dt.timedelta(milliseconds=1)} <= phases


def test_steps_are_exactly_the_lengths_of_the_query_and_a_millisecond_more_and_less(
    compilation: Compilation,
) -> None:
    (arrivals,) = dataset(compilation, "session_by_user", LATE, rows=300).given
    steps = {
        (after - before) // dt.timedelta(milliseconds=1)
        for before, after in pairwise(sorted(times(arrivals)))
    }
    assert {0, 1_800_000, 1_800_001, 1_799_999} <= steps


def test_an_event_that_is_on_time_comes_before_the_watermark_has_reached_it(compilation: Compilation) -> None:
    for arrivals in dataset(compilation, "interval_join", HAZARDS).given:
        counted: set[object] = set()
        greatest = dt.datetime.min  # noqa: DTZ901
        ids = column(arrivals, EVENT_ID)
        for moment, event_id in zip(times(arrivals), ids, strict=True):
            if event_id not in counted and greatest > dt.datetime.min + MINUTE:  # noqa: DTZ901
                assert moment > greatest - dt.timedelta(seconds=5)
            counted.add(event_id)
            greatest = max(greatest, moment)


def test_some_events_come_late_by_exactly_the_hours_that_count_and_some_twice(
    compilation: Compilation,
) -> None:
    (arrivals,) = dataset(compilation, "tumble_live", LATE).given
    behind = {
        (arrival - moment) // dt.timedelta(milliseconds=1)
        for arrival, moment in zip(arrival_times(arrivals), times(arrivals), strict=True)
    }
    assert {7_200_000, 7_199_999, 7_200_001} & behind
    assert max(behind) > 7_200_000
    ids = column(arrivals, EVENT_ID)
    assert len(set(ids)) < len(ids)


def test_models_whose_late_rows_have_no_one_meaning_get_none(compilation: Compilation) -> None:
    names = [
        each.name for each in datasets_for(model(compilation, "interval_join"), compilation.contracts, 1, 9)
    ]
    assert names == [HAZARDS, ONE, NOTHING]


def test_literals_of_the_query_are_fed_back(compilation: Compilation) -> None:
    facts = facts_of(model(compilation, "with_and_subqueries"))
    assert {"EUR", "USD", "u-2"} <= set(facts.literals)
    (arrivals,) = dataset(compilation, "with_and_subqueries", LATE).given
    assert "u-2" in column(arrivals, "user_id")
    amounts = {str(value) for value in column(arrivals, "amount")}
    assert {"10", "9.99", "10.01"} & amounts


def test_nothing_happens_in_the_empty_dataset_and_one_event_a_stream_in_the_smallest(
    compilation: Compilation,
) -> None:
    assert dataset(compilation, "events_per_minute", NOTHING).size == 0
    assert dataset(compilation, "events_per_minute", ONE).size == 4
