"""One event's contract as ingest uses it: read from the JSON Schema that the compiler wrote."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson

Path_ = tuple[str, ...]


class ContractError(RuntimeError):
    """The build directory holds no usable contracts."""


@dataclass(frozen=True)
class Contract:
    """The limits of an event, its schema, and where fields stand that JSON Schema does not check."""

    name: str
    version: int
    stream: str
    standalone: bool
    partition_key: str
    max_event_bytes: int
    max_future_ms: int
    max_age_ms: int
    decimals: tuple[tuple[Path_, int, int], ...]
    """(path, precision, scale) of each DECIMAL field."""
    integers: tuple[Path_, ...]
    timestamps: tuple[Path_, ...]
    """Times other than `timestamp` itself."""
    schema: dict[str, Any]
    validator: jsonschema_rs.Draft202012Validator

    def property(self, path: Path_) -> dict[str, Any]:
        """The schema of the field at the path; empty where the contract knows none."""
        node = self.schema
        for part in path:
            node = node.get("properties", {}).get(part, {})
        return node


def load_contracts(build_dir: Path) -> dict[str, Contract]:
    """The contracts under `build_dir/schemas/events`, by event name.

    Raises ContractError when there are none or one cannot be read.
    """
    folder = build_dir / "schemas" / "events"
    files = sorted(folder.glob("*.json"))
    if not files:
        raise ContractError(f"no event schemas in {folder}: run `pipeline build` first")
    contracts = {}
    for file in files:
        try:
            contract = _contract(orjson.loads(file.read_bytes()))
        except (OSError, ValueError, KeyError) as error:
            raise ContractError(f"{file} is no event schema of this build: {error!r}") from error
        contracts[contract.name] = contract
    return contracts


def _contract(schema: dict[str, Any]) -> Contract:
    said = schema["x-contract"]
    return Contract(
        name=said["name"],
        version=said["version"],
        stream=said["stream"],
        standalone=said["standalone"],
        partition_key=said["partition_key"],
        max_event_bytes=said["max_event_bytes"],
        max_future_ms=said["max_future_ms"],
        max_age_ms=said["max_age_ms"],
        decimals=tuple((_split(path), shape[0], shape[1]) for path, shape in said["decimals"].items()),
        integers=tuple(map(_split, said["integers"])),
        timestamps=tuple(_split(path) for path in said["timestamps"] if path != "timestamp"),
        schema=schema,
        validator=jsonschema_rs.Draft202012Validator(schema),
    )


def _split(path: str) -> Path_:
    return tuple(path.split("."))
