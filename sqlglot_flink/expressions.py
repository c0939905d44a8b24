"""The parts of Flink SQL that sqlglot has no expressions for."""

from __future__ import annotations

import typing as t

from sqlglot import exp


class Descriptor(exp.Expression):
    """`DESCRIPTOR(event_time)`: names columns of the table argument beside it."""

    arg_types: t.ClassVar[dict[str, bool]] = {"expressions": True}


class TableArgument(exp.Expression):
    """`TABLE purchase PARTITION BY user_id`, or a subquery in parentheses, as a table function's argument."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True, "partition_by": False, "order": False}


class WindowFunction(exp.Expression):
    """A windowing table-valued function; `named` tells whether its arguments were written `NAME => value`.

    `this` is the table argument, `time` the descriptor of its time attribute, all else are intervals.
    """

    NAME: t.ClassVar[str] = ""
    INTERVALS: t.ClassVar[tuple[str, ...]] = ()
    """Interval arguments in positional order, `offset` (always optional) last where the function has one."""
    arg_types: t.ClassVar[dict[str, bool]] = {"this": True, "time": True, "named": False}


class Tumble(WindowFunction):
    """`TUMBLE(TABLE t, DESCRIPTOR(ts), size [, offset])`: windows side by side."""

    NAME: t.ClassVar[str] = "TUMBLE"
    INTERVALS: t.ClassVar[tuple[str, ...]] = ("size", "offset")
    arg_types: t.ClassVar[dict[str, bool]] = {**WindowFunction.arg_types, "size": True, "offset": False}


class Hop(WindowFunction):
    """`HOP(TABLE t, DESCRIPTOR(ts), slide, size [, offset])`: windows of `size` that begin every `slide`."""

    NAME: t.ClassVar[str] = "HOP"
    INTERVALS: t.ClassVar[tuple[str, ...]] = ("slide", "size", "offset")
    arg_types: t.ClassVar[dict[str, bool]] = {
        **WindowFunction.arg_types,
        "slide": True,
        "size": True,
        "offset": False,
    }


class Cumulate(WindowFunction):
    """`CUMULATE(TABLE t, DESCRIPTOR(ts), step, size [, offset])`: windows growing by `step` up to `size`."""

    NAME: t.ClassVar[str] = "CUMULATE"
    INTERVALS: t.ClassVar[tuple[str, ...]] = ("step", "size", "offset")
    arg_types: t.ClassVar[dict[str, bool]] = {
        **WindowFunction.arg_types,
        "step": True,
        "size": True,
        "offset": False,
    }


class Session(WindowFunction):
    """`SESSION(TABLE t [PARTITION BY k], DESCRIPTOR(ts), gap)`: windows closed by a pause of `gap`."""

    NAME: t.ClassVar[str] = "SESSION"
    INTERVALS: t.ClassVar[tuple[str, ...]] = ("gap",)
    arg_types: t.ClassVar[dict[str, bool]] = {**WindowFunction.arg_types, "gap": True}


class TableFunction(exp.Expression):
    """`TABLE(f(...))`, in place of a table's name in FROM."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


class MatchRecognizeWithin(exp.MatchRecognize):
    """MATCH_RECOGNIZE with Flink's `WITHIN INTERVAL ...` behind the pattern."""

    arg_types: t.ClassVar[dict[str, bool]] = {**exp.MatchRecognize.arg_types, "within": True}


class Watermark(exp.Expression):
    """`WATERMARK FOR ts AS ts - INTERVAL '5' SECOND` in a table's columns."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True, "expression": True}


class MetadataColumn(exp.Expression, exp.ColumnConstraintKind):
    """`METADATA [FROM 'key'] [VIRTUAL]` behind a column's type."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": False, "virtual": False}


class NotEnforced(exp.Expression):
    """`PRIMARY KEY (...) NOT ENFORCED`: `this` is the key."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}
