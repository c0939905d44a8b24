"""Functions of JSON in texts, and what of their clauses is compiled."""

from __future__ import annotations

from sqlglot import exp

from pipeline.functions.function import Function, text
from pipeline.sql_types import BOOLEAN, STRING

FUNCTIONS: dict[str, Function] = {
    "JSON_VALUE": Function(2, 2, text(0, 1, kind=STRING, nullable=True)),
    "JSON_EXISTS": Function(2, 2, text(0, 1, kind=BOOLEAN)),
    "JSON_STRING": Function(1, 1, text(kind=STRING)),
}


def clause_not_compiled(node: exp.Expr) -> str | None:
    """What to write instead of a clause of a JSON function; None where it has none that changes its type."""
    if node.args.get("returning") is None:
        return None
    kind = node.args["returning"].sql(dialect="flink")
    return f"it gives a text: write TRY_CAST(JSON_VALUE(...) AS {kind})"
