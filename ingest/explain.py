"""Puts what a schema found wrong into words: a reason code, a JSON path, and a sentence for a person."""

from __future__ import annotations

from typing import Any

from jsonschema_rs import ValidationError

from ingest.contract import Contract, Path_
from ingest.model import Reason
from ingest.parse import json_kind

_REASONS = {  # keyword: reason, in the order in which the errors of one field are told
    "required": Reason.MISSING_FIELD,
    "type": Reason.WRONG_TYPE,
    "enum": Reason.UNKNOWN_VALUE,
    "multipleOf": Reason.TOO_MANY_DIGITS,
    "minimum": Reason.OUT_OF_RANGE,
    "maximum": Reason.OUT_OF_RANGE,
    "minLength": Reason.TOO_SHORT,
    "maxLength": Reason.TOO_LONG,
    "pattern": Reason.WRONG_FORMAT,
}
_RANK = {keyword: rank for rank, keyword in enumerate(_REASONS)}
_SHOWN_CHARACTERS = 60


def explain(contract: Contract, event: dict[str, Any]) -> tuple[Reason, str, str]:
    """Reason, message and JSON path of the first fault in the contract's order; others are counted."""
    faults: dict[Path_, tuple[str, ValidationError]] = {}
    for error in contract.validator.iter_errors(event):
        keyword, path = _place(error)
        if path not in faults or _RANK[keyword] < _RANK[faults[path][0]]:
            faults[path] = (keyword, error)
    path = min(faults, key=lambda item: _order(contract, item))
    keyword, error = faults[path]
    value = None if keyword == "required" else error.instance
    reason, said = _sentence(contract, path, keyword, value)
    others = len(faults) - 1
    more = f" (and {others} more field{'s' if others > 1 else ''} at fault)" if others else ""
    return reason, f"{contract.name}.{'.'.join(path)} {said}{more}", json_path(path)


def json_path(path: Path_) -> str:
    """`("custom_properties", "amount")` -> `$.custom_properties.amount`."""
    return ".".join(("$", *path))


def shown(contract: Contract, path: Path_, value: object) -> str:
    """The value for a message, cut short; personal data is not repeated."""
    if contract.property(path).get("x-pii"):
        return json_kind(value)
    if isinstance(value, str):
        cut = value if len(value) <= _SHOWN_CHARACTERS else value[:_SHOWN_CHARACTERS] + "..."
        return f'"{cut}"'
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value) if isinstance(value, int | float) else json_kind(value)


def expected(contract: Contract, path: Path_) -> str:
    """What the contract wants at the path, in a word: its SQL type, or `an object`."""
    return str(contract.property(path).get("x-sql-type", "an object"))


def _place(error: ValidationError) -> tuple[str, Path_]:
    keyword = str(error.schema_path[-1])
    path = tuple(map(str, error.instance_path))
    if error.kind.name == "required":
        return "required", (*path, str(getattr(error.kind, "property", "")))
    return keyword, path


def _order(contract: Contract, path: Path_) -> tuple[int, ...]:
    order = []
    node = contract.schema
    for part in path:
        names = list(node.get("properties", {}))
        order.append(names.index(part) if part in names else len(names))
        node = node.get("properties", {}).get(part, {})
    return tuple(order)


def _sentence(contract: Contract, path: Path_, keyword: str, value: Any) -> tuple[Reason, str]:
    wanted = contract.property(path)
    if keyword == "required":
        return Reason.MISSING_FIELD, f"is missing: {expected(contract, path)} was expected"
    if keyword == "type":
        if value is None:
            return Reason.MISSING_FIELD, f"is null: {expected(contract, path)} was expected"
        kind = json_kind(value)
        told = shown(contract, path, value)
        example = "" if told == kind else f" ({told})"
        return Reason.WRONG_TYPE, f"is {kind}{example}: {expected(contract, path)} was expected"
    told = shown(contract, path, value)
    sentences = {
        "enum": f"is {told}: one of {', '.join(str(item) for item in wanted.get('enum', ()) if item)} "
        "was expected",
        "multipleOf": f"is {told}, which has too many digits for {expected(contract, path)}",
        "minimum": f"is {told}: at least {wanted.get('minimum')} was expected",
        "maximum": f"is {told}: at most {wanted.get('maximum')} was expected",
        "minLength": f"is too short: at least {wanted.get('minLength')} characters were expected",
        "maxLength": f"is too long: at most {wanted.get('maxLength')} characters were expected",
        "pattern": f"is {told}, which does not match {wanted.get('pattern')}",
    }
    return _REASONS[keyword], sentences[keyword]
