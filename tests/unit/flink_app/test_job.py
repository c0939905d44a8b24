"""A compiled job: reading it, and filling in its placeholders."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flink_app.errors import FlinkAppError
from flink_app.job import Statement, fill, load_job, placeholders
from flink_app.properties import Properties


def write_job(build: Path, **changes: object) -> Path:
    directory = build / "flink" / "main"
    (directory / "ddl").mkdir(parents=True)
    (directory / "ddl/00_t.sql").write_text("CREATE TABLE t (a INT);\n", encoding="utf-8")
    (directory / "m.sql").write_text("INSERT INTO t SELECT 1\n", encoding="utf-8")
    job = {
        "job_version": 1,
        "app": "main",
        "build_id": "abc",
        "ddl": ["ddl/00_t.sql"],
        "inserts": ["m.sql"],
        "sources": [],
        "longest_window_ms": 60000,
        "late_ms": 7200000,
    }
    (directory / "job.json").write_text(json.dumps(job | changes), encoding="utf-8")
    return directory


def properties(start: datetime | None = None, **options: dict[str, str]) -> Properties:
    return Properties("main", "rta-test", "eu-central-1", "build", start, wait=False, **options)


def test_a_job_is_its_statements_in_order_without_their_semicolons(tmp_path: Path) -> None:
    write_job(tmp_path)
    job = load_job(tmp_path, "main")
    assert job.ddl == (Statement("flink/main/ddl/00_t.sql", "CREATE TABLE t (a INT)"),)
    assert job.inserts == (Statement("flink/main/m.sql", "INSERT INTO t SELECT 1"),)
    assert (job.longest_window_ms, job.late_ms) == (60000, 7200000)


def test_an_app_that_was_not_compiled_is_named_with_the_command(tmp_path: Path) -> None:
    with pytest.raises(FlinkAppError, match=r"flink/main/job\.json: no such file\. Run `pipeline build`"):
        load_job(tmp_path, "main")


def test_another_version_of_the_form_is_refused(tmp_path: Path) -> None:
    write_job(tmp_path, job_version=2)
    with pytest.raises(FlinkAppError, match="job_version is 2, this runner knows 1"):
        load_job(tmp_path, "main")


def test_a_missing_statement_is_named(tmp_path: Path) -> None:
    (write_job(tmp_path) / "m.sql").unlink()
    with pytest.raises(FlinkAppError, match=r"flink/main/m\.sql: cannot be read"):
        load_job(tmp_path, "main")


def test_placeholders_are_replaced() -> None:
    known = placeholders(properties(sink={"aws.endpoint": "http://x"}))
    filled = fill(Statement("f.sql", "'${name_prefix}-a' '${aws_region}'${sink_options}"), known)
    assert filled.sql.startswith("'rta-test-a' 'eu-central-1', 'aws.endpoint' = 'http://x', 'sink.")


def test_an_unknown_placeholder_is_an_error_that_lists_the_known() -> None:
    with pytest.raises(FlinkAppError) as error:
        fill(Statement("f.sql", "${late} ${name_prefix} ${}"), placeholders(properties()))
    assert str(error.value) == (
        "f.sql: unknown placeholder ${}, ${late}. "
        "Known: aws_region, name_prefix, replay_from, sink_options, source_options"
    )


def test_a_quote_in_an_option_stays_inside_its_literal() -> None:
    known = placeholders(properties(source={"stream": "it's"}))
    assert ", 'stream' = 'it''s'" in known["source_options"]


def test_the_first_start_reads_everything_and_writes_every_window() -> None:
    known = placeholders(properties())
    assert "'scan.stream.initpos' = 'TRIM_HORIZON'" in known["source_options"]
    assert known["replay_from"] == "TO_TIMESTAMP_LTZ(0, 3)"


def test_a_replay_begins_to_read_two_minutes_before_the_windows_it_writes() -> None:
    known = placeholders(properties(datetime(2026, 1, 15, 12, 0, 0, 250000, tzinfo=UTC)))
    assert "'scan.stream.initpos' = 'AT_TIMESTAMP'" in known["source_options"]
    assert "'scan.stream.initpos-timestamp' = '2026-01-15T11:58:00.250Z'" in known["source_options"]
    assert known["replay_from"] == "TO_TIMESTAMP_LTZ(1768478400250, 3)"


def test_what_the_operator_says_wins_over_our_settings() -> None:
    known = placeholders(properties(source={"scan.shard.idle.interval": "5000"}))
    assert known["source_options"].count("scan.shard.idle.interval") == 1
    assert "'scan.shard.idle.interval' = '5000'" in known["source_options"]
