"""JSON in texts: IS JSON, JSON_VALUE, JSON_EXISTS, and texts written as JSON.

What is JSON is judged here, by regular expressions, for each engine's own reader takes more than Flink's or
less: strings and scalars shrink to `""` and `0`, then objects and arrays from the inside out. The value is
then taken out by the engine. Where a key stands twice Flink takes the last; where text follows the JSON Flink
passes over it; the query stops at the latter, and at the former where the engine takes the first.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlglot import exp

from pipeline.lower.engine import Engine
from pipeline.lower.expressions.call import Call, Lowering, is_literal_text, once
from pipeline.lower.expressions.letters import like
from pipeline.lower.expressions.patterns import quoted
from pipeline.lower.expressions.stops import stop

DEPTH = 8
"""How deep objects and arrays may stand in each other; the query stops at deeper ones."""
_WHITE = r"[ \t\n\r]"
_STRING = r'"([^"\\\x{00}-\x{1F}]|\\(["\\/bfnrt]|u[0-9a-fA-F]{4}))*"'
_SCALAR = r"-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?|true|false|null"
_FLAT = r'\{("":(0|"")(,"":(0|""))*)?\}|\[((0|"")(,(0|""))*)?\]'
_MORE = r'\A(0|"").'
_TRAILED = rf'\A{_WHITE}*([\[{{"]|({_SCALAR}){_WHITE})'
"""What text may follow without Flink's minding."""
_ESCAPED_KEY = rf'"([^"\\]|\\.)*\\.([^"\\]|\\.)*"{_WHITE}*:'
_PLAIN_NUMBER = r"\A(-?[1-9][0-9]*|0|-?(0[.](0|0?0?[1-9][0-9]{0,11})|[1-9][0-9]{0,6}[.][0-9]{1,8}))\z"
"""Numbers that all engines write as Java does."""
_STEP = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)|\[(\d+)\]|\['([^'\\\"\[\]]+)'\]|\[\"([^'\\\"\[\]]+)\"\]")
_PATH = re.compile(
    r"\s*(?:lax|strict)?\s*\$((?:" + _STEP.pattern.replace("(\\d", "(?:\\d") + r")*)\s*", re.IGNORECASE
)
Path = tuple[str | int, ...]


def _replaced(engine: Engine, place: str, pattern: str, by: str) -> str:
    written = pattern.replace("\\", "\\\\") if engine == "spark" else pattern
    every = ", 'g'" if engine == "duckdb" else ""
    return f"regexp_replace({place}, '{written}', '{by}'{every})"


def _skeleton(engine: Engine) -> str:
    """SQL for what is left of the text `_1`: `0` or `""` where it is JSON."""
    text = _replaced(engine, "_1", _STRING, '""')
    text = _replaced(engine, text, _SCALAR, "0")
    text = _replaced(engine, text, _WHITE, "")
    for _ in range(DEPTH):
        text = _replaced(engine, text, _FLAT, "0")
    return text


def _judged(call: Call, kind: str, valid: str, otherwise: str) -> str:
    """`valid` where the text is JSON, `otherwise` where it is not; a stop where it is both or too deep."""
    engine, skeleton = call.engine, _skeleton(call.engine)
    deep = stop(engine, f"JSON that is deeper than {DEPTH} levels", kind)
    behind = f"{like(engine, skeleton, _MORE)} AND {like(engine, '_1', _TRAILED)}"
    return once(
        call,
        f"CASE WHEN _1 IS NULL THEN NULL WHEN {skeleton} IN ('0', '\"\"') THEN {valid} "
        f"WHEN {like(engine, skeleton, _FLAT)} THEN {deep} "
        f"WHEN {behind} THEN {stop(engine, 'text behind the JSON', kind)} ELSE {otherwise} END",
    )


def is_json(call: Call, what: str) -> str:
    """`text IS JSON [VALUE | OBJECT | ARRAY | SCALAR]`: FALSE for NULL."""
    if call.family(0) not in ("text", "null"):
        raise call.refuse(f"IS JSON of {call.kind(0)}")
    first = {"OBJECT": r"\{", "ARRAY": r"\[", "SCALAR": r"[^\[{ \t\n\r]"}.get(what)
    valid = like(call.engine, "_1", rf"\A{_WHITE}*{first}") if first else "TRUE"
    return f"COALESCE({_judged(call, 'BOOLEAN', valid, 'FALSE')}, FALSE)"


def _path(call: Call) -> Path:
    node = call.arguments[1]
    match = _PATH.fullmatch(node.name) if is_literal_text(node) else None
    if match is None or not match[1]:
        raise call.refuse(f"{call.name} with a path other than $ with .name, ['name'] or [0], written out,")
    steps: list[str | int] = []
    for step in _STEP.finditer(match[1]):
        name = step[1] or step[3] or step[4]
        steps.append(name if name is not None else int(step[2]))
    return tuple(steps)


def _written(call: Call, path: Path) -> str:
    """The path in the engine's spelling, as a literal."""
    engine = call.engine
    if engine == "duckdb":
        parts = [f"[{step}]" if isinstance(step, int) else f'."{step}"' for step in path]
    elif engine == "trino":
        parts = [f"[{step}]" if isinstance(step, int) else f'["{step}"]' for step in path]
    else:
        parts = [f"[{step}]" if isinstance(step, int) else f"['{step}']" for step in path]
    return quoted("$" + "".join(parts), call)


def _twice(call: Call, path: Path) -> str | None:
    """SQL for "a key of the path stands twice in its object", where the engine takes the first."""
    if call.engine == "trino":
        return None
    found = []
    for at, step in enumerate(path):
        if isinstance(step, int):
            continue
        key, before = quoted(step, call), path[:at]
        if call.engine == "duckdb":
            found.append(f"len(list_filter(json_keys(_1, {_written(call, before)}), k -> k = {key})) > 1")
        else:
            inner = f"get_json_object(_1, {_written(call, before)})" if before else "_1"
            found.append(f"size(filter(json_object_keys({inner}), k -> k = {key})) > 1")
    return " OR ".join(f"COALESCE({each}, FALSE)" for each in found) if found else None


def _taken(call: Call, path: Path, kind: str, value: str) -> str:
    """The value of a JSON text, or a stop at keys that engines read otherwise."""
    unclear = [like(call.engine, "_1", _ESCAPED_KEY)] if path else []
    twice = _twice(call, path)
    unclear += [twice] if twice else []
    if not unclear:
        return value
    stopped = stop(call.engine, "JSON with a key that stands twice or is written with a backslash", kind)
    return f"CASE WHEN {' OR '.join(unclear)} THEN {stopped} ELSE {value} END"


def _default(call: Call) -> str:
    """What JSON_VALUE gives where there is no value: Flink takes it from ON ERROR in each case."""
    cases = {str(case.args["event"]).upper(): case for case in call.node.args.get("on_cases") or ()}
    if call.node.args.get("returning") is not None:
        raise call.refuse(f"{call.name} with RETURNING")
    empty, error = cases.get("EMPTY"), cases.get("ERROR")
    if empty is not None and (error is None or empty.this.name.upper() != error.this.name.upper()):
        # Flink 1.20 gives the one of ON ERROR for what is empty, too.
        raise call.refuse(f"{call.name} with ON EMPTY other than ON ERROR")
    if empty is not None and empty.args.get("expression") != (
        error.args.get("expression") if error else None
    ):
        raise call.refuse(f"{call.name} with ON EMPTY other than ON ERROR")
    if error is None or error.this.name.upper() == "NULL":
        return "NULL"
    default = error.args.get("expression")
    if error.this.name.upper() == "DEFAULT" and isinstance(default, exp.Expr) and is_literal_text(default):
        return quoted(default.name, call)
    raise call.refuse(f"{call.name} with {error.this.name.upper()} ON ERROR")


def _value(call: Call) -> str:
    """`JSON_VALUE(text, 'path')`: a scalar as text."""
    _of_text(call)
    path, engine, other = _path(call), call.engine, _default(call)
    place = _written(call, path)
    number = stop(engine, "a number in JSON that is not written alike", None)
    if engine == "duckdb":
        kind, text = f"json_type(_1, {place})", f"json_extract_string(_1, {place})"
        value = (
            f"CASE WHEN {kind} IS NULL OR {kind} IN ('NULL', 'OBJECT', 'ARRAY') THEN {other} "
            f"WHEN {kind} IN ('VARCHAR', 'BOOLEAN') OR {like(engine, text, _PLAIN_NUMBER)} THEN {text} "
            f"WHEN {text} = '-0' THEN '0' ELSE {number} END"
        )
    elif engine == "trino":
        text = f"json_extract_scalar(json_parse(_1), {place})"
        string = f"json_format(json_extract(json_parse(_1), {place})) LIKE '\"%'"
        plain = rf"{_PLAIN_NUMBER}|\A(true|false)\z"
        value = (
            f"CASE WHEN {text} IS NULL THEN {other} WHEN {string} OR {like(engine, text, plain)} THEN {text} "
            f"WHEN {text} = '-0' THEN '0' ELSE {number} END"
        )
    else:
        text = f"get_json_object(_1, {place})"
        nested = rf"\A{_WHITE}*[\[{{]"
        within = like(engine, "_1", rf'"{_WHITE}*[\[{{]')
        unclear = stop(engine, "a text in JSON that looks like JSON", None)
        value = (
            f"CASE WHEN {text} IS NULL THEN {other} WHEN NOT {like(engine, text, nested)} THEN {text} "
            f"WHEN {within} THEN {unclear} ELSE {other} END"
        )
    kind_name = "STRING" if engine == "spark" else "VARCHAR"
    return _judged(call, kind_name, _taken(call, path, kind_name, value), other)


def _exists(call: Call) -> str:
    """`JSON_EXISTS(text, 'path')`: there is a value, and it is not null."""
    _of_text(call)
    cases = call.node.args.get("on_cases") or ()
    if any(case.this.name.upper() != "FALSE" for case in cases):
        raise call.refuse("JSON_EXISTS with other than FALSE ON ERROR")
    path, engine = _path(call), call.engine
    place = _written(call, path)
    if engine == "duckdb":
        value = f"COALESCE(json_type(_1, {place}) <> 'NULL', FALSE)"
    elif engine == "trino":
        value = f"COALESCE(json_format(json_extract(json_parse(_1), {place})) <> 'null', FALSE)"
    else:
        value = f"get_json_object(_1, {place}) IS NOT NULL"
    return _judged(call, "BOOLEAN", _taken(call, path, "BOOLEAN", value), "FALSE")


def _of_text(call: Call) -> None:
    if call.family(0) not in ("text", "null"):
        raise call.refuse(f"{call.name} of {call.kind(0)}")


def _string(call: Call) -> str:
    """`JSON_STRING(text)`: the text in quotes, escaped where JSON wants it."""
    _of_text(call)
    engine = call.engine
    text = "_1"
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = f"replace({text}, chr({ord(plain)}), {quoted(escaped, call)})"
    control = stop(engine, "JSON_STRING of a text with a control character")
    found = like(engine, "_1", r"[\x{00}-\x{08}\x{0B}\x{0C}\x{0E}-\x{1F}\x{7F}]")
    return f"CASE WHEN {found} THEN {control} ELSE '\"' || {text} || '\"' END"


def table(_engine: Engine) -> dict[str, Lowering]:
    """The functions of JSON."""
    functions: dict[str, Callable[[Call], str]] = {
        "JSON_VALUE": _value,
        "JSON_EXISTS": _exists,
        "JSON_STRING": _string,
    }
    return dict(functions)
