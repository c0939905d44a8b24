"""Values that are written out: which other type they can have, and how they are then written."""

from __future__ import annotations

import re

from sqlglot import exp

from pipeline.sql_types import SqlType

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def as_other(node: exp.Expr, kind: SqlType) -> str:
    """How to write a value so that it has another type; empty for what is none, or cannot be so."""
    if not isinstance(node, exp.Literal):
        return ""
    if kind.is_text and not node.is_string:
        return f"write it in quotes: '{node.name}'"
    if kind.is_numeric and node.is_string and _NUMBER.fullmatch(node.name):
        return f"write it without quotes: {node.name}"
    return ""


def may_become(node: exp.Expr, kind: SqlType) -> bool:
    """Whether a value of the type can be had from the node: no number from a text that spells none."""
    text = isinstance(node, exp.Literal) and node.is_string
    return not text or kind.is_text or (kind.is_numeric and _NUMBER.fullmatch(node.name) is not None)


def as_texts(nodes: list[exp.Expr], kinds: list[SqlType | None]) -> str:
    """The expressions as one text, with a slash between them."""
    written = [
        (node.sql(dialect="flink", comments=False), kind) for node, kind in zip(nodes, kinds, strict=True)
    ]
    return " || '/' || ".join(
        text if kind is None or kind.is_text else f"CAST({text} AS STRING)" for text, kind in written
    )
