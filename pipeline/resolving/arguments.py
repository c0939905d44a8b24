"""Which of a function's arguments Flink would refuse, or read otherwise than their author means."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from pipeline.resolving.comparisons import Problem
from pipeline.sql_types import SqlType

_PARTS = frozenset(
    (
        *("EXTRACT", "YEAR", "QUARTER", "MONTH", "WEEK", "DAYOFYEAR", "DAYOFMONTH", "DAYOFWEEK"),
        *("HOUR", "MINUTE", "SECOND"),
    )
)
"""Functions that take a part of a time."""
_CODE = "type-mismatch"
_MOMENT = "event_time or a window column"


def wrong_argument(name: str, arguments: Sequence[exp.Expr], kinds: Sequence[SqlType]) -> Problem | None:
    """What is wrong with the arguments of a call whose number is right; None where nothing is."""
    if name in _PARTS:
        return _not_a_time(name, arguments[0], kinds[0])
    if name in ("TIMESTAMPDIFF", "TIMESTAMPADD"):
        wanted = arguments if name == "TIMESTAMPDIFF" else arguments[1:]
        given = kinds if name == "TIMESTAMPDIFF" else kinds[1:]
        problems = (_not_a_time(name, argument, kind) for argument, kind in zip(wanted, given, strict=True))
        return next(filter(None, problems), None)
    if name == "IF" and kinds[0].name not in ("BOOLEAN", "NULL"):
        hint = "compare it with something, such as > 0 or IS NOT NULL"
        return Problem(arguments[0], _CODE, f"{kinds[0]} is no condition", hint)
    if name == "DATE_FORMAT":
        return _date_format(arguments, kinds)
    if name == "TO_TIMESTAMP_LTZ" and not (
        kinds[0].is_numeric or kinds[0].is_text or kinds[0].name == "NULL"
    ):
        text = _text(arguments[0])
        return Problem(arguments[0], _CODE, f"{name} cannot take {kinds[0]}", f"it is a time already: {text}")
    if name in ("TO_TIMESTAMP", "TO_DATE") and not (kinds[0].is_text or kinds[0].name == "NULL"):
        return _from_text(name, arguments[0], kinds[0])
    return None


def _not_a_time(name: str, argument: exp.Expr, kind: SqlType) -> Problem | None:
    if kind.is_time or kind.name in ("DATE", "TIME", "NULL", "INTERVAL"):
        return None
    hint = f"give it a time: {_MOMENT}"
    if kind.is_text:
        hint += f"; a text becomes one by TO_TIMESTAMP({_text(argument)})"
    return Problem(argument, _CODE, f"{name} cannot take {kind}", hint)


def _date_format(arguments: Sequence[exp.Expr], kinds: Sequence[SqlType]) -> Problem | None:
    (moment, pattern), (first, second) = arguments, kinds
    written = f"DATE_FORMAT({_text(pattern)}, {_text(moment)})"
    if first.is_text and not second.is_text:
        hint = f"the time comes first, then the pattern: write {written}"
        return Problem(moment, _CODE, "the arguments of DATE_FORMAT are swapped", hint)
    if not second.is_text and second.name != "NULL":
        hint = f"write DATE_FORMAT({_text(moment)}, 'yyyy-MM-dd')"
        return Problem(pattern, _CODE, f"the pattern of DATE_FORMAT cannot be {second}", hint)
    if not (first.is_text or first.is_time or first.name in ("NULL", "DATE")):
        return Problem(moment, _CODE, f"DATE_FORMAT cannot take {first}", f"give it a time: {_MOMENT}")
    return None


def _from_text(name: str, argument: exp.Expr, kind: SqlType) -> Problem:
    text = _text(argument)
    if kind.is_time or kind.name == "DATE":
        wanted = "DATE" if name == "TO_DATE" else "TIMESTAMP(3)"
        return Problem(argument, _CODE, f"{name} reads a text, not {kind}", f"write CAST({text} AS {wanted})")
    hint = f"write TO_TIMESTAMP_LTZ({text}, 3), where it counts milliseconds since 1970"
    return Problem(argument, _CODE, f"{name} reads a text, not {kind}", hint)


def _text(node: exp.Expr) -> str:
    return node.sql(dialect="flink", comments=False)
