"""Flink's SQL types: reading, writing, and what an operation on them gives."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sqlglot import exp

INTEGERS = ("TINYINT", "SMALLINT", "INT", "BIGINT")
_EXACT = (*INTEGERS, "DECIMAL")
_DEFAULT_PARAMETERS = {
    "DECIMAL": (10, 0),
    "TIMESTAMP": (6,),
    "TIMESTAMP_LTZ": (6,),
    "TIME": (0,),
    "CHAR": (1,),
}
_NUMERIC = (*_EXACT, "FLOAT", "DOUBLE")
_TEXT = ("CHAR", "VARCHAR", "STRING")
NAMES = (*_NUMERIC, *_TEXT, "BOOLEAN", "DATE", "TIME", "TIMESTAMP", "TIMESTAMP_LTZ")
"""The types that a model's values may have."""
_INTEGER_DIGITS = {"TINYINT": 3, "SMALLINT": 5, "INT": 10, "BIGINT": 19}
_TYPE = re.compile(r"([A-Z_]+)\s*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?")
MAX_PRECISION = 38


@dataclass(frozen=True)
class SqlType:
    """A type in Flink's spelling: `DECIMAL` with `(12, 2)`; `nullable` belongs to the value, not the name."""

    name: str
    parameters: tuple[int, ...] = ()
    nullable: bool = True

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.parameters))})" if self.parameters else self.name

    @property
    def is_numeric(self) -> bool:
        """Whether it is a number of any kind."""
        return self.name in _NUMERIC

    @property
    def is_exact(self) -> bool:
        """Whether it is a whole number or a DECIMAL."""
        return self.name in _EXACT

    @property
    def is_text(self) -> bool:
        """Whether it is text of any length."""
        return self.name in _TEXT

    @property
    def is_time(self) -> bool:
        """Whether it is a TIMESTAMP, with or without local time zone."""
        return self.name in ("TIMESTAMP", "TIMESTAMP_LTZ")

    def null(self, nullable: bool) -> SqlType:
        """The same type, nullable or not."""
        return replace(self, nullable=nullable)


BOOLEAN = SqlType("BOOLEAN")
INT = SqlType("INT")
BIGINT = SqlType("BIGINT")
DOUBLE = SqlType("DOUBLE")
STRING = SqlType("STRING")
NULL = SqlType("NULL")


def parse_type(text: str, nullable: bool = True) -> SqlType:
    """Read a contract's type, such as `DECIMAL(12, 2)`; raises ValueError where it is no type known here."""
    match = _TYPE.fullmatch(text.strip())
    if not match:
        raise ValueError(f"not a type: {text}")
    return SqlType(match[1], tuple(int(part) for part in match.groups()[1:] if part is not None), nullable)


def from_tree(kind: exp.DataType, nullable: bool) -> SqlType | None:
    """The type that a CAST names, with Flink's defaults for what it leaves out; None for none of ours."""
    match = _TYPE.fullmatch(kind.sql(dialect="flink"))
    if not match or match[1] not in (*NAMES, "NULL"):
        return None
    parameters = tuple(int(part) for part in match.groups()[1:] if part is not None)
    name = "STRING" if match[1] == "VARCHAR" and not parameters else match[1]
    parameters = parameters or _DEFAULT_PARAMETERS.get(name, ())
    if name == "DECIMAL":
        precision, scale = parameters if len(parameters) == 2 else (parameters[0], 0)
        return SqlType(name, (precision, scale), nullable) if scale <= precision <= MAX_PRECISION else None
    most = {"TIMESTAMP": 1, "TIMESTAMP_LTZ": 1, "TIME": 1, "CHAR": 1, "VARCHAR": 1}.get(name, 0)
    return SqlType(name, parameters, nullable) if len(parameters) <= most else None


def to_tree(kind: SqlType) -> exp.DataType:
    """The sqlglot type for a node's `type`."""
    if kind.name == "NULL":
        return exp.DataType(this=exp.DType.NULL)
    return exp.DataType.build(str(kind), dialect="flink")


def decimal_of(kind: SqlType) -> tuple[int, int]:
    """Precision and scale of an exact number."""
    if kind.name == "DECIMAL":
        precision, scale = kind.parameters
        return precision, scale
    return _INTEGER_DIGITS[kind.name], 0


def common_type(kinds: list[SqlType]) -> SqlType | None:
    """The type that all can become (CASE, COALESCE, UNION ALL); None where there is none."""
    nullable = any(kind.nullable for kind in kinds)
    known = [kind for kind in kinds if kind.name != "NULL"]
    if not known:
        return NULL
    first = known[0]
    if all(kind.name == first.name and kind.parameters == first.parameters for kind in known):
        return first.null(nullable)
    if all(kind.is_text for kind in known):
        return STRING.null(nullable)
    if all(kind.name == first.name and kind.is_time for kind in known):
        return SqlType(first.name, (max(kind.parameters[0] for kind in known),), nullable)
    if not all(kind.is_numeric for kind in known):
        return None
    if any(kind.name in ("FLOAT", "DOUBLE") for kind in known):
        return DOUBLE.null(nullable)
    if all(kind.name in INTEGERS for kind in known):
        return SqlType(max((kind.name for kind in known), key=INTEGERS.index), (), nullable)
    pairs = [decimal_of(kind) for kind in known]
    scale = max(s for _, s in pairs)
    whole = max(p - s for p, s in pairs)
    return SqlType("DECIMAL", (min(whole + scale, MAX_PRECISION), scale), nullable)


def arithmetic(operator: str, left: SqlType, right: SqlType) -> SqlType | None:
    """The type of `left operator right` by Flink's rules (`LogicalTypeMerging`); None where it refuses."""
    nullable = left.nullable or right.nullable
    if left.name == "NULL" or right.name == "NULL":
        return (right if left.name == "NULL" else left).null(True)
    if left.name == "INTERVAL" and right.name != "INTERVAL" and operator == "+":
        left, right = right, left
    if (left.is_time or left.name == "DATE") and right.name == "INTERVAL" and operator in "+-":
        return left.null(nullable)
    if not (left.is_numeric and right.is_numeric):
        return None
    if not (left.is_exact and right.is_exact):
        return DOUBLE.null(nullable)
    if left.name in INTEGERS and right.name in INTEGERS:
        wider = max((left.name, right.name), key=INTEGERS.index)
        return SqlType(right.name if operator == "%" else wider, (), nullable)
    if operator == "%" and decimal_of(left)[1] == decimal_of(right)[1] == 0:
        return right.null(nullable)
    precision, scale = _decimal_result(operator, decimal_of(left), decimal_of(right))
    return SqlType("DECIMAL", (precision, scale), nullable)


def _decimal_result(operator: str, left: tuple[int, int], right: tuple[int, int]) -> tuple[int, int]:
    """Precision and scale of an operation on two DECIMALs."""
    (p1, s1), (p2, s2) = left, right
    if operator in "+-":
        scale = max(s1, s2)
        precision = max(p1 - s1, p2 - s2) + scale + 1
    elif operator == "*":
        precision, scale = p1 + p2 + 1, s1 + s2
    elif operator == "%":
        scale = max(s1, s2)
        precision = min(p1 - s1, p2 - s2) + scale
    else:
        scale = max(6, s1 + p2 + 1)
        precision = p1 - s1 + s2 + scale
    if precision > MAX_PRECISION:
        # Digits before the point are kept, those behind it give way, but never more than down to six.
        scale = max(MAX_PRECISION - (precision - scale), min(scale, 6))
        precision = MAX_PRECISION
    return precision, scale
