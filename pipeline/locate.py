"""Turns a place in rendered SQL into a place in the author's template."""

from __future__ import annotations

import bisect
import re

from sqlglot import exp

from pipeline.model.diagnostics import Position
from pipeline.model.models import Rendered

_AS_TYPE = re.compile(r"\bAS\s+(\w+(?:\s*\([^)]*\))?)", re.IGNORECASE)
_BRACKETS = re.compile(r"[()]|'(?:[^']|'')*'|--[^\n]*")
"""Brackets, and the texts and comments in which one means nothing."""


class Locator:
    """Answers "where did the author write this?" for one model's rendered SQL."""

    def __init__(self, rendered: Rendered) -> None:
        self.sql = rendered.sql
        self.file = rendered.source.query_file
        self._segments = rendered.segments
        self._starts = [segment.start for segment in rendered.segments]

    def at(self, node: exp.Expr | None) -> Position:
        """The place of a tree node (all of it); the file's start where the parser kept none."""
        span = self.span(node)
        return self.between(*span) if span else Position(self.file, 1, 1)

    def head(self, node: exp.Expr) -> Position:
        """The place of the node's own first word, such as a function's name."""
        meta = node._meta or {}
        if meta.get("start") is None:
            return self.at(node)
        return self.between(meta["start"], meta["end"] + 1)

    def cast_type(self, node: exp.Expr) -> Position:
        """The place of the type that a CAST names; the CAST's own word where it cannot be told."""
        inner = self.span(node.this)
        found = _AS_TYPE.search(self.sql, inner[1] - 1) if inner else None
        return self.between(found.start(1), found.end(1)) if found else self.head(node)

    def span(self, node: exp.Expr | None) -> tuple[int, int] | None:
        """Offsets in the rendered SQL of the node's first character and behind its last."""
        if node is None:
            return None
        starts: list[int] = []
        ends: list[int] = []
        for part in node.walk():
            # `meta` creates a dictionary where there is none: reading must not change the tree.
            meta = part._meta or {}
            if meta.get("start") is not None:
                starts.append(meta["start"])
                ends.append(self._call_end(meta["end"]) if isinstance(part, exp.Func) else meta["end"])
        if not starts:
            return None
        start, end = min(starts), max(ends) + 1
        return start, self._close_parentheses(start, end)

    def between(self, start: int, end: int) -> Position:
        """The place of the rendered SQL's characters `start` to `end` (exclusive), cut at the line's end."""
        start = min(start, max(len(self.sql) - 1, 0))
        stop = self.sql.find("\n", start)
        stop = len(self.sql) if stop < 0 else stop
        length = max(min(end, stop) - start, 1)
        index = bisect.bisect_right(self._starts, start) - 1
        if index < 0:
            return Position(self.file, 1, 1)
        segment = self._segments[index]
        if segment.tag_length:
            return Position(segment.file, segment.line, segment.column, segment.tag_length)
        return Position(segment.file, segment.line, segment.column + start - segment.start, length)

    def _call_end(self, end: int) -> int:
        """Where a call ends whose name ends at `end`: at the bracket that closes its arguments."""
        at = end + 1
        if at >= len(self.sql) or self.sql[at] != "(":
            return end
        depth = 0
        for found in _BRACKETS.finditer(self.sql, at):
            depth += {"(": 1, ")": -1}.get(found[0], 0)
            if depth == 0:
                return found.start()
        return end

    def _close_parentheses(self, start: int, end: int) -> int:
        """Positions are kept for names, not for brackets: take in those that the stretch leaves open."""
        open_count = self.sql.count("(", start, end) - self.sql.count(")", start, end)
        while open_count > 0 and end < len(self.sql) and (self.sql[end].isspace() or self.sql[end] == ")"):
            open_count -= self.sql[end] == ")"
            end += 1
        return end
