"""One field of a contract: its type, constraints and example, read from YAML and held against each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import cast

import yaml

from pipeline.compile.contract_yaml import Reader, closest, kind, tag
from pipeline.model.contracts import Field, Origin, Pii

KEYS = (
    "type",
    "required",
    "enum",
    "min",
    "max",
    "min_length",
    "max_length",
    "pattern",
    "description",
    "unit",
    "pii",
    "identifier",
    "example",
)
TYPES = ("STRING", "BOOLEAN", "INT", "BIGINT", "DOUBLE", "DECIMAL(p, s)", "TIMESTAMP_LTZ(3)")
PII = ("none", "pseudonymous", "direct")

_INTEGERS = {"INT": (-(2**31), 2**31 - 1), "BIGINT": (-(2**63), 2**63 - 1)}
_DECIMAL = re.compile(r"DECIMAL\(\s*(\d+)\s*,\s*(\d+)\s*\)\Z")
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z\Z")
# Which constraint keys mean something for which type; DECIMAL(p, s) is looked up as DECIMAL.
_CONSTRAINTS = {
    "STRING": ("enum", "min_length", "max_length", "pattern"),
    "INT": ("min", "max"),
    "BIGINT": ("min", "max"),
    "DOUBLE": ("min", "max"),
    "DECIMAL": ("min", "max"),
    "BOOLEAN": (),
    "TIMESTAMP_LTZ(3)": (),
}
_CONSTRAINT_KEYS = ("enum", "min", "max", "min_length", "max_length", "pattern")
_RESERVED = {
    "event_time": "`timestamp` is called event_time in SQL",
    "custom_properties": "it is the object that holds an event's own fields on the wire",
}


def decimal_shape(sql_type: str) -> tuple[int, int] | None:
    """Precision and scale of a DECIMAL type, else None: `DECIMAL(12, 2)` is (12, 2)."""
    match = _DECIMAL.match(sql_type)
    return (int(match[1]), int(match[2])) if match else None


def fits_decimal(number: Decimal, precision: int, scale: int) -> bool:
    """Whether DECIMAL(precision, scale) holds the number without rounding."""
    if not number.is_finite():
        return False
    sign_less = number.copy_abs().normalize()
    exponent = sign_less.as_tuple().exponent
    assert isinstance(exponent, int)
    return -exponent <= scale and (not sign_less or sign_less.adjusted() < precision - scale)


@dataclass(frozen=True)
class _Bounds:
    enum: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None


_DECIMAL_HINT = "write DECIMAL(digits in all, digits behind the point), at most 38, such as DECIMAL(12, 2)"


def _snake(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "amount"


def read_field(reader: Reader, name: str, key: yaml.Node, node: yaml.Node, origin: Origin) -> Field | None:
    """The field written at `node`, or None when it is too broken to be used; mistakes go to the reader."""
    if not _NAME.match(name):
        reader.report(
            key,
            "bad-name",
            f'"{name}" is no field name',
            f"use lower case letters, digits and _, such as {_snake(name)}",
        )
        return None
    if name in _RESERVED:
        reader.report(key, "reserved-name", f'a field cannot be called "{name}"', _RESERVED[name])
        return None
    mapping = reader.mapping(node, f'field "{name}"')
    if mapping is None:
        return None
    found = reader.known_items(mapping, f'field "{name}"', KEYS)
    description = _text(reader, name, found, "description")
    for needed in ("type", "description", "example"):
        if needed not in found and (f'field "{name}"', needed) not in reader.misspelt:
            reader.report(key, f"missing-{needed}", f'field "{name}" has no {needed}', f"add {needed}: ...")
    sql_type = _read_type(reader, name, found["type"][1]) if "type" in found else None
    if sql_type is None:
        return None
    bounds = _read_bounds(reader, name, sql_type, found)
    example: object = None
    if "example" in found:
        example = _read_example(reader, name, sql_type, bounds, found["example"][1])
    return Field(
        name=name,
        sql_type=sql_type,
        origin=origin,
        description=description or "",
        position=reader.at(key),
        required=_flag(reader, name, found, "required"),
        identifier=_flag(reader, name, found, "identifier"),
        pii=_read_pii(reader, found["pii"][1]) if "pii" in found else "none",
        unit=_text(reader, name, found, "unit"),
        enum=bounds.enum,
        minimum=bounds.minimum,
        maximum=bounds.maximum,
        min_length=bounds.min_length,
        max_length=bounds.max_length,
        pattern=bounds.pattern,
        example=example,
    )


_Found = dict[str, tuple[yaml.Node, yaml.Node]]


def _text(reader: Reader, name: str, found: _Found, key: str) -> str | None:
    if key not in found:
        return None
    node = found[key][1]
    text = reader.string(node, f'"{key}" of field "{name}"')
    if text is not None and not text.strip():
        reader.report(node, f"missing-{key}", f'"{key}" of field "{name}" is empty')
    return text


def _flag(reader: Reader, name: str, found: _Found, key: str) -> bool:
    return key in found and bool(reader.boolean(found[key][1], f'"{key}" of field "{name}"'))


def _read_type(reader: Reader, name: str, node: yaml.Node) -> str | None:
    written = reader.string(node, f'"type" of field "{name}"')
    if written is None:
        return None
    shape = decimal_shape(written)
    if shape is not None:
        precision, scale = shape
        if 1 <= precision <= 38 and scale <= precision:
            return f"DECIMAL({precision}, {scale})"
        reader.report(node, "unknown-type", f"{written} is impossible", _DECIMAL_HINT)
        return None
    if written in _CONSTRAINTS and written != "DECIMAL":
        return written
    hint = f"{closest(written, TYPES)}Types: {', '.join(TYPES)}"
    reader.report(node, "unknown-type", f'unknown type "{written}" of field "{name}"', hint)
    return None


def _read_pii(reader: Reader, node: yaml.Node) -> Pii:
    value = reader.string(node, '"pii"')
    if value in PII:
        return cast("Pii", value)
    if value is not None:
        hint = f"{closest(value, PII)}Choices: {', '.join(PII)}"
        reader.report(node, "wrong-value", f'unknown pii class "{value}"', hint)
    return "none"


def _read_bounds(reader: Reader, name: str, sql_type: str, found: _Found) -> _Bounds:
    """The constraints of the field; those that its type cannot have are reported and left out."""
    allowed = _CONSTRAINTS["DECIMAL" if sql_type.startswith("DECIMAL") else sql_type]
    given = {}
    for key in _CONSTRAINT_KEYS:
        if key not in found:
            continue
        if key in allowed:
            given[key] = found[key][1]
        else:
            hint = f"{sql_type} takes {', '.join(allowed)}" if allowed else f"{sql_type} takes no constraint"
            reader.report(
                found[key][0], "wrong-constraint", f'"{key}" does not fit {sql_type} of field "{name}"', hint
            )
    bounds = _Bounds(
        enum=_read_enum(reader, name, given["enum"]) if "enum" in given else (),
        minimum=_read_limit(reader, name, "min", sql_type, given["min"]) if "min" in given else None,
        maximum=_read_limit(reader, name, "max", sql_type, given["max"]) if "max" in given else None,
        min_length=reader.integer(given["min_length"], '"min_length"', 0, 10**6)
        if "min_length" in given
        else None,
        max_length=reader.integer(given["max_length"], '"max_length"', 1, 10**6)
        if "max_length" in given
        else None,
        pattern=_read_pattern(reader, name, given["pattern"]) if "pattern" in given else None,
    )
    if bounds.minimum is not None and bounds.maximum is not None and bounds.minimum > bounds.maximum:
        reader.report(given["min"], "wrong-value", f'"min" of field "{name}" is greater than its "max"')
    if (
        bounds.min_length is not None
        and bounds.max_length is not None
        and bounds.min_length > bounds.max_length
    ):
        reader.report(given["min_length"], "wrong-value", f'"min_length" of "{name}" exceeds "max_length"')
    return bounds


def _read_enum(reader: Reader, name: str, node: yaml.Node) -> tuple[str, ...]:
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        reader.report(node, "wrong-value", f'"enum" of field "{name}" must be a list of strings', "[a, b, c]")
        return ()
    values: list[str] = []
    for item in node.value:
        value = reader.string(item, f'a value of "enum" of field "{name}"')
        if value is None:
            continue
        if value in values:
            reader.report(item, "wrong-value", f'"{value}" stands twice in "enum" of field "{name}"')
        else:
            values.append(value)
    return tuple(values)


def _read_limit(reader: Reader, name: str, key: str, sql_type: str, node: yaml.Node) -> Decimal | None:
    number = _number(node)
    if number is None:
        reader.report(
            node,
            "wrong-value",
            f'"{key}" of field "{name}" must be a number, not {kind(node)}',
            "write a number, without quotes or unit",
        )
    elif not _holds(sql_type, number):
        reader.report(
            node,
            "wrong-value",
            f'"{key}" of field "{name}" is no value of {sql_type}',
            f"write one that {sql_type} can hold",
        )
    else:
        return number
    return None


def _read_pattern(reader: Reader, name: str, node: yaml.Node) -> str | None:
    pattern = reader.string(node, f'"pattern" of field "{name}"')
    if pattern is None:
        return None
    try:
        re.compile(pattern)
    except re.error as error:
        reader.report(node, "wrong-value", f'"pattern" of field "{name}" is no regular expression: {error}')
        return None
    return pattern


def _number(node: yaml.Node) -> Decimal | None:
    if tag(node) not in {"int", "float"}:
        return None
    try:
        number = Decimal(str(node.value))
    except InvalidOperation:  # YAML's .inf, 0x10 and 1_000 are no decimal numbers
        return None
    return number if number.is_finite() else None


def _holds(sql_type: str, number: Decimal) -> bool:
    if sql_type in _INTEGERS:
        low, high = _INTEGERS[sql_type]
        return number == number.to_integral_value() and low <= number <= high
    shape = decimal_shape(sql_type)
    return fits_decimal(number, *shape) if shape else True


def _read_example(reader: Reader, name: str, sql_type: str, bounds: _Bounds, node: yaml.Node) -> object:
    """The example as str, bool, int, float or Decimal; None after reporting that it breaks the contract."""
    what = f'"example" of field "{name}"'
    if sql_type == "BOOLEAN":
        return reader.boolean(node, what)
    if sql_type in {"STRING", "TIMESTAMP_LTZ(3)"}:
        text = reader.string(node, what)
        fault = "" if text is None else _text_fault(sql_type, bounds, text)
        if fault:
            reader.report(node, "wrong-example", f"{what} breaks the contract: {fault}")
        return None if fault else text
    number = _number(node)
    if number is None:
        reader.report(node, "wrong-example", f"{what} must be a number ({sql_type}), not {kind(node)}")
        return None
    if not _holds(sql_type, number):
        reader.report(node, "wrong-example", f"{what} breaks the contract: it is no value of {sql_type}")
        return None
    if bounds.minimum is not None and number < bounds.minimum:
        reader.report(node, "wrong-example", f"{what} breaks the contract: it is below min {bounds.minimum}")
        return None
    if bounds.maximum is not None and number > bounds.maximum:
        reader.report(node, "wrong-example", f"{what} breaks the contract: it is above max {bounds.maximum}")
        return None
    if sql_type in _INTEGERS:
        return int(number)
    return number if sql_type.startswith("DECIMAL") else float(number)


def _text_fault(sql_type: str, bounds: _Bounds, text: str) -> str:
    """Why the text is not allowed, in words; empty when it is."""
    if sql_type == "TIMESTAMP_LTZ(3)":
        try:
            valid = bool(_TIMESTAMP.match(text)) and bool(datetime.fromisoformat(text))
        except ValueError:
            valid = False
        return "" if valid else "it must be a time in UTC such as 2026-01-15T12:00:00.000Z"
    if bounds.enum and text not in bounds.enum:
        return f"it is not in enum [{', '.join(bounds.enum)}]"
    if bounds.min_length is not None and len(text) < bounds.min_length:
        return f"it has fewer than {bounds.min_length} characters"
    if bounds.max_length is not None and len(text) > bounds.max_length:
        return f"it has more than {bounds.max_length} characters"
    if bounds.pattern is not None and not re.search(bounds.pattern, text):
        return f"it does not match pattern {bounds.pattern}"
    return ""
