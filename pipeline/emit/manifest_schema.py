"""The JSON Schema of `manifest.json`: the contract with everything that reads it."""

from __future__ import annotations

import json

Schema = dict[str, object]

_TEXT: Schema = {"type": "string", "minLength": 1}
_MS: Schema = {"type": "integer", "minimum": 0}
_HOURS: Schema = {"type": "integer", "minimum": 1}


def emit_manifest_schema() -> dict[str, str]:
    """`{manifest.schema.json: text}` under build/."""
    return {"manifest.schema.json": json.dumps(manifest_schema(), indent=2) + "\n"}


def manifest_schema() -> Schema:
    """The schema of manifest version 1."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Manifest of the compiled project",
        **_object(
            manifest_version={"const": 1},
            build_id={"type": "string", "pattern": "^[0-9a-f]{16}$"},
            events=_map(_event()),
            models=_map(_model()),
            apps=_map(_app()),
        ),
    }


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _map(values: Schema) -> Schema:
    return {
        "type": "object",
        "propertyNames": {"pattern": "^[a-z][a-z0-9_]*$"},
        "additionalProperties": values,
    }


def _list(items: Schema, **more: object) -> Schema:
    return {"type": "array", "items": items, **more}


def _event() -> Schema:
    return _object(
        stream=_TEXT,
        contract_version={"type": "integer", "minimum": 1},
        schema=_TEXT,
        partition_key=_TEXT,
        standalone={"type": "boolean"},
        watermark_delay_ms=_MS,
        columns=_list(
            _object(
                name=_TEXT,
                sql_type=_TEXT,
                description={"type": "string"},
                pii={"enum": ["none", "pseudonymous", "direct"]},
            )
        ),
        lake=_object(columns=_list(_object(name=_TEXT, type=_TEXT, comment={"type": "string"}))),
    )


def _model() -> Schema:
    nullable_text: Schema = {"type": ["string", "null"]}
    return _object(
        kind={"enum": ["metric", "feature", "pattern", "alert", "decision"]},
        question=_TEXT,
        folder=_TEXT,
        app=_TEXT,
        owner=nullable_text,
        form={"enum": ["live", "strict"]},
        form_reason=_TEXT,
        changelog={"enum": ["append", "upsert"]},
        engines=_list({"enum": ["flink", "duckdb", "trino", "spark"]}, minItems=1),
        table=_object(name=_TEXT, partition_key=_TEXT, sort_key=_TEXT, ttl_attribute=_TEXT),
        topic=_TEXT,
        route=_TEXT,
        columns=_list(
            _object(
                name=_TEXT,
                sql_type=_TEXT,
                json_type={"enum": ["timestamp", "decimal", "integer", "number", "string", "boolean"]},
                nullable={"type": "boolean"},
                role={"enum": ["time", "dimension", "measure"]},
                description=_TEXT,
                additive={"type": "boolean"},
            ),
            minItems=1,
        ),
        key=_list(_TEXT, minItems=1),
        time_column=_TEXT,
        windows=_list(
            _object(
                kind={"enum": ["tumble", "hop", "cumulate", "session", "row"]},
                size_ms=_MS,
                slide_ms=_MS,
                gap_ms=_MS,
                discriminator={"type": "object", "additionalProperties": {"type": "string"}},
            ),
            minItems=1,
        ),
        sources=_list(_TEXT, minItems=1),
        late_hours=_HOURS,
        keep_hours=_HOURS,
        freshness_seconds={"type": "integer", "minimum": 1},
        state_ttl_ms=_MS,
        chart=_object(type=_TEXT, x=_TEXT, y=nullable_text, series=nullable_text),
    )


def _app() -> Schema:
    return _object(
        directory=_TEXT,
        models=_list(_TEXT, minItems=1),
        sources=_list(_TEXT, minItems=1),
        longest_window_ms=_MS,
        late_ms=_MS,
    )
