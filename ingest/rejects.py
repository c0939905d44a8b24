"""Turns what was rejected into a `rejected_event`, so that nothing is dropped silently and nothing leaks."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from uuid import uuid4

import orjson

from ingest.model import Accepted, Rejected
from ingest.timestamps import format_timestamp

EVENT_NAME = "rejected_event"
STREAM = "rejected-event"
KEPT_BYTES = 48 * 1024
_READ_BYTES = 2 * KEPT_BYTES
_IP_FIELD = re.compile(rb'("ip_address"\s*:\s*)([\[{][^\]}]*|"(?:[^"\\]|\\.)+)')
_TEXT = re.compile(rb'"((?:[^"\\]|\\.)+)')


def rejected_event(
    rejected: Rejected, now_ms: int, source: str, hash_ip: Callable[[str], str], event_id: str | None = None
) -> Accepted:
    """The rejected event as an event of its own, ready for the `rejected-event` stream.

    The original bytes are kept, cut after KEPT_BYTES, but for one thing: what stands in `ip_address`, be it
    a text, a list or an object of texts, is replaced by its hash here too, since an address is never stored
    (and NUL bytes are left out, so that none hides in UTF-16). `source` is who sent it.
    """
    kept = _without_addresses(rejected.raw[:_READ_BYTES], hash_ip)[:KEPT_BYTES]
    own_id = event_id or str(uuid4())
    event = {
        "event_id": own_id,
        "timestamp": format_timestamp(now_ms),
        "reason": rejected.reason.value,
        "message": rejected.message,
        "path": rejected.path or None,
        "event_type": rejected.event_type,
        "source": source,
        "contract_version": rejected.contract_version,
        "raw_base64": b64encode(kept).decode("ascii"),
        "raw_bytes": len(rejected.raw),
    }
    return Accepted(EVENT_NAME, own_id, own_id, STREAM, now_ms, 1, event)


def _without_addresses(raw: bytes, hash_ip: Callable[[str], str]) -> bytes:
    def hashed(text: re.Match[bytes]) -> bytes:
        return b'"' + hash_ip(text[1].decode("utf-8", "replace")).encode()

    # UTF-16 would hide the address from the pattern, so NULs go first.
    return _IP_FIELD.sub(lambda field: field[1] + _TEXT.sub(hashed, field[2]), raw.replace(b"\0", b""))


def as_line(rejected: Rejected, line: int) -> bytes:
    """One JSON line for a person's list of rejects: its line, the reason, path, message and how it starts."""
    return orjson.dumps(
        {
            "line": line,
            "reason": rejected.reason.value,
            "path": rejected.path or None,
            "message": rejected.message,
            "event_type": rejected.event_type,
            "start": rejected.raw[:200].decode("utf-8", "replace"),
        },
        option=orjson.OPT_APPEND_NEWLINE,
    )
