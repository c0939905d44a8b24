"""One stack a state folder: a lock that ends with its holder, and the folder's description of what runs."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Any, Self


class AlreadyRunning(Exception):  # noqa: N818 -- what is the case, said to a person
    """Another stack holds this folder; the message says which process and how to end it."""


class StackLock:
    """Holds `state_dir` for this process; a context manager. The kernel releases it when the process dies."""

    def __init__(self, state_dir: Path) -> None:
        self._folder = state_dir
        self._path = state_dir / "stack.lock"
        self._description = state_dir / "stack.json"

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = self._path.read_text().strip() or "unknown"
            os.close(self._file)
            raise AlreadyRunning(self._already(holder)) from None
        os.truncate(self._file, 0)
        os.write(self._file, str(os.getpid()).encode())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._description.unlink(missing_ok=True)
        os.close(self._file)

    def empty_folder(self) -> None:
        """Remove what an earlier run left; streams start empty, so everything else does too."""
        for path in self._folder.iterdir():
            if path == self._path:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()

    def note(self, description: dict[str, Any]) -> None:
        """Write `stack.json` (docs/contracts.md), all or nothing."""
        temporary = self._description.with_suffix(".new")
        temporary.write_text(json.dumps(description, indent=2) + "\n")
        temporary.replace(self._description)

    def _already(self, holder: str) -> str:
        try:
            page = f" ({json.loads(self._description.read_bytes())['page']})"
        except FileNotFoundError:
            page = ""
        return (
            f"A stack of this checkout already runs: process {holder}{page}, state in {self._folder}.\n"
            f"End it with Ctrl-C where it was started, or: kill {holder}"
        )
