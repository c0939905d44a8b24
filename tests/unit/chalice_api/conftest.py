"""Puts `chalicelib` on the path, as the Lambda runtime does, and reads the manifest these tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.chalice_app import load_app

load_app()
from chalicelib import manifest  # noqa: E402  # on the path once the app is loaded


@pytest.fixture(scope="session")
def known() -> manifest.Manifest:
    return manifest.parse((Path(__file__).parent / "manifest.json").read_bytes(), "manifest.json")


@pytest.fixture(scope="session")
def model(known: manifest.Manifest) -> manifest.Model:
    return known.models["revenue_per_minute"]
