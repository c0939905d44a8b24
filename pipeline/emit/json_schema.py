"""JSON Schema (2020-12) of each event as it stands on the wire: what ingest validates against."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal

from pipeline.model.contracts import Contracts, Event, Field
from pipeline.names import stream_name

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_INTEGERS = {"INT": (-(2**31), 2**31 - 1), "BIGINT": (-(2**63), 2**63 - 1)}
_DECIMAL = re.compile(r"DECIMAL\((\d+), (\d+)\)")
_EXACT = re.compile(r'"\\u0000([-0-9.E+]+)\\u0000"')


def emit_json_schemas(contracts: Contracts) -> dict[str, str]:
    """`{schemas/events/<event>.json: text}` under build/.

    A schema describes the event before enrichment. Optional fields may be null, unknown ones are let
    through. `x-contract` carries what JSON Schema cannot say: limits in bytes and milliseconds, the stream,
    the paths of DECIMAL fields with precision and scale, and of times. Each property has its SQL type in
    `x-sql-type`.
    """
    return {
        f"schemas/events/{event.name}.json": exact_json(_schema(event)) + "\n" for event in contracts.events
    }


def exact_json(document: object) -> str:
    """Indented JSON in which each Decimal is a number with just its own digits (`49.90`, never 49.9)."""

    def digits(value: object) -> str:
        if isinstance(value, Decimal):
            return f"\x00{value:f}\x00"
        raise TypeError(f"{type(value).__name__} has no JSON form")

    text = json.dumps(document, indent=2, ensure_ascii=False, default=digits)
    return _EXACT.sub(r"\1", text)


def decimal_of(field: Field) -> tuple[int, int] | None:
    """Precision and scale of a DECIMAL field, else None."""
    match = _DECIMAL.fullmatch(field.sql_type)
    return (int(match[1]), int(match[2])) if match else None


def _schema(event: Event) -> dict[str, object]:
    own = [field for field in event.fields if field.origin == "event"]
    top = own if event.standalone else [field for field in event.fields if field.origin == "common"]
    properties: dict[str, object] = {field.name: _property(field) for field in top}
    required = [field.name for field in top if field.required]
    if not event.standalone:
        own_required = [field.name for field in own if field.required]
        custom: dict[str, object] = {
            "type": "object" if own_required else ["object", "null"],
            "description": f"What only {event.name} says.",
            "properties": {field.name: _property(field) for field in own},
            "required": own_required,
        }
        properties["custom_properties"] = custom
        if own_required:
            required.append("custom_properties")
    return {
        "$schema": _DRAFT,
        "$id": f"urn:event:{event.name}:{event.version}",
        "title": event.name,
        "description": event.description,
        "x-contract": _x_contract(event),
        "type": "object",
        "properties": properties,
        "required": required,
    }


def _x_contract(event: Event) -> dict[str, object]:
    wire = [field for field in event.fields if field.origin != "enrichment"]
    return {
        "name": event.name,
        "version": event.version,
        "stream": stream_name(event.name),
        "standalone": event.standalone,
        "partition_key": event.partition_key,
        "max_event_bytes": event.max_event_bytes,
        "max_future_ms": event.max_future_ms,
        "max_age_ms": event.max_age_ms,
        "decimals": {_path(event, field): list(shape) for field in wire if (shape := decimal_of(field))},
        "integers": [_path(event, field) for field in wire if field.sql_type in _INTEGERS],
        "timestamps": [_path(event, field) for field in wire if field.sql_type.startswith("TIMESTAMP")],
        "enrichment": [field.name for field in event.fields if field.origin == "enrichment"],
    }


def _path(event: Event, field: Field) -> str:
    """The field's place on the wire, without the leading `$.`: `custom_properties.amount`."""
    return field.name if event.standalone or field.origin != "event" else f"custom_properties.{field.name}"


def _property(field: Field) -> dict[str, object]:
    described: dict[str, object] = {"type": _json_type(field), "description": field.description}
    described.update(_bounds(field))
    if field.enum:
        described["enum"] = [*field.enum] if field.required else [*field.enum, None]
    if field.example is not None:
        described["examples"] = [field.example]
    described["x-sql-type"] = field.sql_type
    if field.unit:
        described["x-unit"] = field.unit
    if field.pii != "none":
        described["x-pii"] = field.pii
    return described


def _json_type(field: Field) -> str | list[str]:
    if field.sql_type in _INTEGERS:
        name = "integer"
    elif field.sql_type == "BOOLEAN":
        name = "boolean"
    elif field.sql_type == "DOUBLE" or field.sql_type.startswith("DECIMAL"):
        name = "number"
    else:
        name = "string"
    return name if field.required else [name, "null"]


def _bounds(field: Field) -> Mapping[str, object]:
    """The constraints in JSON Schema's words; a number is always held within what its SQL type can carry."""
    bounds: dict[str, object] = {}
    low, high = field.minimum, field.maximum
    if field.sql_type in _INTEGERS:
        least, most = _INTEGERS[field.sql_type]
        bounds["minimum"] = least if low is None else int(low)
        bounds["maximum"] = most if high is None else int(high)
    elif shape := decimal_of(field):
        precision, scale = shape
        step = Decimal(1).scaleb(-scale)
        limit = Decimal(10 ** (precision - scale)) - step
        bounds["minimum"] = -limit if low is None else low
        bounds["maximum"] = limit if high is None else high
        bounds["multipleOf"] = step if scale else 1
    else:
        bounds.update({} if low is None else {"minimum": low})
        bounds.update({} if high is None else {"maximum": high})
    if field.sql_type.startswith("TIMESTAMP"):
        bounds["format"] = "date-time"
    lengths = {"minLength": field.min_length, "maxLength": field.max_length, "pattern": field.pattern}
    bounds.update({key: value for key, value in lengths.items() if value is not None})
    return bounds
