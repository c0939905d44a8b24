"""YAML with the place of everything in it, as test cases need it; mistakes are diagnostics."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import yaml

from pipeline.model.diagnostics import Diagnostic, Position
from pipeline.suggest import suggestion
from pipeline.testing.text_table import Line


@dataclass(frozen=True)
class Entry:
    """One `key: value` of a mapping."""

    key: str
    position: Position
    node: yaml.Node


def compose(file: str, text: str) -> tuple[yaml.Node | None, list[Diagnostic]]:
    """The tree of a YAML document; None where it is empty or no YAML (then with the mistake)."""
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader), []
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = Position(file, mark.line + 1, mark.column + 1) if mark else Position(file, 1, 1)
        problem = (error.problem or "the text cannot be read").replace("\n", " ")
        return None, [Diagnostic(position, "not-yaml", f"this is not YAML: {problem}", error.context or "")]
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - (text.rfind("\n", 0, error.position) + 1) + 1
        message = f"this is not YAML: the character U+{ord(text[error.position]):04X} is not allowed"
        return None, [Diagnostic(Position(file, line, column), "not-yaml", message, "remove it")]


def position_of(file: str, node: yaml.Node) -> Position:
    """Where a node begins."""
    mark, end = node.start_mark, node.end_mark
    length = end.column - mark.column if end.line == mark.line else 1
    return Position(file, mark.line + 1, mark.column + 1, max(1, length))


def entries(file: str, node: yaml.MappingNode) -> tuple[list[Entry], list[Diagnostic]]:
    """The entries of a mapping in their order; a key said twice is a mistake (YAML itself keeps the last)."""
    found: list[Entry] = []
    errors: list[Diagnostic] = []
    for key, value in node.value:
        position = position_of(file, key)
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        if any(entry.key == name for entry in found):
            errors.append(Diagnostic(position, "repeated-key", f'"{name}" is said twice', "keep one"))
            continue
        found.append(Entry(name, position, value))
    return found, errors


def block_lines(text: str, node: yaml.Node) -> list[Line] | None:
    """The lines of a literal block (`key: |`) with their places in the file; None for any other node."""
    if not isinstance(node, yaml.ScalarNode) or node.style != "|":
        return None
    last = node.end_mark.line + (1 if node.end_mark.column else 0)
    lines = text.splitlines()[node.start_mark.line + 1 : last]
    return [
        Line(node.start_mark.line + 2 + index, len(line) - len(line.lstrip()) + 1, line.lstrip())
        for index, line in enumerate(lines)
    ]


def choices(name: str, known: Iterable[str], kind: str) -> str:
    """A hint that lists what is known, and the nearest of it to what was written."""
    known = sorted(known)
    if not known:
        return f"there are no {kind.lower()}"
    return f"{suggestion(name, known)}{kind}: {', '.join(known)}"
