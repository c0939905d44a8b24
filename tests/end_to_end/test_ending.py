"""However a run ends, nothing of it stays."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.end_to_end.demo_run import DemoRun


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_told_to_end_while_it_starts_ends_well_and_leaves_nothing(
    project: Path, number: signal.Signals
) -> None:
    run = DemoRun(project, for_seconds=60)
    try:
        run.wait_for_line("✓ server")
        run.process.send_signal(number)
        assert run.process.wait() == 0, "\n".join(run.said)
        assert run.left_over() == []
    finally:
        run.close()


@pytest.mark.parametrize("victim", ["supervisor", "pipeline dev"])
def test_a_run_whose_head_is_killed_leaves_nothing(project: Path, victim: str) -> None:
    run = DemoRun(project, for_seconds=60)
    try:
        run.wait_for_line("✓ server")
        os.kill(run.supervisor_pid() if victim == "supervisor" else run.process.pid, signal.SIGKILL)
        assert run.process.wait() != 0
        while run.left_over():
            time.sleep(0.05)
    finally:
        run.close()


def test_a_mistake_in_the_sql_starts_nothing_and_is_shown_with_its_place(project: Path) -> None:
    query = project / "sql" / "metrics" / "revenue_per_minute" / "query.sql"
    good = query.read_text()
    query.write_text(good.replace("SUM(amount)", "SUM(amout)"))
    run = DemoRun(project, for_seconds=60)
    try:
        assert run.process.wait() == 1
        run.close()
        assert any('query.sql:5:14: unknown column "amout"' in line for line in run.said), run.said
        assert run.left_over() == []
    finally:
        run.close()
        query.write_text(good)
