"""An append-only file of JSON lines that outlives the process which writes it.

A killed process keeps what it handed to the operating system, so a plain write before each answer is enough
here (a lost machine is not guarded against: the state is a demo's). The last line may be torn: it was never
answered for, and reading drops it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson


class Journal:
    """Collects entries with `add` and writes them with one system call in `flush`.

    Raises OSError from `flush` when the disk refuses; the journal is then of no further use to this process.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pending: list[bytes] = []
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def add(self, entry: list[Any]) -> None:
        """Keep `entry` for the next flush."""
        line = orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS)
        with self._lock:
            self._pending.append(line)

    def flush(self) -> None:
        """Write what was added, in order."""
        with self._lock:
            if not self._pending:
                return
            data = memoryview(b"".join(self._pending))
            self._pending.clear()
            while data:
                data = data[os.write(self._file, data) :]

    def close(self) -> None:
        """Write what is left and close the file."""
        self.flush()
        os.close(self._file)


def read(path: Path) -> Iterator[list[Any]]:
    """The entries of a journal, oldest first; nothing if there is no file.

    A torn last line is dropped. Raises ValueError, naming the line, for damage anywhere else.
    """
    if not path.exists():
        return
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                return
            try:
                yield orjson.loads(line)
            except orjson.JSONDecodeError as error:
                raise ValueError(
                    f"{path}:{number}: not a journal line ({error}); delete the folder to start empty"
                ) from error


def replace(path: Path, entries: Iterable[list[Any]]) -> None:
    """Put a new journal with `entries` in the place of the old one, all or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    with temporary.open("wb", buffering=1 << 20) as file:
        for entry in entries:
            file.write(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS))
    temporary.replace(path)
