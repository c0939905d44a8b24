"""Writes queries and their clauses."""

from __future__ import annotations

import typing as t

from sqlglot import exp

from sqlglot_flink.expressions import MatchedTable
from sqlglot_flink.queries.write_functions import FunctionGenerator


class QueryGenerator(FunctionGenerator):
    """Queries with nothing added and nothing left out."""

    def select_sql(self, expression: exp.Select) -> str:
        """Write SELECT, or `TABLE t` where it was written so."""
        source = expression.args.get("from_")
        if (
            expression.meta.get("table_query")
            and source
            and [type(e) for e in expression.expressions] == [exp.Star]
        ):
            return self.query_modifiers(expression, f"TABLE {self.sql(source, 'this')}")
        hint = expression.args.get("hint")
        words = ["SELECT", self.sql(hint).strip() if hint else ""]
        words.extend(self.sql(word) for word in expression.args.get("operation_modifiers") or [])
        words.append(self.sql(expression, "distinct"))
        head = " ".join(word for word in words if word)
        items = self.expressions(expression)
        return self.query_modifiers(
            expression, f"{head}{self.sep()}{items}" if items else head, self.sql(source) if source else ""
        )

    def query_modifiers(self, expression: exp.Expr, *sqls: str) -> str:
        """Write what stands behind SELECT's list, and WITH before it all."""
        joins = expression.args.get("joins") or []
        parts = [
            *sqls,
            self.sql(expression, "match"),
            *(self.sql(join) for join in joins),
            *(self.sql(lateral) for lateral in expression.args.get("laterals") or []),
            *(self.sql(expression, key) for key in ("where", "group", "having")),
            self._windows(expression),
            *(self.sql(expression, key) for key in ("qualify", "order")),
        ]
        limit, offset = expression.args.get("limit"), expression.args.get("offset")
        last = [offset, limit] if isinstance(limit, exp.Fetch) else [limit, offset]
        parts.extend(self.sql(part) for part in last if part)
        return self.prepend_ctes(expression, "".join(part for part in parts if part))

    def _windows(self, expression: exp.Expr) -> str:
        windows = self.expressions(expression, key="windows", flat=True)
        return f"{self.seg('WINDOW')} {windows}" if windows else ""

    def cte_sql(self, expression: exp.CTE) -> str:
        """Write one table of WITH."""
        return f"{self.sql(expression, 'alias')} AS {self.wrap(expression)}"

    def values_sql(self, expression: exp.Values, *_args: t.Any, **_kwargs: t.Any) -> str:
        """Write VALUES; in FROM it stands in parentheses."""
        rows = f"VALUES {self.expressions(expression, flat=True)}"
        rows = self.query_modifiers(expression, rows)
        alias = self.sql(expression, "alias")
        if not alias and not isinstance(expression.parent, (exp.From, exp.Join, exp.Lateral)):
            return rows
        return self._suffixed(expression, f"({rows})")

    def subquery_sql(self, expression: exp.Subquery, *_args: t.Any, **_kwargs: t.Any) -> str:
        """Write a query, or relations joined, in parentheses."""
        inner = expression.this
        wrapped = self.wrap(expression) if isinstance(inner, exp.Query) else f"({self.sql(inner)})"
        match = expression.args.get("match")
        body = self._suffixed(expression, wrapped)
        if match is not None and not isinstance(expression.parent, exp.Select):
            return body + self.sql(match)
        return self._modified_subquery(expression, body)

    def _modified_subquery(self, expression: exp.Subquery, body: str) -> str:
        return self.query_modifiers(expression, body)

    def table_sql(self, expression: exp.Table, *_args: t.Any, **_kwargs: t.Any) -> str:
        """Write a table, its hints, version, match, alias and sample."""
        hints = "".join(self.sql(hint) for hint in expression.args.get("hints") or [])
        body = self._suffixed(expression, self.table_parts(expression) + hints)
        return body + "".join(self.sql(join) for join in expression.args.get("joins") or [])

    def matchedtable_sql(self, expression: MatchedTable) -> str:
        """Write a table with its match."""
        return self.table_sql(expression)

    def lateral_sql(self, expression: exp.Lateral) -> str:
        """Write LATERAL."""
        return self._suffixed(expression, f"LATERAL {self.sql(expression, 'this')}")

    def unnest_sql(self, expression: exp.Unnest) -> str:
        """Write UNNEST; the name of the ordinality is the last of the columns."""
        offset = expression.args.get("offset")
        text = f"UNNEST({self.expressions(expression, flat=True)}){' WITH ORDINALITY' if offset else ''}"
        alias = expression.args.get("alias")
        if not isinstance(offset, exp.Expr) or not alias:
            return self._suffixed(expression, text)
        columns = [*(alias.args.get("columns") or []), offset]
        names = ", ".join(self.sql(column) for column in columns)
        return f"{text} AS {self.sql(alias, 'this')}({names})"

    def _suffixed(self, expression: exp.Expr, text: str) -> str:
        version, match = (expression.args.get(key) for key in ("version", "match"))
        pivots = "".join(f" {self.sql(pivot).strip()}" for pivot in expression.args.get("pivots") or [])
        alias = self.sql(expression, "alias")
        alias = f" AS {alias}" if alias else ""
        if version is not None:
            text += f" {self.sql(version).strip()}"
        if match is not None and not isinstance(expression, exp.Subquery):
            # A match has its alias itself: the table's own stands before it, unless it is of a pivot.
            matched = f" {self.sql(match).strip()}"
            text += f"{matched}{pivots}{alias}" if pivots else f"{alias}{matched}"
        else:
            text += f"{pivots}{alias}"
        sample = self.sql(expression, "sample")
        return f"{text} {sample.strip()}" if sample else text

    def tablealias_sql(self, expression: exp.TableAlias) -> str:
        """Write `t(a, b)`."""
        columns = self.expressions(expression, key="columns", flat=True)
        return self.sql(expression, "this") + (f"({columns})" if columns else "")

    def version_sql(self, expression: exp.Version) -> str:
        """Write FOR SYSTEM_TIME AS OF."""
        return f"FOR SYSTEM_TIME {expression.text('kind')} {self.sql(expression, 'expression')}"

    def join_sql(self, expression: exp.Join, *_args: t.Any, **_kwargs: t.Any) -> str:
        """Write a join; one of neither kind nor condition is a comma."""
        on, using = self.sql(expression, "on"), expression.args.get("using")
        words = [expression.text(key).upper() for key in ("method", "side", "kind")]
        if words[2] == "COMMA":
            words[2] = ""
        this = self.sql(expression, "this")
        condition = self.sql(expression, "match_condition")
        condition = f" MATCH_CONDITION {condition}" if condition else ""
        if not any(words) and not on and not using and not expression.meta.get("bare"):
            return f", {this}"
        text = f"{self.seg(' '.join([word for word in words if word] + ['JOIN']))} {this}{condition}"
        if on:
            space = self.seg(" " * self.pad) if self.pretty else " "
            return f"{text}{space}ON {self.indent(on, skip_first=True)}"
        return f"{text} USING ({', '.join(self.sql(name) for name in using)})" if using else text

    def tablesample_sql(self, expression: exp.TableSample, *_args: t.Any, **_kwargs: t.Any) -> str:
        """Write TABLESAMPLE."""
        size = self.sql(expression, "percent") or self.sql(expression, "size")
        seed = self.sql(expression, "seed")
        method = self.sql(expression, "method") or "BERNOULLI"
        text = f" TABLESAMPLE {method} ({size})"
        return f"{text} REPEATABLE ({seed})" if seed else text

    def pivot_sql(self, expression: exp.Pivot) -> str:
        """Write PIVOT and UNPIVOT."""
        field = expression.args["fields"][0]
        values = self.expressions(field, flat=True)
        include = expression.args.get("include_nulls")
        nulls = "" if include is None else " INCLUDE NULLS" if include else " EXCLUDE NULLS"
        word = "UNPIVOT" if expression.args.get("unpivot") else "PIVOT"
        inside = f"{self.expressions(expression, flat=True)} FOR {self.sql(field, 'this')} IN ({values})"
        return f"{word}{nulls} ({inside})"

    def pivotalias_sql(self, expression: exp.PivotAlias) -> str:
        """Write `(a, b) AS ('x', 'y')`."""
        return f"{self.sql(expression, 'this')} AS {self.sql(expression, 'alias')}"

    def hint_sql(self, expression: exp.Hint) -> str:
        """Write a hint."""
        return f" /*+ {self.expressions(expression, flat=True)} */"

    def group_sql(self, expression: exp.Group) -> str:
        """Write GROUP BY with its elements in the order in which they were written."""
        lists = {
            key: list(expression.args.get(key) or [])
            for key in ("expressions", "grouping_sets", "cube", "rollup")
        }
        order = [tuple(place) for place in expression.meta.get("order") or []]
        known = [(key, index) for key, found in lists.items() for index in range(len(found))]
        if sorted(order) != sorted(known):
            order = known
        parts = [self.sql(lists[key][index]) for key, index in order]
        quantifier = expression.meta.get("quantifier")
        head = self.seg(f"GROUP BY{f' {quantifier}' if quantifier else ''}")
        return f"{head}{self.sep() if self.pretty else ' '}{self.expressions(sqls=parts)}"

    def groupingsets_sql(self, expression: exp.GroupingSets) -> str:
        """Write GROUPING SETS."""
        return f"GROUPING SETS ({self.expressions(expression, flat=True)})"

    def cube_sql(self, expression: exp.Cube) -> str:
        """Write CUBE."""
        return f"CUBE ({self.expressions(expression, flat=True)})"

    def rollup_sql(self, expression: exp.Rollup) -> str:
        """Write ROLLUP."""
        return f"ROLLUP ({self.expressions(expression, flat=True)})"

    def ordered_sql(self, expression: exp.Ordered) -> str:
        """Write one key of ORDER BY; where NULLs go is told if it was, or if Flink would do otherwise."""
        descending = expression.args.get("desc")
        direction = " DESC" if descending else (" ASC" if descending is False else "")
        nulls = expression.meta.get("nulls")
        first = bool(expression.args.get("nulls_first"))
        if nulls or first is bool(descending):
            nulls = "NULLS FIRST" if first else "NULLS LAST"
        return f"{self.sql(expression, 'this')}{direction}{f' {nulls}' if nulls else ''}"

    def limit_sql(self, expression: exp.Limit, *_args: t.Any, **_kwargs: t.Any) -> str:
        """Write LIMIT."""
        return f"{self.seg('LIMIT')} {self.sql(expression, 'expression')}"

    def offset_sql(self, expression: exp.Offset) -> str:
        """Write OFFSET."""
        rows = (
            " ROWS"
            if isinstance(expression.parent and expression.parent.args.get("limit"), exp.Fetch)
            else ""
        )
        return f"{self.seg('OFFSET')} {self.sql(expression, 'expression')}{rows}"

    def fetch_sql(self, expression: exp.Fetch) -> str:
        """Write FETCH."""
        count = self.sql(expression, "count")
        direction = expression.text("direction") or "FIRST"
        return f"{self.seg('FETCH')} {direction} {f'{count} ' if count else ''}ROWS ONLY"

    def set_operations(self, expression: exp.SetOperation) -> str:
        """Write a set operation, however many, without recursion on the left."""
        operations: list[exp.SetOperation] = []
        node: exp.Expr = expression
        while isinstance(node, exp.SetOperation) and (node is expression or not _has_modifiers(node)):
            operations.append(node)
            node = node.this
        parts = [self.sql(node)]
        for operation in reversed(operations):
            word = operation.meta.get("spelling") or operation.key.upper()
            word += " ALL" if operation.args.get("distinct") is False else ""
            comment = operation.comments if operation is not expression else None
            parts.append(self.maybe_comment(word, comments=comment or []))
            parts.append(self.sql(operation.expression))
        return self.query_modifiers(expression, self.sep().join(parts))

    def union_sql(self, expression: exp.Union) -> str:
        """Write UNION."""
        return self.set_operations(expression)

    def intersect_sql(self, expression: exp.Intersect) -> str:
        """Write INTERSECT."""
        return self.set_operations(expression)

    def except_sql(self, expression: exp.Except) -> str:
        """Write EXCEPT."""
        return self.set_operations(expression)

    def matchrecognize_sql(self, expression: exp.MatchRecognize) -> str:
        """Write MATCH_RECOGNIZE."""
        measures = [self.sql(measure) for measure in expression.args.get("measures") or []]
        order = expression.args.get("order")
        within = self.sql(expression, "within")
        subset = [
            f"{self.sql(each, 'this')} = {self.sql(each, 'expression')}"
            for each in expression.args.get("subset") or []
        ]
        defines = [
            f"{self.sql(each, 'alias')} AS {self.sql(each, 'this')}"
            for each in expression.args.get("define") or []
        ]
        clauses = [
            self.partition_by_sql(expression),
            self.order_sql(order, flat=True).strip() if order else "",
            self._clause("MEASURES", measures),
            self.sql(expression, "rows"),
            self.sql(expression, "after"),
            f"PATTERN ({self.sql(expression, 'pattern')})",
            f"WITHIN {within}" if within else "",
            self._clause("SUBSET", subset),
            self._clause("DEFINE", defines),
        ]
        body = self.sep().join(self.indent(clause) for clause in clauses if clause)
        alias = self.sql(expression, "alias")
        opening, closing = ("(\n", "\n)") if self.pretty else ("(", ")")
        return f"{self.seg('MATCH_RECOGNIZE')} {opening}{body}{closing}" + (f" {alias}" if alias else "")

    def _clause(self, word: str, parts: list[str]) -> str:
        if not parts:
            return ""
        return (
            f"{word} {', '.join(parts)}"
            if not self.pretty
            else f"{word}{self.sep()}{self.expressions(sqls=parts)}"
        )

    def matchrecognizewithin_sql(self, expression: exp.MatchRecognize) -> str:
        """Write MATCH_RECOGNIZE with WITHIN."""
        return self.matchrecognize_sql(expression)

    def matchrecognizemeasure_sql(self, expression: exp.MatchRecognizeMeasure) -> str:
        """Write one of MEASURES."""
        frame = expression.args.get("window_frame")
        return f"{frame} {self.sql(expression, 'this')}" if frame else self.sql(expression, "this")


def _has_modifiers(node: exp.Expr) -> bool:
    return any(node.args.get(key) for key in ("with_", "order", "limit", "offset"))


def own_method(expression_class: type[exp.Expr]) -> t.Callable[[t.Any, t.Any], str]:
    """Return a transform that calls the generator's method for a class that sqlglot does not know."""
    name = f"{expression_class.key}_sql"
    return lambda generator, expression: str(getattr(generator, name)(expression))
