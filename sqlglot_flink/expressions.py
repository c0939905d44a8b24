"""The parts of Flink SQL's queries that sqlglot has no expressions for.

How a node was written, where Flink's parser can tell and meaning cannot, stands in its `meta`: `spelling`,
`name`, `infix` (NOT behind its operand), `literal` (DATE '...'), `nulls`, `quantifier`, `order`.
"""

from __future__ import annotations

import typing as t

from sqlglot import exp


class Descriptor(exp.Expression):
    """`DESCRIPTOR(event_time)`: names columns of the table argument beside it."""

    arg_types: t.ClassVar[dict[str, bool]] = {"expressions": False}


class TableArgument(exp.JoinHint):
    """`TABLE purchase PARTITION BY user_id`, or a subquery in parentheses, as a table function's argument.

    As with a hint, sqlglot's optimizer takes the table for a name that is mentioned, not for one in FROM: its
    columns are to be had from the function's relation only.
    """

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True, "partition_by": False, "order": False}


class WindowFunction(exp.Expression):
    """A windowing table-valued function; `named` tells whether its arguments were written `NAME => value`.

    `this` is the table argument, `time` the descriptor of its time attribute, all else are intervals. `named`
    is a list of the names in the order in which they were written, or True for the canonical ones.
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


class TableFunction(exp.Expression, exp.Func):
    """`TABLE(f(...))`, in place of a table's name in FROM.

    As a `Func` it is to sqlglot's optimizer a relation whose columns the schema does not tell: `qualify`
    takes for its columns those that no other relation has.
    """

    _sql_names: t.ClassVar[list[str]] = ["TABLE"]
    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


class ExtendedTable(exp.Expression):
    """`t EXTEND (a INT)`: `expressions` are columns that the table does not declare."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True, "expressions": True}


class MatchedTable(exp.Table):
    """A table behind JOIN with its MATCH_RECOGNIZE; that of the first relation is the query's."""

    arg_types: t.ClassVar[dict[str, bool]] = {**exp.Table.arg_types, "match": True}


class MatchRecognizeWithin(exp.MatchRecognize):
    """MATCH_RECOGNIZE with Flink's `WITHIN INTERVAL ...` behind the pattern."""

    arg_types: t.ClassVar[dict[str, bool]] = {**exp.MatchRecognize.arg_types, "within": True}


class ModelArgument(exp.Expression):
    """`MODEL m` as a table function's argument."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


class UnaryPlus(exp.Unary):
    """`+x`."""


class Unique(exp.Expression, exp.Predicate):
    """`UNIQUE (SELECT ...)`."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


class MemberOf(exp.Expression, exp.Binary, exp.Predicate):
    """`x MEMBER OF multiset`."""


class SubmultisetOf(exp.Expression, exp.Binary, exp.Predicate):
    """`a SUBMULTISET OF b`."""


class PeriodComparison(exp.Expression, exp.Binary, exp.Predicate):
    """`a PRECEDES b` and its like; `kind` holds the words."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True, "expression": True, "kind": True}


class MultisetOperation(exp.Expression, exp.Binary):
    """`a MULTISET UNION [ALL | DISTINCT] b`; `kind` is UNION, INTERSECT or EXCEPT."""

    arg_types: t.ClassVar[dict[str, bool]] = {
        "this": True,
        "expression": True,
        "kind": True,
        "quantifier": False,
    }


class EscapedText(exp.Expression, exp.Condition):
    """`E'a\\n'`: a text with the escapes of C (Flink 2), as it was written, prefix and quotes included."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


class LiteralChain(exp.Expression):
    """`'a' 'b'`: one text in several literals."""

    arg_types: t.ClassVar[dict[str, bool]] = {"expressions": True}


class IntervalUnit(exp.Expression):
    """`DAY(3)`, `SECOND(2, 3)`: a unit with its precisions."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True, "expressions": True}


class DateDifference(exp.Expression):
    """`(a - b) DAY`: `this` is the difference in its parentheses."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True, "unit": True}


class CollectionQuery(exp.Expression):
    """`ARRAY(SELECT ...)`; `kind` is ARRAY, MAP or MULTISET."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True, "kind": True}


class MultisetLiteral(exp.Expression):
    """`MULTISET[1, 2]`."""

    arg_types: t.ClassVar[dict[str, bool]] = {"expressions": False}


class Period(exp.Expression):
    """`PERIOD(start, end)`."""

    arg_types: t.ClassVar[dict[str, bool]] = {"expressions": True}


class ContextVariable(exp.Expression):
    """`CURRENT_PATH` and other functions without parentheses that sqlglot does not know."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


class CurrentValueFor(exp.Expression):
    """`CURRENT VALUE FOR sequence`."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


class Cursor(exp.Expression):
    """`CURSOR (SELECT ...)`."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


class NewCall(exp.Expression):
    """`NEW type(...)`."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


class JdbcCall(exp.Expression):
    """`{fn f(x)}`."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


class MatchModifier(exp.Expression):
    """`FINAL LAST(A.x)` or `RUNNING ...` inside an expression; `kind` is the word."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True, "kind": True}


class WithinDistinct(exp.Expression):
    """`SUM(x) WITHIN DISTINCT (k)`."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True, "expressions": True}


class OrderedAggregate(exp.Anonymous):
    """`STRING_AGG(x, ',' ORDER BY y)`: a call with more than arguments in its parentheses."""

    arg_types: t.ClassVar[dict[str, bool]] = {
        **exp.Anonymous.arg_types,
        "nulls": False,
        "order": False,
        "separator": False,
    }


class OnCase(exp.Expression):
    """`NULL ON EMPTY`: what a JSON function gives in a case; `event` is EMPTY or ERROR."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True, "expression": False, "event": True}


class JsonPathFunction(exp.Anonymous):
    """A function of a JSON value and a path: both in `expressions`, the clauses in arguments of their own."""

    arg_types: t.ClassVar[dict[str, bool]] = {
        **exp.Anonymous.arg_types,
        "passing": False,
        "returning": False,
        "wrapper": False,
        "on_cases": False,
    }


class JsonExists(JsonPathFunction):
    """`JSON_EXISTS(v, 'path' [... ON ERROR])`."""


class JsonValue(JsonPathFunction):
    """`JSON_VALUE(v, 'path' [RETURNING type] [... ON EMPTY] [... ON ERROR])`."""


class JsonQuery(JsonPathFunction):
    """`JSON_QUERY(v, 'path' [RETURNING type] [... WRAPPER] [... ON EMPTY] [... ON ERROR])`."""


class JsonConstructor(exp.Anonymous):
    """A function that makes JSON; `on_null` says what becomes of NULLs."""

    arg_types: t.ClassVar[dict[str, bool]] = {
        **exp.Anonymous.arg_types,
        "order": False,
        "on_null": False,
        "returning": False,
    }


class JsonObject(JsonConstructor):
    """`JSON_OBJECT('k' VALUE v, ...)`: `expressions` are JsonPairs."""


class JsonObjectAgg(JsonConstructor):
    """`JSON_OBJECTAGG('k' VALUE v)`."""


class JsonArray(JsonConstructor):
    """`JSON_ARRAY(a, b)`."""


class JsonArrayAgg(JsonConstructor):
    """`JSON_ARRAYAGG(x)`."""


class JsonPair(exp.Expression, exp.Binary):
    """`[KEY] k VALUE v` or `k : v`."""
