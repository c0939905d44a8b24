"""Compiles a project: runs the stages in order and collects what they say. Reads files, writes none."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from sqlglot import exp

from pipeline.compile.check import check
from pipeline.compile.classify import classify
from pipeline.compile.consequences import without_consequences
from pipeline.compile.contracts import load_contracts
from pipeline.compile.load import load
from pipeline.compile.order import in_order
from pipeline.compile.parse import parse
from pipeline.compile.render import render
from pipeline.compile.resolve import attempt
from pipeline.emit.batch import BatchRefusals, emit_batch
from pipeline.emit.catalogue import emit_catalogue
from pipeline.emit.dynamodb import emit_dynamodb
from pipeline.emit.event_reference import emit_event_reference
from pipeline.emit.flink import emit_jobs, emit_statements, name_of
from pipeline.emit.glue import emit_glue
from pipeline.emit.json_schema import emit_json_schemas
from pipeline.emit.lineage_page import emit_lineage_page
from pipeline.emit.manifest import emit_manifest
from pipeline.emit.manifest_schema import emit_manifest_schema
from pipeline.emit.metric_reference import emit_metric_reference
from pipeline.emit.reference_index import emit_reference_index
from pipeline.emit.rule_reference import emit_rule_reference
from pipeline.lineage import lineage_of
from pipeline.lower.engine import ENGINES
from pipeline.model.contracts import Contracts
from pipeline.model.diagnostics import Diagnostic
from pipeline.model.models import Classified, Project, Resolved

T = TypeVar("T")
Progress = Callable[[str, int, float], None]
"""Called after each stage with its name, how many models came through it, and its seconds."""
_BUILD_ID_DIGITS = 16


@dataclass(frozen=True)
class Compilation:
    """What compiling a project gave.

    `files` are all generated files by path under `build/`, in the order in which they are to be written (the
    manifest last); empty where there is an error. `refused` says for each batch engine which
    models it cannot compute faithfully, and why. `model_count` counts the models that were found, those with
    errors included.
    """

    project: Project
    contracts: Contracts
    diagnostics: tuple[Diagnostic, ...]
    model_count: int
    files: dict[str, str] = field(default_factory=dict)
    refused: BatchRefusals = field(default_factory=dict)
    build_id: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing was wrong."""
        return not self.diagnostics

    def model(self, name: str) -> Classified | None:
        """The model of that name, or None."""
        return next((model for model in self.project.models if name_of(model) == name), None)


def compile_project(root: Path, progress: Progress | None = None, *, emit: bool = True) -> Compilation:
    """Compile the project at `root` (the folder that holds `sql/`).

    All mistakes of all models are collected, ordered by place. Where there is one, nothing is emitted.
    Without `emit` nothing is lowered either, which is most of the time that compiling takes.
    """
    run = _Run(progress)
    contracts = run.kept(load_contracts(root))
    sources = run.kept(load(root))
    names = [source.name for source in sources.models]
    run.done("load", len(names))
    rendered = run.each(render(source, sources) for source in sources.models)
    run.done("render", len(rendered))
    parsed = run.each(parse(item) for item in rendered)
    run.done("parse", len(parsed))
    ordered = run.kept(in_order(parsed))
    known: dict[str, Resolved | None] = {}
    trees: dict[str, exp.Expr] = {}
    for item in ordered:
        found = attempt(item, contracts, names, known)
        run.diagnostics.extend(found.diagnostics)
        known[item.rendered.source.name] = found.resolved
        trees[item.rendered.source.name] = found.tree
    resolved = [known.get(item.rendered.source.name) for item in parsed]
    run.done("resolve", sum(item is not None for item in resolved))
    classified = [classify(item, contracts) if item else None for item in resolved]
    run.done("classify", sum(item is not None for item in classified))
    for item, model in zip(parsed, classified, strict=True):
        run.diagnostics.extend(check(item, model, trees.get(item.rendered.source.name)))
    run.done("check", len(parsed))
    project = Project(str(root), tuple(model for model in classified if model))
    mistakes = without_consequences(run.diagnostics)
    if mistakes or not emit:
        return Compilation(project, contracts, mistakes, sources.found)
    files, refused, build_id = _emit(project.models, contracts)
    run.done("emit", len(files))
    return Compilation(project, contracts, (), sources.found, files, refused, build_id)


class _Run:
    """Collects the stages' mistakes and tells how long each took."""

    def __init__(self, progress: Progress | None) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._progress = progress
        self._since = time.perf_counter()

    def kept(self, result: tuple[T, tuple[Diagnostic, ...]]) -> T:
        """The stage's result, its mistakes put aside."""
        self.diagnostics.extend(result[1])
        return result[0]

    def each(self, results: Iterable[tuple[T | None, tuple[Diagnostic, ...]]]) -> list[T]:
        """The results of a stage that there are."""
        return [item for item in [self.kept(result) for result in results] if item is not None]

    def done(self, stage: str, count: int) -> None:
        """Say that a stage is through."""
        now = time.perf_counter()
        if self._progress:
            self._progress(stage, count, now - self._since)
        self._since = now


def _emit(models: tuple[Classified, ...], contracts: Contracts) -> tuple[dict[str, str], BatchRefusals, str]:
    batch, refused = emit_batch(models, contracts)
    lineages = {name_of(model): lineage_of(model, contracts) for model in models}
    engines = {
        name_of(model): ("flink", *(engine for engine in ENGINES if name_of(model) not in refused[engine]))
        for model in models
    }
    files = {
        **emit_json_schemas(contracts),
        **emit_glue(contracts),
        **emit_event_reference(contracts),
        **emit_metric_reference(models),
        **emit_catalogue(models, lineages),
        **emit_lineage_page(lineages),
        **emit_rule_reference(),
        **emit_dynamodb(models),
        **batch,
        **emit_manifest_schema(),
    }
    files |= emit_reference_index(files)
    statements = emit_statements(models, contracts)
    jobs = emit_jobs(models, statements, "")
    build_id = _digest(files | statements | jobs | emit_manifest(models, contracts, "", engines))
    files = dict(sorted((files | statements | emit_jobs(models, statements, build_id)).items()))
    return files | emit_manifest(models, contracts, build_id, engines), refused, build_id


def _digest(files: dict[str, str]) -> str:
    digest = hashlib.sha256()
    for path, text in sorted(files.items()):
        # Reference pages run nowhere: a sentence made better is not another build.
        if path.startswith("docs/"):
            continue
        for part in (path, text):
            data = part.encode()
            digest.update(len(data).to_bytes(8, "big"))
            digest.update(data)
    return digest.hexdigest()[:_BUILD_ID_DIGITS]
