"""Verdicts for people and as data: which rows differ, on which input, and the events that made them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlglot import exp

from pipeline.diagnostics_text import plural
from pipeline.lower.engine import LABELS
from pipeline.model.models import Classified
from pipeline.names import EVENT_TIME
from pipeline.parity.compare import Change
from pipeline.parity.datasets import Dataset
from pipeline.parity.facts import facts_of
from pipeline.parity.run import Verdict
from pipeline.queries import branches, unaliased
from pipeline.testing.cases import EVENT_ID, Arrivals
from pipeline.testing.text_table import format_text_table
from pipeline.testing.values import Value, format_value

SHOWN_CHANGES = 5
SHOWN_EVENTS = 6
SHOWN_LEFT_OUT = 3


def headline(verdict: Verdict) -> str:
    """One line: the model, the engine and how they agree."""
    label = LABELS[verdict.engine]
    if verdict.refused:
        return f"{'-':<6}{verdict.name}: refused on {label}"
    if verdict.error is not None:
        return f"{'FAIL':<6}{verdict.name}: could not be compared on {label}"
    if verdict.empty:
        return f"{'FAIL':<6}{verdict.name}: nothing to compare on {label}"
    counted = f"{verdict.differing} of {plural(verdict.rows, 'row')} differ on {label}"
    return f"{'ok' if verdict.equal else 'FAIL':<6}{verdict.name}: {counted}"


def details(verdict: Verdict) -> Iterator[str]:
    """What is behind the headline, indented; nothing for what is equal."""
    for refusal in verdict.refused:
        place = refusal.position
        yield f"  {place.file}:{place.line}:{place.column}: {refusal.message}"
    yield from (f"  {line}" for line in _remarks(verdict))
    if verdict.error is not None:
        yield from (f"  {line}" for line in verdict.error.strip().splitlines()[:20])
    if verdict.empty:
        events = plural(sum(dataset.size for dataset in verdict.datasets), "event")
        yield f"  {events} gave no row, on Flink neither: that proves nothing. More of them may: --rows 1000"
    if verdict.overwritten:
        rows = plural(verdict.overwritten, "row")
        yield f"  {rows} of Flink had the key of an other row and overwrote it: the key is too narrow"
    for dataset, comparison in zip(verdict.datasets, verdict.comparisons, strict=False):
        for change in comparison.changes[:SHOWN_CHANGES]:
            yield from (f"  {line}" for line in _change(verdict, dataset, change))
        more = len(comparison.changes) - SHOWN_CHANGES
        if more > 0:
            yield f"  ... and {plural(more, 'more row')} of {dataset.name!r}"


def _remarks(verdict: Verdict) -> Iterator[str]:
    """What was left out of the comparison, by the reason."""
    by_reason: dict[str, list[str]] = {}
    for left in verdict.left_out:
        by_reason.setdefault(left.reason, []).append(left.event)
    for reason, events in by_reason.items():
        more = f" and {len(events) - SHOWN_LEFT_OUT} more" if len(events) > SHOWN_LEFT_OUT else ""
        yield f"{plural(len(events), 'event')} left out, where a batch query stops: {reason}"
        yield f"    {'; '.join(events[:SHOWN_LEFT_OUT])}{more}"


def _change(verdict: Verdict, dataset: Dataset, change: Change) -> Iterator[str]:
    label = LABELS[verdict.engine]
    row = change.flink or change.engine
    assert row is not None
    key = ", ".join(f"{name} = {show(row[name])}" for name in verdict.model.key)
    yield f"{dataset.name}: {key}"
    if change.engine is None:
        yield f"    only Flink has this row: {_cells(row)}"
    elif change.flink is None:
        yield f"    only {label} has this row: {_cells(row)}"
    else:
        for name in change.columns:
            left, right = show(change.flink[name]), show(change.engine[name])
            yield f"    {name}: Flink {left}, {label} {right}"
    for arrivals in events_of(verdict.model, dataset, row, SHOWN_EVENTS):
        if arrivals.rows:
            header = [column.name for column in arrivals.columns]
            table = format_text_table(header, [[show(value) for value in each] for each in arrivals.rows])
            yield f"    from {arrivals.event}, in order of arrival:"
            yield from (f"      {line}" for line in table)


def events_of(
    model: Classified, dataset: Dataset, row: Mapping[str, Any], limit: int | None
) -> tuple[Arrivals, ...]:
    """The events near an output row: of its dimensions, around its times; the columns the model reads."""
    facts = facts_of(model)
    used = {column.name for column in model.resolved.tree.find_all(exp.Column)} | {EVENT_TIME, EVENT_ID}
    wanted = {
        item.name: row[column.name]
        for select in branches(model.resolved.tree)
        for column, expression in zip(model.resolved.columns, select.expressions, strict=False)
        if isinstance(item := unaliased(expression), exp.Column)
        and column.name in model.key
        and item.name not in (EVENT_TIME, EVENT_ID)
    }
    times = [value for value in row.values() if isinstance(value, dt.datetime)]
    around = dt.timedelta(milliseconds=2 * facts.longest_ms)
    found = []
    for arrivals in dataset.given:
        names = [column.name for column in arrivals.columns]
        places = {names.index(name): value for name, value in wanted.items() if name in names}
        at = names.index(EVENT_TIME)
        near = [
            each
            for each in arrivals.rows
            if all(each[place] == value for place, value in places.items())
            and (not times or _between(each[at], min(times) - around, max(times) + around))
        ]
        kept = [index for index, name in enumerate(names) if name in used]
        rows = tuple(tuple(each[index] for index in kept) for each in near[:limit])
        columns = tuple(arrivals.columns[index] for index in kept)
        found.append(Arrivals(arrivals.event, columns, rows))
    return tuple(found)


def _between(value: Value, first: dt.datetime, last: dt.datetime) -> bool:
    return isinstance(value, dt.datetime) and first <= value <= last


def show(value: Any) -> str:
    """A value as a cell; what text tables have no form for as Python shows it."""
    if (
        value is None
        or isinstance(value, str | int | float | dt.date | dt.time)
        or hasattr(value, "as_tuple")
    ):
        return format_value(value)
    return repr(value)


def _cells(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {show(value)}" for name, value in row.items())


def as_json(verdict: Verdict) -> dict[str, object]:
    """The verdict as data; values as text, as in test cases."""
    return {
        "model": verdict.name,
        "engine": verdict.engine,
        "equal": verdict.equal,
        "rows": verdict.rows,
        "differing": verdict.differing,
        "nothing_to_compare": verdict.empty,
        "overwritten": verdict.overwritten,
        "refused": [refusal.message for refusal in verdict.refused],
        "error": verdict.error,
        "datasets": [
            {
                "name": dataset.name,
                "events": dataset.size,
                "left_out": [{"reason": left.reason, "event": left.event} for left in dataset.left_out],
                "rows": comparison.rows,
                "differences": [
                    {
                        "flink": _as_text(change.flink),
                        "engine": _as_text(change.engine),
                        "columns": list(change.columns),
                    }
                    for change in comparison.changes
                ],
            }
            for dataset, comparison in zip(verdict.datasets, verdict.comparisons, strict=False)
        ],
    }


def _as_text(row: Mapping[str, Any] | None) -> dict[str, str] | None:
    return None if row is None else {name: show(value) for name, value in row.items()}


def summary(verdicts: Sequence[Verdict], seconds: float) -> str:
    """The last line of a run."""
    engines = dict.fromkeys(LABELS[verdict.engine] for verdict in verdicts)
    models = plural(len({verdict.name for verdict in verdicts}), "model")
    rows = sum(verdict.rows for verdict in verdicts)
    differing = sum(verdict.differing for verdict in verdicts)
    against = ", ".join(engines) or "nothing"
    parts = [f"{models}, Flink against {against}: {differing} of {plural(rows, 'row')} differ"]
    refused = sum(bool(verdict.refused) for verdict in verdicts)
    failed = sum(verdict.error is not None for verdict in verdicts)
    overwritten = sum(bool(verdict.overwritten) for verdict in verdicts)
    if refused:
        parts.append(f"{refused} refused")
    if failed:
        parts.append(f"{failed} could not be compared")
    empty = sum(verdict.empty for verdict in verdicts)
    if empty:
        parts.append(f"{empty} with nothing to compare")
    left_out = {(verdict.name, left.event) for verdict in verdicts for left in verdict.left_out}
    if left_out:
        parts.append(f"{plural(len(left_out), 'event')} left out, which no engine treats as Flink does")
    if overwritten:
        parts.append(f"{overwritten} with too narrow a key")
    return f"{'; '.join(parts)} ({seconds:.1f} s). DOUBLE is compared to 12 digits, all else exactly."
