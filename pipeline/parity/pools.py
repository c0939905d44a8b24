"""Values for an event's fields that keep its contract and are meant to go wrong: edges, NULLs, odd texts."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.model.contracts import Event, Field
from pipeline.names import EVENT_TIME, column_name
from pipeline.parity.facts import Facts
from pipeline.testing.cases import broken_constraint
from pipeline.testing.values import SqlType, Value, ValueFormatError, parse_example

ODD_TEXTS = (
    "",
    " ",
    "a",
    "A",
    "ä",
    "a\u0308",
    "ß",
    "İstanbul",
    "家電",
    "🎧🏳️‍🌈",
    "\U0001d4b3",
    "it's",
    '"quoted"',
    "50% #1",
    "%",
    "_",
    "#",
    "back\\slash",
    "NULL",
    "null",
    "true",
    "0",
    "-1",
    "1e3",
    "007",
    " padded ",
    "two\nlines\tand a tab",
    "a,b;c|d",
    '{"a": [1, null]}',
    "https://user@techmart.example:8443/p/p-17?q=%C3%A4&utm_campaign=x#top",
    "2026-03-29",
    "2026-03-29 01:30:00.5",
    "ÀÉÎõü".lower(),
    "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
)
_URLS = (
    "https://techmart.example/p/p-17",
    "https://techmart.example/c/laptops?page=2&sort=price%20asc",
    "http://techmart.example",
    "https://techmart.example/suche?q=%C3%A4pfel#oben",
)
_CODES = ("EUR", "USD", "JPY", "GBP", "XXX", "DE", "US", "FR")
_INT_BITS = {"TINYINT": 8, "SMALLINT": 16, "INT": 32, "INTEGER": 32, "BIGINT": 64}
_HOT_SHARE, _NULL_SHARE, _LITERAL_SHARE = 0.6, 0.2, 0.45


@dataclass(frozen=True)
class Pool:
    """What a column's values are drawn from: `hot` and the query's `literals` often, `odd` at times."""

    column: str
    hot: tuple[Value, ...]
    literals: tuple[Value, ...]
    odd: tuple[Value, ...]
    nullable: bool

    def draw(self, chance: random.Random) -> Value:
        """A value, at times NULL where the contract allows it."""
        if self.nullable and chance.random() < _NULL_SHARE:
            return None
        if self.literals and chance.random() < _LITERAL_SHARE:
            return chance.choice(self.literals)
        if self.hot and chance.random() < _HOT_SHARE:
            return chance.choice(self.hot)
        choices = self.odd or self.hot or self.literals
        return chance.choice(choices) if choices else None


def pools_of(event: Event, facts: Facts) -> tuple[Pool, ...]:
    """A pool for each of the event's columns, in their order; event_id and event_time are given elsewhere."""
    return tuple(_pool(event, field, facts) for field in event.fields)


def _pool(event: Event, field: Field, facts: Facts) -> Pool:
    name = column_name(field.name)
    if name == "event_type" and not event.standalone:
        return Pool(name, (event.name,), (), (), nullable=False)
    hot, odd = _candidates(field)
    return Pool(
        name,
        hot=_allowed(hot, field),
        literals=() if name == EVENT_TIME else _allowed(_converted(facts.literals, field), field),
        odd=_allowed(odd, field),
        nullable=not field.required,
    )


def _candidates(field: Field) -> tuple[Sequence[Value], Sequence[Value]]:
    """Frequent and odd values by type, the contract's limits not yet applied."""
    kind = SqlType.of(field.sql_type)
    example = _example(field)
    if kind.name in _INT_BITS:
        low = int(field.minimum) if field.minimum is not None else -(2 ** (_INT_BITS[kind.name] - 1))
        high = int(field.maximum) if field.maximum is not None else 2 ** (_INT_BITS[kind.name] - 1) - 1
        return (low if low >= 0 else 0, 1, 2, 3, 5, 10), (
            low,
            low + 1,
            high,
            high - 1,
            -1,
            0,
            7,
            99,
            100,
            101,
            1000,
        )
    if kind.name == "DECIMAL":
        scale = kind.arguments[1] if len(kind.arguments) > 1 else 0
        unit = Decimal(1).scaleb(-scale)
        top = Decimal(10) ** (kind.arguments[0] - scale) - unit
        high = field.maximum if field.maximum is not None else top
        return (
            (unit, Decimal(1), Decimal("10.00"), Decimal("19.99"), Decimal("0.05"), Decimal("2.50")),
            (
                Decimal(0),
                Decimal(high),
                Decimal(high) - unit,
                -unit,
                -Decimal("0.05"),
                Decimal("0.15"),
                Decimal("1000.45"),
            ),
        )
    if kind.name in {"DOUBLE", "FLOAT"}:
        return (0.0, 1.0, 0.1, 2.5), (-0.0, 1e-300, 1e300, -1.5, 0.30000000000000004, 123456789.123)
    if kind.name == "BOOLEAN":
        return (True, False), (True, False)
    if kind.name.startswith("TIMESTAMP"):
        return (), ()
    if field.enum:
        return field.enum[:2], field.enum
    if field.name.endswith("_id"):
        stem = field.name[0]
        return (f"{stem}-1", f"{stem}-2", f"{stem}-3"), (f"{stem}-4", f"{stem.upper()}-1", *ODD_TEXTS)
    if "url" in field.name or field.name == "referrer":
        return _URLS, ODD_TEXTS
    return (example, "b", "B"), (*_CODES, *ODD_TEXTS)


def _example(field: Field) -> Value:
    try:
        return parse_example(field.example, field.sql_type)
    except ValueFormatError:
        return None


def _allowed(values: Iterable[Value], field: Field) -> tuple[Value, ...]:
    """Those that keep the field's contract, each once."""
    return tuple(
        value
        for value in dict.fromkeys(values)
        if value is not None and broken_constraint(value, field) is None and _fits(value, field)
    )


def _fits(value: Value, field: Field) -> bool:
    kind = SqlType.of(field.sql_type)
    if isinstance(value, bool):
        return kind.name == "BOOLEAN"
    if isinstance(value, int):
        return kind.name in _INT_BITS and abs(value) < 2 ** (_INT_BITS[kind.name] - 1)
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        assert isinstance(exponent, int)
        precision, scale = (*kind.arguments, 0)[:2] if kind.arguments else (10, 0)
        return -exponent <= scale and abs(value) < Decimal(10) ** (precision - scale)
    return True


def _converted(literals: Sequence[str | Decimal], field: Field) -> Iterable[Value]:
    """The query's literals as values of the field, numbers with their neighbours."""
    kind = SqlType.of(field.sql_type)
    for literal in literals:
        if kind.name in _INT_BITS:
            if isinstance(literal, Decimal) and literal == literal.to_integral_value():
                yield from (int(literal), int(literal) - 1, int(literal) + 1)
        elif kind.name == "DECIMAL":
            if isinstance(literal, Decimal):
                unit = Decimal(1).scaleb(-(kind.arguments[1] if len(kind.arguments) > 1 else 0))
                yield from (literal, literal - unit, literal + unit)
        elif kind.name == "STRING" and isinstance(literal, str) and not re.search(r"yyyy|HH:mm", literal):
            # Texts of the query go where the contract's own choices are, or anything may stand.
            yield literal
            if not field.enum:
                yield from (literal.upper(), f"{literal} ", f"x{literal}y")


def near(moment: dt.datetime, facts: Facts, chance: random.Random) -> dt.datetime:
    """A second time of an event (such as `ingest_time`): near its own, at lengths that the query names."""
    steps = (0, 1, 200, *facts.lengths)
    return moment + dt.timedelta(milliseconds=chance.choice(steps) * chance.choice((1, 1, -1)))
