"""Finds what `pipeline test` runs: the cases of the models, and every mistake in their files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.compiler import Compilation
from pipeline.model.diagnostics import Diagnostic
from pipeline.model.models import Classified
from pipeline.testing.cases import Target, TypedColumn, load_cases
from pipeline.testing.on_flink import Suite


def load_suites(
    root: Path, compilation: Compilation, names: Sequence[str] = ()
) -> tuple[list[Suite], list[Diagnostic]]:
    """The suite of each model of that name (of all without names), in order of name."""
    suites: list[Suite] = []
    errors: list[Diagnostic] = []
    for model in sorted(compilation.project.models, key=_name):
        if not names or _name(model) in names:
            cases, mistakes = load_cases(root, target_of(model), compilation.contracts)
            suites.append(Suite(model, cases))
            errors.extend(mistakes)
    return suites, errors


def target_of(model: Classified) -> Target:
    """What the model's cases must fit."""
    source = model.resolved.parsed.rendered.source
    columns = tuple(TypedColumn(column.name, column.sql_type) for column in model.resolved.columns)
    return Target(source.name, source.folder, columns, model.sources)


def _name(model: Classified) -> str:
    return model.resolved.parsed.rendered.source.name
