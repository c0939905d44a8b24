"""Visits nearly follow a pattern: its steps in order, within its time, now and then otherwise."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from pathlib import Path

import pytest

from pipeline.compiler import compile_project
from pipeline.model.models import Classified
from pipeline.parity.episodes import Episode, episodes_of

ROOT = Path(__file__).parents[3]
PATTERN = """\
-- Who looks, and buys or leaves, within ten seconds?
SELECT
    user_id,  -- whose
    first_look,  -- the first event
    began,  -- began
    ended  -- ended
FROM click
MATCH_RECOGNIZE (
    PARTITION BY user_id
    ORDER BY event_time
    MEASURES FIRST(A.event_id) AS first_look, A.event_time AS began, C.event_time AS ended
    ONE ROW PER MATCH
    AFTER MATCH SKIP PAST LAST ROW
    PATTERN (A{2} B* C) WITHIN INTERVAL '10' SECOND
    DEFINE A AS A.element = 'look', C AS C.element IN ('buy', 'leave') AND C.position > 3
)
"""
PLAIN = """\
-- What is clicked?
SELECT
    event_time AS clicked_at,  -- when
    event_id AS click_event  -- the click
FROM click
"""
LOOK, LEAVE = {"element": ("look",)}, {"element": ("buy", "leave")}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Classified]:
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "sql" / "events", root / "sql" / "events")
    for kind, name, query in (("patterns", "looked", PATTERN), ("metrics", "plain", PLAIN)):
        folder = root / "sql" / kind / name
        folder.mkdir(parents=True)
        (folder / "query.sql").write_text(query)
    compilation = compile_project(root)
    assert compilation.ok
    return {model.resolved.parsed.rendered.source.name: model for model in compilation.project.models}


@pytest.fixture(scope="module")
def episode(models: dict[str, Classified]) -> Episode:
    (found,) = episodes_of(models["looked"])
    return found


def test_a_query_without_a_pattern_has_no_episode(models: dict[str, Classified]) -> None:
    assert episodes_of(models["plain"]) == ()


def test_the_steps_are_the_patterns_variables_with_the_values_they_compare_with(episode: Episode) -> None:
    assert [(step.least, step.wanted) for step in episode.steps] == [(2, LOOK), (0, {}), (1, LEAVE)]
    assert episode.within_ms == 10_000
    assert episode.keys == ("user_id",)


def test_visits_last_just_under_exactly_and_just_over_the_time_allowed(episode: Episode) -> None:
    chance = random.Random(1)
    visits = [list(episode.visit(chance)) for _ in range(300)]
    lasted = Counter(visit[-1][0] for visit in visits if len(visit) > 1)
    assert all(lasted[ten] > 5 for ten in (9_999, 10_000, 10_001))
    assert max(lasted) == 10_001
    assert all(visit == sorted(visit, key=lambda row: row[0]) for visit in visits)


def test_most_visits_follow_the_pattern_and_some_do_not(episode: Episode) -> None:
    chance = random.Random(2)
    visits = [[wanted for _, wanted in episode.visit(chance)] for _ in range(200)]
    following = sum(visit[:2] == [LOOK, LOOK] and visit[-1] == LEAVE for visit in visits)
    assert 100 < following < 190
