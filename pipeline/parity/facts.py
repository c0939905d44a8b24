"""What a model's own SQL says about where it could go wrong: lengths of time and values it compares with.

Input made at random seldom meets `element = 'checkout'` or a gap of exactly thirty minutes. So the literals
of the query are fed back into the input, and so are the lengths of its windows and intervals.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from sqlglot import exp

from pipeline.lower.batch.intervals import milliseconds
from pipeline.lower.batch.late import late_rows_exact
from pipeline.model.models import Classified
from pipeline.names import UNION_TABLE
from sqlglot_flink.expressions import WindowFunction

DAY_MS = 86_400_000
_LONGEST_MS = 7 * DAY_MS
_FUNCTION_LENGTHS = ("size", "slide", "step", "gap", "offset")


@dataclass(frozen=True)
class Facts:
    """What the generator needs to know of a model.

    `edges` are pairs `(period, offset)` in milliseconds: its windows begin at multiples of the period, moved
    by the offset. `lengths` are all lengths of time in it, in milliseconds, ascending. `literals` are
    its string and number literals. `late_rows` tells whether late rows may be sent, `ties_across_streams`
    whether events of two streams may share their time: in an order-sensitive query over a union of streams
    there is then no one result, for streams run independently.
    """

    edges: tuple[tuple[int, int], ...]
    lengths: tuple[int, ...]
    literals: tuple[str | Decimal, ...]
    late_rows: bool
    ties_across_streams: bool
    longest_ms: int


def facts_of(model: Classified) -> Facts:
    """What the model's query says."""
    tree = model.resolved.tree
    edges: set[tuple[int, int]] = set()
    lengths: set[int] = set()
    for window in model.windows:
        lengths |= {window.size_ms, window.slide_ms, window.gap_ms}
        if window.size_ms:
            edges |= {(window.size_ms, 0), (window.slide_ms or window.size_ms, 0)}
    for function in tree.find_all(WindowFunction):
        found = {
            key: milliseconds(function.args.get(key)) for key in _FUNCTION_LENGTHS if function.args.get(key)
        }
        offset = found.get("offset") or 0
        edges |= {
            (length, offset) for key, length in found.items() if length and key in {"size", "slide", "step"}
        }
    lengths |= {length for length in (milliseconds(node) for node in tree.find_all(exp.Interval)) if length}
    lengths = {abs(length) for length in lengths if 0 < abs(length) <= _LONGEST_MS}
    ordered = any(True for _ in tree.find_all(exp.Window, exp.MatchRecognize, exp.Limit))
    mixed = UNION_TABLE in model.resolved.reads or tree.find(exp.Union) is not None
    return Facts(
        edges=tuple(sorted((period, offset) for period, offset in edges if period > 0)),
        lengths=tuple(sorted(lengths)),
        literals=tuple(dict.fromkeys(_literals(tree))),
        late_rows=late_rows_exact(model),
        ties_across_streams=not (ordered and len(model.sources) > 1 and mixed),
        longest_ms=max(lengths, default=60_000),
    )


def _literals(tree: exp.Expr) -> Iterator[str | Decimal]:
    for literal in tree.find_all(exp.Literal):
        if isinstance(literal.parent, exp.Interval):
            continue
        if literal.is_string:
            # A pattern is nearly a text that it matches.
            yield literal.name
            yield literal.name.replace("%", "x").replace("_", "y")
            yield literal.name.replace("%", "")
        else:
            try:
                yield Decimal(literal.name)
            except InvalidOperation:
                continue
