"""From a table's change stream to the cache and to the subscribers.

A batch is merged into the cache, which keeps the newer of each row and queues those that changed; whoever
holds the topic's lock then turns the queue into numbered frames and sends them. Each step can be repeated: a
batch that failed is delivered again and changes nothing twice, and a frame that was numbered but not sent is
sent by the next batch. While sending is slow the queue coalesces: a subscriber gets fewer, newer rows, never
a backlog.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalicelib import cache, clock, connections, environment, frames, log, manifest, recomputing, rows
from chalicelib.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.manifest import Model
    from chalicelib.rows import Stored

_DRAIN_SECONDS = 10.0


def publish(event: Mapping[str, Any]) -> dict[str, list[object]]:
    """Handle one batch of DynamoDB stream records (of any tables); returns `{"batchItemFailures": []}`.

    Raises:
        CacheUnavailableError: Valkey does not answer; the whole batch has to come again.
        ApiError: the manifest cannot be read; likewise.
    """
    known = manifest.current()
    prefix = environment.physical_name("")
    store = cache.current()
    changes = _Changes()
    touched: set[str] = set()
    refused: dict[str, str] = {}
    for record in event["Records"]:
        table = _table(record)
        model = known.by_table.get(table.removeprefix(prefix)) if table.startswith(prefix) else None
        if model is None:
            refused[table] = "no model of the manifest has this table"
            continue
        touched.add(model.name)
        try:
            changes.add(store, model, record)
        except (rows.RowError, recomputing.MarkerError, KeyError) as error:
            # Such a record would never succeed: retried, it would hold up all that come after it.
            refused[table] = f"{type(error).__name__}: {error}"
    for name, by_sk in changes.newest.items():
        store.publish(name, by_sk.values())
    for name, pk, sk in changes.removed:
        store.forget(name, pk, sk)
    for name in sorted(touched):
        recomputing.release_if_over(known.models[name])
        drain(known.models[name])
    for table, reason in refused.items():
        log.warning("stream records were left out", table=table, reason=reason)
    return {"batchItemFailures": []}


@dataclass
class _Changes:
    """What a batch says: the newest of each row by model and `sk`; rows (model, `pk`, `sk`) that are gone."""

    newest: dict[str, dict[str, Stored]] = field(default_factory=dict)
    removed: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, store: cache.Cache, model: Model, record: Mapping[str, Any]) -> None:
        """Take one record in; raises RowError, MarkerError or KeyError for one that cannot be read."""
        change = record["dynamodb"]
        pk, sk = change["Keys"]["pk"]["S"], change["Keys"]["sk"]["S"]
        removes = record["eventName"] == "REMOVE"
        if pk == recomputing.MARKER:
            # What came before it was written before it, and belongs to the readers.
            store.publish(model.name, self.newest.pop(model.name, {}).values())
            if not removes:
                recomputing.take(model, change["NewImage"])
        elif removes:
            self.removed.append((model.name, pk, sk))
        else:
            stored = rows.from_image(change["NewImage"])
            batch = self.newest.setdefault(model.name, {})
            before = batch.get(stored.sk)
            if before is None or stored.updated_at >= before.updated_at:
                batch[stored.sk] = stored


def drain(model: Model) -> None:
    """Send all that waits for the model's subscribers, in order.

    Another process may be doing that already; it then also sends what we queued, since it looks once more
    after it gave its lock back.

    Raises:
        CacheUnavailableError: Valkey does not answer.
    """
    store = cache.current()
    deadline = time.monotonic() + _DRAIN_SECONDS
    while time.monotonic() < deadline:
        token = store.lock(model.name)
        if token is None:
            return
        try:
            while time.monotonic() < deadline:
                made = store.next_frame(model.name)
                if not _send_unsent(store, model) and made is None:
                    break
        finally:
            store.unlock(model.name, token)
        if not store.waiting(model.name):
            return


def _send_unsent(store: cache.Cache, model: Model) -> int:
    """Send the frames beyond the last one sent; returns how many there were."""
    sent = store.sent(model.name)
    unsent = store.frames_after(model.name, sent)
    if unsent is None:
        # They expired before anybody could send them; subscribers see the gap and get a snapshot.
        store.set_sent(model.name, store.sequence(model.name))
        return 0
    if unsent:
        _, state = store.read(model.name, [])
        now_ms = clock.now_ms()
        messages = [frames.delta(model, frame, state, now_ms) for frame in unsent]
        connections.broadcast(model.name, store.subscribers(model.name), messages)
        store.set_sent(model.name, unsent[-1].seq)
    return len(unsent)


def _table(record: Mapping[str, Any]) -> str:
    """The table's name in `arn:aws:dynamodb:region:account:table/NAME/stream/LABEL`."""
    resource = str(record["eventSourceARN"]).split(":", 5)[-1]
    parts = resource.split("/")
    if len(parts) < 2 or parts[0] != "table":
        raise ApiError(400, "bad_event", "eventSourceARN is not the ARN of a DynamoDB table or its stream")
    return parts[1]
