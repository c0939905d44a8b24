"""Rule: a window is grouped by both of its ends."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from pipeline.model.diagnostics import Diagnostic
from pipeline.queries import aggregates, group_keys, names_in, unaliased, window_of
from pipeline.rules.rule import Rule, Subject

_WHY = "Without it Flink runs an endless aggregation: rows are revised later and state never shrinks."


class WindowEndMissing(Rule):
    """GROUP BY of a window names window_start and window_end.

    Without both Flink does not see a window but an endless aggregation, which it accepts.
    """

    code = "window-end-missing"

    def check(self, subject: Subject) -> Iterator[Diagnostic]:
        """Windowed SELECTs that aggregate without both window columns in GROUP BY."""
        for select in subject.all_selects():
            if window_of(select) is None or not (select.args.get("group") or any(aggregates(select))):
                continue
            keys = group_keys(select)
            names = names_in(keys)
            # An output's name in GROUP BY is a mistake of its own.
            names |= {unaliased(item).name for item in select.expressions if item.alias in names}
            missing = [name for name in ("window_start", "window_end") if name not in names]
            # GROUP BY 1 names no column at all: another rule says so.
            if not missing or any(isinstance(key, exp.Literal) for key in keys):
                continue
            if not keys:
                item = next((item for item in select.expressions if any(aggregates(item))), None)
                message = "there is no GROUP BY window_start, window_end"
                yield self.found(subject, item, message, "add it at the end", _WHY)
                continue
            anchor = next((key for key in keys if key.name in ("window_start", "window_end")), keys[0])
            message = f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing from GROUP BY"
            yield self.found(subject, anchor, message, f'add ", {", ".join(missing)}"', _WHY)
