"""What is deployed, as far as it costs: streams, applications, tables, functions and counted parts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.cost.errors import CostError

ON_DEMAND, PROVISIONED = "ON_DEMAND", "PROVISIONED"
MANIFEST_VERSION = 1


@dataclass(frozen=True)
class Stream:
    """A Kinesis stream; `shards` is the least number of a provisioned one."""

    event: str
    mode: str = ON_DEMAND
    shards: int = 1
    retention_hours: int = 24


@dataclass(frozen=True)
class Application:
    """A Flink application and the units it is given; `mini_batch_ms` is None where the plan does not tell."""

    name: str
    parallelism: int = 1
    parallelism_per_kpu: int = 1
    mini_batch_ms: float | None = None
    in_vpc: bool = False


@dataclass(frozen=True)
class Function:
    """A Lambda function's size."""

    memory_mb: float
    arm: bool = True


@dataclass(frozen=True)
class Deployment:
    """Everything that is priced. `counts` has the parts of which only the number matters, as `alarms`."""

    origin: str
    streams: tuple[Stream, ...]
    applications: tuple[Application, ...]
    tables: tuple[str, ...]
    deliveries: tuple[str, ...]
    delivery_partitions: bool
    functions: Mapping[str, Function]
    counts: Mapping[str, float]
    budget_usd: float | None = None
    not_priced: Mapping[str, int] = field(default_factory=dict)

    def count(self, name: str) -> float:
        """How many there are of a counted part."""
        return self.counts.get(name, 0)


# What `terraform/` builds around the models; a plan tells it exactly.
USUAL_COUNTS = {
    "alarms": 60,
    "composite_alarms": 6,
    "dashboards": 4,
    "distributions": 1,
    "kms_keys": 1,
    "nat_gateways": 1,
    "rest_apis": 1,
    "secrets": 1,
    "trails": 1,
    "valkey_caches": 1,
    "waf_rules": 4,
    "web_acls": 1,
    "websocket_apis": 1,
}


def read_manifest(file: Path) -> dict[str, Any]:
    """The compiled manifest. Raises `CostError` where it is missing, no manifest, or of another version."""
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CostError(
            f"{file}: cannot be read ({error.strerror}): the traffic of each model comes from it. "
            "Next: pipeline build"
        ) from error
    except ValueError as error:
        raise CostError(f"{file}: is not JSON ({error}). Next: pipeline build") from error
    if not isinstance(manifest, dict) or not {"events", "models", "apps"} <= manifest.keys():
        raise CostError(
            f"{file}: is no manifest: events, models and apps were expected. Next: pipeline build"
        )
    if manifest.get("manifest_version") != MANIFEST_VERSION:
        raise CostError(
            f"{file}: manifest_version is {manifest.get('manifest_version')!r}, expected {MANIFEST_VERSION}. "
            "Next: pipeline build"
        )
    return manifest


def from_manifest(manifest: Mapping[str, Any]) -> Deployment:
    """What the manifest asks for, with the defaults of Terraform's variables."""
    events = manifest["events"]
    return Deployment(
        origin="build/manifest.json, no plan: Terraform's defaults, the usual parts around the models",
        streams=tuple(Stream(event) for event in events),
        applications=tuple(Application(name) for name in manifest["apps"]),
        tables=tuple(manifest["models"]),
        deliveries=tuple(events),
        delivery_partitions=True,
        functions={},
        counts=USUAL_COUNTS,
    )
