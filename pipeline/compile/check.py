"""Stage `check`: refuses what Flink would accept and the author would regret (`pipeline.rules`)."""

from __future__ import annotations

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.model.models import Classified, Parsed
from pipeline.rules import RULES
from pipeline.rules.rule import Subject


def check(
    parsed: Parsed, classified: Classified | None, partly: exp.Expr | None = None
) -> tuple[Diagnostic, ...]:
    """Hold one model against every rule.

    Without `classified` only against those that need no names and types, or are content with those that
    `partly` has: the query in which some are wrong.
    """
    subject = Subject(parsed, classified)
    rules = [rule for rule in RULES if classified is not None or not rule.needs_types]
    found = [diagnostic for rule in rules for diagnostic in rule().check(subject)]
    if classified is None and partly is not None:
        in_part = Subject(parsed, None, partly)
        others = [rule for rule in RULES if rule.needs_types and rule.takes_part]
        found += [diagnostic for rule in others for diagnostic in rule().check(in_part)]
    return tuple(sorted(set(found), key=lambda item: (item.position, item.code)))
