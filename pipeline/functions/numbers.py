"""Functions of numbers."""

from __future__ import annotations

from pipeline.functions.function import Function, always, modulo, number, real, rounded, whole
from pipeline.sql_types import DOUBLE, INT, INTEGERS, STRING, SqlType


def _text_of_whole(arguments: list[SqlType]) -> SqlType | None:
    return STRING.null(arguments[0].nullable) if arguments[0].name in INTEGERS else None


def _hex(arguments: list[SqlType]) -> SqlType | None:
    kind = arguments[0]
    return STRING.null(kind.nullable) if kind.name in INTEGERS or kind.is_text else None


FUNCTIONS: dict[str, Function] = {
    "ABS": Function(1, 1, number),
    "CEIL": Function(1, 1, whole),
    "CEILING": Function(1, 1, whole),
    "FLOOR": Function(1, 1, whole),
    "ROUND": Function(1, 2, rounded),
    "TRUNCATE": Function(1, 2, rounded),
    "MOD": Function(2, 2, modulo),
    "SIGN": Function(1, 1, number),
    "POWER": Function(2, 2, real),
    **{
        name: Function(1, 1, real)
        for name in (
            "SQRT", "EXP", "LN", "LOG10", "LOG2", "SIN", "COS", "TAN", "COT", "ASIN", "ACOS", "ATAN", "SINH",
            "COSH", "TANH", "DEGREES", "RADIANS",
        )
    },
    "LOG": Function(1, 2, real),
    "ATAN2": Function(2, 2, real),
    "PI": Function(0, 0, always(DOUBLE, nullable=False)),
    "E": Function(0, 0, always(DOUBLE, nullable=False)),
    "BIN": Function(1, 1, _text_of_whole),
    "HEX": Function(1, 1, _hex),
    "RAND": Function(0, 1, always(DOUBLE, nullable=False), repeatable=False),
    "RAND_INTEGER": Function(1, 2, always(INT), repeatable=False),
}  # fmt: skip
