"""Regular expressions: the part of Java's that other engines read alike, some of it spelled out for them.

Flink and Spark use Java's expressions, Trino Joni's and DuckDB RE2's. A pattern must be written out, so that
it can be read here; look-around, back references, `\\b`, flags and POSIX classes are refused.
"""

from __future__ import annotations

import re

from sqlglot import exp

from pipeline.lower.engine import Engine
from pipeline.lower.expressions.call import Call, is_literal_text, literal_int

ANY = r"[^\n\r\x{85}\x{2028}\x{2029}]"
"""What `.` means in Java: anything but the end of a line, of which it knows five."""
REGEXP_FOUND: dict[Engine, str] = {"duckdb": "regexp_matches", "trino": "regexp_like", "spark": "regexp_like"}
"""The function that says whether an expression is found in a text."""
_SPACE = r" \t\n\x{0B}\f\r"
_TOKEN = re.compile(
    r"\\(?P<class>[dDwWsS])|\\(?P<escaped>[^A-Za-z0-9])|\\(?P<control>[tnrf])|(?P<set>\[)|(?P<any>\.)"
    r"|(?P<group>\(\?:|\((?!\?))|(?P<close>\))|(?P<times>[*+?]\??|\{\d+(?:,\d*)?\}\??)(?![+])|(?P<or>\|)"
    r"|(?P<start>\^)|(?P<end>\$)|(?P<plain>[^\\\[\].(){}*+?|^$])"
)
_SET = re.compile(r"\[(?P<not>\^?)(?P<items>(?:\\[dws]|\\[^A-Za-z0-9]|\\[tnrf]|[^\\\[\]&^])+)\]")


def translated(call: Call, pattern: exp.Expr, whole_text_only: bool = False) -> str:
    """The pattern as a text literal for the engine; a `$` at its end is harmless where `whole_text_only`.

    Raises `CannotLowerError` for what the engines may read otherwise.
    """
    if not is_literal_text(pattern):
        raise call.refuse(f"{call.name} with a pattern that is not written out")
    text = pattern.name
    unlike = f"{call.name} with the pattern {text!r}, which not all engines read alike,"
    parts: list[str] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise call.refuse(unlike)
        kind = match.lastgroup
        token = match[0]
        at = match.end()
        if kind == "set":
            found = _SET.match(text, match.start())
            if found is None:
                raise call.refuse(unlike)
            items = found["items"].replace(r"\s", _SPACE)
            parts.append(f"[{found['not']}{items}]")
            at = found.end()
        elif kind == "class" and token in (r"\s", r"\S"):
            parts.append(f"[{'^' if token == chr(92) + 'S' else ''}{_SPACE}]")
        elif kind == "any":
            parts.append(ANY)
        elif kind == "end":
            if at != len(text) or not whole_text_only:
                raise call.refuse(f"{call.name} with $, which also stands before a last line break,")
            parts.append(r"(?:\r\n|[\n\r\x{85}\x{2028}\x{2029}])?\z")
        else:
            parts.append(token)
    written = text if call.engine == "spark" else "".join(parts)
    return quoted(written, call)


def quoted(text: str, call: Call) -> str:
    """A text literal in the engine's spelling."""
    if call.engine == "spark":
        text = text.replace("\\", "\\\\")
    return "'" + text.replace("'", "''" if call.engine != "spark" else "\\'") + "'"


def groups(pattern: str) -> int:
    """How many groups a pattern captures."""
    return re.compile(pattern.replace("\\z", "\\Z")).groups


def matches(call: Call) -> str:
    """`REGEXP(text, pattern)`: found anywhere."""
    pattern = translated(call, call.arguments[1], whole_text_only=True)
    if call.arguments[1].name == "":
        raise call.refuse("REGEXP with an empty pattern")
    return f"{REGEXP_FOUND[call.engine]}(_1, {pattern})"


def extracted(call: Call) -> str:
    """`REGEXP_EXTRACT(text, pattern [, group])`: NULL where nothing is found."""
    pattern = translated(call, call.arguments[1], whole_text_only=True)
    group = literal_int(call.arguments[2]) if len(call.arguments) > 2 else 0
    if group is None or not 0 <= group <= groups(call.arguments[1].name):
        raise call.refuse("REGEXP_EXTRACT of a group that is not written out or not there")
    if group == 0 and call.arguments[1].name.endswith("$") and call.engine != "spark":
        raise call.refuse("REGEXP_EXTRACT of all that a pattern with $ matches")
    if group and _may_be_left_out(call.arguments[1].name):
        raise call.refuse("REGEXP_EXTRACT of a group that may take no part in the match")
    if call.engine == "trino":
        return f"regexp_extract(_1, {pattern}, {group})"
    found = "regexp_matches" if call.engine == "duckdb" else "regexp_like"
    return f"CASE WHEN {found}(_1, {pattern}) THEN regexp_extract(_1, {pattern}, {group}) END"


def _may_be_left_out(pattern: str) -> bool:
    return bool(re.search(r"\)[?*{]", pattern)) or "|" in pattern


def replaced(call: Call) -> str:
    """`REGEXP_REPLACE(text, pattern, replacement)`: every match, the replacement as it is written."""
    pattern = translated(call, call.arguments[1])
    if re.fullmatch(call.arguments[1].name, "") or not is_literal_text(call.arguments[2]):
        raise call.refuse("REGEXP_REPLACE of an empty match, or by what is not written out,")
    text = call.arguments[2].name
    if call.engine == "duckdb":
        return f"regexp_replace(_1, {pattern}, {quoted(text.replace(chr(92), chr(92) * 2), call)}, 'g')"
    escaped = text.replace("\\", "\\\\").replace("$", "\\$")
    return f"regexp_replace(_1, {pattern}, {quoted(escaped, call)})"
