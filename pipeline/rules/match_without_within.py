"""Rule: a pattern ends."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.rules.rule import Rule, Subject
from sqlglot_flink import MatchRecognizeWithin


class MatchWithoutWithin(Rule):
    """MATCH_RECOGNIZE has WITHIN INTERVAL ....

    Without it Flink keeps every match that has begun for ever.
    """

    code = "match-without-within"

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Patterns with no bound in time."""
        for match in subject.nodes():
            if isinstance(match, exp.MatchRecognize) and not isinstance(match, MatchRecognizeWithin):
                hint = "add WITHIN INTERVAL '1' HOUR behind PATTERN (...)"
                why = "Without it every match that has begun is kept for ever."
                yield Diagnostic(
                    subject.locator.head(match), self.code, "MATCH_RECOGNIZE has no WITHIN", hint, why
                )
