"""WebSocket messages that carry rows: snapshots in parts, and deltas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from chalicelib import clock, rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.cache import Frame
    from chalicelib.manifest import Model
    from chalicelib.rows import Row

PART_BYTES = 31_000
"""Rows in one part; with what surrounds them it stays below API Gateway's 32 KB frame."""


def delta(model: Model, frame: Frame, watermark: str | None, now_ms: int) -> bytes:
    """`{"type": "delta", ...}` of a frame, its rows in order of window start and key."""
    parsed = sorted((rows.parse(model, raw) for raw in orjson.loads(frame.rows)), key=lambda row: row.sk)
    watermark = rows.latest((watermark, *(row.watermark for row in parsed)))
    head = {"type": "delta", "topic": model.topic, "seq": frame.seq}
    return _message(head, watermark, now_ms, [row.render(watermark, now_ms) for row in parsed])


def snapshot(model: Model, seq: int, shown: Iterable[Row], watermark: str | None, now_ms: int) -> list[bytes]:
    """`{"type": "snapshot", ...}` in as many parts as its rows need; at least one."""
    parts = list(_parts(row.render(watermark, now_ms) for row in shown)) or [[]]
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
