"""Reads the run-time properties, in the form and place that Managed Flink gives them.

Groups: `job` (`app`, `name_prefix`, `aws_region`, `build_dir`, `start`, `wait`), `source` and `sink`
(connector options for every table), `flink` (configuration that overrides `settings`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from flink_app.errors import FlinkAppError

MANAGED_PATH = "/etc/flink/application_properties.json"
PATH_VARIABLE = "FLINK_APPLICATION_PROPERTIES"

TRIM_HORIZON = "TRIM_HORIZON"

_JOB_KEYS = ("app", "name_prefix", "aws_region", "build_dir", "start", "wait")
_GROUPS = ("job", "source", "sink", "flink")
_FORM = '[{"PropertyGroupId": "job", "PropertyMap": {"app": "main", ...}}, ...]'


@dataclass(frozen=True)
class Properties:
    """What one start of the job was told.

    `start` is None for the oldest record that the streams hold, else the time from which windows are written
    anew. `wait` keeps the program up until the job ends, which only the local launcher wants.
    """

    app: str
    name_prefix: str
    aws_region: str
    build_dir: str
    start: datetime | None
    wait: bool
    source: Mapping[str, str] = field(default_factory=dict)
    sink: Mapping[str, str] = field(default_factory=dict)
    flink: Mapping[str, str] = field(default_factory=dict)


def properties_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the properties are: the variable where it is set, else Managed Flink's place."""
    return Path(environment.get(PATH_VARIABLE, MANAGED_PATH))


def read_properties(path: Path) -> Properties:
    """The properties in `path`; raises FlinkAppError naming the file and every fault in it."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FlinkAppError(
            f"{path}: cannot be read ({error.strerror}). Set {PATH_VARIABLE} to a file of the form {_FORM}."
        ) from error
    except ValueError as error:
        raise FlinkAppError(f"{path}: not JSON ({error}); expected {_FORM}") from error
    return parse_properties(document, str(path))


def parse_properties(document: object, where: str) -> Properties:
    """Checks the document; `where` is named in errors."""
    groups = _groups(document, where)
    # Managed Flink adds groups of its own, such as kinesis.analytics.flink.run.options: they are none of
    # ours.
    job = groups.get("job", {})
    missing = [key for key in ("app", "name_prefix", "aws_region") if not job.get(key)]
    unknown = [key for key in job if key not in _JOB_KEYS]
    if missing or unknown:
        faults = [f'"{key}" is missing' for key in missing] + [f'"{key}" is unknown' for key in unknown]
        raise FlinkAppError(f'{where}: group "job": {"; ".join(faults)}. Keys: {", ".join(_JOB_KEYS)}')
    return Properties(
        app=job["app"],
        name_prefix=job["name_prefix"],
        aws_region=job["aws_region"],
        build_dir=job.get("build_dir", "build"),
        start=parse_start(job.get("start", TRIM_HORIZON), where),
        wait=job.get("wait", "false").lower() == "true",
        source=groups.get("source", {}),
        sink=groups.get("sink", {}),
        flink=groups.get("flink", {}),
    )


def parse_start(text: str, where: str) -> datetime | None:
    """None for TRIM_HORIZON, else the moment.

    LATEST is refused: after a restart it would either freeze the rows that were open or start their counts
    again.
    """
    if text == TRIM_HORIZON:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise FlinkAppError(
            f'{where}: job.start is "{text}", expected {TRIM_HORIZON} or a time with its zone such as '
            "2026-01-15T12:00:00Z"
        )
    return moment.astimezone(UTC)


def _groups(document: object, where: str) -> dict[str, dict[str, str]]:
    if not isinstance(document, list):
        raise FlinkAppError(f"{where}: expected a list of groups: {_FORM}")
    groups: dict[str, dict[str, str]] = {}
    for entry in document:
        name = entry.get("PropertyGroupId") if isinstance(entry, dict) else None
        pairs = entry.get("PropertyMap") if isinstance(entry, dict) else None
        if not isinstance(name, str) or not isinstance(pairs, dict):
            raise FlinkAppError(f"{where}: an entry has no PropertyGroupId and PropertyMap: expected {_FORM}")
        if not all(isinstance(value, str) for value in pairs.values()):
            raise FlinkAppError(f'{where}: group "{name}": every value must be a string')
        groups[name] = pairs
    if "job" not in groups:
        raise FlinkAppError(f'{where}: group "job" is missing; groups of this project: {", ".join(_GROUPS)}')
    return groups
