"""The batch form of each model for each engine that computes it faithfully."""

from __future__ import annotations

from pipeline import names
from pipeline.lower.batch import lower_batch
from pipeline.lower.engine import ENGINES, Engine
from pipeline.lower.refusal import RefusedError
from pipeline.model.contracts import Contracts
from pipeline.model.diagnostics import Diagnostic
from pipeline.model.models import Classified

BatchRefusals = dict[Engine, dict[str, tuple[Diagnostic, ...]]]
"""engine -> model -> why the engine cannot compute it faithfully."""


def emit_batch(models: tuple[Classified, ...], contracts: Contracts) -> tuple[dict[str, str], BatchRefusals]:
    """`{<engine>/<model>.sql: text}` under build/; and what each engine cannot compute faithfully."""
    files: dict[str, str] = {}
    refused: BatchRefusals = {engine: {} for engine in ENGINES}
    for model in models:
        name = model.resolved.parsed.rendered.source.name
        for engine in ENGINES:
            try:
                text = lower_batch(model, contracts, engine)
            except RefusedError as refusal:
                refused[engine][name] = refusal.diagnostics
            else:
                files[names.batch_file(name, engine)] = text.rstrip() + "\n"
    return files, refused
