"""Reference page of the rules: what the compiler refuses although Flink would take it, and why."""

from __future__ import annotations

import inspect

from pipeline.rules import RULES

FILE = "docs/reference/rules.md"
_NOTE = (
    "<!-- Generated from pipeline/rules by `pipeline build`: edit the rule's docstring, not this page. -->"
)


def emit_rule_reference() -> dict[str, str]:
    """`{docs/reference/rules.md: text}` under build/: code and text of every rule, by code."""
    found = sorted((rule.code, inspect.getdoc(rule) or "") for rule in RULES)
    sections = [f"## {code}\n\n{text.removeprefix('Rule: ')}\n" for code, text in found]
    return {FILE: "\n".join([_NOTE, "", "# Rules", "", *sections])}
