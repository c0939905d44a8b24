"""What an engine made of a case, and the judgement on it."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import indent

from pipeline.testing.cases import Case
from pipeline.testing.compare import Row, compare, format_difference


@dataclass(frozen=True)
class Outcome:
    """One case on one engine: rows of `case.columns`, and how many events were too late (None: not known).

    `error` is the engine's own refusal, in which case there are no rows.
    """

    case: Case
    rows: tuple[Row, ...] = ()
    late: int | None = None
    error: str | None = None


def judge(outcome: Outcome, key: tuple[str, ...]) -> list[str]:
    """What is wrong with the outcome, in lines that begin with `file:line:col`; none where it is right.

    `key` names the columns that identify a row of the model.
    """
    case = outcome.case
    if outcome.error is not None:
        at = f"{case.file}:1:1"
        return [f"{at}: the case could not be run", *indent(outcome.error.strip(), "    ").splitlines()]
    lines: list[str] = []
    names = [column.name for column in case.columns]
    difference = compare(names, key, case.expect, outcome.rows)
    if not difference.is_empty:
        at = f"{case.position.file}:{case.position.line}:{case.position.column}"
        lines.append(f"{at}: the result is not as expected")
        lines.extend(f"    {line}" for line in format_difference(difference))
    if case.late is not None and case.late_position is not None and outcome.late not in {None, case.late}:
        at = f"{case.late_position.file}:{case.late_position.line}:{case.late_position.column}"
        lines.append(f"{at}: late: {case.late} was expected, {outcome.late} events came too late")
    return lines
