"""The functions a model may call: how many arguments, what type they give, whether they are repeatable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.sql_types import (
    BIGINT,
    BOOLEAN,
    DOUBLE,
    INT,
    INTEGERS,
    STRING,
    SqlType,
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


def _always(kind: SqlType, nullable: bool | None = None) -> Rule:
    def rule(arguments: list[SqlType]) -> SqlType:
        empty = any(argument.nullable for argument in arguments) if nullable is None else nullable
        return kind.null(empty)

    return rule


def _first(arguments: list[SqlType]) -> SqlType | None:
    return arguments[0].null(any(argument.nullable for argument in arguments)) if arguments else None


def _number(arguments: list[SqlType]) -> SqlType | None:
    return _first(arguments) if arguments and arguments[0].is_numeric else None


def _sum(arguments: list[SqlType]) -> SqlType | None:
    kind = arguments[0]
    if kind.name == "DECIMAL":
        return SqlType("DECIMAL", (38, kind.parameters[1]), kind.nullable)
    return kind if kind.is_numeric else None


def _average(arguments: list[SqlType]) -> SqlType | None:
    kind = arguments[0]
    if kind.name == "DECIMAL":
        return SqlType("DECIMAL", (38, max(6, kind.parameters[1])), kind.nullable)
    return kind if kind.is_numeric else None


def _deviation(arguments: list[SqlType]) -> SqlType | None:
    return _average(arguments)


def _rounded(arguments: list[SqlType]) -> SqlType | None:
    kind = arguments[0]
    if kind.name == "DECIMAL" and len(arguments) == 1:
        precision, scale = decimal_of(kind)
        return SqlType("DECIMAL", (precision - scale + 1 if scale else precision, 0), kind.nullable)
    return _number(arguments)


def _common(arguments: list[SqlType]) -> SqlType | None:
    return common_type(arguments)


def _coalesce(arguments: list[SqlType]) -> SqlType | None:
    kind = common_type(arguments)
    return kind.null(all(argument.nullable for argument in arguments)) if kind else None


def _if(arguments: list[SqlType]) -> SqlType | None:
    return common_type(arguments[1:])


def _modulo(arguments: list[SqlType]) -> SqlType | None:
    left, right = arguments
    if left.name in INTEGERS and right.name in INTEGERS:
        return right.null(left.nullable or right.nullable)
    return left.null(True) if left.is_exact and right.is_exact else None


_TEXT = _always(STRING)
_WHOLE = _always(INT)
_REAL = _always(DOUBLE)
_ON_DATE = _always(BIGINT)

FUNCTIONS: dict[str, Function] = {
    # aggregates
    "COUNT": Function(0, 1, _always(BIGINT, nullable=False), aggregate=True),
    "SUM": Function(1, 1, _sum, aggregate=True),
    "AVG": Function(1, 1, _average, aggregate=True),
    "MIN": Function(1, 1, _first, aggregate=True),
    "MAX": Function(1, 1, _first, aggregate=True),
    "STDDEV_POP": Function(1, 1, _deviation, aggregate=True),
    "STDDEV_SAMP": Function(1, 1, _deviation, aggregate=True),
    "VAR_POP": Function(1, 1, _deviation, aggregate=True),
    "VAR_SAMP": Function(1, 1, _deviation, aggregate=True),
    # The order of arrival decides these, so that a replay may give another value.
    "FIRST_VALUE": Function(1, 1, _first, aggregate=True, repeatable=False),
    "LAST_VALUE": Function(1, 1, _first, aggregate=True, repeatable=False),
    "LISTAGG": Function(1, 2, _always(STRING, nullable=True), aggregate=True, repeatable=False),
    # conditions
    "COALESCE": Function(1, None, _coalesce),
    "IFNULL": Function(2, 2, _coalesce),
    "NULLIF": Function(2, 2, lambda arguments: arguments[0].null(True)),
    "IF": Function(3, 3, _if),
    "GREATEST": Function(1, None, _common),
    "LEAST": Function(1, None, _common),
    # numbers
    "ABS": Function(1, 1, _number),
    "CEIL": Function(1, 1, _rounded),
    "CEILING": Function(1, 1, _rounded),
    "FLOOR": Function(1, 1, _rounded),
    "ROUND": Function(1, 2, _rounded),
    "TRUNCATE": Function(1, 2, _number),
    "MOD": Function(2, 2, _modulo),
    "SIGN": Function(1, 1, _number),
    "POWER": Function(2, 2, _REAL),
    "SQRT": Function(1, 1, _REAL),
    "EXP": Function(1, 1, _REAL),
    "LN": Function(1, 1, _REAL),
    "LOG": Function(1, 2, _REAL),
    "LOG10": Function(1, 1, _REAL),
    "LOG2": Function(1, 1, _REAL),
    # text
    "UPPER": Function(1, 1, _TEXT),
    "LOWER": Function(1, 1, _TEXT),
    "CONCAT": Function(1, None, _TEXT),
    "CONCAT_WS": Function(2, None, _TEXT),
    "SUBSTRING": Function(2, 3, _TEXT),
    "SUBSTR": Function(2, 3, _TEXT),
    "LEFT": Function(2, 2, _TEXT),
    "RIGHT": Function(2, 2, _TEXT),
    "TRIM": Function(1, 2, _TEXT),
    "LTRIM": Function(1, 1, _TEXT),
    "RTRIM": Function(1, 1, _TEXT),
    "REPLACE": Function(3, 3, _TEXT),
    "REVERSE": Function(1, 1, _TEXT),
    "INITCAP": Function(1, 1, _TEXT),
    "LPAD": Function(3, 3, _always(STRING, nullable=True)),
    "RPAD": Function(3, 3, _always(STRING, nullable=True)),
    "OVERLAY": Function(3, 4, _TEXT),
    "SPLIT_INDEX": Function(3, 3, _always(STRING, nullable=True)),
    "REGEXP_EXTRACT": Function(2, 3, _always(STRING, nullable=True)),
    "REGEXP_REPLACE": Function(3, 3, _TEXT),
    "REGEXP": Function(2, 2, _always(BOOLEAN)),
    "PARSE_URL": Function(2, 3, _always(STRING, nullable=True)),
    "MD5": Function(1, 1, _TEXT),
    "SHA256": Function(1, 1, _TEXT),
    "CHAR_LENGTH": Function(1, 1, _WHOLE),
    "CHARACTER_LENGTH": Function(1, 1, _WHOLE),
    "POSITION": Function(2, 2, _WHOLE),
    "LOCATE": Function(2, 3, _WHOLE),
    "INSTR": Function(2, 2, _WHOLE),
    # times
    "EXTRACT": Function(1, 1, _ON_DATE),
    "YEAR": Function(1, 1, _ON_DATE),
    "QUARTER": Function(1, 1, _ON_DATE),
    "MONTH": Function(1, 1, _ON_DATE),
    "WEEK": Function(1, 1, _ON_DATE),
    "DAYOFYEAR": Function(1, 1, _ON_DATE),
    "DAYOFMONTH": Function(1, 1, _ON_DATE),
    "DAYOFWEEK": Function(1, 1, _ON_DATE),
    "HOUR": Function(1, 1, _ON_DATE),
    "MINUTE": Function(1, 1, _ON_DATE),
    "SECOND": Function(1, 1, _ON_DATE),
    "DATE_FORMAT": Function(2, 2, _always(STRING, nullable=True)),
    "TIMESTAMPDIFF": Function(2, 2, _WHOLE),
    "TIMESTAMPADD": Function(2, 2, lambda arguments: arguments[1]),
    # what another moment or machine would answer otherwise
    "CURRENT_DATE": Function(0, 0, _always(SqlType("DATE"), nullable=False), repeatable=False),
    "CURRENT_TIME": Function(0, 0, _always(SqlType("TIME", (0,)), nullable=False), repeatable=False),
    "CURRENT_TIMESTAMP": Function(
        0, 0, _always(SqlType("TIMESTAMP_LTZ", (3,)), nullable=False), repeatable=False
    ),
    "LOCALTIME": Function(0, 0, _always(SqlType("TIME", (0,)), nullable=False), repeatable=False),
    "LOCALTIMESTAMP": Function(0, 0, _always(SqlType("TIMESTAMP", (3,)), nullable=False), repeatable=False),
    "CURRENT_ROW_TIMESTAMP": Function(
        0, 0, _always(SqlType("TIMESTAMP_LTZ", (3,)), nullable=False), repeatable=False
    ),
    "NOW": Function(0, 0, _always(SqlType("TIMESTAMP_LTZ", (3,)), nullable=False), repeatable=False),
    "PROCTIME": Function(0, 0, _always(SqlType("TIMESTAMP_LTZ", (3,)), nullable=False), repeatable=False),
    "CURRENT_WATERMARK": Function(
        1, 1, _always(SqlType("TIMESTAMP_LTZ", (3,)), nullable=True), repeatable=False
    ),
    "UNIX_TIMESTAMP": Function(0, 2, _always(BIGINT), repeatable=False),
    "RAND": Function(0, 1, _always(DOUBLE, nullable=False), repeatable=False),
    "RAND_INTEGER": Function(1, 2, _always(INT), repeatable=False),
    "UUID": Function(0, 0, _always(STRING, nullable=False), repeatable=False),
}
"""Name in upper case -> function. What is not here is refused by `resolve` with the nearest name."""
