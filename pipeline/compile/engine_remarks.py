"""Says where a model that streams on Flink cannot be computed by a batch engine: a remark, no mistake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlglot import exp

from pipeline.lower.batch.lowering import planned
from pipeline.lower.engine import ENGINES, LABELS, Engine
from pipeline.lower.refusal import RefusedError
from pipeline.model.contracts import Contracts
from pipeline.model.diagnostics import Diagnostic, Position
from pipeline.model.models import Classified
from pipeline.sql_types import from_tree
from sqlglot_flink import Descriptor, Hop, TableArgument, TableFunction, Tumble

Refused = Mapping[Engine, Mapping[str, tuple[Diagnostic, ...]]]
CODE = "not-on-every-engine"
_SHAPES = (
    *(exp.Select, exp.Union, exp.From, exp.Table, exp.TableAlias, exp.Where, exp.Group, exp.Alias),
    *(exp.Identifier, exp.Interval, exp.Var, exp.DataType, exp.DataTypeParam),
    *(Tumble, Hop, TableFunction, TableArgument, Descriptor),
)
_VALUES = (
    *(exp.Column, exp.Literal, exp.Boolean, exp.Null, exp.Star, exp.Paren, exp.Coalesce, exp.Filter),
    *(exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.And, exp.Or, exp.Not, exp.Is, exp.In),
    *(exp.Count, exp.Distinct),
)
_INEXACT = (exp.DType.FLOAT, exp.DType.DOUBLE)
_OF_EXACT_NUMBERS = (exp.Sum, exp.Min, exp.Max, exp.Cast)
_INSTEAD = {
    "a text with": "CAST the number to STRING",
    "LIKE": "use POSITION(text IN column) > 0, or a pattern written out",
    "REGEXP": "use LIKE, or a pattern without look-around, classes such as \\p and $",
    "REGEXP_EXTRACT": "use SPLIT_INDEX, SUBSTRING or POSITION",
    "REGEXP_REPLACE": "use REPLACE",
    "the division": "CAST both sides to narrower DECIMALs, or to DOUBLE",
    "the product": "CAST both sides to narrower DECIMALs",
    "TO_TIMESTAMP": "write the text as yyyy-MM-dd HH:mm:ss",
    "TO_DATE": "write the text as yyyy-MM-dd",
    "the function CONVERT_TZ": "use TIMESTAMPADD(HOUR, 1, event_time) where the zone has no summer time",
    "the pattern of DATE_FORMAT": "use the letters above, or EXTRACT",
    "DATE_FORMAT": "use a pattern such as 'yyyy-MM-dd HH:mm', or EXTRACT",
    "CAST": "CAST to DECIMAL, BIGINT, STRING or TIMESTAMP(3)",
}
"""Beginning of what an engine does not compute -> what it could be written with."""


def refusals_of(models: Iterable[Classified], contracts: Contracts) -> Refused:
    """For each batch engine the models that it cannot compute, with the reasons.

    Models that only count and add up over TUMBLE and HOP can be computed by all: lowering them, which takes
    longer than all else that `pipeline check` does, is left to the build.
    """
    refused: dict[Engine, dict[str, tuple[Diagnostic, ...]]] = {engine: {} for engine in ENGINES}
    for model in models:
        if is_plain(model.resolved.tree):
            continue
        for engine in ENGINES:
            try:
                planned(model, contracts, engine, "as_streamed")
            except RefusedError as refusal:
                refused[engine][model.resolved.parsed.rendered.source.name] = refusal.diagnostics
    return refused


def is_plain(tree: exp.Expr) -> bool:
    """Whether a typed query holds nothing but what every engine computes as Flink does."""
    return all(_is_plain(node) for node in tree.walk())


def _is_plain(node: exp.Expr) -> bool:
    if isinstance(node, _OF_EXACT_NUMBERS):
        return _is_exact(node.this) and _is_exact(node)
    if not isinstance(node, (*_SHAPES, *_VALUES)) or node.args.get("joins"):
        return False
    inexact = isinstance(node, exp.Coalesce) and node.type and node.type.this in _INEXACT
    return not inexact


def _is_exact(node: exp.Expr) -> bool:
    kind = from_tree(node.type, True) if node.type else None
    return kind is not None and kind.is_exact


def remarks(refused: Refused) -> tuple[Diagnostic, ...]:
    """One remark for each construct, with all engines that do not compute it, by place."""
    engines: dict[tuple[Position, str], list[Engine]] = {}
    gone: dict[str, list[Engine]] = {}
    files: dict[Position, str] = {}
    for engine in ENGINES:
        for model, diagnostics in refused[engine].items():
            gone.setdefault(model, []).append(engine)
            for found in diagnostics:
                what = found.message.removeprefix(f"{LABELS[engine]} ")
                engines.setdefault((found.position, what), []).append(engine)
                files[found.position] = model
    told: set[tuple[str, str]] = set()
    found_remarks = []
    for (position, what), labels in sorted(engines.items(), key=lambda item: item[0]):
        # The same construct stands in SELECT and in GROUP BY.
        if (position.file, what) not in told:
            told.add((position.file, what))
            found_remarks.append(_remark(position, what, labels, gone[files[position]]))
    return tuple(found_remarks)


def _remark(position: Position, what: str, engines: list[Engine], gone: list[Engine]) -> Diagnostic:
    verb = what if len(engines) == 1 else what.replace("does not", "do not", 1)
    message = f"{_listed(LABELS[engine] for engine in engines)} {verb}"
    construct = what.removeprefix("does not compute ")
    instead = next((text for begin, text in _INSTEAD.items() if construct.startswith(begin)), "")
    left = ["Flink", *(LABELS[engine] for engine in ENGINES if engine not in gone)]
    runs = f"the model runs on {_listed(left)}" + ("" if len(left) > 1 else " only")
    hint = f"{runs}; for the others {instead}" if instead else runs
    why = "It streams all the same; history and tests on the other engines leave it out."
    return Diagnostic(position, CODE, message, hint, why)


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
