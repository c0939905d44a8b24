"""Pass: names that are words of the engine's own grammar are quoted."""

from __future__ import annotations

from sqlglot import exp

from pipeline.lower.batch.plan import Plan
from pipeline.lower.engine import Engine

_EVERYWHERE = """
    all alter and any as asc between by case cast check column constraint create cross current_date
    current_time current_timestamp current_user cube
    deallocate default delete desc describe distinct drop else end escape
    except execute exists extract false fetch for foreign from full group grouping having in inner insert
    intersect into is join lateral left like limit localtime localtimestamp natural not null offset on only or
    order outer partition prepare primary qualify range recursive references right rollup row rows select set
    skip some table then to true uescape union unique unnest unpivot pivot user using values when where window
    with anti semi interval array map minus both leading trailing collate overlaps position
"""
_WORDS: dict[Engine, frozenset[str]] = {
    "duckdb": frozenset(
        (_EVERYWHERE + " analyse analyze asymmetric deferrable do initially placing returning show summarize"
        " symmetric variadic lambda at glob ilike").split()
    ),
    "trino": frozenset((_EVERYWHERE + " normalize listagg json_array json_object json_table trim").split()),
    "spark": frozenset((_EVERYWHERE + " authorization filter session_user time").split()),
}  # fmt: skip


def quoted_names(plan: Plan) -> None:
    """Quote each identifier that the engine would take for a word of its grammar."""
    words = _WORDS[plan.engine]
    for query in plan.queries():
        for name in query.find_all(exp.Identifier):
            if name.name.lower() in words or not name.name.isidentifier():
                name.set("quoted", True)
