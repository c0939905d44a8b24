"""Runs models on real Flink, as streams: the statements that the compiler emits, over files of arrivals.

Each dataset of a model gets a database of its own with the emitted source tables, views and the SELECT of the
emitted INSERT. Two things are exchanged: the stream for a bounded file of the same JSON records in arrival
order, with what the stream's metadata would say, and the DynamoDB table for the rows handed back, of which
the last of each key stands, as it would there. Many models run as one job, all jobs in one JVM.

Watermarks follow each event (interval 0) and parallelism is 1, so that what is late is known beforehand.
Mini-batches are off: they change when a row is written, not what it says in the end.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipeline import names
from pipeline.compiler import Compilation
from pipeline.model.contracts import Event
from pipeline.model.models import Classified
from pipeline.testing.cases import Arrivals, arrival_times
from pipeline.testing.values import SqlType, Value, ValueFormatError, parse_text

SETTINGS = {
    "parallelism.default": "1",
    "pipeline.auto-watermark-interval": "0 ms",
    "pipeline.object-reuse": "true",
    "rest.address": "127.0.0.1",
    "rest.bind-address": "127.0.0.1",
    "rest.bind-port": "0",
    "table.local-time-zone": "UTC",
    "taskmanager.memory.network.max": "256m",
    "taskmanager.memory.network.min": "256m",
}
JVM_ARGS = "-Xmx1g -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Duser.timezone=UTC"
"""Short jobs: the second compiler and a concurrent collector would cost more than they give."""
REPLAY_FROM = "TO_TIMESTAMP_LTZ(0, 3)"
MODELS_A_JOB = 8
TIMEOUT_SECONDS = 540
"""How long Flink may be silent."""

Progress = Callable[[int, int], None]
"""Called with how many models are done, and of how many."""

_WITH = re.compile(r"\) WITH \(\n.*\n\)\s*\Z", re.DOTALL)
_METADATA = re.compile(r" METADATA FROM '(?:timestamp|watermark)' VIRTUAL")
_INSERT = re.compile(r"\A(?:--[^\n]*\n)*INSERT INTO [^(]+\([^)]*\)\n")


class FlinkError(Exception):
    """Flink did not start or ended before its work was done; the message ends with what it said last."""


@dataclass(frozen=True)
class Streams:
    """What one model is to be run on: what arrives, once for each dataset."""

    model: Classified
    datasets: tuple[tuple[Arrivals, ...], ...]

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.resolved.parsed.rendered.source.name


@dataclass(frozen=True)
class Tables:
    """What Flink made of a model: by dataset the rows that stand in its table, or the error of all of them.

    `overwritten` counts by dataset the rows that an append-only model wrote on top of an other's key.
    """

    rows: tuple[tuple[dict[str, Value], ...], ...] = ()
    overwritten: tuple[int, ...] = ()
    error: str | None = None


class FlinkEngine:
    """Flink on a MiniCluster, in a process of its own for each `run`."""

    name = "flink"

    @staticmethod
    def available() -> str | None:
        """None where PyFlink and a Java are installed."""
        if importlib.util.find_spec("pyflink") is None:
            return "apache-flink is not installed: make setup"
        if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
            return "Flink needs Java 17: pipeline doctor"
        return None

    def run(
        self, streams: Sequence[Streams], compilation: Compilation, progress: Progress | None = None
    ) -> list[Tables]:
        """What Flink makes of each model, in their order. Raises `FlinkError`."""
        with tempfile.TemporaryDirectory(prefix="pipeline-flink-") as name:
            folder = Path(name)
            jobs = [_job(each, compilation, folder / each.name) for each in streams]
            work = {"settings": SETTINGS, "models_a_job": MODELS_A_JOB, "jobs": jobs}
            (folder / "jobs.json").write_text(json.dumps(work))
            _run_worker(folder, progress)
            results = json.loads((folder / "results.json").read_text())
        return [_tables(each, result) for each, result in zip(streams, results, strict=True)]


def _run_worker(folder: Path, progress: Progress | None) -> None:
    environment = {
        **os.environ,
        # Without this PyFlink would look for the Python workers' libraries, which are not installed.
        "_python_worker_execution_mode": "process",
        "JVM_ARGS": JVM_ARGS,
        "FLINK_LOG_DIR": str(folder),
    }
    command = [sys.executable, "-m", "pipeline.testing.engines.flink_worker", str(folder)]
    with (folder / "output.txt").open("wb") as output:
        worker = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=output
        )
        with worker:
            try:
                code: int | None = _follow(worker, progress)
            except subprocess.TimeoutExpired:
                code = None
            finally:
                if worker.poll() is None:
                    worker.kill()
    if code != 0:
        said = (folder / "output.txt").read_text(errors="replace").strip().splitlines()
        reason = f"Flink was silent for {TIMEOUT_SECONDS} s" if code is None else f"Flink ended with {code}"
        raise FlinkError("\n".join([reason, *said[-15:]]))


def _follow(worker: subprocess.Popen[bytes], progress: Progress | None) -> int:
    """The worker's exit code; each of its lines `done of all` goes to `progress`.

    Raises `subprocess.TimeoutExpired` when it has said nothing for `TIMEOUT_SECONDS`.
    """
    heard = time.monotonic()

    def read() -> None:
        nonlocal heard
        assert worker.stdout is not None
        for line in worker.stdout:
            heard = time.monotonic()
            done, _, count = line.decode(errors="replace").strip().partition(" of ")
            if progress is not None and done.isdigit() and count.isdigit():
                progress(int(done), int(count))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    while True:
        try:
            code = worker.wait(timeout=1)
        except subprocess.TimeoutExpired:
            if time.monotonic() - heard > TIMEOUT_SECONDS:
                raise
        else:
            reader.join()
            return code


def _job(streams: Streams, compilation: Compilation, folder: Path) -> dict[str, object]:
    statements = emitted(streams.model, compilation)
    datasets = []
    for number, given in enumerate(streams.datasets):
        database = f"{streams.name}_{number}"
        paths = _write_arrivals(given, streams.model, compilation, folder / database)
        exchanged = [_on_files(statement, paths) for statement in statements]
        datasets.append({"database": database, "statements": exchanged})
    return {"datasets": datasets, "columns": _columns(streams.model)}


def _columns(model: Classified) -> list[str]:
    return [names.PARTITION_KEY, names.SORT_KEY, *(column.name for column in model.resolved.columns)]


def emitted(model: Classified, compilation: Compilation) -> list[str]:
    """The emitted statements that the model needs, in order; the INSERT's SELECT last."""
    source = model.resolved.parsed.rendered.source
    base = names.app_directory(model.app)
    wanted = {names.source_table(event) for event in model.sources} | set(model.sources)
    wanted.add(names.UNION_TABLE)
    ddl = [path for path in compilation.files if path.startswith(f"{base}/ddl/")]
    statements = [
        compilation.files[path] for path in sorted(ddl) if Path(path).stem.partition("_")[2] in wanted
    ]
    union = f"VIEW `{names.UNION_TABLE}`"
    if names.UNION_TABLE not in model.resolved.reads:
        statements = [statement for statement in statements if union not in statement]
    insert = compilation.files[f"{base}/inserts/{source.name}.sql"]
    select, found = _INSERT.subn("", insert)
    assert found == 1, f"the INSERT of {source.name} has an unknown form"
    select = select.replace("${replay_from}", REPLAY_FROM)
    return [*statements, select]


def _on_files(statement: str, paths: Mapping[str, Path]) -> str:
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


def _write_arrivals(
    given: Sequence[Arrivals], model: Classified, compilation: Compilation, folder: Path
) -> dict[str, Path]:
    folder.mkdir(parents=True)
    by_event = {arrivals.event: arrivals for arrivals in given}
    paths: dict[str, Path] = {}
    for name in model.sources:
        event = compilation.contracts.event(name)
        assert event is not None, f"{name} is a source without a contract"
        paths[name] = folder / f"{name}.json"
        records = _records(by_event[name], event) if name in by_event else ()
        paths[name].write_text("".join(json.dumps(record) + "\n" for record in records))
    return paths


def _records(arrivals: Arrivals, event: Event) -> Iterable[dict[str, object]]:
    """The records on the stream, with what its metadata would say of each."""
    watermark: dt.datetime | None = None
    for row, arrival in zip(arrivals.rows, arrival_times(arrivals), strict=True):
        record: dict[str, object] = {}
        for field, column, value in zip(event.fields, arrivals.columns, row, strict=True):
            assert column.name == names.column_name(field.name)
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


def _tables(streams: Streams, result: Mapping[str, object]) -> Tables:
    error = result.get("error")
    if error is not None:
        return Tables(error=str(error))
    changes = result["changes"]
    assert isinstance(changes, dict)
    columns = _columns(streams.model)
    rows, overwritten = [], []
    for number in range(len(streams.datasets)):
        items, over = _final(changes.get(f"{streams.name}_{number}", []), columns)
        try:
            rows.append(tuple(_row(streams.model, item) for item in items))
        except ValueFormatError as problem:
            return Tables(error=f"a value that Flink gave cannot be read: {problem}")
        overwritten.append(over)
    return Tables(tuple(rows), tuple(overwritten))


def _final(
    changes: Iterable[tuple[str, list[str | None]]], columns: Sequence[str]
) -> tuple[list[dict[str, str | None]], int]:
    """The rows that stand in the table after all changes: the last of each key.

    Beside them: how many were inserted over an other row of the same key, which then is lost.
    """
    table: dict[tuple[str | None, str | None], dict[str, str | None]] = {}
    overwritten = 0
    for kind, values in changes:
        item = dict(zip(columns, values, strict=True))
        key = (item[names.PARTITION_KEY], item[names.SORT_KEY])
        if kind in {"+I", "+U"}:
            overwritten += kind == "+I" and key in table
            table[key] = item
        elif kind == "-D":
            table.pop(key, None)
    return list(table.values()), overwritten


def _row(model: Classified, item: Mapping[str, str | None]) -> dict[str, Value]:
    return {column.name: _parsed(item[column.name], column.sql_type) for column in model.resolved.columns}


def _parsed(text: str | None, sql_type: str) -> Value:
    if text is None:
        return None
    return Decimal(text) if SqlType.of(sql_type).name == "DECIMAL" else parse_text(text, sql_type)
