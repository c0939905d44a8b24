"""Journals give back what was flushed, and only that."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.journal import Journal, read, replace


def test_entries_come_back_in_order_after_a_flush(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "a.journal")
    journal.add(["put", 1])
    assert list(read(journal.path)) == []
    journal.add(["put", {"x": "ü"}])
    journal.flush()
    assert list(read(journal.path)) == [["put", 1], ["put", {"x": "ü"}]]
    journal.close()


def test_a_missing_journal_is_empty(tmp_path: Path) -> None:
    assert list(read(tmp_path / "none.journal")) == []


def test_a_torn_last_line_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    path.write_bytes(b'["a"]\n["b", 1')
    assert list(read(path)) == [["a"]]


def test_damage_before_the_last_line_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    path.write_bytes(b'["a"]\ngarbage\n["b"]\n')
    with pytest.raises(ValueError, match=r"a\.journal:2: not a journal line"):
        list(read(path))


def test_replacing_leaves_one_whole_journal(tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    path.write_bytes(b'["old"]\n')
    replace(path, (["new", n] for n in range(2)))
    assert list(read(path)) == [["new", 0], ["new", 1]]
    assert [file.name for file in tmp_path.iterdir()] == ["a.journal"]
