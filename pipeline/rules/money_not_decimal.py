"""Rule: money is exact."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.rules.rule import Rule, Subject
from pipeline.sql_types import MAX_PRECISION, from_tree, parse_type

_CENTS = 2


class MoneyNotDecimal(Rule):
    """An amount of money is a DECIMAL.

    A DOUBLE loses cents and depends on the order of adding; a whole number loses them all. So does a DECIMAL
    with fewer digits behind the point than the amount has; one with fewer before it is NULL on Flink where
    the amount is greater.
    """

    code = "money-not-decimal"
    needs_types = True
    takes_part = True

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
            if isinstance(node, exp.Cast):
                yield from self._narrow(subject, node)
            if isinstance(node, exp.Cast) and _loses_cents(node):
                text = node.this.sql(dialect="flink", comments=False)
                hint = f"keep it a DECIMAL: {text}"
                why = "Other types lose cents, and sums of DOUBLE depend on the order of the events."
                yield self.found(subject, node, f"{text} is money and becomes a {node.to.sql()}", hint, why)

    def _narrow(self, subject: Subject, cast: exp.Cast) -> Iterator[Diagnostic]:
        """A CAST of money to a DECIMAL that cannot hold what it is made of."""
        kind = from_tree(cast.to, True) if isinstance(cast.to, exp.DataType) else None
        amount = _amount(cast.this)
        given = from_tree(amount.type, True) if amount is not None and amount.type else None
        if amount is None or kind is None or given is None or not kind.name == given.name == "DECIMAL":
            return
        (digits, cents), (given_digits, given_cents) = kind.parameters, given.parameters
        if not digits:
            return
        wide = f"write DECIMAL({max(given_digits, 18)}, {given_cents})"
        text = amount.sql(dialect="flink", comments=False)
        place = subject.locator.cast_type(cast)
        if cents < min(given_cents, _CENTS):
            message = f"{kind} cuts the cents of {text} off"
            why = f"{text} is {given}: {given_cents} digits behind the point, {kind} keeps {cents}."
            yield Diagnostic(place, self.code, message, wide, why)
        elif digits - cents < given_digits - given_cents:
            message = f"{kind} is too narrow for {text}, which is {given}"
            why = f"Flink gives NULL for what has more than {digits - cents} digits before the point."
            yield Diagnostic(place, self.code, message, wide, why)


def _amount(node: exp.Expr) -> exp.Expr | None:
    """The column of money that is added up or chosen from; None for a ratio, and for sums of sums.

    The column, not what is reckoned from it: Flink makes sums and products far wider than their values.
    """
    if not _is_money(node):
        return None
    found = next((column for column in node.find_all(exp.Column) if column.meta.get("money")), None)
    kind = from_tree(found.type, True) if found is not None and found.type else None
    return (
        found if kind is not None and kind.name == "DECIMAL" and kind.parameters[0] < MAX_PRECISION else None
    )


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
