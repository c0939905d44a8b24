"""`GET /v1/health`: whether numbers can be read, from where, and how fresh each model is."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import cache, clock, environment, manifest, queries
from chalicelib.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.manifest import Manifest, Model

_DYNAMODB_CHECK_SECONDS = 5.0


class _DynamoDbCheck:
    """The last answer of DynamoDB: asked at most every few seconds, however often health is."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked_at = 0.0
        self._last: dict[str, Any] = {}

    def result(self, known: Manifest) -> dict[str, Any]:
        with self._lock:
            if not self._last.get("ok") or time.monotonic() - self._asked_at > _DYNAMODB_CHECK_SECONDS:
                self._last = _timed(lambda: self._ask(known))
                self._asked_at = time.monotonic()
            return self._last

    @staticmethod
    def _ask(known: Manifest) -> None:
        for model in list(known.models.values())[:1]:
            environment.dynamodb().get_item(
                TableName=environment.physical_name(model.table),
                Key={"pk": {"S": "health"}, "sk": {"S": "health"}},
            )


_dynamodb = _DynamoDbCheck()


def health() -> tuple[int, dict[str, Any]]:
    """HTTP status and body: 200 `ok` or `degraded`, 503 where nothing can be read."""
    now_ms = clock.now_ms()
    try:
        known = manifest.current()
        checks = {"valkey": _timed(lambda: cache.current().ping()), "dynamodb": _dynamodb.result(known)}
    except ApiError as error:
        body: dict[str, Any] = {
            "status": "degraded",
            "build_id": None,
            "time": clock.iso(now_ms),
            "checks": {},
            "models": {},
        }
        return 503, body | error.body()
    working = [check["ok"] for check in checks.values()]
    models = {name: _freshness(model, now_ms) for name, model in known.models.items()} if any(working) else {}
    readable = any(working) and not (models and all(entry is None for entry in models.values()))
    # A model of its own that cannot be read (its table is not there yet) degrades the whole, and says which
    # it is.
    complete = all(working) and all(entry is not None for entry in models.values())
    body = {
        "status": "ok" if complete else "degraded",
        "build_id": known.build_id,
        "time": clock.iso(now_ms),
        "checks": checks,
        "models": {
            name: entry or {"as_of": None, "age_ms": None, "watermark": None, "recomputing": False}
            for name, entry in models.items()
        },
    }
    return (200 if readable else 503), body


def _freshness(model: Model, now_ms: int) -> Mapping[str, Any] | None:
    try:
        result = queries.read(model, now_ms - clock.HOUR_MS, now_ms, max_age_seconds=1.0)
    except ApiError:
        return None
    age_ms = None if result.as_of is None else max(0, now_ms - clock.epoch_ms(result.as_of))
    return {
        "as_of": result.as_of,
        "age_ms": age_ms,
        "watermark": result.watermark,
        "recomputing": result.recomputing_from is not None,
    }


def _timed(check: Callable[[], None]) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        check()
    except (cache.CacheUnavailableError, BotoCoreError, ClientError) as error:
        return {"ok": False, "error": type(error).__name__}
    return {"ok": True, "latency_ms": round((time.perf_counter() - started) * 1000, 2)}
