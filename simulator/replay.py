"""The command `replay`: a user's own events, moved in time to now, with every reject named by its line.

Distances between events are kept. The first event (of the file, not the earliest) happens when the replay
starts; an event t seconds after it is sent, and happened, t / speed seconds later, so event time stays close
to the clock at any speed. With `--max` nothing is waited for: the latest event happens when the replay
starts, and the others as long before as they were. `--no-shift` leaves times as they are, and only paces.

A silence that would be waited for longer than `--longest-gap` is skipped, and said. A time that has not come
yet keeps its time, so that ingest rejects it: nobody waits for the year 2099.
"""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

import orjson

from ingest.intake import Intake
from ingest.model import Accepted, Rejected
from ingest.rejects import as_line
from ingest.timestamps import TimestampError, parse_timestamp
from simulator.replay_clock import CLOCK_TOLERANCE_MS, ReplayClock, now_ms
from simulator.replay_file import DamagedFileError, lines, open_lines, spooled
from simulator.report import Progress, print_summary, say
from simulator.sending import UNPACED, Sender, Target, UserError, load_intake

_BATCH = 500
_LISTED_REJECTS = 20


@dataclass(frozen=True)
class Settings:
    """What `replay` was asked for. `rejects` is the file of the rejects, None for its usual place."""

    file: str
    speed: float
    shift: bool
    unpaced: bool
    longest_gap_seconds: float
    new_ids: bool
    rejects: Path | None
    close_seconds: float
    as_json: bool


@dataclass
class _Rejects:
    """The list of rejects: all in a file, the first few for the screen."""

    path: Path
    first: list[tuple[int, Rejected]] = field(default_factory=list)
    _file: BinaryIO | None = None

    def add(self, line: int, rejected: Rejected) -> None:
        if self._file is None:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self.path.open("wb")
            except OSError as error:
                raise UserError(f"{self.path} cannot be written: {error.strerror}") from error
        self._file.write(as_line(rejected, line))
        if len(self.first) < _LISTED_REJECTS:
            self.first.append((line, rejected))

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


@dataclass
class _Counts:
    read: int = 0
    blank: int = 0
    sent: int = 0


def replay(where: Target, settings: Settings, stop: threading.Event) -> int:
    """Send the file. Exit code 0 also with rejects; 1 when no event could be sent or the file is damaged.

    Raises UserError for a file or a stream that is not there.
    """
    intake = load_intake(where.build_dir, "replay")
    with contextlib.ExitStack() as files:
        file = files.enter_context(open_lines(settings.file))
        latest_ms = None
        if settings.unpaced and settings.shift:
            if settings.file == "-" or not file.seekable():  # gzip calls itself seekable, even over a pipe
                file = files.enter_context(spooled(file))
            latest_ms = _latest(file)
            file.seek(0)
        return _replay(where, settings, stop, intake=intake, file=file, latest_ms=latest_ms)


def _replay(
    where: Target,
    settings: Settings,
    stop: threading.Event,
    *,
    intake: Intake,
    file: BinaryIO,
    latest_ms: int | None,
) -> int:
    sender = Sender(where, say, UNPACED if settings.unpaced else None)
    sender.start()
    name = "stdin" if settings.file == "-" else Path(settings.file).name
    usual = where.build_dir / "local" / "rejected" / f"{name}-{sender.run_id}.jsonl"
    rejects = _Rejects(settings.rejects or usual)
    clock = ReplayClock(
        settings.speed,
        settings.shift,
        settings.unpaced,
        latest_ms,
        longest_gap_ms=round(settings.longest_gap_seconds * 1000),
    )
    going = _Run(settings, sender, intake, clock, rejects, stop)
    damage = ""
    begin = time.monotonic()
    try:
        going.send_lines(file)
    except DamagedFileError as error:
        damage = str(error)
    finally:
        left = sender.close(settings.close_seconds)
        rejects.close()
    statistics = sender.statistics()
    accepted, rejected = intake.accepted.total(), intake.rejected.total()
    summary: dict[str, Any] = {
        "run": sender.run_id,
        "lines_read": going.counts.read,
        "accepted": accepted,
        "rejected": rejected,
        "blank_lines": going.counts.blank,
        "seconds": round(time.monotonic() - begin, 2),
        "by_type": dict(intake.accepted),
        "by_reason": dict(intake.rejected),
        "acknowledged": statistics.acknowledged,
        "not_acknowledged": left,
        "list_of_rejects": str(rejects.path) if rejected else None,
        "ledger": str(sender.ledger.path) if sender.ledger else None,
    }
    print_summary(summary, settings.as_json)
    return _conclude(settings, rejects, damage, accepted=accepted, rejected=rejected, left=left)


@dataclass
class _Run:
    """One replay while it goes on."""

    settings: Settings
    sender: Sender
    intake: Intake
    clock: ReplayClock
    rejects: _Rejects
    stop: threading.Event
    counts: _Counts = field(default_factory=_Counts)
    batch: list[Accepted] = field(default_factory=list)
    progress: Progress = field(default_factory=Progress)

    def send_lines(self, file: BinaryIO) -> None:
        """Take every line when it is due, until the end or `stop`. Raises DamagedFileError."""
        try:
            for number, line in lines(file):
                if not line.strip():
                    self.counts.blank += 1
                    continue
                event_ms = _event_time(line)
                shifted, due = (None, 0) if event_ms is None else self.clock.place(event_ms, now_ms())
                if self.clock.skipped_now_ms:
                    self._say_skipped(number, self.clock.skipped_now_ms)
                if not self._wait_until(due):
                    return
                self._take(number, line, shifted)
        finally:
            self._flush()
            self.progress.end()

    def _say_skipped(self, number: int, skipped_ms: int) -> None:
        self.progress.end()
        silence = timedelta(seconds=round(skipped_ms / 1000))
        say(f"{self.settings.file}:{number}: {silence} without an event are skipped (--longest-gap)")

    def _wait_until(self, due_ms: int) -> bool:
        """False when the run was stopped meanwhile."""
        while (wait_ms := due_ms - now_ms()) > 0 and not self.stop.is_set():
            self._flush()
            self.stop.wait(min(wait_ms / 1000, 1.0))
        return not self.stop.is_set()

    def _take(self, number: int, line: bytes, event_time_ms: int | None) -> None:
        self.counts.read += 1
        seed = str(number).encode()
        event, rejected = self.intake.take(line, now_ms(), event_time_ms=event_time_ms, id_seed=seed)
        if rejected is not None:
            self.rejects.add(number, rejected)
        elif self.settings.new_ids:
            event.event_id = event.event["event_id"] = str(uuid4())
        self.batch.append(event)
        if len(self.batch) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        if self.batch:
            self.sender.send(self.batch)
            self.counts.sent += len(self.batch)
            self.batch.clear()
        self.progress.show(self.counts.sent, self.intake.rejected.total(), self.sender.statistics())


def _conclude(
    settings: Settings, rejects: _Rejects, damage: str, *, accepted: int, rejected: int, left: int
) -> int:
    """Say what a person has to know, and give the exit code."""
    for line, item in rejects.first:
        say(f"{settings.file}:{line}: {item.reason.value}: {item.message}")
    if rejected > len(rejects.first):
        say(f"... and {rejected - len(rejects.first):,} more in {rejects.path}")
    if damage:
        say(f"{settings.file}: {damage}; what stands before was sent")
    if left:
        kept = "they are in the ledger and go first in the next run"
        say(f"{left:,} events were not acknowledged in time: {kept}")
    if accepted == 0:
        hint = ""
        if rejects.first and rejects.first[0][1].raw.lstrip()[:1] == b"[":
            hint = "; it looks like one JSON array: one object a line was expected (jq -c '.[]' makes it so)"
        what = "every line was rejected" if rejected else "it holds no lines"
        say(f"{settings.file}: nothing was sent: {what}{hint}")
    return 1 if damage or left or accepted == 0 else 0


def _event_time(line: bytes) -> int | None:
    """The line's own time, or None where it has none: such a line is sent when it comes."""
    try:
        event = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
        return parse_timestamp(event["timestamp"])
    except (orjson.JSONDecodeError, TimestampError, KeyError, TypeError):
        return None


def _latest(file: BinaryIO) -> int | None:
    limit_ms = now_ms() + CLOCK_TOLERANCE_MS
    times = (_event_time(line) for _, line in lines(file))
    return max((item for item in times if item is not None and item <= limit_ms), default=None)
