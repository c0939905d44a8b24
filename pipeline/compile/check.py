"""Stage `check`: refuses what Flink would accept and the author would regret (`pipeline.rules`)."""

from __future__ import annotations

from pipeline.model.diagnostics import Diagnostic
from pipeline.model.models import Classified, Parsed
from pipeline.rules import RULES
from pipeline.rules.rule import Subject


def check(parsed: Parsed, classified: Classified | None) -> tuple[Diagnostic, ...]:
    """Hold one model against every rule; without `classified` only those that need no names and types."""
    subject = Subject(parsed, classified)
    found = [
        diagnostic
        for rule in RULES
        if classified is not None or not rule.needs_types
        for diagnostic in rule().check(subject)
    ]
    return tuple(sorted(set(found), key=lambda item: (item.position, item.code)))
