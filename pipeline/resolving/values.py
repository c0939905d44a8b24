"""The texts that a contract allows for a column, and comparisons with a text that it never is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from pipeline.model.contracts import Contracts
from pipeline.names import column_name
from pipeline.relations import Field, Relation
from pipeline.resolving.comparisons import Problem
from pipeline.suggest import suggestion

_ALLOWED = "allowed"
_LISTED = 12


@dataclass(frozen=True)
class Allowed:
    """What a contract says of a text: one of `texts`, or like `pattern`; `example` is one that is."""

    home: str
    texts: tuple[str, ...] = ()
    pattern: str = ""
    example: str = ""

    def holds(self, text: str) -> bool:
        """Whether an event may have this text."""
        return text in self.texts if self.texts else re.search(self.pattern, text) is not None


@dataclass(frozen=True)
class Limited(Field):
    """A column of an event whose contract lists or describes its texts."""

    allowed: Allowed | None = None


def with_allowed_texts(tables: Mapping[str, Relation], contracts: Contracts) -> dict[str, Relation]:
    """The tables, each column with the texts that its contract allows."""
    allowed: dict[tuple[str, str], Allowed] = {}
    for event in contracts.events:
        for field in event.fields:
            if field.enum or field.pattern:
                origin = event.name if field.origin == "event" else "_common"
                home = f"sql/events/{event.name if event.standalone else origin}.yaml"
                allowed[event.name, column_name(field.name)] = Allowed(
                    home, field.enum, field.pattern or "", str(field.example or "")
                )
    shop = next((event.name for event in contracts.events if not event.standalone), "")
    return {
        name: replace(
            relation,
            fields=tuple(
                _limited(field, allowed.get((name if contracts.event(name) else shop, field.name)))
                for field in relation.fields
            ),
        )
        for name, relation in tables.items()
    }


def _limited(field: Field, allowed: Allowed | None) -> Field:
    if allowed is None or not field.kind.is_text:
        return field
    known = {name: getattr(field, name) for name in Field.__dataclass_fields__}
    return Limited(**known, allowed=allowed)


def note(column: exp.Column, field: Field) -> None:
    """Note on a column which texts it can be."""
    if isinstance(field, Limited) and field.allowed is not None:
        column.meta[_ALLOWED] = field.allowed


def impossible(node: exp.Expr) -> Iterator[Problem]:
    """Texts that a comparison, an IN or the WHEN of a CASE names and that its column never is."""
    pairs: list[tuple[exp.Expr, exp.Expr]] = []
    if isinstance(node, (exp.EQ, exp.NEQ)):
        pairs = [(node.this, node.expression), (node.expression, node.this)]
    elif isinstance(node, exp.In):
        pairs = [(node.this, value) for value in node.expressions]
    elif isinstance(node, exp.Case) and node.this is not None:
        pairs = [(node.this, branch.this) for branch in node.args["ifs"]]
    for column, value in pairs:
        problem = _problem(column, value, isinstance(node, exp.NEQ))
        if problem:
            yield problem


def _problem(column: exp.Expr, value: exp.Expr, differs: bool) -> Problem | None:
    while isinstance(column, exp.Paren):
        column = column.this
    stands_in: set[str] = set()
    if isinstance(column, exp.Coalesce):
        others = column.expressions
        if not all(isinstance(other, exp.Literal) for other in others):
            return None
        stands_in = {other.name for other in others}
        column = column.this
    allowed = column.meta.get(_ALLOWED) if isinstance(column, exp.Column) else None
    if not isinstance(allowed, Allowed) or not isinstance(value, exp.Literal) or not value.is_string:
        return None
    text = value.name
    # `<> ''` is a guard that many write without thought, and always true.
    if text in stands_in or allowed.holds(text) or (differs and not text):
        return None
    texts = [*allowed.texts, *sorted(stands_in - set(allowed.texts))]
    message = f"\"{column.name}\" is never '{text}'"
    if allowed.texts:
        shown = ", ".join(texts[:_LISTED]) + (", ..." if len(texts) > _LISTED else "")
        hint = f"{suggestion(text, texts)}Values: {shown} ({allowed.home})"
    else:
        example = f", such as '{allowed.example}'" if allowed.example else ""
        hint = f"its values match {allowed.pattern}{example} ({allowed.home})"
    why = "Ingest turns events with another value away."
    return Problem(value, "impossible-value", message, hint, why)


def united(field: Field, other: Field) -> Field:
    """The first branch's field of a UNION ALL: its texts are known only where they are those of the other."""
    if isinstance(field, Limited) and not (isinstance(other, Limited) and other.allowed == field.allowed):
        return replace(field, allowed=None)
    return field
