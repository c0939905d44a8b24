"""kill -9 of every part in turn while events flow, then an edit; the numbers stay exact."""

from __future__ import annotations

import json
import os
import signal
import urllib.request
from collections.abc import Iterator

import pytest

from tests.end_to_end.demo_run import PARTS, DemoRun, copy_project

pytestmark = pytest.mark.chaos
NEW_METRIC = """\
-- How many pages are shown each minute, by kind of page?
SELECT
    window_start AS minute_start,  -- start of the minute
    page_type,                     -- kind of page
    COUNT(*) AS page_views         -- pages shown
FROM TABLE(TUMBLE(TABLE page_view, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, page_type
"""


class Survived:
    """A run in which every part was killed once and a metric was added."""

    def __init__(self, run: DemoRun) -> None:
        run.wait_for_line("live: first number")
        self.seconds = {part: run.kill_part(part) for part in PARTS}
        self.broken = self._broken_save(run)
        after = len(run.said)
        folder = run.project / "sql" / "metrics" / "page_types_per_minute"
        folder.mkdir()
        (folder / "query.sql").write_text(NEW_METRIC)
        run.wait_for_line("is live", after=after)
        os.kill(run.supervisor_pid(), signal.SIGUSR1)
        self.code, self.result = run.result()
        self.said = run.said
        self.left_over = run.left_over()

    def _broken_save(self, run: DemoRun) -> list[str]:
        """Save a mistake while all runs, then take it back; what was said about it."""
        query = run.project / "sql" / "metrics" / "active_users" / "query.sql"
        good = query.read_text()
        after = len(run.said)
        query.write_text(good.replace("user_id", "user_ident"))
        run.wait_for_line("The last good build keeps serving.", after=after)
        said = run.said[after:]
        page = json.loads((run.state / "stack.json").read_bytes())["page"]
        with urllib.request.urlopen(f"{page}/v1/metrics/active_users") as answer:
            self.served_while_broken = json.load(answer)["rows"]
        after = len(run.said)
        query.write_text(good)
        run.wait_for_line("nothing that runs has changed", after=after)
        return said


@pytest.fixture(scope="module")
def survived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Survived]:
    run = DemoRun(copy_project(tmp_path_factory.mktemp("chaos")), for_seconds=600)
    try:
        yield Survived(run)
    finally:
        run.close()


def test_the_numbers_are_exact_although_every_part_was_killed_and_the_build_replaced(
    survived: Survived,
) -> None:
    assert survived.code == 0, "\n".join(survived.said)
    assert survived.result["events_sent"] == survived.result["events_counted"] > 0
    assert not any(survived.result["mismatches"].values())


def test_a_broken_save_is_shown_with_its_place_and_the_last_good_build_keeps_serving(
    survived: Survived,
) -> None:
    assert any("query.sql:8:20: unknown column" in line for line in survived.broken), survived.broken
    assert survived.served_while_broken


def test_each_death_is_named_with_its_signal(survived: Survived) -> None:
    for part in PARTS:
        assert [line for line in survived.said if line.startswith(f"✗ {part} ") and "SIGKILL" in line]


def test_each_outage_is_measured(survived: Survived) -> None:
    assert len(survived.result["outages"]) >= len(PARTS)


def test_nothing_is_left_running(survived: Survived) -> None:
    assert survived.left_over == []
