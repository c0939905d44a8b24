"""Stage `classify`: what a model is - its key, its windows, how it streams, how long its state lives.

Never fails: what it cannot make out is left empty, and the rules of `check` say why that is refused.
"""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from pipeline.model.contracts import Contracts
from pipeline.model.models import Classified, Column, Form, Resolved, Role, Window
from pipeline.names import UNION_TABLE, strict_app
from pipeline.queries import branches, set_keys, unaliased, window_of
from pipeline.resolving.live import why_not_live
from pipeline.resolving.windows import span_of

HOUR_MS = 3_600_000
STATE_MARGIN_MS = HOUR_MS
"""State outlives the latest event that may still change it by this much, so that none starts a count anew."""
ROW = Window("row", 0, 0)
"""The window of rows that have none: each has a time of its own."""


def classify(resolved: Resolved, contracts: Contracts) -> Classified:
    """Infer everything about a model that its author need not declare."""
    selects = branches(resolved.tree)
    literals = _discriminators(selects)
    time = _time_column(resolved)
    dimensions = _dimensions(resolved, time, set(literals))
    roles = [(column.name, _role(column, time, dimensions)) for column in resolved.columns]
    windows = tuple(
        replace(
            _window(select, time),
            discriminator=tuple((name, values[index]) for name, values in literals.items()),
        )
        for index, select in enumerate(selects)
    )
    form, reason = _form(resolved, selects, dimensions)
    promises = resolved.parsed.rendered.source.promises
    time_column = time.name if time else ""
    longest = max(resolved.rows.reach_ms, *(window.size_ms for window in windows), 0)
    return Classified(
        resolved=resolved,
        form=form,
        form_reason=reason,
        key=(*filter(None, (time_column,)), *(name for name, role in roles if role == "dimension")),
        roles=tuple(roles),
        windows=windows,
        time_column=time_column,
        changelog="upsert" if form == "live" else "append",
        state_ttl_ms=_whole_hours(longest + promises.late_hours * HOUR_MS + STATE_MARGIN_MS),
        sources=_sources(resolved.reads, contracts),
        app=promises.app if form == "live" else strict_app(promises.app),
        reach_ms=longest,
    )


def _discriminators(selects: list[exp.Select]) -> dict[str, list[str]]:
    """Output columns that are a literal in every branch of a UNION ALL: name -> its value per branch."""
    if len(selects) < 2:
        return {}
    found: dict[str, list[str]] = {}
    for index, item in enumerate(selects[0].expressions):
        values = [select.expressions[index] for select in selects if index < len(select.expressions)]
        inner = [unaliased(value) for value in values]
        if len(inner) == len(selects) and all(isinstance(value, exp.Literal) for value in inner):
            found[item.alias_or_name] = [value.name for value in inner]
    return found


def _time_column(resolved: Resolved) -> Column | None:
    """The output that says when: a window's start, else the time of a row."""
    columns = resolved.columns
    for bound in ("start", "end"):
        for column in columns:
            if column.bound == bound:
                return column
    return next((column for column in columns if column.event_time), None)


def _dimensions(resolved: Resolved, time: Column | None, literals: set[str]) -> set[str]:
    """The outputs that tell rows of one time apart."""
    key = resolved.rows.keys[0] if resolved.rows.keys else ()
    columns = {column.name: column for column in resolved.columns}
    told = {time.name} if time else set()
    return {name for name in (*key, *literals) if name in columns and name not in told}


def _role(column: Column, time: Column | None, dimensions: set[str]) -> Role:
    if time is not None and column.name == time.name:
        return "time"
    return "dimension" if column.name in dimensions else "measure"


def _window(select: exp.Select, time: Column | None) -> Window:
    return span_of(window_of(select)) or (time.span if time else None) or ROW


def _form(resolved: Resolved, selects: list[exp.Select], dimensions: set[str]) -> tuple[Form, str]:
    promises = resolved.parsed.rendered.source.promises
    reasons = [reason for select in selects if (reason := why_not_live(select, resolved.tree))]
    by_identifier = [
        column.name for column in resolved.columns if column.identifier and column.name in dimensions
    ]
    if promises.live is not None and (not promises.live or not reasons):
        return ("live" if promises.live else "strict"), f"live: {str(promises.live).lower()} in metric.yaml"
    if reasons:
        return "strict", " and ".join(dict.fromkeys(reasons))
    if by_identifier:
        names = ", ".join(by_identifier)
        return "strict", f"its key holds an identifier ({names}): each change of a row would be a write"
    if any(set_keys(select) for select in selects):
        return "strict", "its windows are grouped in several ways"
    return "live", "its windows can be updated by key while they fill, and late events still count"


def _whole_hours(milliseconds: int) -> int:
    return -(-milliseconds // HOUR_MS) * HOUR_MS


def _sources(reads: tuple[str, ...], contracts: Contracts) -> tuple[str, ...]:
    names = set(reads)
    if UNION_TABLE in names:
        names.remove(UNION_TABLE)
        names.update(event.name for event in contracts.events if not event.standalone)
    return tuple(sorted(names))
