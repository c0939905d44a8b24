"""Rule: a row can be told from every other."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.queries import group_keys, unaliased
from pipeline.rules.rule import Rule, Subject


class KeyIncomplete(Rule):
    """What a model groups by is among its outputs, window_end apart.

    The outputs of GROUP BY are a row's key: without one, rows of different groups overwrite each other.
    """

    code = "key-incomplete"
    needs_types = True
    takes_part = True

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Columns of GROUP BY that are no output."""
        for select in subject.selects():
            outputs = [unaliased(item) for item in select.expressions]
            # What is misspelt here may be the very one that is grouped by.
            if not subject.knows(*outputs) or select.meta.get("known") is False:
                continue
            bounds = {output.meta.get("bound") for output in outputs if isinstance(output, exp.Column)}
            # Each bound of a window tells the others; that a row has one at all is another rule.
            told = {"start", "end", "time"} if bounds & {"end", "time"} else {"end", "time"}
            for key in group_keys(select):
                if isinstance(key, exp.Column) and key.meta.get("bound") in told:
                    continue
                if not subject.knows(key):
                    continue
                if isinstance(key, exp.Literal):
                    message = f"GROUP BY {key.name} names no column"
                    yield self.found(subject, key, message, _named(key, outputs, group_keys(select)))
                    continue
                if not any(key == output for output in outputs):
                    name = key.sql(dialect="flink", comments=False)
                    hint = f"add {_output(key, name)} to SELECT"
                    why = "GROUP BY is the row's key: rows of different groups would overwrite each other."
                    yield self.found(subject, key, f"{name} is grouped by but not an output", hint, why)


def _output(key: exp.Expr, name: str) -> str:
    if name == "window_start":
        return "window_start AS period_start"
    return name if isinstance(key, exp.Column) else f"{name} AS <name>"


def _named(key: exp.Literal, outputs: list[exp.Expr], keys: list[exp.Expr]) -> str:
    """What to write for the number of an output."""
    number = int(key.name) if key.name.isdigit() else 0
    if not 0 < number <= len(outputs):
        return "write the name of the column"
    output, names = outputs[number - 1], {key.name for key in keys if isinstance(key, exp.Column)}
    text = output.sql(dialect="flink", comments=False)
    if output in keys:
        return f"take it out: {text} is there already"
    return f"write {text}" + (", window_end" if text == "window_start" and "window_end" not in names else "")
