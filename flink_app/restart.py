"""Decides how a stopped job goes on: from its newest checkpoint, or without state by reading again.

A checkpoint is used only where its state is whole and fits:
- the plan is the same. Flink maps SQL state by plan, so any change may orphan all of it;
- it is younger than `settings.RESTORE_WITHIN_MS`. State expires by the wall clock, also while nothing runs; a
  late event would then start a row's count anew and overwrite the full row with a partial one;
- it can be loaded: fewer than `RESTORE_ATTEMPTS` starts from it ended before the job ran. A start that was
  killed while it restored counts as one: reading again is slower, never wrong.

Else the streams are read again from T = checkpoint time - late_ms - longest_window_ms, and only windows that
began at T or later are written: an earlier one can take no event any more, and would be rewritten from a part
of its events. That holds only for a life that had caught up with its streams: before that a checkpoint's time
says nothing about how far the streams were read, and T stays where that life began.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from importlib import metadata
from itertools import dropwhile
from pathlib import Path
from typing import Any

from flink_app import settings
from flink_app.errors import FlinkAppError
from flink_app.job import EPOCH, Job, iso
from flink_app.properties import TRIM_HORIZON, parse_start

RESTORE_ATTEMPTS = 2
"""How many starts from one checkpoint may end before the job runs; then it counts as unreadable."""

_RUN_FILE = "run.json"
_RESTORING_FILE = "restoring.json"


@dataclass(frozen=True)
class Run:
    """One life of the state: all starts that go on from each other's checkpoints.

    `start` is None for the oldest record of the streams, else the time from which windows are written. It
    belongs to the state: a start that restores must write the same windows.

    `began` is when this life wrote nothing yet: each row that it has written since carries a later (or equal)
    `_updated_at`. `caught_up` says whether it has ever read all that its streams held.
    """

    run_id: str
    plan: str
    start: datetime | None
    began: datetime = EPOCH
    caught_up: bool = False

    @staticmethod
    def new(plan: str, start: datetime | None, began: datetime) -> Run:
        """A life that begins without state at `began`."""
        return Run(uuid.uuid4().hex[:12], plan, start, began)

    def start_text(self) -> str:
        """As `job.start` says it."""
        if self.start is None:
            return TRIM_HORIZON
        return iso(self.start)

    def checkpoint_dir(self, state_dir: Path) -> Path:
        """Where the checkpoints of this life are; `<job id>/chk-<n>` below it."""
        return state_dir / f"checkpoints-{self.run_id}"

    def write(self, state_dir: Path) -> None:
        """Remember this life; by rename, so that a crash leaves the old or the new one."""
        _write(state_dir / _RUN_FILE, asdict(self) | {"start": self.start_text(), "began": iso(self.began)})


@dataclass(frozen=True)
class Start:
    """How to start: which life, from which checkpoint (None: without state), and why."""

    run: Run
    checkpoint: Path | None
    reason: str


def plan_hash(job: Job, jar: Path) -> str:
    """What decides Flink's plan: statements, our settings, the jar and Flink itself.

    The build id and the comment at the top of a statement are no part of it: Flink never sees them.
    """
    digest = hashlib.sha256(metadata.version("apache-flink").encode())
    for statement in (*job.ddl, *job.inserts):
        lines = statement.sql.splitlines()
        sql = "\n".join(dropwhile(lambda line: line.startswith("--"), lines))
        digest.update(f"{statement.file}\0{sql}\0".encode())
    for name, value in sorted(settings.job_values(job.state_ttl_ms).items()):
        digest.update(f"{name}={value}\0".encode())
    with jar.open("rb") as content:
        digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()[:16]


def read_run(state_dir: Path) -> Run | None:
    """The last life, or None when there was none; raises FlinkAppError when it cannot be read."""
    path = state_dir / _RUN_FILE
    if not path.is_file():
        return None
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        start = parse_start(document["start"], str(path))
        began = datetime.fromisoformat(document.get("began", iso(EPOCH)))
        # A file of an earlier version does not say it; reading too much again is slower, never wrong.
        return Run(document["run_id"], document["plan"], start, began, document.get("caught_up") is True)
    except (ValueError, KeyError, TypeError) as error:
        raise FlinkAppError(
            f"{path}: cannot be read ({error}), so it is not known which windows to write. Give --start the "
            "time from which to write them again, such as 2026-01-15T12:00:00Z."
        ) from error


def failed_restores(state_dir: Path, checkpoint: Path | None) -> int:
    """How many starts from this checkpoint have begun of which none made the job run."""
    path = state_dir / _RESTORING_FILE
    if checkpoint is None or not path.is_file():
        return 0
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        attempts = int(document["attempts"])
        return attempts if document["checkpoint"] == _name(checkpoint) else 0
    except (ValueError, KeyError, TypeError):
        # It is there, so a restore has begun; reading the streams again is right in any case.
        return RESTORE_ATTEMPTS


def begin_restore(state_dir: Path, checkpoint: Path) -> None:
    """Count a start from this checkpoint, before anything of it is loaded."""
    attempts = failed_restores(state_dir, checkpoint) + 1
    _write(state_dir / _RESTORING_FILE, {"checkpoint": _name(checkpoint), "attempts": attempts})


def give_up_restore(state_dir: Path, checkpoint: Path) -> None:
    """Let no further start use this checkpoint: Flink itself has failed on it again and again."""
    _write(state_dir / _RESTORING_FILE, {"checkpoint": _name(checkpoint), "attempts": RESTORE_ATTEMPTS})


def end_restore(state_dir: Path) -> None:
    """Forget all attempts: the job runs, or begins without state."""
    (state_dir / _RESTORING_FILE).unlink(missing_ok=True)


def _name(checkpoint: Path) -> str:
    return f"{checkpoint.parent.name}/{checkpoint.name}"


def _write(path: Path, document: dict[str, Any]) -> None:
    temporary = path.with_name(f"{path.name}.new")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(json.dumps(document, indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def newest_checkpoint(state_dir: Path, run: Run | None) -> Path | None:
    """The newest complete checkpoint of a life: one is complete once it has its `_metadata`."""
    if run is None:
        return None
    found = list(run.checkpoint_dir(state_dir).glob("*/chk-*/_metadata"))
    return max(found, key=lambda path: path.stat().st_mtime_ns).parent if found else None


def checkpoint_time(checkpoint: Path) -> datetime:
    """When the checkpoint was completed."""
    return datetime.fromtimestamp((checkpoint / "_metadata").stat().st_mtime, UTC)


def choose_start(
    plan: str, job: Job, run: Run | None, checkpoint: Path | None, now: datetime, *, failed: int = 0
) -> Start:
    """How the job must go on at `now`, after `failed` restores of this checkpoint; see the module."""
    if run is None:
        return Start(Run.new(plan, None, now), None, "first start")
    if checkpoint is None:
        # Nothing newer than its own start is known, so that start still covers everything.
        return Start(Run.new(plan, run.start, now), None, "no checkpoint yet")
    taken = checkpoint_time(checkpoint)
    longest = timedelta(milliseconds=settings.RESTORE_WITHIN_MS)
    if run.plan != plan:
        reason = "the plan has changed"
    elif now - taken > longest:
        reason = f"the checkpoint is older than {longest}"
    elif failed >= RESTORE_ATTEMPTS:
        reason = f"{checkpoint.name} could not be restored in {failed} attempts"
    else:
        return Start(run, checkpoint, "same plan")
    if not run.caught_up:
        return Start(Run.new(plan, run.start, now), None, f"{reason}, before it had caught up")
    replay_from = min(now, taken) - timedelta(milliseconds=job.late_ms + job.longest_window_ms)
    return Start(Run.new(plan, replay_from, now), None, reason)
