"""Lines of a user's file: plain or gzip, from disk or stdin, with no line longer than memory allows."""

from __future__ import annotations

import gzip
import io
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from simulator.sending import UserError

LONGEST_LINE = 2 * 1024 * 1024
"""Bytes kept of one line: more than any contract takes, so that a longer line is rejected as too large."""
_GZIP = b"\x1f\x8b"


class DamagedFileError(UserError):
    """The file ends in the middle of its compressed data."""


def open_lines(path: str) -> BinaryIO:
    """The file's bytes, unpacked where it is gzip; `-` is stdin. Raises UserError when it cannot be read."""
    try:
        raw = io.BufferedReader(
            io.FileIO(sys.stdin.fileno(), closefd=False) if path == "-" else io.FileIO(path)
        )
        packed = raw.peek(2)[:2] == _GZIP
    except FileNotFoundError:
        raise UserError(f"{path}: there is no such file") from None
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from error
    if not packed:
        return cast("BinaryIO", raw)
    if path == "-":
        return cast("BinaryIO", gzip.GzipFile(fileobj=raw))
    raw.close()  # GzipFile closes only what it opened itself
    return cast("BinaryIO", gzip.GzipFile(path))


def spooled(file: BinaryIO) -> BinaryIO:
    """A copy that can be read twice, on disk when it is large."""
    copy = tempfile.SpooledTemporaryFile(max_size=64 * 1024 * 1024)  # noqa: SIM115 - the caller closes it
    try:
        shutil.copyfileobj(file, copy, 1024 * 1024)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DamagedFileError(f"the file is damaged: {error}") from error
    copy.seek(0)
    return cast("BinaryIO", copy)


def lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """(number from 1, line without its end); a line beyond LONGEST_LINE is cut there. Blank lines come too.

    Raises DamagedFileError where gzip data breaks off.
    """
    number = 0
    while True:
        try:
            line = file.readline(LONGEST_LINE)
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = file.readline(LONGEST_LINE)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise DamagedFileError(f"the file is damaged after line {number}: {error}") from error
        if not line:
            return
        number += 1
        yield number, line.rstrip(b"\r\n")
