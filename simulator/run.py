"""The command `run`: a made-up shop's traffic at any rate, as it happens or as fast as one core goes."""

from __future__ import annotations

import secrets
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from simulator.events import Events
from simulator.faults import Faults, Shares
from simulator.pacing import Pace
from simulator.report import Progress, print_summary, say
from simulator.sending import UNPACED, Sender, Target, UserError, load_intake

_CHUNK = 500
_SECONDS_BETWEEN_CLICKS = 10


@dataclass(frozen=True)
class Settings:
    """What `run` was asked for. `start_ms` sets a clock of its own: event i happens at start + i / rate."""

    rate: float
    seed: int | None
    seconds: float | None
    count: int | None
    fast: bool
    users: int
    shares: Shares
    start_ms: int | None
    close_seconds: float
    as_json: bool


def run(where: Target, settings: Settings, stop: threading.Event) -> int:
    """Send until the count, the time or `stop` ends it. Exit code 1 when events were not acknowledged."""
    intake = load_intake(where.build_dir, "simulator")
    seed = settings.seed if settings.seed is not None else secrets.randbits(32)
    sender = Sender(where, say, UNPACED if settings.fast else None)
    sender.start()
    events, faults = _generators(settings, seed)
    progress = Progress()
    labels: Counter[str] = Counter()
    begin = time.monotonic()
    for times in _times(settings, stop):
        now_ms = time.time_ns() // 1_000_000
        batch = []
        for time_ms in times:
            _, event = events.next(time_ms - faults.lateness_ms())
            for label, raw in faults.apply(event):
                labels[label] += 1
                batch.append(intake.take(raw, now_ms)[0])
        sender.send(batch)
        progress.show(labels.total(), intake.rejected.total(), sender.statistics())
    generated_seconds = time.monotonic() - begin
    progress.end()
    left = sender.close(settings.close_seconds)
    statistics = sender.statistics()
    summary: dict[str, Any] = {
        "run": sender.run_id,
        "seed": seed,
        "sent": labels.total(),
        "seconds": round(time.monotonic() - begin, 2),
        "events_per_second": round(labels.total() / max(generated_seconds, 1e-9), 1),
        "accepted": dict(intake.accepted),
        "rejected": dict(intake.rejected),
        "duplicates": labels["duplicate"],
        "acknowledged": statistics.acknowledged,
        "sent_again": sender.resent,
        "retried": statistics.retried,
        "not_acknowledged": left,
        "ledger": str(sender.ledger.path) if sender.ledger else None,
    }
    print_summary(summary, settings.as_json)
    return _result(left, sender)


def write(path: Path, settings: Settings, stop: threading.Event) -> int:
    """The same traffic into a file (or `-`, stdout) as clients send it, one event a line, without ingest."""
    if settings.count is None and settings.seconds is None:
        raise UserError("say how much to write: --count N or --for SECONDS")
    seed = settings.seed if settings.seed is not None else secrets.randbits(32)
    events, faults = _generators(settings, seed)
    labels: Counter[str] = Counter()

    def emit(file: BinaryIO) -> None:
        for times in _times(settings, stop):
            for time_ms in times:
                _, event = events.next(time_ms - faults.lateness_ms())
                for label, raw in faults.apply(event):
                    labels[label] += 1
                    file.write(raw + b"\n")

    if str(path) == "-":
        emit(sys.stdout.buffer)
        sys.stdout.buffer.flush()
    else:
        try:
            with path.open("wb") as file:
                emit(file)
        except OSError as error:
            raise UserError(f"{path} cannot be written: {error.strerror}") from error
        print_summary({"file": str(path), "seed": seed, "lines": labels.total(), **labels}, settings.as_json)
    return 0


def _generators(settings: Settings, seed: int) -> tuple[Events, Faults]:
    visits = max(50, int(min(settings.rate, 20_000) * _SECONDS_BETWEEN_CLICKS))
    run_ms = settings.start_ms if settings.start_ms is not None else time.time_ns() // 1_000_000
    return Events(seed, run_ms, settings.users, visits), Faults(settings.shares, seed)


def _times(settings: Settings, stop: threading.Event) -> Iterator[list[int]]:
    """When the next events happen, a batch at a time; waits where the pace is the clock's."""
    if not settings.fast and settings.start_ms is None:
        pace = Pace(settings.rate, settings.count, settings.seconds, stop)
        while times := pace.due():
            yield times
        return
    count = settings.count
    if count is None and settings.seconds is not None and settings.start_ms is not None:
        count = int(settings.seconds * settings.rate)
    done = 0
    begin = time.monotonic()
    while not stop.is_set() and (count is None or done < count):
        if settings.start_ms is None and time.monotonic() - begin >= (settings.seconds or float("inf")):
            return
        size = _CHUNK if count is None else min(_CHUNK, count - done)
        if settings.start_ms is None:
            yield [time.time_ns() // 1_000_000] * size
        else:
            first = done
            yield [settings.start_ms + int((first + index) * 1000 / settings.rate) for index in range(size)]
        done += size


def _result(left: int, sender: Sender) -> int:
    for why in sender.refused[:5]:
        say(f"refused by the stream: {why}")
    if left:
        kept = "they are in the ledger and go first in the next run" if sender.ledger else "they are lost"
        say(f"{left:,} events were not acknowledged in time: {kept}")
    return 1 if left or sender.refused else 0
