"""The catalogue: what each model's columns mean and come from, for programs that read no SQL."""

from __future__ import annotations

import json

from pipeline.emit.flink import name_of
from pipeline.lineage import Lineage
from pipeline.model.models import Classified

CATALOGUE_VERSION = 1
FILE = "catalogue.json"


def emit_catalogue(models: tuple[Classified, ...], lineages: dict[str, Lineage]) -> dict[str, str]:
    """`{catalogue.json: text}` under build/.

    For each model its question and columns; a column has its expression, type, description and `origins`
    (`event.column`); `rows` are the fields that decide which rows there are.
    """
    document = {
        "catalogue_version": CATALOGUE_VERSION,
        "models": {
            name_of(model): _model(model, lineages[name_of(model)]) for model in sorted(models, key=name_of)
        },
    }
    return {FILE: json.dumps(document, indent=2, ensure_ascii=False) + "\n"}


def _model(model: Classified, lineage: Lineage) -> dict[str, object]:
    described = {column.name: column for column in model.resolved.columns}
    return {
        "kind": model.resolved.parsed.rendered.source.kind,
        "question": model.resolved.question,
        "columns": [
            {
                "name": column.name,
                "sql_type": described[column.name].sql_type,
                "description": described[column.name].description,
                "expression": column.expression,
                "origins": [".".join(origin) for origin in column.origins],
            }
            for column in lineage.columns
        ],
        "rows": [".".join(origin) for origin in lineage.rows],
    }
