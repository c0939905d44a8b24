"""Reads the corpus: SQL files under `corpus/`, one construct a file, many cases in each.

    -- construct: CREATE TABLE, watermarks
    -- flink: 2.3

    -- case: delayed by five seconds
    CREATE TABLE t (ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND);

`construct` names the row of COVERAGE.md (by default the file's name says it) and `flink` is the oldest
release whose own parser takes the file's cases (by default 1.20). A case reaches to the next `-- case:`
line, so it may hold several statements and comments of its own. A file without such lines has one case a
semicolon, named by the comment above it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).with_name("corpus")
OLDEST = "1.20"
HEADER = re.compile(r"^-- (construct|flink): (.+)$", re.MULTILINE)
CASE = re.compile(r"^-- case: (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """One text of the corpus: a statement or a script, and the release of Flink whose parser takes it."""

    construct: str
    name: str
    sql: str
    flink: str
    file: Path

    @property
    def id(self) -> str:
        return f"{self.file.parent.name}/{self.file.stem}: {self.name}"


def read_file(file: Path) -> list[Case]:
    """Return the cases of one corpus file."""
    text = file.read_text(encoding="utf-8")
    head = dict(HEADER.findall(text.split("-- case:", 1)[0]))
    construct = head.get("construct", file.stem.replace("_", " "))
    flink = head.get("flink", OLDEST)
    pieces = CASE.split(text)
    named = list(zip(pieces[1::2], pieces[2::2], strict=True))
    if not named:
        named = [_by_semicolon(piece) for piece in HEADER.sub("", text).split(";\n") if piece.strip()]
    return [Case(construct, name.strip(), sql.strip(), flink, file) for name, sql in named]


def _by_semicolon(piece: str) -> tuple[str, str]:
    first, _, rest = piece.strip().partition("\n")
    return (first.removeprefix("--").strip(), rest) if first.startswith("--") else (first, piece)


def read_corpus(folder: Path = CORPUS) -> list[Case]:
    """Return every case under the folder, by file name."""
    return [case for file in sorted(folder.rglob("*.sql")) for case in read_file(file)]
