"""Rule: a text that is no number does not stop the stream."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.rules.rule import Rule, Subject
from pipeline.sql_types import from_tree


class CastMayFail(Rule):
    """A text column becomes a number, a time or a BOOLEAN by TRY_CAST, not by CAST.

    CAST fails at the first text that is none, and Flink reads the same event again after each restart.
    """

    code = "cast-may-fail"
    needs_types = True
    takes_part = True

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """CASTs of text that is not written in the query."""
        for cast in subject.nodes():
            if not isinstance(cast, exp.Cast):
                continue
            given, wanted = cast.this.type, from_tree(cast.to, True)
            kind = from_tree(given, True) if given else None
            if isinstance(cast, exp.TryCast) or isinstance(cast.this, exp.Literal):
                continue
            if kind and wanted and kind.is_text and not wanted.is_text:
                text = cast.this.sql(dialect="flink", comments=False)
                message = f"a text may be no {wanted.name}"
                hint = f"TRY_CAST({text} AS {wanted}) is NULL for what is none"
                why = "CAST fails at the first such event, and with it every metric of the app."
                yield self.found(subject, cast, message, hint, why)
