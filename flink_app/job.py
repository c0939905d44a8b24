"""Reads a compiled job from `build/flink/<app>` and fills in what is known only where it runs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flink_app import settings
from flink_app.errors import FlinkAppError
from flink_app.properties import Properties

JOB_VERSION = 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")


@dataclass(frozen=True)
class Statement:
    """One SQL statement and the file it came from, relative to the build directory."""

    file: str
    sql: str


@dataclass(frozen=True)
class Job:
    """`job.json` with its statements, placeholders still in place."""

    app: str
    build_id: str
    ddl: tuple[Statement, ...]
    inserts: tuple[Statement, ...]
    longest_window_ms: int
    late_ms: int
    sources: tuple[str, ...] = ()
    state_ttl_ms: int = 0


def load_job(build_dir: Path, app: str) -> Job:
    """The job of `app`; raises FlinkAppError when it is missing, torn or of another version."""
    directory = build_dir / "flink" / app
    path = directory / "job.json"
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise FlinkAppError(
            f"{path}: no such file. Run `pipeline build` first, or name its directory (job.build_dir)."
        ) from error
    except (OSError, ValueError) as error:
        raise FlinkAppError(f"{path}: cannot be read: {error}. Run `pipeline build` again.") from error
    version = document.get("job_version") if isinstance(document, dict) else None
    if version != JOB_VERSION:
        raise FlinkAppError(
            f"{path}: job_version is {version}, this runner knows {JOB_VERSION}. Build again."
        )
    try:
        return Job(
            app=str(document["app"]),
            build_id=str(document["build_id"]),
            ddl=_statements(directory, app, document["ddl"]),
            inserts=_statements(directory, app, document["inserts"]),
            longest_window_ms=int(document["longest_window_ms"]),
            late_ms=int(document["late_ms"]),
            sources=tuple(document.get("sources", ())),
            state_ttl_ms=int(document.get("state_ttl_ms", 0)),
        )
    except KeyError as error:
        raise FlinkAppError(f"{path}: {error} is missing. Run `pipeline build` again.") from error


def _statements(directory: Path, app: str, names: list[str]) -> tuple[Statement, ...]:
    statements = []
    for name in names:
        path = directory / name
        try:
            sql = path.read_text(encoding="utf-8").strip().removesuffix(";")
        except OSError as error:
            raise FlinkAppError(
                f"{path}: cannot be read ({error.strerror}). Run `pipeline build` again."
            ) from error
        statements.append(Statement(f"flink/{app}/{name}", sql))
    return tuple(statements)


def placeholders(properties: Properties) -> dict[str, str]:
    """What stands for each placeholder in this run.

    With a `start`, streams are read from a little before it and only windows that began after it are written:
    those before it would be rewritten from a part of their events.
    """
    start = properties.start
    position = {"scan.stream.initpos": "TRIM_HORIZON"}
    if start is not None:
        read_from = start - timedelta(milliseconds=settings.CLOCK_MARGIN_MS)
        position = {
            "scan.stream.initpos": "AT_TIMESTAMP",
            "scan.stream.initpos-timestamp": iso(read_from),
        }
    source = settings.values(settings.SOURCE) | position | dict(properties.source)
    sink = settings.values(settings.SINK) | dict(properties.sink)
    replay_from_ms = ((start or EPOCH) - EPOCH) // timedelta(milliseconds=1)
    return {
        "name_prefix": properties.name_prefix,
        "aws_region": properties.aws_region,
        "source_options": _options(source),
        "sink_options": _options(sink),
        "replay_from": f"TO_TIMESTAMP_LTZ({replay_from_ms}, 3)",
    }


def fill(statement: Statement, known: Mapping[str, str]) -> Statement:
    """The statement with its placeholders replaced; raises FlinkAppError naming each unknown one."""
    unknown = sorted({name for name in _PLACEHOLDER.findall(statement.sql) if name not in known})
    if unknown:
        names = ", ".join(f"${{{name}}}" for name in unknown)
        raise FlinkAppError(
            f"{statement.file}: unknown placeholder {names}. Known: {', '.join(sorted(known))}"
        )
    return Statement(statement.file, _PLACEHOLDER.sub(lambda match: known[match.group(1)], statement.sql))


def iso(moment: datetime) -> str:
    """`2026-01-15T12:00:00.000Z`: ISO 8601 in UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _options(options: Mapping[str, str]) -> str:
    """`, 'key' = 'value'` for each option."""
    return "".join(f", {_literal(key)} = {_literal(value)}" for key, value in sorted(options.items()))


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
