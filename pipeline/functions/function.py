"""What the compiler knows of a function, and the rules by which its type follows from its arguments'."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.sql_types import (
    DOUBLE,
    STRING,
    SqlType,
    arithmetic,
    common_type,
    decimal_of,
)

Rule = Callable[[list[SqlType]], SqlType | None]


@dataclass(frozen=True)
class Function:
    """One function: `result` gives its type from its arguments' types (None: it cannot take them)."""

    least: int
    most: int | None
    result: Rule
    aggregate: bool = False
    repeatable: bool = True
    """False where the same event may give another value when it is read again."""
    over_only: bool = False
    """True where it has a meaning only before OVER (...)."""


def always(kind: SqlType, nullable: bool | None = None) -> Rule:
    """One type whatever the arguments; NULL where one of them is, unless said otherwise."""

    def rule(arguments: list[SqlType]) -> SqlType:
        empty = any(argument.nullable for argument in arguments) if nullable is None else nullable
        return kind.null(empty)

    return rule


def same(arguments: list[SqlType]) -> SqlType | None:
    """The type of the first argument."""
    return arguments[0].null(any(argument.nullable for argument in arguments)) if arguments else None


def number(arguments: list[SqlType]) -> SqlType | None:
    """The type of the first argument, which must be a number."""
    return same(arguments) if arguments and arguments[0].is_numeric else None


def text(*places: int, kind: SqlType = STRING, nullable: bool | None = None) -> Rule:
    """`kind`, where the arguments at these places (all, where none is named) are texts."""

    def rule(arguments: list[SqlType]) -> SqlType | None:
        for place in places or range(len(arguments)):
            if place < len(arguments) and not (arguments[place].is_text or arguments[place].name == "NULL"):
                return None
        return always(kind, nullable)(arguments)

    return rule


def real(arguments: list[SqlType]) -> SqlType | None:
    """DOUBLE, of numbers."""
    if not all(argument.is_numeric or argument.name == "NULL" for argument in arguments):
        return None
    return always(DOUBLE)(arguments)


def total(arguments: list[SqlType]) -> SqlType | None:
    """The type of a sum."""
    kind = arguments[0]
    if kind.name == "DECIMAL":
        return SqlType("DECIMAL", (38, kind.parameters[1]), kind.nullable)
    return kind if kind.is_numeric else None


def average(arguments: list[SqlType]) -> SqlType | None:
    """The type of an average, and of what is worked out as one."""
    kind = arguments[0]
    if kind.name == "DECIMAL":
        return SqlType("DECIMAL", (38, max(6, kind.parameters[1])), kind.nullable)
    return kind if kind.is_numeric else None


def rounded(arguments: list[SqlType]) -> SqlType | None:
    """The type of ROUND, FLOOR and CEIL: a DECIMAL without its fraction may need a digit more."""
    kind = arguments[0]
    if kind.name == "DECIMAL" and len(arguments) == 1:
        precision, scale = decimal_of(kind)
        return SqlType("DECIMAL", (precision - scale + 1 if scale else precision, 0), kind.nullable)
    return number(arguments)


def whole(arguments: list[SqlType]) -> SqlType | None:
    """The type of FLOOR and CEIL, which round times (`FLOOR(event_time TO HOUR)`) as well as numbers."""
    kind = arguments[0]
    if kind.name == "DECIMAL":
        return SqlType("DECIMAL", (kind.parameters[0], 0), kind.nullable)
    return kind if kind.is_time or kind.name == "DATE" else number(arguments)


def common(arguments: list[SqlType]) -> SqlType | None:
    """The type that all can become."""
    return common_type(arguments)


def first_known(arguments: list[SqlType]) -> SqlType | None:
    """The common type, NULL only where all may be."""
    kind = common_type(arguments)
    return kind.null(all(argument.nullable for argument in arguments)) if kind else None


def chosen(arguments: list[SqlType]) -> SqlType | None:
    """The type of `IF(condition, a, b)`."""
    return common_type(arguments[1:])


def modulo(arguments: list[SqlType]) -> SqlType | None:
    """The type of a remainder."""
    left, right = arguments
    return arithmetic("%", left, right) if left.is_exact and right.is_exact else None
