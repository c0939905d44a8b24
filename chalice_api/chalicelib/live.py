"""The WebSocket `/live`: subscriptions, snapshots, resuming after a dropped connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from chalicelib import cache, clock, connections, frames, log, manifest, publisher, queries, recomputing
from chalicelib.errors import ApiError, shorten

if TYPE_CHECKING:
    from chalicelib.manifest import Manifest, Model

ACTIONS = ("subscribe", "unsubscribe", "ping")
_MOST_TOPICS = 50


def message(connection: str, body: str) -> None:
    """Answer one message of a client, by frames to its connection; a client's mistake is answered with an
    error."""
    try:
        _answer(connection, body)
    except ApiError as error:
        _try_reply(connection, error)
    except cache.CacheUnavailableError:
        text = "live updates are not available right now; subscribe again in a few seconds"
        _try_reply(connection, ApiError(503, "unavailable", text))
    except connections.GoneError:
        log.info("a connection was closed while it was answered")


def disconnect(connection: str) -> None:
    """Forget a connection that was closed."""
    try:
        cache.current().unsubscribe(connection)
    except cache.CacheUnavailableError:
        log.warning("a closed connection stays registered until the next frame finds it gone")


def _try_reply(connection: str, error: ApiError) -> None:
    try:
        connections.reply(connection, error.frame())
    except connections.GoneError:
        log.info("a connection was closed before it could be answered")
    except cache.CacheUnavailableError:
        log.warning("a closed connection stays registered until the next frame finds it gone")


def _answer(connection: str, body: str) -> None:
    try:
        request = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        example = '{"action": "subscribe", "topics": ["metrics/<name>"]}'
        raise ApiError(
            400, "bad_message", f"the message is not JSON ({error}); expected such as {example}"
        ) from error
    action = request.get("action") if isinstance(request, dict) else None
    if action == "subscribe":
        _subscribe(connection, request)
    elif action == "unsubscribe":
        known = manifest.current()
        cache.current().unsubscribe(connection, [model.name for model in _models(known, request)])
    elif action == "ping":
        _pong(connection)
    else:
        said = shorten(str(action)) if action is not None else "none"
        raise ApiError(
            400, "unknown_action", f"the message's action is {said}; expected one of the choices", ACTIONS
        )


def _models(known: Manifest, request: dict[str, Any]) -> list[Model]:
    topics = request.get("topics")
    if not isinstance(topics, list) or not topics or not all(isinstance(topic, str) for topic in topics):
        text = 'topics is expected as a list of names, such as ["metrics/<name>"]'
        raise ApiError(400, "bad_message", text, sorted(known.by_topic))
    if len(topics) > _MOST_TOPICS:
        raise ApiError(
            400, "too_many_topics", f"{len(topics)} topics in one message; at most {_MOST_TOPICS} are allowed"
        )
    unknown = [topic for topic in topics if topic not in known.by_topic]
    if unknown:
        raise ApiError(
            404, "unknown_topic", f"there is no topic {shorten(unknown[0])}", sorted(known.by_topic)
        )
    return [known.by_topic[topic] for topic in dict.fromkeys(topics)]


def _resume_points(request: dict[str, Any]) -> dict[str, int]:
    resume = request.get("resume") or {}
    if not isinstance(resume, dict) or not all(
        type(seq) is int and 0 <= seq < 2**53 for seq in resume.values()
    ):
        text = 'resume is expected as an object of topic and sequence number, such as {"metrics/<name>": 41}'
        raise ApiError(400, "bad_message", text)
    return resume


def _subscribe(connection: str, request: dict[str, Any]) -> None:
    models = _models(manifest.current(), request)
    resume = _resume_points(request)
    store = cache.current()
    for model in models:
        after = resume.get(model.topic)
        if after is None or store.frames_after(model.name, after) is None:
            after = _send_snapshot(connection, model)
        # Frames made since are sent after joining: one may then come twice (and is dropped for its number),
        # none is lost.
        store.subscribe(connection, model.name)
        _send_deltas(connection, model, after)


def _send_snapshot(connection: str, model: Model) -> int:
    """Send the rows whose window ended within the last hour or is open; returns the sequence number they
    hold."""
    # The number first: rows read later can only be newer than it, and the deltas after it are then applied
    # on top.
    seq = cache.current().sequence(model.name)
    now_ms = clock.now_ms()
    since_ms = now_ms - clock.HOUR_MS
    result = queries.read(
        model, since_ms - model.longest_window_ms, now_ms + clock.HOUR_MS, max_age_seconds=0
    )
    since = clock.iso(since_ms)
    shown = [row for row in result.rows if row.window_end > since]
    for part in frames.snapshot(model, seq, shown, result, clock.now_ms()):
        connections.send(connection, part)
    return seq


def _send_deltas(connection: str, model: Model, after: int) -> None:
    store = cache.current()
    kept = store.frames_after(model.name, after)
    if kept is None:
        raise cache.CacheUnavailableError("the cache was lost while a connection was subscribed")
    _, state = store.read(model.name, [])
    for frame in kept:
        connections.send(connection, frames.delta(model, frame, state, clock.now_ms()))


def _pong(connection: str) -> None:
    store = cache.current()
    known = manifest.current().models
    names = [
        name
        for name in store.subscriptions(connection)
        if name in known and store.is_subscribed(connection, name)
    ]
    for name in names:
        # Where no row comes any more (the stream processor died), this is the call that ends a hold.
        if recomputing.release_if_over(known[name]):
            publisher.drain(known[name])
    topics = {known[name].topic: store.sequence(name) for name in names}
    connections.reply(
        connection, {"type": "pong", "server_time": clock.iso(clock.now_ms()), "topics": topics}
    )
