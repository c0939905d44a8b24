"""What the compiler around this dialect makes of Flink SQL on the batch engines, as its own tests prove it.

Models: `tests/parity_models/`, which parity runs on Flink and on every engine. Functions: the expressions of
`tests/integration/expressions/cases/`, which are evaluated on both sides.
"""

from __future__ import annotations

import importlib
import importlib.util
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARITY_MODELS = ROOT / "tests" / "parity_models"
ENGINES = ("trino", "spark", "duckdb")
CONNECTIVES = frozenset({"AND", "OR", "CASE", "CAST", "TRY_CAST"})
"""What sqlglot calls functions, and are no entries of Flink's list."""
CONSTRUCT_MODELS: dict[str, tuple[str, ...]] = {
    "aggregates": ("aggregates", "decimals"),
    "case": ("arithmetic", "nulls"),
    "grouping": (
        "grouping_sets",
        "cube",
        "rollup",
        "having",
        "legacy_tumble",
        "legacy_hop",
        "legacy_session",
        "grouping_sets_having",
    ),
    "joins": (
        "interval_join",
        "interval_join_left",
        "interval_join_open",
        "interval_join_right",
        "interval_join_windowed",
        "share_of_window",
        "window_join",
        "window_join_left",
        "window_join_of_three",
    ),
    "json_functions": ("json_and_urls",),
    "match_recognize": (
        "alternatives",
        "click_then_click",
        "funnel_of_events",
        "optional_step",
        "reluctant",
        "repeated_clicks",
        "rising_places",
        "skip_to_next",
        "within_is_strict",
    ),
    "operators": ("arithmetic", "texts"),
    "over_windows": (
        "last_of_window_counted",
        "over_expression_key",
        "over_expression_key_of_a_join",
        "over_lag",
        "over_range",
        "over_rows",
        "window_first_of_user",
        "window_top_n",
    ),
    "predicates": ("nulls", "texts_compared"),
    "set_operations": ("union_of_periods", "distinct_rows"),
    "temporal_joins": ("temporal_join", "temporal_join_null_keys", "temporal_join_windowed"),
    "types": ("casts", "decimals"),
    "window_table_functions": (
        "tumble_live",
        "tumble_strict",
        "tumble_named_arguments",
        "tumble_seven_seconds",
        "hop_live",
        "hop_strict",
        "cumulate",
        "session_by_user",
        "session_of_all",
        "cascaded_windows",
        "session_cascaded",
    ),
    "with": ("with_and_subqueries",),
}
"""A corpus file's stem -> the test models that use its construct."""


@dataclass
class OnEngines:
    """How many forms of something each engine computes, of how many that are tried."""

    tried: int = 0
    computed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ENGINES, 0))
    unknown: frozenset[str] = frozenset()
    """Engines on which there is nothing to try: the compiler has no way to write it there."""

    def cell(self, engine: str) -> str:
        """Say it in a word."""
        if not self.tried:
            return "refused" if engine in self.unknown else "-"
        found = self.computed[engine]
        return "yes" if found == self.tried else "refused" if not found else f"{found} of {self.tried} forms"


def available() -> str | None:
    """Return why nothing can be said of the engines (this package stands alone), or None."""
    if not PARITY_MODELS.is_dir() or importlib.util.find_spec("pipeline") is None:
        return "the compiler and its test models are not here"
    return None


def models() -> dict[str, OnEngines]:
    """Return each test model's engines, by the model's name; a model that does not compile is left out."""
    compiler = importlib.import_module("pipeline.compiler")
    batch = importlib.import_module("pipeline.emit.batch")
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        shutil.copytree(PARITY_MODELS / "sql", project / "sql")
        for name in ("events", "macros", "reference"):
            if (ROOT / "sql" / name).is_dir():
                shutil.copytree(ROOT / "sql" / name, project / "sql" / name, dirs_exist_ok=True)
        compiled = compiler.compile_project(project)
    _, refused = batch.emit_batch(compiled.project.models, compiled.contracts)
    names = [model.resolved.parsed.rendered.source.name for model in compiled.project.models]
    return {
        name: OnEngines(1, {engine: int(name not in refused[engine]) for engine in ENGINES}) for name in names
    }


def together(found: dict[str, OnEngines], construct: str) -> OnEngines:
    """Return what the models of a construct come to; one that does not compile says nothing of engines."""
    names = [name for name in CONSTRUCT_MODELS.get(construct, ()) if name in found]
    computed = {engine: sum(found[name].computed[engine] for name in names) for engine in ENGINES}
    return OnEngines(len(names), computed)


def functions() -> dict[str, OnEngines]:
    """Return each function's engines, by its name; a function without a case is there with nothing tried."""
    catalogue = importlib.import_module("pipeline.functions").FUNCTIONS
    aliases = importlib.import_module("pipeline.lower.expressions.named").ALIASES
    found: dict[str, OnEngines] = defaultdict(OnEngines)
    for names, engines in _expressions():
        for name in names - CONNECTIVES:
            found[name].tried += 1
            for engine in engines:
                found[name].computed[engine] += 1
    for name in catalogue:
        found[name] = found.get(aliases.get(name, name)) or OnEngines(
            unknown=_unknown(aliases.get(name, name))
        )
    return dict(sorted(found.items()))


def _unknown(name: str) -> frozenset[str]:
    lowering = importlib.import_module("pipeline.lower.expressions.lowering")
    aggregates = importlib.import_module("pipeline.lower.expressions.aggregates").LOWERED
    return frozenset(
        engine
        for engine in ENGINES
        if name not in {*aggregates, *(key.split("/")[0] for key in lowering.TABLES[engine])}
    )


def _expressions() -> Iterator[tuple[set[str], list[str]]]:
    """Yield of each case the functions that it calls and the engines that compute it."""
    harness = importlib.import_module("tests.integration.expressions.harness")
    named = importlib.import_module("pipeline.lower.expressions.named")
    for topic in harness.topics():
        refused = [text for texts in topic.refused.values() for text in texts]
        for text in dict.fromkeys([*topic.expressions, *refused]):
            tree, _ = harness.typed(text, topic.columns)
            names = {name for node in tree.walk() if (name := named.called_name(node))}
            yield names, [engine for engine in ENGINES if not harness.lowered(text, topic.columns, engine)[1]]
