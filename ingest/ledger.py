"""An outbox on disk: each event stands here before it is put, and is marked once it was taken.

Killed at any point, a producer loses nothing: its next run sends what was not marked again (`recover`), and
the repeated `event_id` makes a record that had arrived after all count once. It is also the account of what
was sent, against which results are held.

A run has two files. `<run>.jsonl` holds a line a record, `{"seq", "stream", "partition_key", "event"}`; a
last line without its newline was being written when the process died, so it was never sent. `<run>.acks`
holds the ranges of `seq` that were taken (`1-500`), and `closed` after a run that ended with all taken.
Written with one system call a batch and no fsync: it survives the process, not the loss of power.
"""

from __future__ import annotations

import fcntl
import os
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import orjson

from ingest.model import Accepted
from ingest.producer import Record

_RANGE = re.compile(rb"(\d+)(?:-(\d+))?")
_CLOSED = b"closed"


class LedgerError(RuntimeError):
    """The ledger cannot be written or read."""


class Ledger:
    """One run's outbox: `append` before the put, `acknowledge` after, from whichever thread."""

    def __init__(self, folder: Path, run_id: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{run_id}.jsonl"
        self._events = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            _lock(self._events, self.path)
            self._acks = os.open(self.path.with_suffix(".acks"), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        except BaseException:
            os.close(self._events)
            raise
        self._lock = threading.Lock()
        self._next = 1
        self._open = 0
        """Records appended here and not yet acknowledged."""

    def append(self, accepted: Sequence[Accepted]) -> list[Record]:
        """Write the events down; returns their records, to be put now. Their tokens are this ledger's."""
        records = []
        lines = []
        with self._lock:
            for item in accepted:
                payload = item.payload
                seq = self._next
                self._next += 1
                records.append(Record(item.stream, item.partition_key, payload, (self, seq)))
                key = orjson.dumps(item.partition_key)
                lines.append(
                    b'{"seq":%d,"stream":"%s","partition_key":%s,"event":%s}\n'
                    % (seq, item.stream.encode(), key, payload)
                )
            self._open += len(records)
            _write(self._events, b"".join(lines))
        return records

    def acknowledge(self, seqs: Iterable[int]) -> None:
        """Mark the records as taken."""
        with self._lock:
            ranges = list(_ranges(seqs))
            self._open -= sum(last - first + 1 for first, last in ranges)
            _write(self._acks, b"".join(b"%d-%d\n" % item for item in ranges))

    def close(self) -> None:
        """End the run; when everything was taken it is marked so, and never looked at again."""
        with self._lock:
            if self._open == 0:
                _write(self._acks, _CLOSED + b"\n")
            os.close(self._acks)
            os.close(self._events)


class OldRun(Ledger):
    """The outbox of a run that ended without closing: its unmarked records are to be sent again."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.parent, path.stem)
        content = _read_all(self._acks)
        whole = content.rfind(b"\n") + 1
        if whole != len(content):  # a mark cut short could name another record
            os.ftruncate(self._acks, whole)
        self._taken = _merge(content[:whole].splitlines())
        self._open = sum(1 for _ in self._unmarked_lines())

    def unacknowledged(self) -> Iterator[Record]:
        """The records to send again, in their order."""
        for seq, line in self._unmarked_lines():
            entry = orjson.loads(line)
            payload = line[line.index(b',"event":') + len(b',"event":') : -2]
            yield Record(entry["stream"], entry["partition_key"], payload, (self, seq))

    def _unmarked_lines(self) -> Iterator[tuple[int, bytes]]:
        with self.path.open("rb") as file:
            ranges = iter([*self._taken, (2**63, 2**63)])
            first, last = next(ranges)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                seq = int(line[len(b'{"seq":') : line.index(b",")])
                while seq > last:
                    first, last = next(ranges)
                if seq < first:
                    yield seq, line


def recover(folder: Path) -> list[OldRun]:
    """The unclosed runs in the folder that no living process holds; close each when it is dealt with.

    Raises LedgerError when a file is damaged elsewhere than at its end.
    """
    runs = []
    for path in sorted(folder.glob("*.jsonl")):
        if _is_closed(path):
            continue
        try:
            runs.append(OldRun(path))
        except BlockingIOError:
            continue  # its run is alive
        except ValueError as error:
            raise LedgerError(f"{path} is no ledger of this version: {error}") from error
    return runs


def acknowledged(records: Sequence[Record]) -> None:
    """For Producer(on_acknowledged=...): marks each record in the ledger it came from."""
    by_ledger: dict[Ledger, list[int]] = {}
    for record in records:
        if record.token is not None:
            ledger, seq = record.token
            by_ledger.setdefault(ledger, []).append(seq)
    for ledger, seqs in by_ledger.items():
        ledger.acknowledge(seqs)


def _is_closed(path: Path) -> bool:
    try:
        with path.with_suffix(".acks").open("rb") as acks:
            acks.seek(max(0, os.fstat(acks.fileno()).st_size - len(_CLOSED) - 1))
            return acks.read() == _CLOSED + b"\n"
    except FileNotFoundError:
        return False


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BlockingIOError(f"{path} is in use by another process") from None


def _write(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]


def _read_all(descriptor: int) -> bytes:
    size = os.fstat(descriptor).st_size
    return os.pread(descriptor, size, 0) if size else b""


def _ranges(seqs: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = None
    for seq in sorted(seqs):
        if last is not None and seq == last + 1:
            last = seq
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = seq
    if first is not None and last is not None:
        yield first, last


def _merge(lines: Iterable[bytes]) -> list[tuple[int, int]]:
    """The ranges in the lines, in order and without overlaps."""
    found = []
    for line in lines:
        match = _RANGE.fullmatch(line)
        if match:
            found.append((int(match[1]), int(match[2] or match[1])))
    merged: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged
