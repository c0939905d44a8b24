"""What an engine cannot compute faithfully is refused by name and place, never approximated."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model.diagnostics import Diagnostic


class RefusedError(Exception):
    """A model cannot be lowered to an engine; `diagnostics` says what stands in the way, place by place."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(sorted(set(diagnostics), key=lambda diagnostic: diagnostic.position))
        super().__init__("; ".join(diagnostic.message for diagnostic in self.diagnostics))
