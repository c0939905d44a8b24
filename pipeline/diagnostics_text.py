"""How mistakes are shown: for people with source line and caret, for programs as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipeline.model.diagnostics import Diagnostic

_INDENT = "    "


def diagnostic_text(diagnostic: Diagnostic, root: Path) -> str:
    """One mistake: place and message, the source line with a caret and the hint, and why it matters."""
    at = diagnostic.position
    lines = [f"{at.file}:{at.line}:{at.column}: {diagnostic.message}"]
    source = source_line(root / at.file, at.line)
    if source.strip():
        # Tabs count as one character for the caret, whatever a terminal makes of them.
        shown = source.replace("\t", " ").rstrip()
        margin = min(len(shown) - len(shown.lstrip()), at.column - 1)
        length = max(min(at.length, len(shown) - at.column + 1), 1)
        caret = f"{_INDENT}{' ' * (at.column - 1 - margin)}{'^' * length} {diagnostic.hint}"
        lines += [f"{_INDENT}{shown[margin:]}", caret.rstrip()]
    elif diagnostic.hint:
        lines.append(f"{_INDENT}{diagnostic.hint}")
    if diagnostic.why:
        lines.append(f"  {diagnostic.why}")
    return "\n".join(lines)


def diagnostic_json(diagnostic: Diagnostic) -> dict[str, object]:
    """One mistake as data."""
    at = diagnostic.position
    return {
        "file": at.file,
        "line": at.line,
        "column": at.column,
        "length": at.length,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "why": diagnostic.why,
    }


def report(diagnostics: Iterable[Diagnostic], root: Path) -> str:
    """All mistakes, an empty line between them."""
    return "\n\n".join(diagnostic_text(diagnostic, root) for diagnostic in diagnostics)


def plural(count: int, noun: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def source_line(path: Path, line: int) -> str:
    """The file's line, empty where there is none."""
    try:
        rows = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError):
        return ""
    return rows[line - 1] if 0 < line <= len(rows) else ""
