"""Bytes to one JSON object, strictly: what two parsers could read differently is refused here."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from ingest.model import Reason

MAX_DEPTH = 32
_BOM = b"\xef\xbb\xbf"
_NOT_NUMBERS = (b"NaN", b"Infinity", b"-Infinity", b"-NaN")


class ParseError(ValueError):
    """The bytes are no JSON object that every parser reads alike."""

    def __init__(self, reason: Reason, message: str, path: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        self.path = path


def parse_object(raw: bytes) -> dict[str, Any]:
    """The object that `raw` says; a UTF-8 byte order mark before it is let through.

    Raises ParseError: malformed JSON (NaN and Infinity included), invalid UTF-8, unpaired surrogates,
    repeated keys, nesting beyond MAX_DEPTH, or something that is not an object.
    """
    if raw.startswith(_BOM):
        raw = raw[3:]
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise _decode_error(raw, error) from None
    if type(value) is not dict:
        raise ParseError(Reason.NOT_AN_OBJECT, f"a JSON object was expected, not {json_kind(value)}", "$")
    # What is written back to the same bytes says everything once. Senders that write compact JSON end here.
    if raw.count(b"{") + raw.count(b"[") <= MAX_DEPTH and orjson.dumps(value) == raw:
        return value
    # Without backslashes each quote delimits a string, so fewer strings than quotes / 2 means a repeated key.
    if 2 * _strings(value, 1) != raw.count(b'"') or b"\\" in raw:
        _refuse_repeated_keys(raw)
    return value


def parse_exact(raw: bytes) -> dict[str, Any]:
    """The object again, fractions as Decimal: for amounts that a float cannot hold."""
    text = raw.removeprefix(_BOM).decode("utf-8")
    value: dict[str, Any] = json.loads(text, parse_float=_decimal)
    return value


def json_kind(value: object) -> str:
    """What a parsed value is in JSON's words: `a string`, `null`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float | Decimal):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "an array" if isinstance(value, list) else "an object"


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent beyond what Decimal itself carries
        return Decimal("NaN")


def _strings(value: dict[str, Any], depth: int) -> int:
    """How many strings the object holds, keys included."""
    count = len(value)
    for item in value.values():
        kind = type(item)
        if kind is str:
            count += 1
        elif kind is dict or kind is list:
            count += _nested_strings(item, depth)
    return count


def _nested_strings(value: dict[str, Any] | list[Any], depth: int) -> int:
    if depth >= MAX_DEPTH:
        raise _too_deep()
    if isinstance(value, dict):
        return _strings(value, depth + 1)
    count = 0
    for item in value:
        if type(item) is str:
            count += 1
        elif isinstance(item, dict | list):
            count += _nested_strings(item, depth + 1)
    return count


def _refuse_repeated_keys(raw: bytes) -> None:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in items:
            if key in found:
                raise ParseError(
                    Reason.DUPLICATE_KEY, f'the key "{key[:60]}" stands more than once in one object'
                )
            found[key] = value
        return found

    try:
        json.loads(raw.decode("utf-8"), object_pairs_hook=pairs)
    except RecursionError:  # the first of two equal keys may hold any depth: orjson kept only the last
        raise _too_deep() from None


def _too_deep() -> ParseError:
    return ParseError(Reason.TOO_DEEP, f"it is nested deeper than {MAX_DEPTH} levels")


def _decode_error(raw: bytes, error: orjson.JSONDecodeError) -> ParseError:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        hint = "; it looks like UTF-16" if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else ""
        return ParseError(Reason.INVALID_UTF8, f"byte {fault.start} is not UTF-8{hint}")
    said = str(error).split(": line ", maxsplit=1)[0]
    if "surrogate" in said:
        return ParseError(Reason.INVALID_UNICODE, f"an unpaired surrogate stands at character {error.pos}")
    if "depth" in said or "recursion" in said.lower():
        return _too_deep()
    rest = error.doc[error.pos : error.pos + 9].encode("utf-8", "replace")
    if rest.startswith(_NOT_NUMBERS):
        return ParseError(
            Reason.MALFORMED_JSON, f"NaN and Infinity are no JSON numbers (character {error.pos})"
        )
    if not raw.strip():
        return ParseError(Reason.MALFORMED_JSON, "it is empty: a JSON object was expected")
    return ParseError(Reason.MALFORMED_JSON, f"not JSON: {said} (line {error.lineno}, column {error.colno})")
