"""The ledger is read while it grows."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

from local.ledger import LedgerReader


def _line(event_id: str, amount: str = "19.90") -> str:
    event = {
        "event_id": event_id,
        "user_id": "u1",
        "event_type": "purchase",
        "timestamp": "2026-01-15T12:00:00.000Z",
        "ingest_time": "2026-01-15T12:00:00.250Z",
        "category": None,
        "custom_properties": {"currency": "EUR", "amount": "AMOUNT"},
    }
    text = json.dumps({"seq": 1, "stream": "purchase", "partition_key": "u1", "event": event})
    return text.replace('"AMOUNT"', amount) + "\n"


def test_events_come_once_and_amounts_stay_exact(tmp_path: Path) -> None:
    ledger = LedgerReader(tmp_path)
    assert list(ledger.read()) == []
    path = tmp_path / "run.jsonl"
    path.write_text(_line("a", "9999999999.99"))
    (event,) = ledger.read()
    assert event.amount == Decimal("9999999999.99")
    assert event.sent_at * 1000 - event.event_time_ms == 250
    assert list(ledger.read()) == []


def test_a_line_that_is_being_written_waits_for_its_end(tmp_path: Path) -> None:
    ledger = LedgerReader(tmp_path)
    path = tmp_path / "run.jsonl"
    whole = _line("b")
    path.write_text(_line("a") + whole[:40])
    assert [event.event_id for event in ledger.read()] == ["a"]
    path.write_text(_line("a") + whole)
    assert [event.event_id for event in ledger.read()] == ["b"]


def test_a_rejected_event_has_its_reason(tmp_path: Path) -> None:
    rejected = {"event_id": "r", "timestamp": "2026-01-15T12:00:00.000Z", "reason": "malformed_json"}
    line = json.dumps({"seq": 1, "stream": "rejected-event", "partition_key": "r", "event": rejected})
    (tmp_path / "run.jsonl").write_text(line + "\n")
    (event,) = LedgerReader(tmp_path).read()
    assert (event.event_id, event.reason) == ("r", "malformed_json")
