"""Writes an engine's SQL from a template: `CASE WHEN _2 > 0 THEN left(_1, _2) ELSE '' END`.

Functions in a template stay as they are written: sqlglot's own knowledge of them, which would translate some
to what another version of the engine wants, is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect

from pipeline.lower.engine import Engine

_PLACEHOLDER = re.compile(r"_([1-9])")
_KEPT_PARSERS = ("CAST", "TRY_CAST")
_SAFE = (exp.Column, exp.Literal, exp.Func, exp.Paren, exp.Null, exp.Boolean, exp.Cast, exp.Subquery)
AGGREGATES = frozenset(
    {
        "SUM", "COUNT", "AVG", "MIN", "MAX", "STDDEV_POP", "STDDEV_SAMP", "VAR_POP", "VAR_SAMP",
        "LAG", "LEAD", "RANK", "DENSE_RANK", "ROW_NUMBER", "PERCENT_RANK", "CUME_DIST",
        "NTILE", "FIRST_VALUE", "LAST_VALUE",
    }
)  # fmt: skip
"""Functions in templates around which FILTER or OVER belongs."""


@cache
def _dialect(engine: Engine) -> Dialect:
    base: Any = Dialect.get_or_raise(engine)
    parser: Any = type(
        "TemplateParser",
        (base.parser_class,),
        {
            "FUNCTIONS": {},
            "FUNCTION_PARSERS": {
                name: parse
                for name, parse in base.parser_class.FUNCTION_PARSERS.items()
                if name in _KEPT_PARSERS
            },
            "NO_PAREN_FUNCTIONS": {},
        },
    )
    plain: Any = type(base)()
    plain.parser_class = parser
    plain.parser = lambda **options: parser(dialect=plain, **options)
    return plain  # type: ignore[no-any-return]


@cache
def _parsed(template: str, engine: Engine) -> exp.Expr:
    dialect = _dialect(engine)
    trees = dialect.parser().parse(dialect.tokenize(f"SELECT {template}"), f"SELECT {template}")
    tree = trees[0]
    assert isinstance(tree, exp.Select)
    value = tree.expressions[0]
    assert isinstance(value, exp.Expr)
    return value


def fill(
    template: str,
    arguments: Sequence[exp.Expr],
    engine: Engine,
    around: Callable[[exp.Expr], exp.Expr] | None = None,
) -> exp.Expr:
    """The expression that a template stands for; `around` is put about each aggregate in it."""
    tree: exp.Expr = exp.Paren(this=_parsed(template, engine).copy())
    if around is not None:
        for node in list(tree.find_all(exp.Anonymous)):
            if node.name.upper() in AGGREGATES:
                parent, key, index = node.parent, node.arg_key, node.index
                assert parent is not None and key is not None
                wrapped = around(node.copy())
                parent.set(key, wrapped, index)
    for column in list(tree.find_all(exp.Column)):
        match = _PLACEHOLDER.fullmatch(column.name) if not column.table else None
        if match:
            argument = arguments[int(match[1]) - 1].copy()
            column.replace(argument if isinstance(argument, _SAFE) else exp.Paren(this=argument))
    inner = tree.this
    assert isinstance(inner, exp.Expr)
    return inner if isinstance(inner, _SAFE) and not isinstance(inner, exp.Paren) else tree
