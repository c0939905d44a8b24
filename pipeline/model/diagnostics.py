"""Where something stands in an author's file, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Position:
    """A place in an author's file: `file` is relative to the project, `line` and `column` count from 1."""

    file: str
    line: int
    column: int
    length: int = 1
    """How many characters the caret marks underline."""


@dataclass(frozen=True)
class Diagnostic:
    """One mistake of an author.

    `code` is stable (`unknown-column`), `message` says what is wrong, `hint` stands beside the caret and says
    what was expected or how to mend it, `why` (optional) says what would happen otherwise.
    """

    position: Position
    code: str
    message: str
    hint: str = ""
    why: str = ""
