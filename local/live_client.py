"""Follows topics on the WebSocket as the page does, across gaps, lost registrations and restarts."""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

PING_SECONDS = 3.0
AGAIN_SECONDS = 0.3


@dataclass
class Topic:
    """What is known of one topic: its rows by key, and the sequence they stand at."""

    key: tuple[str, ...]
    rows: dict[tuple[object, ...], dict[str, Any]] = field(default_factory=dict)
    seq: int | None = None
    behind: int = 0


class LiveClient:
    """Keeps `topics` up to date from `url`; `topics` maps a topic's name to the columns of its key."""

    def __init__(self, url: str, topics: dict[str, tuple[str, ...]]) -> None:
        self._url = url
        self.topics = {name: Topic(key) for name, key in topics.items()}

    async def run(self) -> None:
        """Listen for ever; a connection that ends or cannot be made is made again."""
        while True:
            with contextlib.suppress(OSError, WebSocketException, TimeoutError):
                async with connect(self._url, open_timeout=3, max_size=None, proxy=None) as socket:
                    await self._listen(socket)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _listen(self, socket: ClientConnection) -> None:
        await self._subscribe(socket, list(self.topics))
        while True:
            try:
                message = json.loads(await asyncio.wait_for(socket.recv(), PING_SECONDS))
            except TimeoutError:
                await socket.send(json.dumps({"action": "ping"}))
                # Two silent spans in a row: the server is not there although the connection is.
                message = json.loads(await asyncio.wait_for(socket.recv(), PING_SECONDS))
            if again := self._take(message):
                await self._subscribe(socket, again)

    async def _subscribe(self, socket: ClientConnection, names: list[str]) -> None:
        resume = {name: self.topics[name].seq for name in names if self.topics[name].seq is not None}
        await socket.send(json.dumps({"action": "subscribe", "topics": names, "resume": resume}))

    def _take(self, message: dict[str, Any]) -> list[str]:
        """Take a message in; the topics to subscribe to again."""
        match message.get("type"):
            case "snapshot":
                topic = self.topics[message["topic"]]
                if message.get("part", 1) == 1:
                    topic.rows.clear()
                self._upsert(topic, message)
            case "delta":
                topic = self.topics[message["topic"]]
                if topic.seq is None or message["seq"] > topic.seq + 1:
                    return [message["topic"]]
                if message["seq"] > topic.seq:
                    self._upsert(topic, message)
            case "pong":
                return self._left_behind(message.get("topics", {}))
        return []

    def _left_behind(self, newest: dict[str, int]) -> list[str]:
        """Topics whose registration is lost, or that missed something between two pings."""
        again = []
        for name, topic in self.topics.items():
            topic.behind = topic.behind + 1 if newest.get(name, 0) > (topic.seq or 0) else 0
            if name not in newest or topic.behind >= 2:
                again.append(name)
        return again

    @staticmethod
    def _upsert(topic: Topic, message: dict[str, Any]) -> None:
        for row in message["rows"]:
            topic.rows[tuple(row[column] for column in topic.key)] = row
        topic.seq = message["seq"]
