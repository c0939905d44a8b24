"""Says what is wrong with a template at the wrong word, where Jinja names only the line."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from jinja2.exceptions import TemplateSyntaxError

from pipeline.model.diagnostics import Diagnostic, Position
from pipeline.suggest import suggestion

_TAG = re.compile(r"\{%-?\s*(\w+)[^%]*%\}")
_OPENERS = ("for", "if", "macro", "call", "filter", "block", "raw")
_TAGS = (
    "for",
    "if",
    "elif",
    "else",
    "endfor",
    "endif",
    "set",
    "macro",
    "endmacro",
    "import",
    "from",
    "include",
)
_DEFINED = re.compile(
    r"\{%-?\s*(?:set|macro)\s+(\w+)|\{%-?\s*for\s+(\w+)(?:\s*,\s*(\w+))?\s+in\b"
    r"|\{%-?\s*import\s+\S+\s+as\s+(\w+)"
)
_IMPORTED = re.compile(r"\{%-?\s*from\s+\S+\s+import\s+([^%]*?)\s*-?%\}")
_PARAMETERS = re.compile(r"\{%-?\s*macro\s+\w+\s*\(([^)]*)\)")
_SIGNATURE = re.compile(r"\{%-?\s*macro\s+(\w+)\s*\(([^)]*)\)")
_MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)")
_SOURCE = re.compile(r"macros/[\w.-]+\.sql")


def syntax_mistake(error: TemplateSyntaxError, file: str, text: str, filters: Collection[str]) -> Diagnostic:
    """A mistake in the template's own syntax; `text` is the template, `filters` are those that there are."""
    message = (error.message or "Jinja error").rstrip(".")
    place = _row_place(file, error.lineno, text)
    code = "jinja-syntax"
    if found := re.match(r"No (filter|test) named '([^']+)'", message):
        hint = suggestion(found[2], filters) or "write it in SQL"
        return Diagnostic(
            at_word(place, found[2], "", text), code, f'there is no {found[1]} "{found[2]}"', hint
        )
    if found := re.search(r"innermost block that needs to be closed is '(\w+)'", message):
        opener = _unclosed(text, found[1])
        if opener is not None and "Unexpected end" in message:
            place = _between(file, text, opener.start(), opener.end())
            return Diagnostic(
                place, code, f"{{% {found[1]} %}} is not closed", f"add {{% end{found[1]} %}} behind it"
            )
    if found := re.search(r"unknown tag '(\w+)'", message):
        place = at_word(place, found[1], "", text)
        if found[1].startswith("end") and found[1][3:] in _OPENERS:
            block = re.search(r"block that needs to be closed is '(\w+)'", message)
            hint = f"take it out, or open it before with {{% {found[1][3:]} ... %}}"
            if block:
                hint = f"the block that is open is {{% {block[1]} %}}: write {{% end{block[1]} %}}"
            return Diagnostic(place, code, f"{{% {found[1]} %}} closes nothing", hint)
        hint = f"{suggestion(found[1], _TAGS)}Tags: {', '.join(_TAGS)}"
        return Diagnostic(place, code, f'there is no tag "{found[1]}"', hint)
    if "comment tag" in message:
        return Diagnostic(place, code, "a comment is not closed", "add #}")
    if found := re.search(r"(?:unexpected|got) '([^']+)'", message):
        place = at_word(place, found[1], "", text)
    return Diagnostic(place, code, f"Jinja: {message}", "a value stands in {{ }}, a statement in {% %}")


def undefined_name(message: str, position: Position, file: str, templates: Mapping[str, str]) -> Diagnostic:
    """A name that has no value, at the name, with those that have one."""
    text = templates.get(file, templates.get(file.removeprefix("sql/"), ""))
    code = "jinja-undefined"
    if found := re.match(r"'([^']+)' is undefined", message):
        names = _names(text)
        hint = suggestion(found[1], names) + f"Names: {', '.join(names)}; set or import it"
        if not names:
            hint = f"write the text itself, or {{% set {found[1]} = ... %}} above"
        return Diagnostic(
            at_word(position, found[1], "", text), code, f"Jinja: '{found[1]}' is undefined", hint
        )
    exported = re.match(r"the template '([^']+)'.*does not export the requested name '([^']+)'", message)
    missing = re.search(r"has no attribute '([^']+)'", message)
    name = exported[2] if exported else missing[1] if missing else ""
    if not name:
        return Diagnostic(position, code, f"Jinja: {message}", "only what the template sets has a value")
    sources = [exported[1]] if exported else _SOURCE.findall(text)
    macros = [macro for source in sources for macro in _MACRO.findall(templates.get(source, ""))]
    hint = suggestion(name, macros) + f"Macros there: {', '.join(macros) or 'none'}"
    where = f'"{exported[1]}" has' if exported else "there is"
    return Diagnostic(at_word(position, name, "", text), code, f'{where} no macro "{name}"', hint)


def wrong_call(message: str, line: int, file: str, templates: Mapping[str, str]) -> Diagnostic | None:
    """A macro that is given too much or too little, at its name where it is called; None for other mistakes.

    `line` is the line of `file` that calls it.
    """
    few = re.match(r"parameter '(\w+)' was not provided", message)
    many = re.match(r"macro '(\w+)' takes (.*)", message)
    if not few and not many:
        return None
    text = templates.get(file, templates.get(file.removeprefix("sql/"), ""))
    rows = text.split("\n")
    row = rows[line - 1] if 0 < line <= len(rows) else ""
    signatures = {
        match[1]: match[2] for source in templates.values() for match in _SIGNATURE.finditer(source)
    }
    called = [name for name in signatures if re.search(rf"\b{name}\s*\(", row)]
    if few:
        called = [name for name in called if re.search(rf"\b{few[1]}\b", signatures[name])]
    name = many[1] if many else called[0] if called else ""
    if name not in signatures:
        return None
    place = at_word(Position(file, line, 1), name, "", text)
    what = f'{name} is not given "{few[1]}"' if few else f"the macro {name} takes {many[2] if many else ''}"
    what = what.replace("not more than", "at most").replace("argument(s)", "arguments")
    hint = f"write {name}({signatures[name].strip()})"
    return Diagnostic(place, "jinja-error", what.replace("1 arguments", "1 argument"), hint)


def at_word(position: Position, word: str, other: str, text: str) -> Position:
    """The place of the word, or of its other spelling, on the position's line; else the position."""
    rows = text.split("\n")
    row = rows[position.line - 1] if 0 < position.line <= len(rows) else ""
    for wanted in filter(None, (word, other)):
        whole = rf"(?<!\w){re.escape(wanted)}(?!\w)"
        found = re.compile(whole).search(row, position.column - 1) or re.search(whole, row)
        if found:
            return replace(position, column=found.start() + 1, length=len(wanted))
    return position


def _row_place(file: str, line: int, text: str) -> Position:
    rows = text.split("\n")
    row = rows[line - 1] if 0 < line <= len(rows) else ""
    tag = re.search(r"\{[{%].*?(?:[}%]\}|$)", row)
    if tag:
        return Position(file, line, tag.start() + 1, len(tag[0]))
    return Position(file, line, len(row) - len(row.lstrip()) + 1, max(len(row.strip()), 1))


def _between(file: str, text: str, start: int, end: int) -> Position:
    line = text.count("\n", 0, start) + 1
    return Position(file, line, start - (text.rfind("\n", 0, start) + 1) + 1, end - start)


def _unclosed(text: str, block: str) -> re.Match[str] | None:
    opened: list[re.Match[str]] = []
    for tag in _TAG.finditer(text):
        if tag[1] == block:
            opened.append(tag)
        elif tag[1] == f"end{block}" and opened:
            opened.pop()
    return opened[-1] if opened else None


def _names(text: str) -> list[str]:
    found = [name for match in _DEFINED.finditer(text) for name in match.groups() if name]
    for match in _PARAMETERS.finditer(text):
        found += [part.split("=")[0].strip() for part in match[1].split(",") if part.strip()]
    for match in _IMPORTED.finditer(text):
        found += [part.split()[-1] for part in match[1].split(",") if part.split()]
    return list(dict.fromkeys(found))
