"""Says for each function that Flink documents whether each engine computes it, by lowering an example."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from pipeline.expressions import ExpressionTyper
from pipeline.locate import Locator
from pipeline.lower.engine import ENGINES
from pipeline.lower.expressions.documented import COLUMNS, DOCUMENTED, REASONS
from pipeline.lower.expressions.lowering import refusals
from pipeline.model.models import Promises, Rendered, Segment, Source
from pipeline.relations import Field, Relation


def coverage() -> list[tuple[str, dict[str, str]]]:
    """Each documented function with `{engine: "yes"}`, or the reason why the engine is refused."""
    return [(name, _of(name, example)) for name, example in DOCUMENTED]


def _of(name: str, example: str) -> dict[str, str]:
    try:
        tree, mistake = typed_example(example)
    except SqlglotError:
        tree, mistake = None, f"{name} is not compiled"
    if tree is None or mistake:
        return dict.fromkeys(ENGINES, REASONS.get(name, mistake))
    found: dict[str, str] = {}
    for engine in ENGINES:
        problems = [what for _, what in refusals(tree, engine)]
        found[engine] = REASONS.get(name, problems[0]) if problems else "yes"
    return found


def typed_example(text: str) -> tuple[exp.Expr | None, str]:
    """An expression over `documented.COLUMNS` with its types, and what the compiler says against it."""
    sql = f"SELECT {text} FROM example"  # noqa: S608  our own text
    source = Source("example", "metric", "example", "example.sql", sql, Promises())
    segment = Segment(0, source.query_file, 1, 1)
    typer = ExpressionTyper(
        Locator(Rendered(source, sql, (1,), (segment,))), lambda _: Relation("a query", (), known=False)
    )
    select = sqlglot.parse_one(sql, dialect="flink")
    tree = select.expressions[0]
    fields = tuple(Field(name, kind) for name, kind in COLUMNS.items())
    kind = typer.type_of(tree, {"example": Relation("example", fields)})
    mistakes = "; ".join(problem.message for problem in typer.diagnostics)
    return (tree, mistakes) if kind is not None else (None, mistakes)
