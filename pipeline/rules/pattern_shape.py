"""Rule: a pattern is one that Flink can follow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from pipeline.lower.match import not_on_flink
from pipeline.model.diagnostics import Diagnostic, Position
from pipeline.resolving.patterns import navigations
from pipeline.rules.match_without_within import MatchWithoutWithin
from pipeline.rules.rule import Rule, Subject

_GREEDY_END = re.compile(r"(?:[*+]|\{\s*\d*\s*,[^}]*\})\s*$")


_SHAPE = "a pattern is variables one after the other, each once and with its own quantifier: A B+ C"
_SKIPS = "write AFTER MATCH SKIP PAST LAST ROW, or SKIP TO NEXT ROW for matches that overlap"


class PatternShape(Rule):
    """MATCH_RECOGNIZE is ordered by a time attribute, gives one row a match, and ends with one row or `+?`.

    Flink has no PREV and NEXT (LAST(A.x, 1) is the row before the last A), no ALL ROWS PER MATCH, no DISTINCT
    in measures, and cannot end a pattern with a greedy variable: it would wait for ever for one more row.
    """

    code = "pattern-shape"
    needs_types = True
    takes_part = True

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Patterns that Flink refuses."""
        for match in subject.nodes():
            if isinstance(match, exp.MatchRecognize):
                found = [*self._clauses(subject, match), *self._calls(subject, match)]
                yield from found or self._others(subject, match)

    def _others(self, subject: Subject, match: exp.MatchRecognize) -> Iterator[Diagnostic]:
        """What else Flink refuses, or what would end its job while it runs."""
        if subject.classified is None or any(MatchWithoutWithin().check(subject)):
            return
        for node, what in not_on_flink(match):
            message, hint, why = f"Flink refuses {what.removesuffix(',')}", _SHAPE, ""
            if what.startswith("SKIP TO"):
                message, hint = f"{what} ends the job", _SKIPS
                why = "Flink takes the statement, and fails at the first such match."
            elif "MEASURES" in what:
                hint = "take the word out: a measure is that of the whole match"
            place = _place_of_text(subject, match, node) if isinstance(node, exp.Var) else None
            yield Diagnostic(place or subject.locator.at(node), self.code, message, hint, why)

    def _clauses(self, subject: Subject, match: exp.MatchRecognize) -> Iterator[Diagnostic]:
        order = match.args.get("order")
        first = order.expressions[0] if order and order.expressions else None
        place = subject.locator.head(match)
        if first is None:
            yield Diagnostic(place, self.code, "the pattern has no order", "add ORDER BY event_time")
        elif first.meta.get("time_attribute") is False and subject.knows(first):
            hint = f"ORDER BY {(first.meta.get('time_columns') or ['event_time'])[0]}"
            why = "Flink follows the rows in the order of their time, as the watermark passes them."
            yield self.found(subject, first, "the pattern is not ordered by a time attribute", hint, why)
        elif first.args.get("desc"):
            yield self.found(subject, first, "a pattern goes forward in time", "take DESC out")
        rows = match.args.get("rows")
        if rows is not None and "ALL ROWS" in rows.sql(dialect="flink").upper():
            hint = "write ONE ROW PER MATCH"
            yield Diagnostic(place, self.code, "Flink gives one row a match, not all", hint)
        if not match.args.get("measures"):
            hint = "add MEASURES FIRST(A.event_time) AS started_at"
            yield Diagnostic(place, self.code, "the pattern measures nothing", hint)
        if not match.args.get("define"):
            hint = "add DEFINE A AS A.amount > 100 behind PATTERN (...)"
            yield Diagnostic(place, self.code, "the pattern defines no variable", hint)
        pattern = match.args.get("pattern")
        text = pattern.sql(dialect="flink").strip() if isinstance(pattern, exp.Expr) else ""
        text = text.removeprefix("PATTERN").strip()
        if _GREEDY_END.search(text.rstrip(")").rstrip() if text.startswith("(") else text):
            hint = "end it with a variable that matches one row, or make it reluctant: +?"
            message = "the pattern ends with a greedy variable"
            greedy = _place_of_the_end(subject, match) or place
            yield Diagnostic(greedy, self.code, message, hint, "Flink would wait for one more row for ever.")

    def _calls(self, subject: Subject, match: exp.MatchRecognize) -> Iterator[Diagnostic]:
        for call in navigations(match, ("PREV", "NEXT")):
            column = (
                call.expressions[0].sql(dialect="flink", comments=False) if call.expressions else "A.amount"
            )
            hint = f"write LAST({column}, 1): the row of the variable before its last one"
            yield self.found(subject, call, f"Flink has no {call.name.upper()}", hint)
        for distinct in match.find_all(exp.Distinct):
            hint = "count in a model that reads this one"
            yield self.found(subject, distinct.parent, "Flink has no DISTINCT in a pattern", hint)
        for item in match.find_all(exp.Count):
            if isinstance(item.this, exp.Star):
                hint = "COUNT(A.event_id) counts the rows of A"
                yield self.found(subject, item, "a pattern counts the rows of a variable", hint)


def _place_of_the_end(subject: Subject, match: exp.MatchRecognize) -> Position | None:
    """The place of the last variable of PATTERN ( ): the tree keeps its text only."""
    pattern = match.args.get("pattern")
    text = pattern.name if isinstance(pattern, exp.Var) else ""
    start = subject.locator.sql.find(text, int((match._meta or {}).get("end") or 0)) if text else -1
    last = re.search(r"\S+\s*$", text)
    if start < 0 or last is None:
        return None
    return subject.locator.between(start + last.start(), start + len(text.rstrip()))


def _place_of_text(subject: Subject, match: exp.MatchRecognize, node: exp.Var) -> Position | None:
    """The place of a clause of which the tree keeps the text only: PATTERN ( ), AFTER MATCH."""
    words = [re.escape(word) for word in node.name.split()]
    begin = int((match._meta or {}).get("end") or 0)
    found = (
        re.compile(r"\s+".join(words), re.IGNORECASE).search(subject.locator.sql, begin) if words else None
    )
    return subject.locator.between(found.start(), found.end()) if found else None
