"""Watches the stack from outside, as the page does, and says what it sees: first number, latency, exactness.

The end of a run with `--for`: the simulator stops, and every window that any event belongs to is compared,
value by value, with the ledger of what was sent. A live model counts an event the moment it comes, so its
open windows are held to the same equality as the closed ones, and nothing has to move the watermark at the
end. A strict model's windows count once the watermark has passed them; those it has not passed are left out.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.expected import (
    CHECKED,
    METRICS,
    MINUTE_MS,
    Expected,
    Key,
    Values,
    counted,
    epoch_ms,
    mismatches,
)
from local.latency import Latencies, percentile
from local.ledger import LedgerReader
from local.live_client import LiveClient
from local.stack import get_json
from local.supervisor import Event
from local.times import iso_ms

MEASURING_POLL_SECONDS = 0.06
IDLE_POLL_SECONDS = 0.5
STATUS_SECONDS = 15.0
WATCHED_MS = 10 * MINUTE_MS
FIRST_NUMBER_WITHIN_SECONDS = 240.0
SETTLE_WITHIN_SECONDS = 45.0
_TIMED = "page_views_per_minute"
_TIMED_EVENT = "page_view"

Say = Callable[[str], None]


class DemoError(Exception):
    """The demo cannot be measured; the message says what is missing."""


@dataclass
class Seen:
    """What the API has shown so far: for each metric its rows and when the first came."""

    rows: dict[str, dict[Key, Values]] = field(default_factory=lambda: {metric: {} for metric in CHECKED})
    http_first: dict[str, float] = field(default_factory=dict)
    watermark: dict[str, str | None] = field(default_factory=dict)


class Demo:
    """The observer of one run. `on_event` is told by the supervisor what happens to the parts."""

    def __init__(
        self,
        page: str,
        ledger: Path,
        manifest: Path,
        *,
        started_at: float,
        for_seconds: float | None,
        say: Say,
    ) -> None:
        models = json.loads(manifest.read_bytes())["models"]
        self._models = {metric: models[metric] for metric in CHECKED if metric in models}
        if for_seconds is not None and not self._models.keys() >= set(METRICS):
            missing = ", ".join(metric for metric in METRICS if metric not in models)
            raise DemoError(f"--for checks {', '.join(METRICS)}; sql/metrics/ has no {missing}")
        self._page = page
        self._started_at = started_at
        self._for_seconds = for_seconds
        self._say = say
        self._seen = Seen()
        self._ledger = LedgerReader(ledger)
        self._expected = Expected(
            _periods(self._models.get("active_users", {})),
            min((model["late_hours"] for model in self._models.values()), default=0) * 60 * MINUTE_MS,
        )
        self._latencies = Latencies()
        self._outages: list[tuple[float, float]] = []
        self._down: dict[str, float] = {}
        self._measured_enough = False
        self._checks = for_seconds is not None
        self._sent = 0
        self._ids: dict[str, float] = {}
        self._live = LiveClient(
            page.replace("http://", "ws://") + "/live",
            {model["topic"]: tuple(model["key"]) for model in self._models.values()},
        )

    def end_measuring(self) -> None:
        """Go on to the check as soon as no part is down."""
        self._measured_enough = True

    def on_event(self, event: Event) -> None:
        """Note the outage of a part; what is under way meanwhile is left out of the latency."""
        if event.kind == "down":
            self._down.setdefault(event.part, event.at)
        elif event.kind == "back" and event.part in self._down:
            self._outages.append((self._down.pop(event.part), event.at))

    async def run(self, end_part: Callable[[str], Awaitable[None]]) -> int:
        """Watch; with `for_seconds` return the exit code after the check, else go on until cancelled."""
        listening = asyncio.create_task(self._live.run())
        try:
            if not await self._first_number():
                return 1
            if self._for_seconds is None:
                await self._watch(None, IDLE_POLL_SECONDS)
                return 0
            await self._watch(self._for_seconds, MEASURING_POLL_SECONDS)
            await end_part("simulator")
            return await self._check()
        finally:
            listening.cancel()

    async def _first_number(self) -> bool:
        deadline = time.time() + FIRST_NUMBER_WITHIN_SECONDS
        while not self._seen.http_first:
            for metric in self._models:
                await self._look(metric)
            if self._for_seconds is not None and time.time() > deadline:
                self._say(f"✗ no number came through the API within {FIRST_NUMBER_WITHIN_SECONDS:.0f} s")
                return False
            await asyncio.sleep(MEASURING_POLL_SECONDS)
        seconds = min(self._seen.http_first.values()) - self._started_at
        self._say(f"live: first number after {seconds:.1f} s{self._revenue_now()}  {self._page}")
        return True

    async def _watch(self, seconds: float | None, pause: float) -> None:
        """Look until `seconds` are over, or somebody says so, and no part is down (None: for ever)."""
        began = told = time.time()
        looks = 0
        while seconds is None or self._down or not (self._measured_enough or time.time() - began > seconds):
            looked = time.time()
            for metric in self._models:
                if metric == _TIMED or looks % 10 == 0:
                    await self._look(metric)
            looks += 1
            self._read_ledger()
            if looked - told > STATUS_SECONDS:
                told = looked
                self._say(self._status())
                if not self._checks:
                    self._forget(looked - WATCHED_MS / 1000)
            await asyncio.sleep(max(0.0, pause - (time.time() - looked)))

    async def _look(self, metric: str) -> None:
        """Ask the API for a metric's rows; an API that is away is asked again at the next look."""
        until = round(time.time() * 1000) + MINUTE_MS
        # To be checked, all windows there can be since the start; to be watched, those of a while.
        since = round(self._started_at * 1000) - 2 * 60 * MINUTE_MS if self._checks else until - WATCHED_MS
        url = f"{self._page}/v1/metrics/{metric}?from={iso_ms(since)}&to={iso_ms(until)}"
        try:
            answer = await asyncio.to_thread(get_json, url)
        except (OSError, ValueError):
            return
        at = time.time()
        rows = dict(counted(metric, row) for row in answer["rows"])
        self._seen.rows[metric] = rows
        self._seen.watermark[metric] = answer.get("watermark")
        if rows:
            self._seen.http_first.setdefault(metric, at)
        if metric == _TIMED:
            self._latencies.shown({key: int(str(values[0])) for key, values in rows.items()}, at)

    def _forget(self, before: float) -> None:
        """A run that is only watched may last for days."""
        self._latencies.forget(round(before * 1000))
        self._ids = {event_id: at for event_id, at in self._ids.items() if at > before}

    def _read_ledger(self) -> None:
        for event in self._ledger.read():
            new = self._expected.add(event) if self._checks else event.event_id not in self._ids
            if not new:
                continue
            if event.reason is None:
                self._sent += 1
            if not self._checks:
                self._ids[event.event_id] = event.sent_at
            if event.event_type == _TIMED_EVENT:
                minute = event.event_time_ms - event.event_time_ms % MINUTE_MS
                self._latencies.sent((minute, event.category), event.sent_at)

    async def _check(self) -> int:
        wrong = await self._until_equal()
        for metric, lines in wrong.items():
            for line in lines[:5]:
                self._say(f"✗ {metric}  {line}")
        result = self._result(wrong)
        visible = all(result["http_visible"].values()) and all(result["websocket_visible"].values())
        exact = not any(wrong.values()) and result["events_sent"] == result["events_counted"] > 0
        if not visible:
            self._say("✗ not every metric was seen through the API and the WebSocket (see the result)")
        if exact and visible:
            self._say(f"✓ {result['events_sent']} events sent and counted, every window equal")
        print(json.dumps(result), flush=True)
        return 0 if exact and visible else 1

    async def _until_equal(self) -> dict[str, list[str]]:
        """What differs once nothing gets better any more; empty lists at once when all is equal."""
        fewest, since = None, time.time()
        while True:
            self._read_ledger()
            await asyncio.gather(*(self._look(metric) for metric in self._models))
            wrong = self._wrong()
            number = sum(map(len, wrong.values()))
            if number == 0:
                return wrong
            if fewest is None or number < fewest:
                fewest, since = number, time.time()
            if time.time() - since > SETTLE_WITHIN_SECONDS:
                return wrong
            await asyncio.sleep(0.3)

    def _wrong(self) -> dict[str, list[str]]:
        wrong: dict[str, list[str]] = {}
        for metric, wanted in self._expected.rows().items():
            if metric not in self._models:
                continue
            wrong[metric] = mismatches(self._due(metric, wanted), self._seen.rows[metric])
            pushed = self._pushed(metric)
            wrong[f"{metric} on the WebSocket"] = mismatches(
                {key: values for key, values in self._due(metric, wanted).items() if key in pushed}, pushed
            )
        return wrong

    def _due(self, metric: str, wanted: dict[Key, Values]) -> dict[Key, Values]:
        """Of a strict model only the windows that the watermark has passed."""
        model = self._models.get(metric, {})
        if model.get("form") != "strict":
            return wanted
        watermark = self._seen.watermark.get(metric)
        passed = epoch_ms(watermark) if watermark else 0
        size = max(window["size_ms"] for window in model["windows"])
        return {k: v for k, v in wanted.items() if max(p for p in k if isinstance(p, int)) + size <= passed}

    def _pushed(self, metric: str) -> dict[Key, Values]:
        topic = self._live.topics[self._models[metric]["topic"]]
        return dict(counted(metric, row) for row in topic.rows.values())

    def _result(self, wrong: dict[str, list[str]]) -> dict[str, Any]:
        first = min(self._seen.http_first.values())
        latencies, left_out = self._latencies.milliseconds(first, self._outages)
        counted_events = sum(int(str(values[0])) for values in self._seen.rows["events_per_minute"].values())
        return {
            "first_number_seconds": round(first - self._started_at, 1),
            "event_to_api_p50_ms": _rounded(percentile(latencies, 50)),
            "event_to_api_p95_ms": _rounded(percentile(latencies, 95)),
            "events_sent": self._expected.events,
            "events_counted": counted_events,
            "latencies_measured": len(latencies),
            "latencies_left_out_for_outages": left_out,
            "outages": [round(until - begin, 1) for begin, until in self._outages],
            "mismatches": {metric: len(lines) for metric, lines in wrong.items()},
            "events_too_late_to_be_live": self._expected.too_late,
            "http_visible": {metric: metric in self._seen.http_first for metric in METRICS},
            "websocket_visible": {
                metric: metric in self._models and bool(self._pushed(metric)) for metric in METRICS
            },
        }

    def _revenue_now(self) -> str:
        rows = self._seen.rows["revenue_per_minute"]
        if not rows:
            return ""
        minute = max(int(str(key[0])) for key in rows)
        amounts = [
            f"{values[0]:,} {key[1]}" for key, values in sorted(rows.items(), key=str) if key[0] == minute
        ]
        return f" (revenue {', '.join(amounts[:3])} in this minute)"

    def _status(self) -> str:
        first = min(self._seen.http_first.values())
        latencies, _ = self._latencies.milliseconds(max(first, time.time() - 60), self._outages)
        median = percentile(latencies, 50)
        delay = f", event to API p50 {median:.0f} ms" if median is not None else ""
        return f"{self._sent:,} events sent{self._revenue_now()}{delay}"


def _periods(model: dict[str, Any]) -> tuple[tuple[str, int, int], ...]:
    return tuple(
        (window["discriminator"]["period"], window["size_ms"], window["slide_ms"])
        for window in model.get("windows", [])
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
