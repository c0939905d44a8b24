"""Stage `classify`: what a model is - its key, its windows, how it streams, how long its state lives.

Never fails: what it cannot make out is left empty, and the rules of `check` say why that is refused.
"""

from __future__ import annotations

from sqlglot import exp

from pipeline.model.contracts import Contracts
from pipeline.model.models import Classified, Form, Resolved, Role, Window
from pipeline.names import UNION_TABLE, strict_app
from pipeline.queries import aggregates, branches, group_keys, interval_ms, unaliased, window_of
from sqlglot_flink import Cumulate, Hop, Session, Tumble, WindowFunction

HOUR_MS = 3_600_000
STATE_MARGIN_MS = HOUR_MS
"""State outlives the latest event that may still change it by this much, so that none starts a count anew."""


def classify(resolved: Resolved, contracts: Contracts) -> Classified:
    """Infer everything about a model that its author need not declare."""
    selects = branches(resolved.tree)
    literals = _discriminators(selects)
    roles = _roles(selects, literals, resolved)
    windows = tuple(
        window
        for index, select in enumerate(selects)
        if (window := _window(window_of(select), {name: values[index] for name, values in literals.items()}))
    )
    form, reason = _form(resolved, roles, windows)
    promises = resolved.parsed.rendered.source.promises
    time_column = next((name for name, role in roles if role == "time"), "")
    longest = max((window.size_ms or window.gap_ms for window in windows), default=0)
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


def _roles(
    selects: list[exp.Select], literals: dict[str, list[str]], resolved: Resolved
) -> list[tuple[str, Role]]:
    if not selects:
        return []
    keys = group_keys(selects[0])
    names = {column.name for column in resolved.columns}
    starts = [item for item in selects[0].expressions if _is_column(item, "window_start")]
    time = starts or [item for item in selects[0].expressions if _is_column(item, "window_end")]
    roles: list[tuple[str, Role]] = []
    for item in selects[0].expressions:
        name = item.alias_or_name
        if name not in names:
            continue
        expression = unaliased(item)
        role: Role = "measure"
        if time and item is time[0]:
            role = "time"
        elif name in literals or (any(expression == key for key in keys) and not _is_window(expression)):
            role = "dimension"
        roles.append((name, role))
    return roles


def _is_column(item: exp.Expr, name: str) -> bool:
    expression = unaliased(item)
    return isinstance(expression, exp.Column) and expression.name == name


def _is_window(expression: exp.Expr) -> bool:
    return isinstance(expression, exp.Column) and expression.name in (
        "window_start",
        "window_end",
        "window_time",
    )


def _window(function: WindowFunction | None, literals: dict[str, str]) -> Window | None:
    discriminator = tuple(literals.items())
    size = interval_ms(function.args.get("size")) if function else None
    if isinstance(function, Tumble) and size:
        return Window("tumble", size, size, 0, discriminator)
    if isinstance(function, Hop) and size:
        slide = interval_ms(function.args["slide"])
        return Window("hop", size, slide, 0, discriminator) if slide else None
    if isinstance(function, Cumulate) and size:
        step = interval_ms(function.args["step"])
        return Window("cumulate", size, step, 0, discriminator) if step else None
    if isinstance(function, Session):
        gap = interval_ms(function.args["gap"])
        return Window("session", 0, 0, gap, discriminator) if gap else None
    return None


def _form(resolved: Resolved, roles: list[tuple[str, Role]], windows: tuple[Window, ...]) -> tuple[Form, str]:
    promises = resolved.parsed.rendered.source.promises
    identifiers = {column.name for column in resolved.columns if column.identifier}
    by_identifier = [name for name, role in roles if role == "dimension" and name in identifiers]
    needs_end = sorted({window.kind.upper() for window in windows if window.kind in ("cumulate", "session")})
    if needs_end:
        return "strict", f"{' and '.join(needs_end)} windows are known only when the watermark closes them"
    if promises.live is not None:
        return ("live" if promises.live else "strict"), f"live: {str(promises.live).lower()} in metric.yaml"
    if by_identifier:
        names = ", ".join(by_identifier)
        return "strict", f"its key holds an identifier ({names}): each change of a row would be a write"
    if not any(True for select in branches(resolved.tree) for _ in aggregates(select)):
        return "strict", "it aggregates nothing"
    return "live", "its windows can be updated by key while they fill, and late events still count"


def _whole_hours(milliseconds: int) -> int:
    return -(-milliseconds // HOUR_MS) * HOUR_MS


def _sources(reads: tuple[str, ...], contracts: Contracts) -> tuple[str, ...]:
    names = set(reads)
    if UNION_TABLE in names:
        names.remove(UNION_TABLE)
        names.update(event.name for event in contracts.events if not event.standalone)
    return tuple(sorted(names))
