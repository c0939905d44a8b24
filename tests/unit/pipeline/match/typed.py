"""Patterns with the types that the compiler finds, from SQL text."""

from __future__ import annotations

from collections.abc import Mapping

import sqlglot
from sqlglot import exp

from pipeline.expressions import ExpressionTyper
from pipeline.locate import Locator
from pipeline.model.models import Promises, Rendered, Source
from pipeline.queries import match_of
from pipeline.relations import Field, Relation
from pipeline.resolving.patterns import resolve_pattern
from pipeline.sql_types import parse_type


def typed(text: str, columns: Mapping[str, str]) -> exp.MatchRecognize:
    """The pattern of a query over a table of these columns (name -> Flink's type)."""
    tree = sqlglot.parse_one(text, dialect="flink")
    assert isinstance(tree, exp.Select)
    node = match_of(tree)
    assert node is not None
    source = Source("m", "pattern", "sql/patterns/m", "sql/patterns/m/query.sql", text, Promises())
    typer = ExpressionTyper(Locator(Rendered(source, text, tuple(range(1, 99)))), _no_subquery)
    fields = tuple(
        Field(name, parse_type(kind), time_attribute=name == "event_time") for name, kind in columns.items()
    )
    resolve_pattern(node, Relation("arrivals", fields), typer)
    return node


def _no_subquery(node: exp.Expr) -> Relation:
    raise AssertionError(f"no pattern here has a subquery: {node}")
