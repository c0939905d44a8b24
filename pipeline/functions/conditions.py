"""Functions that choose among values."""

from __future__ import annotations

from pipeline.functions.function import Function, chosen, common, first_known

FUNCTIONS: dict[str, Function] = {
    "COALESCE": Function(1, None, first_known),
    "IFNULL": Function(2, 2, first_known),
    "NULLIF": Function(2, 2, lambda arguments: arguments[0].null(True)),
    "IF": Function(3, 3, chosen),
    "GREATEST": Function(1, None, common),
    "LEAST": Function(1, None, common),
}
