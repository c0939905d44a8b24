"""What the lowerings see of an expression: a function's name and arguments, and the types of values."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from pipeline.lower.engine import LABELS, Engine
from pipeline.sql_types import INTEGERS, SqlType, from_tree

Family = Literal[
    "integer", "decimal", "float", "text", "boolean", "date", "time", "timestamp", "null", "interval"
]
_FAMILIES: dict[str, Family] = {
    **dict.fromkeys(INTEGERS, "integer"),
    "DECIMAL": "decimal",
    "FLOAT": "float",
    "DOUBLE": "float",
    "CHAR": "text",
    "VARCHAR": "text",
    "STRING": "text",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP_LTZ": "timestamp",
    "NULL": "null",
}


class CannotLowerError(Exception):
    """An engine would compute another value than Flink; the message is what it cannot compute."""


@dataclass(frozen=True)
class Call:
    """A function or operator on its way to an engine; its arguments are lowered, and keep their types."""

    name: str
    arguments: tuple[exp.Expr, ...]
    engine: Engine
    node: exp.Expr
    window: exp.Window | None = None
    """The OVER about an aggregate."""

    @property
    def label(self) -> str:
        """What messages call the engine."""
        return LABELS[self.engine]

    def refuse(self, what: str) -> CannotLowerError:
        """The error for a call that is not computed alike."""
        return CannotLowerError(what)

    def kind(self, index: int) -> SqlType:
        """The type of an argument; raises `CannotLowerError` where it is not known."""
        kind = kind_of(self.arguments[index])
        if kind is None:
            raise CannotLowerError(f"{self.name} of a value whose type is not known")
        return kind

    def family(self, index: int) -> Family:
        """What sort of value an argument has."""
        return family_of(self.kind(index))

    def result(self) -> SqlType:
        """The type that Flink gives the call."""
        kind = kind_of(self.node)
        if kind is None:
            raise CannotLowerError(f"{self.name} whose type is not known")
        return kind


Lowering = str | Callable[[Call], "str | exp.Expr"]
"""How a call is written: a template in which `_1`, `_2`, ... stand for the arguments, or a function that
gives one (or the expression itself), and raises `CannotLowerError` for what cannot be computed alike."""


def kind_of(node: exp.Expr) -> SqlType | None:
    """The type noted on a node; None where there is none."""
    if isinstance(node, exp.Interval):
        return SqlType("INTERVAL", (), nullable=False)
    if isinstance(node, exp.Null):
        return SqlType("NULL")
    if isinstance(node, exp.Paren) and node.type is None:
        return kind_of(node.this)
    if not isinstance(node.type, exp.DataType):
        return None
    if node.type.this == exp.DType.NULL:
        return SqlType("NULL")
    return from_tree(node.type, bool(node.meta.get("nullable", True)))


def family_of(kind: SqlType) -> Family:
    """What sort of value a type has; raises `CannotLowerError` for nested types."""
    if kind.name.startswith("INTERVAL"):
        return "interval"
    if kind.name not in _FAMILIES:
        raise CannotLowerError(f"a value of type {kind}")
    return _FAMILIES[kind.name]


def once(call: Call, template: str) -> str:
    """The template with its first argument worked out once, where Trino would refuse the many copies."""
    if call.engine != "trino" or isinstance(call.arguments[0], (exp.Column, exp.Literal)):
        return template
    body = re.sub(r"\b_1\b", "given", template)
    return f"element_at(transform(ARRAY[_1], given -> {body}), 1)"


def is_literal_text(node: exp.Expr) -> bool:
    """Whether the node is a text that stands in the query as it is."""
    return isinstance(node, exp.Literal) and bool(node.is_string)


def literal_int(node: exp.Expr) -> int | None:
    """The whole number that a node says, with its sign; None for other than a number written out."""
    if isinstance(node, exp.Paren):
        return literal_int(node.this)
    if isinstance(node, exp.Neg):
        inner = literal_int(node.this)
        return None if inner is None else -inner
    if isinstance(node, exp.Literal) and not node.is_string and node.name.isdigit():
        return int(node.name)
    return None


def typed(node: exp.Expr, kind: SqlType | exp.DataType | None, nullable: bool = True) -> exp.Expr:
    """The node with a type noted on it."""
    from pipeline.sql_types import to_tree  # noqa: PLC0415  a cycle otherwise

    node.type = to_tree(kind) if isinstance(kind, SqlType) else kind
    node.meta["nullable"] = kind.nullable if isinstance(kind, SqlType) else nullable
    return node
