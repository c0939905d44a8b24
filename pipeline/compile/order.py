"""The order in which models are resolved: each after the models that it reads. Cycles are mistakes."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from pipeline.locate import Locator
from pipeline.model.diagnostics import Diagnostic
from pipeline.model.models import Parsed


def in_order(models: list[Parsed]) -> tuple[list[Parsed], tuple[Diagnostic, ...]]:
    """The models, each behind those that it reads; those of a cycle are left out and reported."""
    by_name = {_name(model): model for model in models}
    reads = {name: _read(model, by_name) for name, model in by_name.items()}
    done: list[str] = []
    cyclic: set[str] = set()
    diagnostics: list[Diagnostic] = []
    for name in by_name:
        for cycle in _visit(name, reads, done, []):
            cyclic.update(cycle)
            diagnostics.append(_told(cycle, by_name, reads))
    found = tuple(dict.fromkeys(diagnostics))
    return [by_name[name] for name in done if name not in cyclic], found


def _name(model: Parsed) -> str:
    return model.rendered.source.name


def _read(model: Parsed, known: Iterable[str]) -> dict[str, exp.Expr]:
    """The other models that a model reads, each with the place of its name."""
    own = {cte.alias for cte in model.tree.find_all(exp.CTE)} | {_name(model)}
    names = set(known) - own
    found: dict[str, exp.Expr] = {}
    for table in model.tree.find_all(exp.Table):
        if isinstance(table.this, exp.Identifier) and table.name in names:
            found.setdefault(table.name, table.this)
    return found


def _visit(
    name: str, reads: dict[str, dict[str, exp.Expr]], done: list[str], path: list[str]
) -> Iterable[tuple[str, ...]]:
    """Put `name` behind all that it reads; the cycles met on the way, each from its least name on."""
    if name in path:
        cycle = path[path.index(name) :]
        least = cycle.index(min(cycle))
        yield (*cycle[least:], *cycle[:least])
        return
    if name in done:
        return
    for other in reads[name]:
        yield from _visit(other, reads, done, [*path, name])
    if name not in done:
        done.append(name)


def _told(
    cycle: tuple[str, ...], models: dict[str, Parsed], reads: dict[str, dict[str, exp.Expr]]
) -> Diagnostic:
    first, second = cycle[0], cycle[1 % len(cycle)]
    place = Locator(models[first].rendered).at(reads[first][second])
    way = " reads ".join((*cycle, first))
    return Diagnostic(
        place, "cycle", f"models read each other in a circle: {way}", "let one of them read events instead"
    )
