"""`pipeline parity` on real Flink and DuckDB, over a few models: what it prints, writes and returns."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.commands.parity import run
from pipeline.testing.engines import trino_install
from tests.integration.parity.support import MODELS, ROOT

pytestmark = pytest.mark.timeout(300)
CHOSEN = (
    "metrics/hop_strict",
    "metrics/interval_join_left",
    "metrics/money",
    "metrics/over_rows",
    "metrics/session_by_user",
    "metrics/tumble_live",
    "metrics/window_join",
    "patterns/click_then_click",
)
"""One model for each kind of construct; `make test-engines` proves all of them."""
NEVER = """\
-- How many clicks that never are?
SELECT
    window_start AS began,  -- begin
    COUNT(*) AS clicks  -- clicks
FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
WHERE position < 0 AND position > 0
GROUP BY window_start, window_end
"""
REFUSED = """\
-- When was it by the clock of Berlin?
SELECT
    event_time AS happened_at,  -- when
    event_id AS event,  -- the event
    CONVERT_TZ('2026-03-29 02:30:00', 'UTC', 'Europe/Berlin') AS there  -- when in Berlin
FROM search
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the shop's events and no model."""
    shutil.copytree(ROOT / "sql" / "events", tmp_path / "sql" / "events")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(root: Path, name: str, query: str) -> None:
    folder = root / "sql" / "metrics" / name
    folder.mkdir(parents=True)
    (folder / "query.sql").write_text(query)


def parity(*names: str, engines: tuple[str, ...] = ("flink", "duckdb"), as_json: bool = False) -> int:
    return run(names, engines=engines, seed=1, rows=80, save=True, json=as_json)


def test_constructs_of_every_kind_are_equal_on_flink_and_duckdb(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in CHOSEN:
        shutil.copytree(MODELS / "sql" / name, root / "sql" / name)
    before = sorted(root.rglob("*"))
    assert parity() == 0
    lines = capsys.readouterr().out.splitlines()
    proven = sorted(line.split(":")[0] for line in lines[:-1])
    assert proven == sorted(f"ok    {Path(name).name}" for name in CHOSEN)
    assert all(" 0 of " in line for line in lines)
    assert lines[-1].startswith("8 models, Flink against DuckDB: 0 of ")
    assert sorted(root.rglob("*")) == before


def test_a_model_without_rows_and_a_refused_one_are_said_and_not_counted_as_equal(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, "never", NEVER)
    write(root, "clocks", REFUSED)
    assert parity(as_json=True) == 1
    told = json.loads(capsys.readouterr().out)
    clocks, never = told["verdicts"]
    assert told["ok"] is False
    assert (never["model"], never["equal"], never["nothing_to_compare"]) == ("never", False, True)
    assert (clocks["model"], clocks["equal"], clocks["nothing_to_compare"]) == ("clocks", False, False)
    assert clocks["refused"] == ["DuckDB does not compute the function CONVERT_TZ as Flink does"]


def test_the_name_of_no_model_is_told_with_the_nearest_one(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, "never", NEVER)
    assert parity("nevr") == 2
    assert capsys.readouterr().err == 'there is no model "nevr": did you mean "never"? Models: never\n'


def test_an_engine_that_was_asked_for_and_is_not_installed_is_an_error(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trino_install, "BUILD", root / "no_trino_here")
    write(root, "never", NEVER)
    assert parity(engines=("flink", "duckdb", "trino")) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == (
        "trino is skipped, nothing is proven on it: Trino is not installed: make trino\n"
        "Without --engines, those that are installed are held against Flink.\n"
    )


@pytest.mark.engines
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")
def test_without_engines_named_one_that_is_not_installed_is_skipped_and_said(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trino_install, "BUILD", root / "no_trino_here")
    shutil.copytree(MODELS / "sql" / CHOSEN[0], root / "sql" / CHOSEN[0])
    assert parity(engines=()) == 0
    told = capsys.readouterr()
    assert "trino is skipped, nothing is proven on it" in told.err
    last = told.out.splitlines()[-1]
    assert last.startswith("1 model, Flink against DuckDB, Spark: 0 of ")
    assert last.endswith(" Skipped: trino.")
