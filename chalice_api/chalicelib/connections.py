"""Sending to WebSocket connections, one at a time or to all subscribers of a model."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache as cached_function
from typing import TYPE_CHECKING, Any

import orjson
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import cache, environment, log

if TYPE_CHECKING:
    from collections.abc import Sequence

_SENDERS = 16


class GoneError(Exception):
    """The connection is closed."""


def send(connection: str, message: bytes) -> None:
    """Send one message.

    Raises:
        GoneError: the connection is closed; its subscriptions are forgotten.
        ApiError: 503 where WEBSOCKET_ENDPOINT_URL is not set.
        BotoCoreError, ClientError: API Gateway did not take it.
    """
    client = environment.websocket_management(environment.required("WEBSOCKET_ENDPOINT_URL"))
    try:
        client.post_to_connection(ConnectionId=connection, Data=message)
    except client.exceptions.GoneException as error:
        cache.current().unsubscribe(connection)
        raise GoneError(connection) from error


def reply(connection: str, message: dict[str, Any]) -> None:
    """Send one object as JSON; raises as `send` does."""
    send(connection, orjson.dumps(message))


def broadcast(model: str, subscribers: Sequence[str], messages: Sequence[bytes]) -> None:
    """Send messages, in order, to each subscriber.

    A subscriber that cannot be reached is left out: it finds the gap in the sequence and resumes.
    """
    if not subscribers or not messages:
        return
    if not os.environ.get("WEBSOCKET_ENDPOINT_URL"):
        log.warning("frames are not sent: WEBSOCKET_ENDPOINT_URL is not set", model=model)
        return
    outcomes = list(_senders().map(lambda connection: _deliver(connection, messages), subscribers))
    failed = [outcome for outcome in outcomes if outcome]
    if failed:
        log.warning(
            "frames did not reach all subscribers", model=model, subscribers=len(failed), last=failed[-1]
        )


def _deliver(connection: str, messages: Sequence[bytes]) -> str:
    """Empty where all went well or the connection is gone, else the kind of failure."""
    try:
        for message in messages:
            send(connection, message)
    except GoneError:
        return ""
    except (BotoCoreError, ClientError) as error:
        return type(error).__name__
    return ""


@cached_function
def _senders() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_SENDERS, thread_name_prefix="websocket-sender")
