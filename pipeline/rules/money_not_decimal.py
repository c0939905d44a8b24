"""Rule: money is exact."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.rules.rule import Rule, Subject
from pipeline.sql_types import from_tree, parse_type


class MoneyNotDecimal(Rule):
    """An amount of money is a DECIMAL.

    A DOUBLE loses cents and depends on the order of adding; a whole number loses them all.
    """

    code = "money-not-decimal"
    needs_types = True

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Outputs reckoned from an amount of money that are no DECIMAL."""
        columns = subject.classified.resolved.columns if subject.classified else ()
        for column in columns:
            kind = parse_type(column.sql_type)
            if column.money and kind.is_numeric and kind.name != "DECIMAL":
                message = f'"{column.name}" is money and {column.sql_type}'
                why = "Other types lose cents, and sums of DOUBLE depend on the order of the events."
                yield Diagnostic(column.position, self.code, message, "CAST it to DECIMAL(18, 2)", why)
                return
        for node in subject.nodes():
            if isinstance(node, exp.Cast) and _loses_cents(node):
                text = node.this.sql(dialect="flink", comments=False)
                hint = f"keep it a DECIMAL: {text}"
                why = "Other types lose cents, and sums of DOUBLE depend on the order of the events."
                yield self.found(subject, node, f"{text} is money and becomes a {node.to.sql()}", hint, why)


def _loses_cents(cast: exp.Cast) -> bool:
    kind = from_tree(cast.to, True) if isinstance(cast.to, exp.DataType) else None
    if kind is None or kind.name not in ("DOUBLE", "FLOAT") or _is_part_of_a_ratio(cast):
        return False
    return _is_money(cast.this)


def _is_money(node: exp.Expr) -> bool:
    if isinstance(node, (exp.Count, exp.Predicate, exp.Query, exp.Div)):
        return False
    if isinstance(node, exp.Column):
        return bool(node.meta.get("money"))
    return any(_is_money(part) for part in node.iter_expressions())


def _is_part_of_a_ratio(cast: exp.Cast) -> bool:
    """Whether one amount is divided by another: that is no money, and has no cents to lose."""
    node: exp.Expr = cast
    while isinstance(node.parent, (exp.Paren, exp.Cast, exp.Nullif)):
        node = node.parent
    division = node.parent
    if not isinstance(division, exp.Div):
        return False
    return all(
        any(column.meta.get("money") for column in side.find_all(exp.Column))
        for side in (division.this, division.expression)
    )
