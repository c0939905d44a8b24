"""A MATCH_RECOGNIZE read: its parts as data, and what keeps it from running on Flink or a batch engine."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from sqlglot import exp

from pipeline.lower.match.exclusive import exclusive
from pipeline.lower.match.pattern import Element, PatternError, parse_pattern
from pipeline.queries import interval_ms

Problem = tuple[exp.Expr, str]
"""A node and what stands there that is not computed, as a noun."""
_AFTER = re.compile(r"AFTER MATCH SKIP (?:(PAST LAST|TO NEXT) ROW|TO (?:(FIRST|LAST) )?(.+))", re.I)


@dataclass(frozen=True)
class Skip:
    """Where the search goes on: behind a match's last row, behind its first, or at a variable's row."""

    to: Literal["last row", "next row", "first of", "last of"]
    variable: str = ""


@dataclass(frozen=True)
class Spec:
    """What a MATCH_RECOGNIZE says.

    `order` begins with the event time; a variable that is not in `define` may be any row.
    """

    node: exp.MatchRecognize
    elements: tuple[Element, ...]
    partition: tuple[exp.Column, ...]
    order: tuple[exp.Ordered, ...]
    measures: tuple[tuple[str, exp.Expr], ...]
    define: dict[str, exp.Expr]
    within_ms: int
    skip: Skip
    problems: tuple[Problem, ...] = field(default=())

    @property
    def time(self) -> str:
        """The column of the event time."""
        return str(self.order[0].this.name)

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the columns that partition the rows."""
        return tuple(key.name for key in self.partition)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that come out, in order."""
        return (*self.keys, *(name for name, _ in self.measures))

    def reads(self) -> tuple[str, ...]:
        """Names of the input columns that are used, each once."""
        parts = [*self.partition, *self.order, *(item for _, item in self.measures), *self.define.values()]
        return tuple(dict.fromkeys(column.name for part in parts for column in part.find_all(exp.Column)))

    def place(self, variable: str | None) -> int | None:
        """Index of the element of a variable; None for another name (or no variable at all)."""
        found = (index for index, item in enumerate(self.elements) if item.variable == variable)
        return next(found, None)

    def left_before(self, index: int) -> list[int]:
        """The greedy elements that a row may come straight behind when it is the first of element `index`.

        They are left only by a row that they do not take.
        """
        found = []
        for before in range(index - 1, -1, -1):
            if self.elements[before].taking == "greedy":
                found.append(before)
            if self.elements[before].least:
                break
        return found[::-1]


def read(node: exp.MatchRecognize) -> Spec:
    """The parts of a MATCH_RECOGNIZE; `problems` says what Flink would refuse or what could fail there."""
    problems: list[Problem] = []
    elements = _elements(node, problems)
    order = tuple(node.args["order"].expressions) if node.args.get("order") else ()
    if not order or not all(isinstance(key.this, exp.Column) for key in order) or order[0].args.get("desc"):
        problems.append((node, "a pattern that is not ordered by ascending time"))
    rows = node.args.get("rows")
    if rows is not None and rows.name.upper() != "ONE ROW PER MATCH":
        problems.append((rows, rows.name.upper()))
    if not node.args.get("define"):
        problems.append((node, "a pattern without DEFINE"))
    within = interval_ms(node.args.get("within"))
    if within is None or within <= 0:
        problems.append((node.args.get("within") or node, "a pattern without WITHIN of a fixed time"))
    measures = tuple(_measure(item, problems) for item in node.args.get("measures") or [])
    spec = Spec(
        node=node,
        elements=elements,
        partition=tuple(node.args.get("partition_by") or ()),
        order=order,
        measures=measures,
        define={item.alias: item.this for item in node.args.get("define") or []},
        within_ms=within or 1,
        skip=_skip(node),
    )
    if elements:
        problems.extend(_failing_skip(spec))
    return Spec(**{**vars(spec), "problems": tuple(problems)})


def _elements(node: exp.MatchRecognize, problems: list[Problem]) -> tuple[Element, ...]:
    pattern = node.args.get("pattern") or node
    try:
        text = pattern.name if isinstance(pattern, exp.Var) else pattern.sql(dialect="flink")
        elements = parse_pattern(text)
    except PatternError as error:
        problems.append((pattern, str(error)))
        return ()
    for before, item in pairwise(elements):
        if before.taking == "greedy" and not item.least:
            taken = f"{before.variable}{before.quantifier} {item.variable}{item.quantifier}"
            problems.append((pattern, f"an optional variable behind a greedy one ({taken})"))
    last = elements[-1]
    if all(not item.least for item in elements):
        problems.append((pattern, "a pattern that no row at all would match"))
    elif last.taking == "greedy":
        problems.append((pattern, f"a greedy quantifier at the end ({last.variable}{last.quantifier})"))
    elif not last.least:
        what = f"an optional variable at the end ({last.variable}), which never gets a row,"
        problems.append((pattern, what))
    if last.taking == "open":
        # The match ends with the first row that it can end with.
        elements = (*elements[:-1], Element(last.variable, last.least, last.least, "fixed"))
    return elements


def _measure(item: exp.Expr, problems: list[Problem]) -> tuple[str, exp.Expr]:
    frame = item.args.get("window_frame")
    if frame:
        problems.append((item, f"{frame} in MEASURES"))
    inner = item.this if isinstance(item, exp.MatchRecognizeMeasure) else item
    return inner.alias_or_name, inner.this if isinstance(inner, exp.Alias) else inner


def _skip(node: exp.MatchRecognize) -> Skip:
    after = node.args.get("after")
    found = _AFTER.fullmatch(after.name) if after is not None else None
    if found is None:
        # Not the standard's default: measured with Flink 1.20.5.
        return Skip("next row")
    rows, end, variable = found.groups()
    if rows:
        return Skip("last row" if rows.upper() == "PAST LAST" else "next row")
    return Skip("first of" if (end or "").upper() == "FIRST" else "last of", variable.strip("`"))


def _failing_skip(spec: Spec) -> list[Problem]:
    """Flink's job fails where a match lacks the variable, or would begin at its own first row again."""
    if not spec.skip.variable:
        return []
    after = spec.node.args["after"]
    index = spec.place(spec.skip.variable)
    if index is None:
        return [(after, f"SKIP TO {spec.skip.variable}, which is not in the pattern,")]
    element = spec.elements[index]
    if not element.least:
        return [(after, f"SKIP TO {element.variable}, of which a match may have no row,")]
    moves = any(item.least for item in spec.elements[:index])
    moves = moves or (spec.skip.to == "last of" and element.least > 1)
    return [] if moves else [(after, f"SKIP TO {element.variable}, which may be the first row of a match,")]


def undecided(spec: Spec) -> tuple[int, int] | None:
    """First and last element whose rows Flink itself may choose in several ways, all ending with one row.

    Where an open element and a later one of no fixed length can both take a row, two ways through the pattern
    end together, and which of them Flink reports is decided by the layout of a heap. None where every match
    has one way only.
    """
    elements = spec.elements
    loose = [index for index, item in enumerate(elements) if item.taking != "fixed"]
    for index in loose:
        if elements[index].taking == "open" and loose[-1] > index and not _is_shut(spec, index):
            return index, loose[-1]
    return None


def _is_shut(spec: Spec, index: int) -> bool:
    """Whether no row can both be taken by the element and by what may come next."""
    this = spec.elements[index]
    for item in spec.elements[index + 1 :]:
        one, other = spec.define.get(this.variable), spec.define.get(item.variable)
        if not exclusive(one, this.variable, other, item.variable):
            return False
        if item.least:
            return True
    return True
