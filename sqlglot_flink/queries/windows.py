"""Windowing table functions: from a call's arguments to the typed node."""

from __future__ import annotations

import typing as t

from sqlglot import exp, parser
from sqlglot.tokenizer_core import Token, TokenType

from sqlglot_flink.expressions import (
    Cumulate,
    Descriptor,
    Hop,
    Session,
    TableArgument,
    Tumble,
    WindowFunction,
)

WINDOW_FUNCTIONS: dict[str, type[WindowFunction]] = {
    window.NAME: window for window in (Tumble, Hop, Cumulate, Session)
}


def window_of(reader: parser.Parser, call: exp.Expr) -> WindowFunction | None:
    """Return the window function that `call` is, or None where it is another function.

    Raises ParseError where a window function lacks an argument, or has one that it does not know.
    """
    window = WINDOW_FUNCTIONS.get(call.name.upper()) if isinstance(call, exp.Anonymous) else None
    if window is None:
        return None
    if len(call.expressions) > len(window.INTERVALS) + 2:
        # Calcite's own window functions take other arguments; Flink's parser does not mind them.
        return None
    arguments, names = _bound(reader, window, call)
    node = window(**arguments, named=names or None)
    node.meta.update(call.meta)
    if call.name != window.NAME:
        node.meta["name"] = call.name
    return reader.expression(node)


def _bound(
    reader: parser.Parser, window: type[WindowFunction], call: exp.Expr
) -> tuple[dict[str, exp.Expr], list[str]]:
    positional = ("this", "time", *window.INTERVALS)
    found: dict[str, exp.Expr] = {}
    names: list[str] = []
    place = _token_of(call)
    for argument in call.expressions:
        value = argument
        if isinstance(argument, exp.Kwarg):
            name = argument.this.name
            key = {"data": "this", "timecol": "time"}.get(name.lower(), name.lower())
            names.append(argument.this.sql(dialect=reader.dialect))
            value = argument.expression
        else:
            name = ""
            key = positional[len(found)] if len(found) < len(positional) else ""
        if key not in positional:
            allowed = ", ".join(["DATA", "TIMECOL", *(i.upper() for i in window.INTERVALS)])
            reader.raise_error(
                f"{window.NAME} has no argument {name.upper() if name else 'here'}; it takes {allowed}", place
            )
            continue
        found[key] = _checked(reader, window, key, value)
    missing = [key for key in positional if key != "offset" and key not in found]
    if missing:
        labels = {"this": "TABLE <name>", "time": "DESCRIPTOR(event_time)"}
        wanted = ", ".join(labels.get(key, f"INTERVAL ({key})") for key in missing)
        reader.raise_error(f"{window.NAME} lacks {wanted}", place)
    return found, names


def _checked(reader: parser.Parser, window: type[WindowFunction], key: str, value: exp.Expr) -> exp.Expr:
    if key == "this":
        if isinstance(value, exp.Subquery):
            return reader.expression(TableArgument(this=value, partition_by=[]))
        if not isinstance(value, TableArgument):
            reader.raise_error(
                "Expected TABLE <name> as the first argument of the window function", _token_of(value)
            )
    elif key == "time" and not isinstance(value, Descriptor):
        reader.raise_error(
            f"{window.NAME} needs DESCRIPTOR(event_time) as its second argument", _token_of(value)
        )
    return value


def _token_of(node: exp.Expr) -> t.Any:
    """Return a token at the place of `node`, for an error about it."""
    found = next((part for part in node.walk() if "start" in part.meta), None)
    if found is None:
        return None
    meta = found.meta
    return Token(TokenType.VAR, found.name or "-", meta["line"], meta["col"], meta["start"], meta["end"])
