"""Windowing table functions: from a call's arguments to the typed node.

Flink's parser takes any arguments, only its validator refuses some. So a call with others than the function
is declared to take stays the plain call that it is, and `window_call_mistake` says what is wrong with it.
"""

from __future__ import annotations

from sqlglot import exp, parser

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
_NAMES = {"data": "this", "timecol": "time"}
_LABELS = {"this": "TABLE <name>", "time": "DESCRIPTOR(event_time)"}


def window_of(reader: parser.Parser, call: exp.Expr) -> WindowFunction | None:
    """Return the window function that `call` is; None where it is another function, or one ill called."""
    window = _window_called(call)
    if window is None or window_call_mistake(call) is not None:
        return None
    arguments: dict[str, exp.Expr] = {}
    names: list[str] = []
    for key, argument in zip(_keys(window, call.expressions), call.expressions, strict=True):
        value = argument
        if isinstance(argument, exp.Kwarg):
            names.append(argument.this.sql(dialect=reader.dialect))
            value = argument.expression
        if key == "this" and isinstance(value, exp.Subquery):
            value = reader.expression(TableArgument(this=value, partition_by=[]))
        arguments[key] = value
    node = window(**arguments, named=names or None)
    node.meta.update(call.meta)
    if call.name != window.NAME:
        node.meta["name"] = call.name
    return reader.expression(node)


def window_call_mistake(call: exp.Expr) -> tuple[exp.Expr, str] | None:
    """Return what is wrong with the call of a window function, and the node to show for it.

    None where the call is right, or calls another function.
    """
    window = _window_called(call)
    if window is None:
        return None
    keys = _keys(window, call.expressions)
    taken = ("this", "time", *window.INTERVALS)
    allowed = ", ".join(["DATA", "TIMECOL", *(name.upper() for name in window.INTERVALS)])
    for place, (key, argument) in enumerate(zip(keys, call.expressions, strict=True)):
        if isinstance(argument, exp.Kwarg) != isinstance(call.expressions[0], exp.Kwarg):
            return argument, f"{window.NAME} takes its arguments all by name or all by place"
        if not isinstance(argument, exp.Kwarg) and place >= len(taken):
            return argument, f"{window.NAME} has no argument here; it takes {allowed}"
        if key not in taken:
            return argument, f"{window.NAME} has no argument {argument.name.upper()}; it takes {allowed}"
        if key in keys[:place]:
            return argument, f"{window.NAME} is given {argument.name.upper()} twice"
        value = argument.expression if isinstance(argument, exp.Kwarg) else argument
        if key == "this" and not isinstance(value, (exp.Subquery, TableArgument)):
            return value, "Expected TABLE <name> as the first argument of the window function"
        if key == "time" and not (isinstance(value, Descriptor) and value.expressions):
            return value, f"{window.NAME} needs DESCRIPTOR(event_time) as its second argument"
    missing = [key for key in taken if key != "offset" and key not in keys]
    if missing:
        wanted = ", ".join(_LABELS.get(key, f"INTERVAL ({key})") for key in missing)
        return call, f"{window.NAME} lacks {wanted}"
    return None


def _window_called(call: exp.Expr) -> type[WindowFunction] | None:
    if not isinstance(call, exp.Anonymous) or not isinstance(call.this, str):
        return None
    return WINDOW_FUNCTIONS.get(call.name.upper())


def _keys(window: type[WindowFunction], arguments: list[exp.Expr]) -> list[str]:
    """Return for each argument the one of the node that it fills; the name itself where there is none."""
    positional = ("this", "time", *window.INTERVALS)
    return [
        _NAMES.get(argument.name.lower(), argument.name.lower())
        if isinstance(argument, exp.Kwarg)
        else positional[place]
        if place < len(positional)
        else ""
        for place, argument in enumerate(arguments)
    ]
