"""The open WebSockets of the local server, and what API Gateway's management endpoint does with them."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from uvicorn.protocols.utils import ClientDisconnected

from local.times import iso_now

GREATEST_MESSAGE_BYTES = 128 * 1024
_SEND_SECONDS = 2.0
# What uvicorn raises where a socket is closed: by the client, or by us a moment ago.
CLOSED = (ClientDisconnected, RuntimeError, OSError)

Outcome = tuple[int, dict[str, Any]]
_GONE: Outcome = (410, {"message": "the connection is closed"})


@dataclass
class Connection:
    """One open WebSocket; `send` is ASGI's."""

    id: str
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]]
    accepted: bool = False
    connected_at: str = field(default_factory=iso_now)
    last_active_at: str = field(default_factory=iso_now)
    order: asyncio.Lock = field(default_factory=asyncio.Lock)

    def touch(self) -> None:
        """Note that the client or the server just said something."""
        self.last_active_at = iso_now()


class Connections:
    """All open WebSockets by id. Each method returns HTTP status and body as API Gateway does."""

    def __init__(self) -> None:
        self._open: dict[str, Connection] = {}

    def open(self, send: Callable[[MutableMapping[str, Any]], Awaitable[None]]) -> Connection:
        """Register a socket under a new id, of the same shape as API Gateway's."""
        connection = Connection(secrets.token_urlsafe(11) + "=", send)
        self._open[connection.id] = connection
        return connection

    def forget(self, connection_id: str) -> None:
        """Drop a socket that was closed."""
        self._open.pop(connection_id, None)

    async def post(self, connection_id: str, body: bytes) -> Outcome:
        """Send a message to the client: 200, 410 where it is gone, 413 beyond 128 KB."""
        if len(body) > GREATEST_MESSAGE_BYTES:
            return 413, {
                "message": f"the message has {len(body)} bytes; at most {GREATEST_MESSAGE_BYTES} are allowed"
            }
        connection = self._open.get(connection_id)
        if connection is None or not connection.accepted:
            return _GONE
        try:
            async with asyncio.timeout(_SEND_SECONDS), connection.order:
                await connection.send({"type": "websocket.send", "text": body.decode(errors="replace")})
        except (TimeoutError, *CLOSED):
            # Closed, or so slow that its buffers are full: API Gateway drops such a client too.
            return await self.delete(connection_id, gone=True)
        connection.touch()
        return 200, {}

    def describe(self, connection_id: str) -> Outcome:
        """When the client connected and was last active."""
        connection = self._open.get(connection_id)
        if connection is None:
            return _GONE
        identity = {"sourceIp": "127.0.0.1", "userAgent": ""}
        times = {"connectedAt": connection.connected_at, "lastActiveAt": connection.last_active_at}
        return 200, {**times, "identity": identity}

    async def delete(self, connection_id: str, *, gone: bool = False) -> Outcome:
        """Close the client's socket: 204, or 410 where it is gone already."""
        connection = self._open.pop(connection_id, None)
        if connection is None:
            return _GONE
        try:
            async with asyncio.timeout(_SEND_SECONDS):
                await connection.send({"type": "websocket.close", "code": 1001})
        except (TimeoutError, *CLOSED):
            return _GONE
        return _GONE if gone else (204, {})
