"""Rule: money is exact."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model.diagnostics import Diagnostic
from pipeline.rules.rule import Rule, Subject
from pipeline.sql_types import parse_type


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
