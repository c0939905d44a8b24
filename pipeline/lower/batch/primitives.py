"""The few operations of batch SQL that each engine writes in its own way, as nodes of a tree.

Everything else that the passes build is SQL that DuckDB, Trino and Spark share. `spell` (a pass) replaces
these nodes by what the engine calls them.
"""

from __future__ import annotations

import typing as t

from sqlglot import exp


class EpochMs(exp.Expression, exp.Condition):
    """Milliseconds since 1970 of the timestamp `this`, a BIGINT."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


class TimestampOfMs(exp.Expression, exp.Condition):
    """The timestamp that is `this` (a BIGINT) milliseconds after 1970."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


class Series(exp.Expression):
    """A table of one column with the whole numbers from `start` to `stop` (included) by `step`.

    `alias` names the table, `column` its column. Stands where a table stands.
    """

    arg_types: t.ClassVar[dict[str, bool]] = {
        "start": True,
        "stop": True,
        "step": True,
        "alias": True,
        "column": True,
    }


class SessionFold(exp.Expression):
    """A query of the sessions that the stream made of the rows of table `this`: see `session_folds`."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True, "keys": False, "gap": True}


class Written(exp.Expression):
    """A query that is text already, in the engine's words; `reads` are the tables that it names."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True, "reads": False, "columns": False}


def number(value: int) -> exp.Expr:
    """A whole number as a tree; `-5` is a negation of a literal, as a parser would give it."""
    literal = exp.Literal.number(abs(value))
    return exp.Neg(this=literal) if value < 0 else literal


def plus(left: exp.Expr, value: int) -> exp.Expr:
    """`left + value`, `left - 5` for a negative value, `left` for 0."""
    if not value:
        return left
    kind = exp.Add if value > 0 else exp.Sub
    return kind(this=left, expression=exp.Literal.number(abs(value)))


def floored(milliseconds: exp.Expr, size: int, offset: int) -> exp.Expr:
    """The greatest multiple of `size` (moved by `offset`) that is not beyond `milliseconds`.

    The remainder is taken twice, for MOD of a negative number (before 1970) is negative on every engine.
    """
    shifted = plus(milliseconds.copy(), -offset)
    remainder = exp.Anonymous(this="MOD", expressions=[shifted, number(size)])
    wrapped = exp.Add(this=remainder, expression=number(size))
    beyond = exp.Anonymous(this="MOD", expressions=[wrapped, number(size)])
    return exp.Sub(this=milliseconds.copy(), expression=beyond)
