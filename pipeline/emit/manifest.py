"""The manifest: what the rest of the product knows about events, models and apps."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pipeline import names
from pipeline.emit.flink import app_numbers, apps_of, name_of
from pipeline.emit.glue import lake_columns
from pipeline.model.contracts import Contracts, Event
from pipeline.model.models import Classified, Column
from pipeline.queries import branches, is_additive, unaliased
from pipeline.sql_types import INTEGERS, parse_type

MANIFEST_VERSION = 1


def emit_manifest(
    models: tuple[Classified, ...],
    contracts: Contracts,
    build_id: str,
    engines: Mapping[str, tuple[str, ...]],
) -> dict[str, str]:
    """`{manifest.json: text}` under build/; `engines` names for each model what can compute it."""
    manifest = {
        "manifest_version": MANIFEST_VERSION,
        "build_id": build_id,
        "events": {event.name: _event(event) for event in sorted(contracts.events, key=lambda e: e.name)},
        "models": {
            name_of(model): _model(model, engines[name_of(model)]) for model in sorted(models, key=name_of)
        },
        "apps": {
            app: {
                "directory": names.app_directory(app),
                "models": [name_of(model) for model in members],
                **app_numbers(members),
            }
            for app, members in apps_of(models).items()
        },
    }
    return {"manifest.json": json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"}


def json_type(sql_type: str) -> str:
    """How a value of the type stands in JSON: timestamp, decimal, integer, number, boolean or string."""
    kind = parse_type(sql_type)
    if kind.is_time:
        return "timestamp"
    if kind.name in INTEGERS:
        return "integer"
    return {"DECIMAL": "decimal", "FLOAT": "number", "DOUBLE": "number", "BOOLEAN": "boolean"}.get(
        kind.name, "string"
    )


def default_chart(model: Classified) -> dict[str, str | None]:
    """A line a dimension over time, unless the author declares another type."""
    measures = [name for name, role in model.roles if role == "measure"]
    # The end of a cumulating window is part of the key, but there is a new one at each step.
    bounds = {column.name for column in model.resolved.columns if column.bound}
    dimensions = [name for name, role in model.roles if role == "dimension" and name not in bounds]
    return {
        "type": model.resolved.parsed.rendered.source.promises.chart or "line",
        "x": model.time_column,
        "y": measures[0] if measures else None,
        "series": dimensions[0] if dimensions else None,
    }


def _event(event: Event) -> dict[str, object]:
    return {
        "stream": names.stream_name(event.name),
        "contract_version": event.version,
        "schema": f"schemas/events/{event.name}.json",
        "partition_key": event.partition_key,
        "standalone": event.standalone,
        "watermark_delay_ms": event.watermark_delay_ms,
        "columns": [
            {
                "name": names.column_name(field.name),
                "sql_type": field.sql_type,
                "description": field.description,
                "pii": field.pii,
            }
            for field in event.fields
        ],
        "lake": {"columns": lake_columns(event)},
    }


def _model(model: Classified, engines: tuple[str, ...]) -> dict[str, object]:
    source = model.resolved.parsed.rendered.source
    roles = dict(model.roles)
    additive = _additive(model)
    return {
        "kind": source.kind,
        "question": model.resolved.question,
        "folder": source.folder,
        "app": model.app,
        "owner": source.promises.owner,
        "form": model.form,
        "form_reason": model.form_reason,
        "changelog": model.changelog,
        "engines": list(engines),
        "table": {
            "name": names.table_name(source.name),
            "partition_key": names.PARTITION_KEY,
            "sort_key": names.SORT_KEY,
            "ttl_attribute": names.TTL,
        },
        "topic": names.topic(source.kind, source.name),
        "route": names.route(source.kind, source.name),
        "columns": [
            _column(column, roles[column.name], column.name in additive) for column in model.resolved.columns
        ],
        "key": list(model.key),
        "time_column": model.time_column,
        "windows": [
            {
                "kind": window.kind,
                "size_ms": window.size_ms,
                "slide_ms": window.slide_ms,
                "gap_ms": window.gap_ms,
                "discriminator": dict(window.discriminator),
            }
            for window in model.windows
        ],
        "sources": list(model.sources),
        "late_hours": source.promises.late_hours,
        "keep_hours": source.promises.keep_hours,
        "freshness_seconds": source.promises.freshness_seconds,
        "state_ttl_ms": model.state_ttl_ms,
        "chart": default_chart(model),
    }


def _additive(model: Classified) -> set[str]:
    """Outputs that every branch of the query adds up."""
    found = [
        {item.alias_or_name for item in select.expressions if is_additive(unaliased(item))}
        for select in branches(model.resolved.tree)
    ]
    return set.intersection(*found) if found else set()


def _column(column: Column, role: str, additive: bool) -> dict[str, object]:
    return {
        "name": column.name,
        "sql_type": column.sql_type,
        "json_type": json_type(column.sql_type),
        "nullable": column.nullable,
        "role": role,
        "description": column.description,
        "additive": additive,
    }
