"""The batch form of each model for DuckDB."""

from __future__ import annotations

from pipeline import names
from pipeline.lower.duckdb import lower_duckdb
from pipeline.lower.refusal import RefusedError
from pipeline.model.contracts import Contracts
from pipeline.model.diagnostics import Diagnostic
from pipeline.model.models import Classified


def emit_duckdb(
    models: tuple[Classified, ...], contracts: Contracts
) -> tuple[dict[str, str], dict[str, tuple[Diagnostic, ...]]]:
    """`{duckdb/<model>.sql: text}` under build/; and why DuckDB cannot compute others faithfully."""
    files: dict[str, str] = {}
    refused: dict[str, tuple[Diagnostic, ...]] = {}
    for model in models:
        name = model.resolved.parsed.rendered.source.name
        try:
            files[names.duckdb_file(name)] = lower_duckdb(model, contracts).rstrip() + "\n"
        except RefusedError as refusal:
            refused[name] = refusal.diagnostics
    return files, refused
