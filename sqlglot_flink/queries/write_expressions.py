"""Writes expressions as they were read."""

from __future__ import annotations

import typing as t

from sqlglot import exp, generator

from sqlglot_flink import expressions as fl
from sqlglot_flink.queries.literals import TIME_LITERALS
from sqlglot_flink.reserved import RESERVED_WORDS

# Reserved words that Flink takes as a function's name without quotes.
CALLABLE_WORDS = frozenset(
    [
        "ABS",
        "AVG",
        "CARDINALITY",
        "CEIL",
        "CEILING",
        "CHAR",
        "CHARACTER_LENGTH",
        "CHAR_LENGTH",
        "CLASSIFIER",
        "COALESCE",
        "COLLECT",
        "CONVERT",
        "COUNT",
        "COVAR_POP",
        "COVAR_SAMP",
        "CUME_DIST",
        "CURRENT_DATE",
        "CURRENT_TIME",
        "CURRENT_TIMESTAMP",
        "DENSE_RANK",
        "ELEMENT",
        "EVERY",
        "EXP",
        "FIRST_VALUE",
        "FLOOR",
        "FUSION",
        "GROUPING",
        "HOUR",
        "INTERSECTION",
        "LAG",
        "LAST_VALUE",
        "LEAD",
        "LEFT",
        "LN",
        "LOCALTIME",
        "LOCALTIMESTAMP",
        "LOWER",
        "MATCH_NUMBER",
        "MAX",
        "MIN",
        "MINUTE",
        "MOD",
        "MONTH",
        "NEXT",
        "NTH_VALUE",
        "NTILE",
        "NULLIF",
        "OCTET_LENGTH",
        "PERCENTILE_CONT",
        "PERCENTILE_DISC",
        "PERCENT_RANK",
        "POWER",
        "PREV",
        "RANK",
        "REGR_COUNT",
        "REGR_SXX",
        "REGR_SYY",
        "RIGHT",
        "ROW",
        "ROW_NUMBER",
        "SECOND",
        "SOME",
        "SQRT",
        "STDDEV_POP",
        "STDDEV_SAMP",
        "STRING_AGG",
        "GROUP_CONCAT",
        "ARRAY_CONCAT_AGG",
        "SUM",
        "TRANSLATE",
        "TRUNCATE",
        "UPPER",
        "USER",
        "VAR_POP",
        "VAR_SAMP",
        "YEAR",
    ]
)


class ExpressionGenerator(generator.Generator):
    """Operators, calls and literals."""

    _negated: exp.Expr | None = None

    def _operator(self, expression: exp.Expr, words: str) -> str:
        """Return the words, with NOT before them where NOT was written between the operands."""
        negated = expression is self._negated or expression.args.get("negate")
        if expression is self._negated:
            self._negated = None
        return f"NOT {words}" if negated else words

    def _between_operands(self, expression: exp.Expr, words: str) -> str:
        operator = self._operator(expression, words)
        return f"{self.sql(expression, 'this')} {operator} {self.sql(expression, 'expression')}"

    def not_sql(self, expression: exp.Not) -> str:
        """Write NOT where it was read: before all, or between the operands."""
        inner = expression.this
        if not expression.meta.get("infix"):
            return f"NOT {self.sql(inner)}"
        if isinstance(inner, exp.Is):
            return f"{self.sql(inner, 'this')} IS NOT {self.sql(inner, 'expression')}"
        self._negated = inner.this if isinstance(inner, exp.Escape) else inner
        return self.sql(inner)

    def is_sql(self, expression: exp.Is) -> str:
        """Write `a IS b`."""
        negation = "NOT " if expression.args.get("negate") else ""
        return f"{self.sql(expression, 'this')} IS {negation}{self.sql(expression, 'expression')}"

    def json_sql(self, expression: exp.JSON) -> str:
        """Write what stands behind IS: `JSON VALUE`."""
        kind = self.sql(expression, "this")
        return f"JSON {kind}" if kind else "JSON"

    def in_sql(self, expression: exp.In) -> str:
        """Write `a IN (...)`."""
        operator = self._operator(expression, "IN")
        query = expression.args.get("query")
        if query is not None:
            body = self.sql(query) if isinstance(query, exp.Subquery) else self.wrap(query)
        else:
            items = self.expressions(expression, dynamic=True, new_line=True, skip_first=True, skip_last=True)
            body = f"({items})"
        return f"{self.sql(expression, 'this')} {operator} {body}"

    def between_sql(self, expression: exp.Between) -> str:
        """Write `a BETWEEN [SYMMETRIC] b AND c`."""
        symmetric = expression.args.get("symmetric")
        words = "BETWEEN"
        if symmetric is not None:
            words = "BETWEEN SYMMETRIC" if symmetric else "BETWEEN ASYMMETRIC"
        operator = self._operator(expression, words)
        low, high = self.sql(expression, "low"), self.sql(expression, "high")
        return f"{self.sql(expression, 'this')} {operator} {low} AND {high}"

    def like_sql(self, expression: exp.Like) -> str:
        """Write LIKE."""
        return self._between_operands(expression, "LIKE")

    def ilike_sql(self, expression: exp.ILike) -> str:
        """Write ILIKE."""
        return self._between_operands(expression, "ILIKE")

    def regexplike_sql(self, expression: exp.RegexpLike) -> str:
        """Write RLIKE."""
        return self._between_operands(expression, "RLIKE")

    def similarto_sql(self, expression: exp.SimilarTo) -> str:
        """Write SIMILAR TO."""
        return self._between_operands(expression, "SIMILAR TO")

    def memberof_sql(self, expression: fl.MemberOf) -> str:
        """Write MEMBER OF."""
        return self._between_operands(expression, "MEMBER OF")

    def submultisetof_sql(self, expression: fl.SubmultisetOf) -> str:
        """Write SUBMULTISET OF."""
        return self._between_operands(expression, "SUBMULTISET OF")

    def overlaps_sql(self, expression: exp.Overlaps) -> str:
        """Write OVERLAPS."""
        return self._between_operands(expression, "OVERLAPS")

    def periodcomparison_sql(self, expression: fl.PeriodComparison) -> str:
        """Write PRECEDES and its like."""
        return self._between_operands(expression, expression.args["kind"])

    def multisetoperation_sql(self, expression: fl.MultisetOperation) -> str:
        """Write MULTISET UNION and its like."""
        quantifier = expression.args.get("quantifier")
        words = f"MULTISET {expression.args['kind']}" + (f" {quantifier}" if quantifier else "")
        return self._between_operands(expression, words)

    def unaryplus_sql(self, expression: fl.UnaryPlus) -> str:
        """Write `+x`."""
        return f"+{self.sql(expression, 'this')}"

    def unique_sql(self, expression: fl.Unique) -> str:
        """Write `UNIQUE (...)`."""
        return f"UNIQUE {self.sql(expression, 'this')}"

    def any_sql(self, expression: exp.Any) -> str:
        """Write `ANY (...)` or `SOME (...)`."""
        return self._quantified(expression, expression.meta.get("spelling") or "ANY")

    def all_sql(self, expression: exp.All) -> str:
        """Write `ALL (...)`."""
        return self._quantified(expression, "ALL")

    def _quantified(self, expression: exp.Expr, word: str) -> str:
        this = expression.this
        wrapped = isinstance(this, (exp.Subquery, exp.Tuple, exp.Paren))
        return f"{word} {self.sql(this)}" if wrapped else f"{word} ({self.sql(this)})"

    def null_sql(self, expression: exp.Null) -> str:
        """Write NULL, or UNKNOWN where it was called so."""
        return expression.meta.get("spelling") or "NULL"

    def literalchain_sql(self, expression: fl.LiteralChain) -> str:
        """Write texts one behind the other."""
        return self._escaped(expression, self.expressions(expression, sep=" ", flat=True))

    def unicodestring_sql(self, expression: exp.UnicodeString) -> str:
        """Write `U&'...'`."""
        return self._escaped(expression, f"U&'{self._quotes_doubled(expression.name)}'")

    def _escaped(self, expression: exp.Expr, text: str) -> str:
        escape = expression.meta.get("uescape")
        return f"{text} UESCAPE '{self._quotes_doubled(escape)}'" if escape else text

    def _quotes_doubled(self, text: str) -> str:
        return text.replace("'", "''")

    def escapedtext_sql(self, expression: fl.EscapedText) -> str:
        """Write `E'...'`."""
        return str(expression.this)

    def hexstring_sql(self, expression: exp.HexString, *_args: t.Any, **_kwargs: t.Any) -> str:
        """Write `X'...'`."""
        return f"X'{expression.name}'"

    def national_sql(self, expression: exp.National, prefix: str = "N") -> str:
        """Write `N'...'`."""
        return f"{prefix}'{self._quotes_doubled(expression.name)}'"

    def introducer_sql(self, expression: exp.Introducer) -> str:
        """Write `_UTF8'...'`."""
        return f"{self.sql(expression, 'this')}{self.sql(expression, 'expression')}"

    def interval_sql(self, expression: exp.Interval) -> str:
        """Write `INTERVAL '1' DAY`."""
        value, unit = self.sql(expression, "this"), self.sql(expression, "unit")
        return " ".join(part for part in ("INTERVAL", value, unit) if part)

    def intervalspan_sql(self, expression: exp.IntervalSpan) -> str:
        """Write `DAY TO SECOND`."""
        return f"{self.sql(expression, 'this')} TO {self.sql(expression, 'expression')}"

    def intervalunit_sql(self, expression: fl.IntervalUnit) -> str:
        """Write `DAY(3)`."""
        return f"{self.sql(expression, 'this')}({self.expressions(expression, flat=True)})"

    def datedifference_sql(self, expression: fl.DateDifference) -> str:
        """Write `(a - b) DAY`."""
        return f"{self.sql(expression, 'this')} {self.sql(expression, 'unit')}"

    def cast_sql(self, expression: exp.Cast, *_args: t.Any, **_kwargs: t.Any) -> str:
        """Write CAST, or a literal such as `DATE '2020-01-01'` where it was one."""
        word = expression.meta.get("literal")
        if (
            word
            and isinstance(expression.this, exp.Literal)
            and expression.args["to"].this == TIME_LITERALS[word]
        ):
            return f"{word} {self.sql(expression, 'this')}"
        name = "TRY_CAST" if isinstance(expression, exp.TryCast) else "CAST"
        format_ = self.sql(expression, "format")
        format_ = f" FORMAT {format_}" if format_ else ""
        return f"{name}({self.sql(expression, 'this')} AS {self.sql(expression, 'to')}{format_})"

    def trycast_sql(self, expression: exp.TryCast) -> str:
        """Write TRY_CAST."""
        return self.cast_sql(expression)

    def array_sql(self, expression: exp.Array) -> str:
        """Write `ARRAY[...]`."""
        return f"ARRAY[{self.expressions(expression, flat=True)}]"

    def map_sql(self, expression: exp.Map) -> str:
        """Write `MAP[k, v, ...]`."""
        keys, values = expression.args.get("keys"), expression.args.get("values")
        if not isinstance(keys, exp.Array) or not isinstance(values, exp.Array):
            return self.function_fallback_sql(expression)
        pairs = zip(keys.expressions, values.expressions, strict=False)
        return f"MAP[{', '.join(self.sql(part) for pair in pairs for part in pair)}]"

    def struct_sql(self, expression: exp.Struct) -> str:
        """Write `ROW(...)`."""
        return f"ROW({self.expressions(expression, flat=True)})"

    def multisetliteral_sql(self, expression: fl.MultisetLiteral) -> str:
        """Write `MULTISET[...]`."""
        return f"MULTISET[{self.expressions(expression, flat=True)}]"

    def collectionquery_sql(self, expression: fl.CollectionQuery) -> str:
        """Write `ARRAY(SELECT ...)`."""
        return f"{expression.args['kind']}({self.sql(expression, 'this')})"

    def period_sql(self, expression: fl.Period) -> str:
        """Write `PERIOD(a, b)`."""
        return f"PERIOD({self.expressions(expression, flat=True)})"

    def bracket_sql(self, expression: exp.Bracket) -> str:
        """Write `a[1]`."""
        return f"{self.sql(expression, 'this')}[{self.expressions(expression, flat=True)}]"

    def dot_sql(self, expression: exp.Dot) -> str:
        """Write `a.b`."""
        return f"{self.sql(expression, 'this')}.{self.sql(expression, 'expression')}"

    def tuple_sql(self, expression: exp.Tuple) -> str:
        """Write `(a, b)`, or a row of VALUES as it was written."""
        items = self.expressions(expression, flat=True)
        if expression.meta.get("bare"):
            return items
        return f"ROW({items})" if expression.meta.get("row") else f"({items})"

    def case_sql(self, expression: exp.Case) -> str:
        """Write CASE."""
        subject = self.sql(expression, "this")
        parts = [f"CASE {subject}" if subject else "CASE"]
        for branch in expression.args["ifs"]:
            parts.append(f"WHEN {self.sql(branch, 'this')}")
            parts.append(self.maybe_comment(f"THEN {self.sql(branch, 'true')}", branch))
        default = self.sql(expression, "default")
        parts.extend([f"ELSE {default}" if default else "", "END"])
        parts = [part for part in parts if part]
        if self.pretty and self.too_wide(parts):
            return self.indent("\n".join(parts), skip_first=True, skip_last=True)
        return " ".join(parts)

    def contextvariable_sql(self, expression: fl.ContextVariable) -> str:
        """Write a function without parentheses."""
        return expression.meta.get("name") or expression.name

    def nextvaluefor_sql(self, expression: exp.NextValueFor) -> str:
        """Write `NEXT VALUE FOR s`."""
        return f"NEXT VALUE FOR {self.sql(expression, 'this')}"

    def currentvaluefor_sql(self, expression: fl.CurrentValueFor) -> str:
        """Write `CURRENT VALUE FOR s`."""
        return f"CURRENT VALUE FOR {self.sql(expression, 'this')}"

    def cursor_sql(self, expression: fl.Cursor) -> str:
        """Write `CURSOR (...)`."""
        return f"CURSOR {self.sql(expression, 'this')}"

    def newcall_sql(self, expression: fl.NewCall) -> str:
        """Write `NEW f(...)`."""
        return f"NEW {self.sql(expression, 'this')}"

    def jdbccall_sql(self, expression: fl.JdbcCall) -> str:
        """Write `{fn f(...)}`."""
        return f"{{fn {self.sql(expression, 'this')}}}"

    def matchmodifier_sql(self, expression: fl.MatchModifier) -> str:
        """Write `FINAL f(...)`."""
        return f"{expression.args['kind']} {self.sql(expression, 'this')}"

    def formatjson_sql(self, expression: exp.FormatJson) -> str:
        """Write `x FORMAT JSON`."""
        encoding = expression.meta.get("encoding")
        return f"{self.sql(expression, 'this')} FORMAT JSON" + (f" ENCODING {encoding}" if encoding else "")

    def called(self, name: t.Any) -> str:
        """Return a function's name, quoted where Flink would read it as another word."""
        if isinstance(name, exp.Expr):
            return self.sql(name)
        text = str(name)
        word = text.upper()
        plain = text.replace("_", "a").replace("$", "a").isalnum() and not text[:1].isdigit()
        if plain and (word not in RESERVED_WORDS or word in CALLABLE_WORDS):
            return text
        if plain and word.startswith("JSON_"):
            return text
        return self.sql(exp.to_identifier(text, quoted=True))
