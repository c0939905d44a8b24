"""YAML with positions: what the contract loader reads, each value knowing its file, line and column."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import yaml

from pipeline.model.diagnostics import Diagnostic, Position

_TAG = "tag:yaml.org,2002:"
_KINDS = {
    "str": "a string",
    "int": "a number",
    "float": "a fraction",
    "bool": "true or false",
    "null": "nothing",
}


def closest(word: str, choices: Sequence[str]) -> str:
    """`did you mean "x"? ` when a choice is close to the word, else an empty string."""
    near = difflib.get_close_matches(word, choices, n=1)
    return f'did you mean "{near[0]}"? ' if near else ""


@dataclass
class Reader:
    """One YAML file being read; mistakes are collected in `diagnostics`, never raised."""

    file: str
    diagnostics: list[Diagnostic] = field(default_factory=list)
    misspelt: set[tuple[str, str]] = field(default_factory=set)
    """Keys that an unknown one was probably meant to be, with what they stand in: none is missing too."""

    def at(self, node: yaml.Node | None) -> Position:
        """The node's place; the file's start for None."""
        if node is None:
            return Position(self.file, 1, 1)
        start, end = node.start_mark, node.end_mark
        length = end.column - start.column if start.line == end.line else 1
        return Position(self.file, start.line + 1, start.column + 1, max(length, 1))

    def report(self, node: yaml.Node | None, code: str, message: str, hint: str = "", why: str = "") -> None:
        """Add a mistake found at the node."""
        self.diagnostics.append(Diagnostic(self.at(node), code, message, hint, why))

    def compose(
        self,
        data: bytes,
        what: str = "a contract",
        keys: str = "version:, description:, fields:",
        *,
        may_be_empty: bool = False,
    ) -> yaml.MappingNode | None:
        """The root mapping of the file, or None after reporting why there is none.

        `what` and `keys` are what a message calls it and says may stand in it. None without a report for a
        file without content that `may_be_empty`.
        """
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            position = Position(self.file, line, error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1)
            self.diagnostics.append(
                Diagnostic(position, "malformed-yaml", "the file is not UTF-8", "save it as UTF-8")
            )
            return None
        try:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            if "unexpected end of stream" in (error.problem or ""):
                mark = error.context_mark or mark
            position = Position(self.file, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1)
            problem = error.problem or error.context or "it cannot be read"
            if "mapping values" in problem and (before := _without_colon(text, position.line)):
                row, line = before
                place = Position(self.file, line, len(row) - len(row.lstrip()) + 1, len(row.strip()))
                hint = f"write {_as_item(row)}"
                self.diagnostics.append(Diagnostic(place, "malformed-yaml", "this line has no colon", hint))
                return None
            hint = _next_step(problem, text, position)
            self.diagnostics.append(Diagnostic(position, "malformed-yaml", f"not YAML: {problem}", hint))
            return None
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            column = error.position - (text.rfind("\n", 0, error.position) + 1) + 1
            self.diagnostics.append(
                Diagnostic(
                    Position(self.file, line, column),
                    "malformed-yaml",
                    "not YAML: a control character stands here",
                    "delete it",
                )
            )
            return None
        except RecursionError:
            self.report(None, "malformed-yaml", "not YAML: it is nested too deeply", "write it flat")
            return None
        if isinstance(root, yaml.MappingNode):
            return root
        if root is not None or not may_be_empty:
            self.report(root, "malformed-yaml", f"{what} is a mapping of keys", keys)
        return None

    def items(self, node: yaml.MappingNode, what: str) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
        """The mapping's `(key, key node, value node)`; repeated keys are reported and left out."""
        seen: dict[str, int] = {}
        for key_node, value in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.report(key_node, "malformed-yaml", f"a key of {what} must be a name", "write key: value")
                continue
            key = key_node.value
            if key in seen:
                code = "duplicate-field" if what == "fields" else "duplicate-key"
                self.report(
                    key_node, code, f'"{key}" is given twice in {what}', f"first given in line {seen[key]}"
                )
                continue
            seen[key] = key_node.start_mark.line + 1
            yield key, key_node, value

    def known_items(
        self, node: yaml.MappingNode, what: str, allowed: Sequence[str]
    ) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        """The mapping's `{key: (key node, value node)}`; unknown keys are reported and left out."""
        found = {}
        for key, key_node, value in self.items(node, what):
            if key in allowed:
                found[key] = (key_node, value)
            else:
                self.misspelt.update((what, near) for near in allowed if closest(key, [near]))
                hint = f"{closest(key, allowed)}Keys: {', '.join(allowed)}"
                self.report(key_node, "unknown-key", f'unknown key "{key}" in {what}', hint)
        return found

    def mapping(self, node: yaml.Node, what: str) -> yaml.MappingNode | None:
        """The node as a mapping, or None after reporting."""
        if isinstance(node, yaml.MappingNode):
            return node
        hint = "write keys below it, indented, each as `key: value`"
        self.report(node, "wrong-value", f"{what} must be a mapping, not {kind(node)}", hint)
        return None

    def string(self, node: yaml.Node, what: str) -> str | None:
        """The node as text, or None after reporting. YAML's `NO` and `12` are not text without quotes."""
        if isinstance(node, yaml.ScalarNode) and node.tag == _TAG + "str":
            return str(node.value)
        hint = f'put it in quotes: "{node.value}"' if isinstance(node, yaml.ScalarNode) and node.value else ""
        hint = hint or "write a value behind the colon, or take the line out"
        self.report(node, "wrong-value", f"{what} must be a string, not {kind(node)}", hint)
        return None

    def boolean(self, node: yaml.Node, what: str) -> bool | None:
        """The node as true or false, or None after reporting."""
        if isinstance(node, yaml.ScalarNode) and node.tag == _TAG + "bool":
            return str(node.value).lower() in {"true", "yes", "on"}
        hint = "write true or false, without quotes"
        self.report(node, "wrong-value", f"{what} must be true or false, not {kind(node)}", hint)
        return None

    def integer(self, node: yaml.Node, what: str, low: int, high: int) -> int | None:
        """The node as a whole number in [low, high], or None after reporting."""
        text = node.value if isinstance(node, yaml.ScalarNode) and node.tag == _TAG + "int" else ""
        if not str(text).lstrip("-").isdecimal():
            hint = f"write a number between {_spaced(low)} and {_spaced(high)}, without quotes or unit"
            self.report(node, "wrong-value", f"{what} must be a whole number, not {kind(node)}", hint)
            return None
        if not low <= int(text) <= high:
            self.report(
                node,
                "wrong-value",
                f"{what} is {text}",
                f"it must be between {_spaced(low)} and {_spaced(high)}",
            )
            return None
        return int(text)


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def _without_colon(text: str, line: int) -> tuple[str, int] | None:
    """The nearest line before that says something, where it has no colon, and its number."""
    rows = text.split("\n")[: line - 1]
    for number, row in reversed(list(enumerate(rows, 1))):
        said = row.partition("#")[0].strip()
        if said:
            return (row, number) if ":" not in said and not said.startswith("-") else None
    return None


def _as_item(row: str) -> str:
    key, *value = row.partition("#")[0].split(maxsplit=1)
    return f"{key}: {value[0].strip() if value else '...'}"


def _next_step(problem: str, text: str, position: Position) -> str:
    """How a file becomes YAML again, as far as its parser tells."""
    rows = text.split("\n")
    row = rows[position.line - 1] if position.line <= len(rows) else ""
    if "\\t" in problem or "\t" in row:
        return "indent and separate by spaces: YAML takes no tabs"
    if "',' or ']'" in problem or "',' or '}'" in problem:
        return "close the bracket that was opened before"
    if "mapping values" in problem:
        return "one `key: value` a line; put a value that holds a colon in quotes"
    if "quoted" in problem or "end of stream" in problem:
        return "close the quote"
    return "write one `key: value` a line, all with the same indent"


def kind(node: yaml.Node) -> str:
    """What the node is, in words: `a string`, `a list`."""
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return _KINDS.get(node.tag.removeprefix(_TAG), f"a {node.tag.removeprefix(_TAG)}")


def tag(node: yaml.Node) -> str:
    """YAML's short type name of the node: str, int, float, bool, null, seq, map."""
    return str(node.tag.removeprefix(_TAG))
