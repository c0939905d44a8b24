"""WebSocket messages that carry rows: snapshots in parts, and deltas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from chalicelib import clock, rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.cache import Frame, State
    from chalicelib.manifest import Model
    from chalicelib.queries import Result
    from chalicelib.rows import Row

PART_BYTES = 31_000
"""Rows in one part; with what surrounds them it stays below API Gateway's 32 KB frame."""


def delta(model: Model, frame: Frame, state: State, now_ms: int) -> bytes:
    """`{"type": "delta", ...}` of a frame, its rows in order of window start and key."""
    parsed = sorted((rows.parse(model, raw) for raw in orjson.loads(frame.rows)), key=lambda row: row.sk)
    watermark = rows.latest((state.watermark, *(row.watermark for row in parsed)))
    recomputing_from = state.recomputing_from(clock.iso(now_ms))
    head = {"type": "delta", "topic": model.topic, "seq": frame.seq}
    rendered = [row.render(watermark, now_ms, recomputing_from) for row in parsed]
    return _message(head, watermark, now_ms, rendered)


def snapshot(model: Model, seq: int, shown: Iterable[Row], result: Result, now_ms: int) -> list[bytes]:
    """`{"type": "snapshot", ...}` of some of a result's rows, in as many parts as they need; at least one."""
    watermark, recomputing_from = result.watermark, result.recomputing_from
    parts = list(_parts(row.render(watermark, now_ms, recomputing_from) for row in shown)) or [[]]
    head = {"type": "snapshot", "topic": model.topic, "seq": seq, "parts": len(parts)}
    return [
        _message(head | {"part": number}, watermark, now_ms, part)
        for number, part in enumerate(parts, start=1)
    ]


def _parts(rendered: Iterable[str]) -> Iterable[list[str]]:
    part: list[str] = []
    size = 0
    for row in rendered:
        length = len(row.encode()) + 1
        if part and size + length > PART_BYTES:
            yield part
            part, size = [], 0
        part.append(row)
        size += length
    if part:
        yield part


def _message(head: dict[str, object], watermark: str | None, now_ms: int, rendered: list[str]) -> bytes:
    opening = orjson.dumps(head | {"watermark": watermark, "server_time": clock.iso(now_ms)})[:-1]
    return opening + b',"rows":[' + ",".join(rendered).encode() + b"]}"
