"""How many events a second one core checks and enriches, and makes up."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from ingest.enrich import Enricher
from ingest.intake import Intake
from ingest.validate import Validator
from simulator.events import Events, as_bytes
from tests.benchmarks.results import Measured, median_of


def run(*, events: int = 50_000, runs: int = 5) -> list[Measured]:
    """Events a second of CPU time, the median of some runs; needs `pipeline build`."""
    now_ms = time.time_ns() // 1_000_000
    generator = Events(seed=1, run_ms=now_ms)
    raw = [as_bytes(generator.next(now_ms)[1]) for _ in range(events)]
    intake = Intake(Validator.load(Path("build")), Enricher(b"benchmark"), "benchmark")

    def take() -> None:
        for line in raw:
            intake.take(line, now_ms)

    def generate() -> None:
        for _ in range(events):
            as_bytes(generator.next(now_ms)[1])

    return [
        median_of("check_and_enrich", "events/s", [_rate(take, events) for _ in range(runs)]),
        median_of("generate", "events/s", [_rate(generate, events) for _ in range(runs)]),
    ]


def _rate(work: Callable[[], None], events: int) -> float:
    began = time.process_time()
    work()
    return round(events / (time.process_time() - began))
