"""Rule: a window stands beside GROUPING SETS, not inside."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.queries import set_keys
from pipeline.relations import WINDOW_COLUMNS
from pipeline.rules.rule import Rule, Subject

_SETS = (exp.GroupingSets, exp.Cube, exp.Rollup)


class WindowInSets(Rule):
    """window_start and window_end stand in GROUP BY before GROUPING SETS, ROLLUP or CUBE, not inside.

    Inside, Flink sees rows that belong to no window, and with them an endless aggregation.
    """

    code = "window-in-sets"

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Window columns inside GROUPING SETS, ROLLUP and CUBE."""
        for select in subject.all_selects():
            inside = [key for key in set_keys(select) if key.name in WINDOW_COLUMNS]
            if not inside:
                continue
            sets = inside[0].find_ancestor(*_SETS)
            names = " and ".join(dict.fromkeys(key.name for key in inside))
            verb = "stands" if len({key.name for key in inside}) == 1 else "stand"
            message = f"{names} {verb} inside {_word(sets)}"
            hint = f"write GROUP BY window_start, window_end, {_rest(sets)}"
            why = "Inside, Flink sees rows of no window and aggregates without an end."
            yield self.found(subject, inside[0], message, hint, why)


def _word(sets: exp.Expr | None) -> str:
    return (
        "ROLLUP"
        if isinstance(sets, exp.Rollup)
        else "CUBE"
        if isinstance(sets, exp.Cube)
        else "GROUPING SETS"
    )


def _rest(sets: exp.Expr | None) -> str:
    """The sets without the window's columns."""
    parts: list[str] = []
    for part in sets.expressions if sets else []:
        items = part.expressions if isinstance(part, exp.Tuple) else [part.unnest()]
        kept = [_text(item) for item in items if item.name not in WINDOW_COLUMNS]
        whole = isinstance(sets, exp.GroupingSets)
        if kept or whole:
            parts.append(f"({', '.join(kept)})" if whole or len(kept) > 1 else kept[0])
    return f"{_word(sets)} ({', '.join(dict.fromkeys(parts))})"


def _text(node: exp.Expr) -> str:
    return node.sql(dialect="flink", comments=False)
