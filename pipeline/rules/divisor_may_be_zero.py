"""Rule: nothing is divided by zero."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.rules.rule import Rule, Subject


class DivisorMayBeZero(Rule):
    """A divisor is a number other than 0, a count that cannot be 0, or NULLIF(..., 0).

    Flink fails at a division by zero, and reads the same events again after each restart.
    """

    code = "divisor-may-be-zero"
    needs_types = True
    takes_part = True

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Divisors that some event could make 0."""
        for node in subject.nodes():
            divisor = _divisor(node)
            if divisor is None or _is_safe(divisor) or not subject.knows(divisor):
                continue
            text = divisor.sql(dialect="flink", comments=False)
            hint = f"write NULLIF({text}, 0)"
            if isinstance(divisor, exp.Literal):
                hint = "divide by another number"
            why = "Flink fails at a division by zero, and with it every metric of the app."
            yield self.found(subject, divisor, "the divisor may be 0", hint, why)


def _divisor(node: exp.Expr) -> exp.Expr | None:
    if isinstance(node, (exp.Div, exp.Mod)):
        found: exp.Expr = node.expression
        return found
    if isinstance(node, exp.Anonymous) and node.name.upper() == "MOD" and len(node.expressions) == 2:
        last: exp.Expr = node.expressions[1]
        return last
    return None


def _is_safe(divisor: exp.Expr) -> bool:
    while isinstance(divisor, (exp.Paren, exp.Cast, exp.Neg)):
        divisor = divisor.this
    if isinstance(divisor, exp.Literal):
        return not divisor.is_string and float(divisor.name) != 0
    if isinstance(divisor, exp.Nullif):
        zero = divisor.expression
        return isinstance(zero, exp.Literal) and not zero.is_string and float(zero.name) == 0
    # A group has at least one row, and so has what is never NULL in it.
    return isinstance(divisor, exp.Count) and _is_never_null(divisor.this)


def _is_never_null(counted: exp.Expr) -> bool:
    if isinstance(counted, exp.Distinct):
        counted = counted.expressions[0]
    return isinstance(counted, exp.Star) or counted.meta.get("nullable") is False
