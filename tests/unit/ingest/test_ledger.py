"""The outbox on disk: whatever point a process is killed at, nothing accepted is forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.ledger import Ledger, acknowledged, recover
from ingest.model import Accepted


def events(*names: str) -> list[Accepted]:
    return [
        Accepted("click", name, f"user {name}", "click", 0, 1, {"event_id": name, "n": index})
        for index, name in enumerate(names)
    ]


def crash(ledger: Ledger) -> Path:
    """What is left of a run whose process died: its files, without a word at the end."""
    ledger._open = -1  # `close` then writes nothing, and gives the lock back as the death of a process does
    ledger.close()
    return ledger.path


def unsent(folder: Path) -> list[str]:
    runs = recover(folder)
    found = [record.payload.decode() for run in runs for record in run.unacknowledged()]
    for run in runs:
        crash(run)
    return found


def test_a_run_that_ended_well_leaves_nothing_to_send(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "run")
    acknowledged(ledger.append(events("a", "b", "c")))
    ledger.close()
    assert recover(tmp_path) == []


def test_what_was_not_acknowledged_is_found_with_its_stream_key_and_bytes(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "run")
    records = ledger.append(events("a", "b", "c", "d"))
    acknowledged([records[0], records[2]])
    crash(ledger)
    (run,) = recover(tmp_path)
    found = list(run.unacknowledged())
    assert [(item.stream, item.partition_key, item.payload) for item in found] == [
        ("click", "user b", records[1].payload),
        ("click", "user d", records[3].payload),
    ]


def test_a_recovered_run_is_done_once_the_rest_is_acknowledged(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "run")
    acknowledged(ledger.append(events("a", "b"))[:1])
    crash(ledger)
    (run,) = recover(tmp_path)
    acknowledged(list(run.unacknowledged()))
    run.close()
    assert recover(tmp_path) == []


def test_a_recovered_run_that_is_interrupted_too_is_found_again(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "run")
    ledger.append(events("a", "b", "c"))
    crash(ledger)
    (run,) = recover(tmp_path)
    acknowledged(list(run.unacknowledged())[:2])
    crash(run)
    assert len(unsent(tmp_path)) == 1


def test_a_run_that_closes_with_open_records_is_found(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "run")
    ledger.append(events("a"))
    ledger.close()
    assert len(unsent(tmp_path)) == 1


def test_a_living_run_is_left_alone(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "run")
    ledger.append(events("a"))
    assert recover(tmp_path) == []
    ledger.close()


def test_two_processes_cannot_write_one_run(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "run")
    with pytest.raises(BlockingIOError, match="in use by another process"):
        Ledger(tmp_path, "run")
    ledger.close()


def test_the_ledger_cut_anywhere_loses_no_whole_line_and_sends_no_part_of_one(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "whole", "run")
    records = ledger.append(events("a", "b", "c"))
    content = crash(ledger).read_bytes()
    ends = [index + 1 for index, byte in enumerate(content) if byte == 10]
    for cut in range(len(content) + 1):
        folder = tmp_path / str(cut)
        folder.mkdir()
        (folder / "run.jsonl").write_bytes(content[:cut])
        whole = sum(1 for end in ends if end <= cut)
        assert unsent(folder) == [record.payload.decode() for record in records[:whole]]


def test_marks_cut_anywhere_never_mark_what_was_not_taken(tmp_path: Path) -> None:
    names = [f"e{number}" for number in range(1, 131)]
    ledger = Ledger(tmp_path / "whole", "run")
    records = ledger.append(events(*names))
    acknowledged(records[8:12])
    acknowledged(records[99:125])
    content = crash(ledger).read_bytes()
    marks = ledger.path.with_suffix(".acks").read_bytes()
    taken = set(range(9, 13)) | set(range(100, 126))
    for cut in range(len(marks) + 1):
        folder = tmp_path / str(cut)
        folder.mkdir()
        (folder / "run.jsonl").write_bytes(content)
        (folder / "run.acks").write_bytes(marks[:cut])
        sent_again = unsent(folder)
        assert len(sent_again) >= len(names) - len(taken)
        # A second recovery appends to what the first one left.
        (run,) = recover(folder)
        rest = list(run.unacknowledged())
        assert [record.payload.decode() for record in rest] == sent_again
        acknowledged(rest)
        run.close()
        assert recover(folder) == []
