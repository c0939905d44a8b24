"""The dated price table `prices.toml`: what a unit of each service costs, or that it is not known."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

PRICES_FILE = Path(__file__).with_name("prices.toml")


@dataclass(frozen=True)
class Price:
    """One unit's price; `usd` is None where it is unknown."""

    name: str
    service: str
    unit: str
    usd: float | None
    region: str
    date: str
    source: str
    note: str = ""


def load_prices(file: Path = PRICES_FILE) -> dict[str, Price]:
    """All prices by name."""
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        name: Price(
            name=name,
            service=entry["service"],
            unit=entry["unit"],
            usd=float(entry["usd"]) if "usd" in entry else None,
            region=entry["region"],
            date=entry["date"],
            source=entry["source"],
            note=entry.get("note", ""),
        )
        for name, entry in table.items()
    }
