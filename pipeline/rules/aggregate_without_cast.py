"""Rule: the type of an aggregate is written down."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.queries import aggregates
from pipeline.rules.rule import Rule, Subject

_WHY = "Flink widens sums to 38 digits, and engines differ: the published type must be yours."
_SAME = {
    **dict.fromkeys(("TEXT", "VARCHAR", "CHAR"), "STRING"),
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMPLTZ"), "TIMESTAMP(3)"),
    **dict.fromkeys(("DOUBLE", "FLOAT"), "DOUBLE"),
    "DATE": "DATE",
    "BOOLEAN": "BOOLEAN",
}
_BY_TYPE = {"DECIMAL": "DECIMAL(18, 2)", "BIGINT": "BIGINT", "INT": "BIGINT", **_SAME}


class AggregateWithoutCast(Rule):
    """Every aggregate but COUNT stands inside a CAST.

    Flink widens a sum to 38 digits and truncates the average of whole numbers, other engines do otherwise:
    the type that is published must be the author's.
    """

    code = "aggregate-without-cast"
    needs_types = True
    takes_part = True

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Aggregates in outputs without a CAST around them."""
        for select in subject.selects():
            for item in select.expressions:
                for call in aggregates(item):
                    if isinstance(call, exp.Count) or _is_cast(call, item):
                        continue
                    name = call.sql(dialect="flink", comments=False)
                    kind = _BY_TYPE.get(str(call.type.this.value) if call.type else "", "<type>")
                    message = f"{name} has no CAST"
                    yield self.found(subject, call, message, f"CAST({name} AS {kind})", _WHY)


def _is_cast(call: exp.Expr, item: exp.Expr) -> bool:
    node = call.parent
    while node is not None and node is not item.parent:
        # What TIMESTAMPDIFF gives is a whole number, whatever it is given.
        if isinstance(node, exp.Cast) or (isinstance(node, exp.Anonymous) and node.name == "TIMESTAMPDIFF"):
            return True
        node = node.parent
    return False
