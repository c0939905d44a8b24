"""Runs test cases on real Flink, as streams: the statements that the compiler emits, over files of arrivals.

Each case gets a database of its own with the emitted source tables, views and the SELECT of the emitted
INSERT. Two things are exchanged: the stream for a bounded file of the same JSON records in arrival order,
with what the stream's metadata would say, and the DynamoDB table for the rows handed back, of which the last
of each key stands, as it would there. All cases of a model run as one job, in one JVM for all models.

Watermarks follow each event (interval 0) and parallelism is 1, so that what is late is known beforehand.
Mini-batches are off: they change when a row is written, not what it says in the end.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipeline import names
from pipeline.compiler import Compilation
from pipeline.model.contracts import Event
from pipeline.model.diagnostics import Position
from pipeline.model.models import Classified
from pipeline.names import column_name
from pipeline.testing.cases import Arrivals, Case, arrival_times
from pipeline.testing.outcomes import Outcome
from pipeline.testing.text_table import Cell
from pipeline.testing.values import Value, parse_value

SETTINGS = {
    "parallelism.default": "1",
    "pipeline.auto-watermark-interval": "0 ms",
    "pipeline.object-reuse": "true",
    "rest.address": "127.0.0.1",
    "rest.bind-address": "127.0.0.1",
    "rest.bind-port": "0",
    "table.local-time-zone": "UTC",
    "taskmanager.memory.network.max": "128m",
    "taskmanager.memory.network.min": "128m",
}
JVM_ARGS = "-Xmx1g -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Duser.timezone=UTC"
"""Short jobs: the second compiler and a concurrent collector would cost more than they give."""
REPLAY_FROM = "TO_TIMESTAMP_LTZ(0, 3)"
TIMEOUT_SECONDS = 540

_WITH = re.compile(r"\) WITH \(\n.*\n\)\s*\Z", re.DOTALL)
_METADATA = re.compile(r" METADATA FROM '(?:timestamp|watermark)' VIRTUAL")
_INSERT = re.compile(r"\A(?:--[^\n]*\n)*INSERT INTO [^(]+\([^)]*\)\n")


class FlinkError(Exception):
    """Flink did not start or ended before its work was done; the message ends with what it said last."""


@dataclass(frozen=True)
class Suite:
    """The cases of one model."""

    model: Classified
    cases: tuple[Case, ...]

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.resolved.parsed.rendered.source.name


def run_on_flink(suites: Sequence[Suite], compilation: Compilation) -> list[list[Outcome]]:
    """The outcomes of each suite's cases, in their order. Raises `FlinkError`."""
    with tempfile.TemporaryDirectory(prefix="pipeline-test-") as name:
        folder = Path(name)
        jobs = [_job(suite, compilation, folder / suite.name) for suite in suites]
        (folder / "jobs.json").write_text(json.dumps({"settings": SETTINGS, "jobs": jobs}))
        _run_worker(folder)
        results = json.loads((folder / "results.json").read_text())
    return [_outcomes(suite, result) for suite, result in zip(suites, results, strict=True)]


def _run_worker(folder: Path) -> None:
    environment = {
        **os.environ,
        # Without this PyFlink would look for the Python workers' libraries, which are not installed.
        "_python_worker_execution_mode": "process",
        "JVM_ARGS": JVM_ARGS,
        "FLINK_LOG_DIR": str(folder),
    }
    command = [sys.executable, "-m", "pipeline.testing.flink_worker", str(folder)]
    with (folder / "output.txt").open("wb") as output:
        try:
            code = subprocess.run(
                command, env=environment, stdout=output, stderr=output, timeout=TIMEOUT_SECONDS, check=False
            ).returncode
        except subprocess.TimeoutExpired:
            code = -1
    if code != 0:
        said = (folder / "output.txt").read_text(errors="replace").strip().splitlines()
        reason = f"Flink took more than {TIMEOUT_SECONDS} s" if code == -1 else f"Flink ended with {code}"
        raise FlinkError("\n".join([reason, *said[-15:]]))


def _job(suite: Suite, compilation: Compilation, folder: Path) -> dict[str, object]:
    statements = _emitted(suite.model, compilation)
    cases = []
    for number, case in enumerate(suite.cases):
        database = f"{suite.name}_{number}"
        paths = _write_arrivals(case, suite.model, compilation, folder / database)
        cases.append(
            {
                "database": database,
                "statements": [_on_files(statement, paths) for statement in statements],
            }
        )
    columns = [names.PARTITION_KEY, names.SORT_KEY, *(column.name for column in suite.model.resolved.columns)]
    return {"cases": cases, "columns": columns}


def _emitted(model: Classified, compilation: Compilation) -> list[str]:
    """The emitted statements that the model needs, in order; the INSERT's SELECT last, as a view `result`."""
    source = model.resolved.parsed.rendered.source
    base = names.app_directory(model.app)
    wanted = {names.source_table(event) for event in model.sources} | set(model.sources)
    if names.UNION_TABLE in model.resolved.reads:
        wanted.add(names.UNION_TABLE)
    ddl = [path for path in compilation.files if path.startswith(f"{base}/ddl/")]
    statements = [
        compilation.files[path] for path in sorted(ddl) if Path(path).stem.partition("_")[2] in wanted
    ]
    insert = compilation.files[f"{base}/inserts/{source.name}.sql"]
    select, found = _INSERT.subn("", insert)
    assert found == 1, f"the INSERT of {source.name} has an unknown form"
    select = select.replace("${replay_from}", REPLAY_FROM)
    return [*statements, f"CREATE TEMPORARY VIEW `result` AS\n{select}"]


def _on_files(statement: str, paths: dict[str, Path]) -> str:
    """The statement with its stream, where it has one, exchanged for the file that holds its records."""
    for event, path in paths.items():
        if f"TABLE `{names.source_table(event)}`" in statement:
            options = {
                "connector": "filesystem",
                "path": path.as_uri(),
                "format": "json",
                "json.timestamp-format.standard": "ISO-8601",
            }
            written = ", ".join(f"'{key}' = '{value}'" for key, value in options.items())
            exchanged, found = _WITH.subn(f") WITH ({written})", statement)
            assert found == 1, f"the table of {event} has an unknown form"
            return _METADATA.sub("", exchanged)
    return statement


def _write_arrivals(case: Case, model: Classified, compilation: Compilation, folder: Path) -> dict[str, Path]:
    folder.mkdir(parents=True)
    given = {arrivals.event: arrivals for arrivals in case.given}
    paths: dict[str, Path] = {}
    for name in model.sources:
        event = compilation.contracts.event(name)
        assert event is not None, f"{name} is a source without a contract"
        paths[name] = folder / f"{name}.json"
        records = _records(given[name], event) if name in given else ()
        paths[name].write_text("".join(json.dumps(record) + "\n" for record in records))
    return paths


def _records(arrivals: Arrivals, event: Event) -> Iterable[dict[str, object]]:
    """The records on the stream, with what its metadata would say of each."""
    watermark: dt.datetime | None = None
    for row, arrival in zip(arrivals.rows, arrival_times(arrivals), strict=True):
        record: dict[str, object] = {}
        for field, column, value in zip(event.fields, arrivals.columns, row, strict=True):
            assert column.name == column_name(field.name)
            inner = field.origin == "event" and not event.standalone
            part = record.setdefault("custom_properties", {}) if inner else record
            assert isinstance(part, dict)
            part[field.name] = _wire(value)
        record[names.ARRIVAL] = _wire(arrival)
        record[names.WATERMARK] = _wire(watermark)
        watermark = arrival - dt.timedelta(milliseconds=event.watermark_delay_ms)
        yield record


def _wire(value: Value) -> object:
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="milliseconds") + "Z"
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        number = float(value)
        return number if Decimal(repr(number)) == value else str(value)
    return value


def _outcomes(suite: Suite, result: dict[str, object]) -> list[Outcome]:
    error = result.get("error")
    if error is not None:
        return [Outcome(case, error=f"Flink: {error}") for case in suite.cases]
    changes = result["changes"]
    assert isinstance(changes, dict)
    return [
        Outcome(case, _final_rows(case, changes.get(f"{suite.name}_{number}", [])))
        for number, case in enumerate(suite.cases)
    ]


def _final_rows(
    case: Case, changes: list[tuple[str, dict[str, str | None]]]
) -> tuple[tuple[Value, ...], ...]:
    """The rows that stand in the table after all changes: the last of each key."""
    table: dict[tuple[str | None, str | None], dict[str, str | None]] = {}
    for kind, item in changes:
        key = (item[names.PARTITION_KEY], item[names.SORT_KEY])
        if kind in {"+I", "+U"}:
            table[key] = item
        elif kind == "-D":
            table.pop(key, None)
    return tuple(
        tuple(_parsed(item[column.name], column.sql_type) for column in case.columns)
        for item in table.values()
    )


def _parsed(text: str | None, sql_type: str) -> Value:
    if text is None:
        return None
    return parse_value(Cell(text, quoted=True, position=Position("", 1, 1)), sql_type)
