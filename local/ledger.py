"""Reads the simulator's ledger while it grows: what was sent, in order, as `ingest.ledger` writes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from local.expected import SentEvent, epoch_ms


class LedgerReader:
    """Reads every `*.jsonl` of a folder on from where it was left; a line still being written waits."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._offsets: dict[Path, int] = {}

    def read(self) -> Iterator[SentEvent]:
        """The events that were added since the last call, rejected ones too."""
        for path in sorted(self._folder.glob("*.jsonl")):
            with path.open("rb") as file:
                file.seek(self._offsets.get(path, 0))
                for line in file:
                    if not line.endswith(b"\n"):
                        break
                    self._offsets[path] = self._offsets.get(path, 0) + len(line)
                    yield sent_event(json.loads(line, parse_float=Decimal)["event"])


def sent_event(event: dict[str, Any]) -> SentEvent:
    """An event as it stands on the stream; it was sent when ingest accepted it."""
    if "reason" in event:
        at_ms = epoch_ms(event["timestamp"])
        return SentEvent(
            event["event_id"], "rejected", at_ms, at_ms / 1000, "", None, None, None, event["reason"]
        )
    own = event.get("custom_properties") or {}
    paid = own.get("payment_status") in (None, "paid") and not own.get("is_refund")
    amount = own.get("amount") if paid else None
    return SentEvent(
        event["event_id"],
        event["event_type"],
        epoch_ms(event["timestamp"]),
        epoch_ms(event["ingest_time"]) / 1000,
        event["user_id"],
        event.get("category"),
        own.get("currency"),
        None if amount is None else Decimal(amount),
    )
