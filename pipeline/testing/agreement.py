"""Holds the engines against each other: where they differ on a case, the compiler is at fault."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.testing.compare import compare, format_difference
from pipeline.testing.outcomes import Outcome


def disagreement(by_engine: Mapping[str, Outcome], key: tuple[str, ...]) -> list[str]:
    """Lines that tell how the engines' results of one case differ; none where they agree.

    `by_engine` maps what an engine is called to its outcome; the first is what the others are held against.
    """
    (first, reference), *others = by_engine.items()
    names = [column.name for column in reference.case.columns]
    lines: list[str] = []
    for engine, outcome in others:
        failed = {name for name, one in ((first, reference), (engine, outcome)) if one.error is not None}
        if len(failed) == 1:
            (only,) = failed
            lines.append(f"{only} could not run the case, the other could")
        elif not failed:
            difference = compare(names, key, reference.rows, outcome.rows)
            if not difference.is_empty:
                lines.append(f"{first} -> {engine}")
                lines.extend(f"    {line}" for line in format_difference(difference))
    if not lines:
        return []
    case = reference.case
    return [
        f"{case.file}:1:1: {' and '.join(by_engine)} give different results for the same case",
        *(f"    {line}" for line in lines),
        "  Our translation is suspect, not your SQL: the engines must agree whatever the query says.",
        f"  Next: pipeline parity {case.model}, and report it with this case.",
    ]
