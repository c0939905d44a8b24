"""The observer's WebSocket client keeps rows as the page does."""

from __future__ import annotations

from typing import Any

from local.live_client import LiveClient

TOPIC = "metrics/m"


def _client() -> LiveClient:
    return LiveClient("ws://127.0.0.1:1/live", {TOPIC: ("k",)})


def _message(kind: str, seq: int, *rows: tuple[str, int], **more: Any) -> dict[str, Any]:
    return {"type": kind, "topic": TOPIC, "seq": seq, "rows": [{"k": k, "v": v} for k, v in rows], **more}


def _values(client: LiveClient) -> dict[object, int]:
    return {key[0]: row["v"] for key, row in client.topics[TOPIC].rows.items()}


def test_a_snapshot_in_parts_replaces_and_deltas_upsert() -> None:
    client = _client()
    assert client._take(_message("snapshot", 5, ("old", 1), part=1, parts=1)) == []
    client._take(_message("snapshot", 7, ("a", 1), part=1, parts=2))
    client._take(_message("snapshot", 7, ("b", 1), part=2, parts=2))
    client._take(_message("delta", 8, ("a", 2)))
    assert _values(client) == {"a": 2, "b": 1}


def test_a_gap_asks_for_the_topic_again_and_a_repeated_delta_is_dropped() -> None:
    client = _client()
    client._take(_message("snapshot", 5, ("a", 1)))
    assert client._take(_message("delta", 7, ("a", 9))) == [TOPIC]
    assert client._take(_message("delta", 5, ("a", 9))) == []
    assert _values(client) == {"a": 1}


def test_a_lost_registration_or_two_pings_behind_ask_for_the_topic_again() -> None:
    client = _client()
    client._take(_message("snapshot", 5, ("a", 1)))
    assert client._take({"type": "pong", "topics": {}}) == [TOPIC]
    assert client._take({"type": "pong", "topics": {TOPIC: 6}}) == []
    assert client._take({"type": "pong", "topics": {TOPIC: 6}}) == [TOPIC]
