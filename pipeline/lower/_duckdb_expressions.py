"""Flink expressions in DuckDB: which mean the same, which are rewritten, and which are refused.

The list is one of what is known to agree. What is not on it is refused, since the same name often has another
value: `5 / 2`, `CAST(1.5 AS INT)`, `AVG` of integers, the patterns of `DATE_FORMAT`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal

from sqlglot import exp

from sqlglot_flink.expressions import (
    Cumulate,
    Descriptor,
    Hop,
    TableArgument,
    TableFunction,
    Tumble,
)

Family = Literal["integer", "decimal", "float", "string", "boolean", "date", "timestamp"]

SAME_MEANING: tuple[type[exp.Expr], ...] = (
    # structure
    exp.Select, exp.Union, exp.Subquery, exp.From, exp.Table, exp.TableAlias, exp.Where, exp.Group,
    exp.Having, exp.With, exp.CTE, exp.Alias, exp.Column, exp.Identifier, exp.Star, exp.Distinct,
    exp.Filter, exp.Paren,
    TableFunction, TableArgument, Descriptor, Tumble, Hop, Cumulate,
    # values
    exp.Literal, exp.Null, exp.Boolean, exp.Interval, exp.Var, exp.DataType, exp.DataTypeParam,
    # logic
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In, exp.Between,
    exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.Like,
    # arithmetic and text
    exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.DPipe,
    # aggregates
    exp.Count, exp.Sum, exp.Min, exp.Max,
)  # fmt: skip
REWRITTEN: tuple[type[exp.Expr], ...] = (exp.Div, exp.Mod, exp.Avg, exp.Cast, exp.Extract, exp.Floor)
REWRITTEN_BY_NAME = ("DATE_FORMAT", "CHAR_LENGTH")

_FAMILIES: dict[Family, tuple[exp.DType, ...]] = {
    "integer": (exp.DType.TINYINT, exp.DType.SMALLINT, exp.DType.INT, exp.DType.BIGINT),
    "decimal": (exp.DType.DECIMAL,),
    "float": (exp.DType.FLOAT, exp.DType.DOUBLE),
    "string": (exp.DType.TEXT, exp.DType.VARCHAR, exp.DType.CHAR),
    "boolean": (exp.DType.BOOLEAN,),
    "date": (exp.DType.DATE,),
    "timestamp": (exp.DType.TIMESTAMP, exp.DType.TIMESTAMPLTZ, exp.DType.TIMESTAMPNTZ, exp.DType.TIMESTAMPTZ),
}
_FAMILY_OF: dict[exp.DType, Family] = {name: family for family, names in _FAMILIES.items() for name in names}
_UNITS = ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")
_PATTERN = {"yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S", "SSS": "%g"}
_PATTERN_PART = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+")
_FAITHFUL_CASTS: dict[Family, tuple[Family, ...]] = {
    "integer": ("integer", "decimal", "float", "string"),
    "decimal": ("integer", "decimal", "string"),
    "float": ("integer", "float"),
    "string": ("string",),
    "boolean": ("boolean", "string"),
    "date": ("date", "timestamp"),
    "timestamp": ("date", "timestamp"),
}


def family(node: exp.Expr) -> Family | None:
    """What kind of value a typed node has; None where its type is not known."""
    kind = node if isinstance(node, exp.DataType) else node.type
    if not isinstance(kind, exp.DataType) or not isinstance(kind.this, exp.DType):
        return None
    return _FAMILY_OF.get(kind.this)


def refusals(tree: exp.Expr) -> Iterator[tuple[exp.Expr, str]]:
    """Every node that DuckDB would compute otherwise than Flink, with what it is."""
    for node in tree.walk():
        reason = _refusal(node)
        if reason:
            yield node, reason


def rewrite(tree: exp.Expr) -> exp.Expr:
    """The tree with Flink's meaning of each expression spelled for DuckDB; it is changed in place."""
    return tree.transform(_rewritten, copy=False)


def _refusal(node: exp.Expr) -> str | None:
    if not isinstance(node, (*SAME_MEANING, *REWRITTEN, exp.Anonymous)):
        return _words(node)
    for kind, check in _CHECKS:
        if isinstance(node, kind):
            return check(node)
    return None


def _words(node: exp.Expr) -> str:
    named = {
        exp.Join: "JOIN",
        exp.MatchRecognize: "MATCH_RECOGNIZE",
        exp.Window: "OVER (...)",
        exp.Ordered: "ORDER BY",
    }
    for kind, words in named.items():
        if isinstance(node, kind):
            return words
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(node).__name__).upper()


def _all_are(node: exp.Expr, *families: Family) -> bool:
    return family(node.this) in families and family(node.expression) in families


def _refused_function(node: exp.Expr) -> str | None:
    name = node.name.upper()
    if name not in REWRITTEN_BY_NAME:
        return f"the function {name}"
    return _refused_format(node) if name == "DATE_FORMAT" else None


def _refused_with(node: exp.Expr) -> str | None:
    return "WITH inside a query" if node.parent is not node.root() else None


def _refused_star(node: exp.Expr) -> str | None:
    return None if isinstance(node.parent, exp.Count) else "SELECT *"


def _refused_group(node: exp.Expr) -> str | None:
    several = any(node.args.get(key) for key in ("cube", "rollup", "grouping_sets"))
    return "GROUPING SETS, CUBE or ROLLUP" if several else None


def _refused_count(node: exp.Expr) -> str | None:
    several = isinstance(node.this, exp.Distinct) and len(node.this.expressions) > 1
    return "COUNT(DISTINCT ...) of several columns" if several else None


def _refused_avg(node: exp.Expr) -> str | None:
    if family(node.this) in {"integer", "float"}:
        return None
    return (
        "AVG of DECIMAL (write SUM and COUNT)" if family(node.this) == "decimal" else "AVG of an unknown type"
    )


def _refused_extract(node: exp.Expr) -> str | None:
    unit = node.this.name.upper()
    return None if unit in _UNITS else f"EXTRACT({unit} FROM ...)"


def _refused_floor(node: exp.Expr) -> str | None:
    if isinstance(node, exp.Floor) and _floor_unit(node) in _UNITS:
        return None
    return f"FLOOR other than of a time TO {', '.join(_UNITS)}"


def _refused_division(node: exp.Expr) -> str | None:
    if _all_are(node, "integer"):
        return None
    if _all_are(node, "integer", "float"):
        return None
    return "division of DECIMAL" if _all_are(node, "integer", "decimal") else "division of unknown types"


def _refused_cast(node: exp.Expr) -> str | None:
    assert isinstance(node, exp.Cast)
    if isinstance(node, exp.TryCast):
        return "TRY_CAST"
    source, target = family(node.this), family(node.to)
    if isinstance(node.this, exp.Null):
        return None
    if source is None or target is None or target not in _FAITHFUL_CASTS[source]:
        kind = (
            node.this.type.sql(dialect="flink")
            if isinstance(node.this.type, exp.DataType)
            else "an unknown type"
        )
        return f"CAST of {kind} to {node.to.sql(dialect='flink')}"
    if source == "string" and node.to.expressions:
        return f"CAST of a string to {node.to.sql(dialect='flink')}, which cuts it off"
    if target == "timestamp" and node.to.expressions and int(node.to.expressions[0].name) < 3:
        return f"CAST to {node.to.sql(dialect='flink')}, which cuts off milliseconds"
    return None


def _refused_comparison(node: exp.Expr) -> str | None:
    groups = {"integer": "number", "decimal": "number", "float": "number"}
    left, right = family(node.this), family(node.expression)
    if left is None or right is None or groups.get(left, left) == groups.get(right, right):
        return None
    return f"a comparison of {left} with {right}"


def _refused_format(node: exp.Expr) -> str | None:
    if len(node.expressions) != 2 or family(node.expressions[0]) != "timestamp":
        return "DATE_FORMAT of other than a time"
    pattern = node.expressions[1]
    if not pattern.is_string or _strftime(pattern.name) is None:
        return f"the pattern of DATE_FORMAT (known: {', '.join(_PATTERN)} and text in quotes)"
    return None


def _strftime(pattern: str) -> str | None:
    parts: list[str] = []
    at = 0
    for match in _PATTERN_PART.finditer(pattern):
        if match.start() != at:
            return None
        at = match.end()
        text = match[0]
        if match[1] is not None:
            parts.append((match[1].replace("''", "'") or "'").replace("%", "%%"))
        elif match[2] is not None:
            if text not in _PATTERN:
                return None
            parts.append(_PATTERN[text])
        else:
            parts.append(text.replace("%", "%%"))
    return "".join(parts) if at == len(pattern) else None


def _floor_unit(node: exp.Floor) -> str | None:
    unit = node.args.get("to")
    return unit.name.upper() if isinstance(unit, exp.Expr) and family(node.this) == "timestamp" else None


_CHECKS: tuple[tuple[type[exp.Expr] | tuple[type[exp.Expr], ...], Callable[[exp.Expr], str | None]], ...] = (
    (exp.Anonymous, _refused_function),
    (exp.With, _refused_with),
    (exp.Star, _refused_star),
    (exp.Group, _refused_group),
    (exp.Count, _refused_count),
    (exp.Avg, _refused_avg),
    (exp.Cast, _refused_cast),
    (exp.Extract, _refused_extract),
    (exp.Floor, _refused_floor),
    (exp.Div, _refused_division),
    (exp.Mod, lambda node: None if _all_are(node, "integer") else "a remainder of other than integers"),
    (exp.DPipe, lambda node: None if _all_are(node, "string") else "|| of other than strings"),
    ((exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE), _refused_comparison),
)


def _rewritten(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Div) and _all_are(node, "integer"):
        return exp.IntDiv(this=node.this, expression=node.expression)
    if isinstance(node, exp.Avg) and family(node.this) == "integer":
        total = exp.Cast(this=exp.Sum(this=node.this.copy()), to=exp.DataType.build("BIGINT"))
        return exp.Paren(this=exp.IntDiv(this=total, expression=exp.Count(this=node.this.copy())))
    if isinstance(node, exp.Cast):
        return _rewritten_cast(node)
    if isinstance(node, exp.Floor):
        return exp.Anonymous(
            this="date_trunc", expressions=[exp.Literal.string((_floor_unit(node) or "").lower()), node.this]
        )
    if isinstance(node, exp.Anonymous) and node.name.upper() == "DATE_FORMAT":
        time, pattern = node.expressions
        return exp.Anonymous(
            this="strftime", expressions=[time, exp.Literal.string(_strftime(pattern.name) or "")]
        )
    if isinstance(node, exp.Anonymous) and node.name.upper() == "CHAR_LENGTH":
        return exp.Anonymous(this="length", expressions=node.expressions)
    return node


def _rewritten_cast(node: exp.Cast) -> exp.Expr:
    source, target = family(node.this), family(node.to)
    if target == "integer" and source in {"decimal", "float"}:
        node.set("this", exp.Anonymous(this="trunc", expressions=[node.this]))
    elif target == "string" and source == "boolean":
        return exp.Anonymous(this="upper", expressions=[node])
    elif target == "timestamp":
        # All times are UTC without a zone here, so TIMESTAMP and TIMESTAMP_LTZ are one type.
        node.set("to", exp.DataType.build("TIMESTAMP", dialect="duckdb"))
    return node
