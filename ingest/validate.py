"""Checks one event against its contract: what passes can be read by every part behind, to the last digit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import orjson

from ingest.contract import Contract, Path_, load_contracts
from ingest.explain import expected, explain, json_path, shown
from ingest.model import Accepted, Reason, Rejected
from ingest.parse import ParseError, json_kind, parse_exact, parse_object
from ingest.timestamps import TimestampError, format_timestamp, parse_timestamp

_FLOAT_DIGITS = 15  # a decimal of so many digits survives a float
_EARLIEST_MS, _LATEST_MS = -62_135_596_800_000, 253_402_300_799_999  # the years 1 to 9999


class _FaultError(ValueError):
    def __init__(self, reason: Reason, message: str, path: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.path = path


@dataclass(frozen=True)
class Validator:
    """All contracts of a build, ready to check events. Safe to share between threads."""

    contracts: dict[str, Contract]
    max_event_bytes: int

    @classmethod
    def load(cls, build_dir: Path) -> Validator:
        """The contracts under `build_dir`; raises ingest.contract.ContractError when there are none."""
        contracts = load_contracts(build_dir)
        largest = max(item.max_event_bytes for item in contracts.values() if not item.standalone)
        return cls(contracts, largest)

    def check(
        self, raw: bytes, now_ms: int, *, event_time_ms: int | None = None, id_seed: bytes | None = None
    ) -> Accepted | Rejected:
        """Hold one event, as bytes, against its contract. Never raises.

        An event without `event_id` is given one: derived from `id_seed` and the bytes where a seed is given
        (the same input then has the same id, and counts once however often it is sent), else random.
        `event_time_ms` replaces a valid `timestamp` before its age is judged: a replay moves events in time.
        """
        contract: Contract | None = None
        event_type: str | None = None
        try:
            if len(raw) > self.max_event_bytes:
                raise _too_large(len(raw), self.max_event_bytes)
            event = parse_object(raw)
            claimed = event.get("event_type")
            event_type = claimed[:128] if isinstance(claimed, str) else None
            contract = self._contract(event, claimed)
            if len(raw) > contract.max_event_bytes:
                raise _too_large(len(raw), contract.max_event_bytes)
            if event.get("event_id") is None:
                event["event_id"] = _new_id(raw, id_seed)
            _check_schema(contract, event)
            time_ms = self._normalise(contract, event, raw, now_ms, event_time_ms)
        except (ParseError, _FaultError) as fault:
            version = contract.version if contract else None
            return Rejected(fault.reason, str(fault), fault.path, event_type, version, raw)
        return Accepted(
            contract.name,
            event["event_id"],
            event[contract.partition_key],
            contract.stream,
            time_ms,
            contract.version,
            event,
        )

    def _contract(self, event: dict[str, Any], claimed: object) -> Contract:
        if isinstance(claimed, str):
            contract = self.contracts.get(claimed)
            if contract is not None and not contract.standalone:
                return contract
            choices = ", ".join(item.name for item in self.contracts.values() if not item.standalone)
            message = f'event_type is "{claimed[:60]}": one of {choices} was expected'
            raise _FaultError(Reason.UNKNOWN_EVENT_TYPE, message, "$.event_type")
        if claimed is None:
            said = "is null" if "event_type" in event else "is missing"
            raise _FaultError(Reason.MISSING_FIELD, f"event_type {said}: STRING was expected", "$.event_type")
        message = f"event_type is {json_kind(claimed)}: STRING was expected"
        raise _FaultError(Reason.WRONG_TYPE, message, "$.event_type")

    def _normalise(
        self, contract: Contract, event: dict[str, Any], raw: bytes, now_ms: int, event_time_ms: int | None
    ) -> int:
        """Make one spelling of each value; returns the event's time in epoch milliseconds."""
        if contract.decimals:
            _keep_exact(contract, event, raw)
        for path in contract.integers:
            holder, value = _lookup(event, path)
            if type(value) is float:  # JSON Schema takes 3.0 for an integer, Flink's JSON format does not
                holder[path[-1]] = int(value)
        for path in contract.timestamps:
            holder, value = _lookup(event, path)
            if value is not None:
                holder[path[-1]] = format_timestamp(_time(contract, path, value))
        time_ms = _time(contract, ("timestamp",), event["timestamp"])
        if event_time_ms is not None:
            time_ms = event_time_ms
        name = f"{contract.name}.timestamp"
        if time_ms > now_ms + contract.max_future_ms:
            message = (
                f"{name} is {_seconds(time_ms - now_ms)} s in the future: "
                f"at most {_seconds(contract.max_future_ms)} s were expected; is the clock right?"
            )
            raise _FaultError(Reason.TIMESTAMP_IN_FUTURE, message, "$.timestamp")
        if time_ms < now_ms - contract.max_age_ms:
            message = (
                f"{name} is {(now_ms - time_ms) // 3_600_000} h old: "
                f"at most {contract.max_age_ms // 3_600_000} h were expected; "
                "older events belong in a backfill"
            )
            raise _FaultError(Reason.TIMESTAMP_TOO_OLD, message, "$.timestamp")
        event["timestamp"] = format_timestamp(time_ms)
        return time_ms


def _check_schema(contract: Contract, event: dict[str, Any]) -> None:
    if not contract.validator.is_valid(event):
        raise _FaultError(*explain(contract, event))


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.0f}"


def _too_large(size: int, limit: int) -> _FaultError:
    return _FaultError(Reason.TOO_LARGE, f"the event has {size} bytes: at most {limit} were expected", "")


def _new_id(raw: bytes, seed: bytes | None) -> str:
    if seed is None:
        return str(uuid4())
    digest = blake2b(raw, key=blake2b(seed, digest_size=32).digest(), digest_size=16).digest()
    return str(UUID(bytes=digest, version=4))


def _lookup(event: dict[str, Any], path: Path_) -> tuple[dict[str, Any], Any]:
    """The object that holds the field, and its value; None where it is absent."""
    holder = event
    for part in path[:-1]:
        inner = holder.get(part)
        if inner is None:
            return {}, None
        holder = inner
    return holder, holder.get(path[-1])


def _keep_exact(contract: Contract, event: dict[str, Any], raw: bytes) -> None:
    """Each DECIMAL as its sender wrote it, or a fault: nothing behind this point may round money."""
    exact = parse_exact(raw)
    for path, precision, scale in contract.decimals:
        _, value = _lookup(exact, path)
        if value is None:
            continue
        number = Decimal(value) if isinstance(value, int) else value
        if not _fits(number, precision, scale):
            told = str(number)[:60] if number.is_finite() else "a number"
            message = (
                f"{contract.name}.{'.'.join(path)} is {told}, "
                f"which has too many digits for {expected(contract, path)}"
            )
            raise _FaultError(Reason.TOO_MANY_DIGITS, message, json_path(path))
        if len(number.as_tuple().digits) > _FLOAT_DIGITS:
            holder, _ = _lookup(event, path)
            holder[path[-1]] = orjson.Fragment(f"{number:f}")


def _fits(number: Decimal, precision: int, scale: int) -> bool:
    """Whether DECIMAL(precision, scale) holds the number unrounded, trailing zeros aside."""
    if not number.is_finite():
        return False
    if not number:
        return True
    digits = "".join(map(str, number.as_tuple().digits))
    trailing = len(digits) - len(digits.rstrip("0"))
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent + trailing >= -scale and number.adjusted() < precision - scale


def _time(contract: Contract, path: Path_, text: str) -> int:
    try:
        time_ms = parse_timestamp(text)
    except TimestampError as error:
        reason = Reason.TIMESTAMP_WITHOUT_ZONE if error.without_zone else Reason.INVALID_TIMESTAMP
        message = f"{contract.name}.{'.'.join(path)} is {shown(contract, path, text)}: {error}"
        raise _FaultError(reason, message, json_path(path)) from None
    return min(max(time_ms, _EARLIEST_MS), _LATEST_MS)
