"""A window function in FROM: its input, its time, its size."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.model.models import Window
from pipeline.names import EVENT_TIME, WIRE_TIME
from pipeline.queries import interval_ms
from pipeline.relations import WINDOW_COLUMNS, Relation
from pipeline.resolving.context import UNRESOLVED, Common, Context
from pipeline.resolving.looking_around import tell_time_of_match
from pipeline.suggest import suggestion
from sqlglot_flink import (
    Cumulate,
    Descriptor,
    Hop,
    Session,
    TableArgument,
    TableFunction,
    Tumble,
    WindowFunction,
)

_FUNCTIONS = ("TUMBLE", "HOP", "CUMULATE", "SESSION")


def span_of(function: exp.Expr | None) -> Window | None:
    """The window that a window function cuts; None where its lengths are no plain intervals."""
    size = interval_ms(function.args.get("size")) if function else None
    if isinstance(function, Tumble) and size:
        return Window("tumble", size, size)
    if isinstance(function, Hop) and size:
        slide = interval_ms(function.args["slide"])
        return Window("hop", size, slide) if slide else None
    if isinstance(function, Cumulate) and size:
        step = interval_ms(function.args["step"])
        return Window("cumulate", size, step) if step else None
    if isinstance(function, Session):
        gap = interval_ms(function.args["gap"])
        return Window("session", 0, 0, gap) if gap else None
    return None


def resolve_window(
    function: TableFunction,
    common: Common,
    context: Context,
    relation_of: Callable[[exp.Expr, Common], Relation],
) -> Relation:
    """The relation that a window function gives; mistakes in its arguments are reported."""
    window = function.this
    if not isinstance(window, WindowFunction):
        name = window.name.upper() if isinstance(window, exp.Anonymous) else window.key.upper()
        hint = suggestion(name, _FUNCTIONS) + f"Window functions: {', '.join(_FUNCTIONS)}"
        place = context.locator.head(window)
        message = f"{name} is no window function"
        context.typer.diagnostics.append(Diagnostic(place, "unknown-function", message, hint))
        return UNRESOLVED
    argument = window.this
    assert isinstance(argument, TableArgument)
    inner = relation_of(argument.this, common)
    for key in argument.args.get("partition_by") or []:
        context.typer.type_of(key, {argument.this.alias_or_name or "_0": inner})
    descriptor = window.args["time"]
    assert isinstance(descriptor, Descriptor)
    if inner.known:
        _descriptor(descriptor, inner, context)
        taken = [field.name for field in inner.fields if field.name in WINDOW_COLUMNS]
        if taken:
            names = " and ".join(f'"{name}"' for name in taken)
            message = f"the window's input has a column {names} already"
            context.typer.report(
                argument.this, "window-column-taken", message, f"rename it there: {taken[0]} AS minute_time"
            )
    return inner.windowed(span_of(window))


def _descriptor(descriptor: Descriptor, inner: Relation, context: Context) -> None:
    for identifier in descriptor.expressions:
        if isinstance(identifier, exp.Func):
            # A rule of its own says that PROCTIME() is no time of the event.
            continue
        place = context.locator.span(identifier)
        if place and context.locator.sql[place[0]] == "'":
            hint = f"write DESCRIPTOR({identifier.name})"
            context.typer.report(
                identifier, "not-a-time-column", "DESCRIPTOR names a column, not a text", hint
            )
        field = inner.get(identifier.name)
        times = [item.name for item in inner.fields if item.time_attribute]
        told = field is not None and tell_time_of_match(context.typer, identifier, field)
        descriptor.meta["time_attribute"] = told or field is None or field.time_attribute
        descriptor.meta["time_columns"] = times
        if field is None:
            hint = suggestion(identifier.name, [item.name for item in inner.fields]) + inner.listing()
            if identifier.name == WIRE_TIME and inner.get(EVENT_TIME):
                hint = f"in SQL it is called {EVENT_TIME}"
            elif times and not suggestion(identifier.name, times):
                hint = f"windows are cut by a time: DESCRIPTOR({times[0]})"
            if not times:
                own = "window_time AS minute_time" if inner.label.startswith("model") else EVENT_TIME
                hint += f"; {inner.label} has no time attribute: add {own} to its SELECT"
            message = f'unknown column "{identifier.name}" in {inner.label}'
            context.typer.report(identifier, "unknown-column", message, hint)
