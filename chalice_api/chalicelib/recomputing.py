"""A model that is computed anew: its rows are held as they were, and corrected at once when it is whole
again.

A changed application rewrites its rows from their first event on, so for a while the table holds counts that
have yet to grow to what they were. Whoever starts it says so first, by an item in the model's own table
(docs/contracts.md, *Recomputing*). From then on the cache keeps what it has, and the publisher only notes
which hours have changed. When the item says that all is written, or its deadline has passed, these hours are
read from the table, which then holds the newest row of each key whatever the stream has yet to deliver.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import cache, clock, environment, log, queries
from chalicelib.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.manifest import Model
    from chalicelib.rows import Stored

MARKER = "_recomputing"
"""`pk` and `sk` of the item."""
_SHOWN_HOURS = 25
"""What the API can show; older hours of a table are read from it when they are asked for."""
_LATE_MS = 10 * 60 * 1000
"""An end that is older was handled long ago: change streams repeat themselves."""


class MarkerError(ValueError):
    """The item is not as docs/contracts.md says; the message names the attribute."""


def take(model: Model, image: Mapping[str, Any]) -> None:
    """Begin, prolong or end the hold of a model, as the item's new image says.

    Raises:
        MarkerError: an attribute is missing or cannot be read.
        CacheUnavailableError: Valkey does not answer.
    """
    store, now_ms = cache.current(), clock.now_ms()
    try:
        state = image["state"]["S"]
        since, until, written = (
            clock.epoch_ms(image[name]["S"]) for name in ("since", "until", "_updated_at")
        )
        from_ms = clock.epoch_ms(image["from"]["S"]) if "from" in image else 0
    except (KeyError, TypeError, ValueError) as error:
        raise MarkerError(f"the item {MARKER} of {model.name} cannot be read: {error}") from error
    if state == "running":
        if until > now_ms:
            begins = store.hold(model.name, clock.iso(since), clock.iso(from_ms), clock.iso(until))
            for bucket in _shown_live(model, now_ms) if begins else ():
                store.push(model.name, bucket)  # its rows say `recomputing` now
    elif state == "done":
        if written > now_ms - _LATE_MS:
            first = max(from_ms, now_ms - _SHOWN_HOURS * clock.HOUR_MS)
            buckets = clock.hour_buckets(first, now_ms + clock.HOUR_MS)
            store.end_hold(model.name, clock.iso(since), clock.iso(from_ms), buckets)
    else:
        raise MarkerError(f"state of the item {MARKER} is neither running nor done")


def release_if_over(model: Model) -> bool:
    """Where a hold has ended, read the hours that changed meanwhile from the table and queue what is new in
    them.

    Can be repeated, and be done by several at once: an hour is ticked off once it was read. Returns whether
    there was anything to do; what it has queued is for `publisher.drain`.

    Raises:
        CacheUnavailableError: Valkey does not answer.
        ApiError: 503 where DynamoDB does not.
    """
    store, now_ms = cache.current(), clock.now_ms()
    _, state = store.read(model.name, [])
    hold = state.hold
    if hold is None or not hold.buckets or hold.active(clock.iso(now_ms)):
        return False
    shown = set(_shown_live(model, now_ms))
    for bucket in sorted(hold.buckets, reverse=True):
        found = queries.query(model, bucket)
        gone = _remove_gone(model, hold, found) if hold.done else set()
        store.publish(model.name, [row for row in found if row.sk not in gone])
        store.released(model.name, bucket, gone)
        if bucket in shown:
            store.push(model.name, bucket)
    log.info("a model is whole again", model=model.name, hours=len(hold.buckets), complete=hold.done)
    return True


def _shown_live(model: Model, now_ms: int) -> list[str]:
    """The hours of the rows that a subscriber is shown: windows that ended within the last hour, or are
    open."""
    return clock.hour_buckets(now_ms - clock.HOUR_MS - model.longest_window_ms, now_ms + 1)


def _remove_gone(model: Model, hold: cache.Hold, found: list[Stored]) -> set[str]:
    """Delete rows that the model no longer has; returns their `sk`.

    Each row that it still has was written again since the hold began. A strict model writes a window only
    once the watermark has passed it: what it has yet to write is no sign of anything.
    """
    watermark = max((row.watermark or "" for row in found if row.updated_at >= hold.since), default="")
    gone = set()
    for row in found:
        if row.updated_at >= hold.since:
            continue
        window = orjson.loads(row.value)
        concerned = window["_window_start"] >= hold.from_
        due = model.form != "strict" or window["_window_end"] <= watermark
        if concerned and due and _delete(model, row, hold.since):
            gone.add(row.sk)
    return gone


def _delete(model: Model, row: Stored, since: str) -> bool:
    """Delete a row unless it was written since; False where it was."""
    table = environment.dynamodb()
    try:
        table.delete_item(
            TableName=environment.physical_name(model.table),
            Key={"pk": {"S": row.pk}, "sk": {"S": row.sk}},
            ConditionExpression="#u < :since",
            ExpressionAttributeNames={"#u": "_updated_at"},
            ExpressionAttributeValues={":since": {"S": since}},
        )
    except table.exceptions.ConditionalCheckFailedException:
        return False
    except (BotoCoreError, ClientError) as error:
        raise ApiError(503, "unavailable", f"a row of {model.name} cannot be deleted right now") from error
    return True
