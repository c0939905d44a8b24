"""Parses Flink SQL; what Flink shares with standard SQL stays with sqlglot."""

from __future__ import annotations

import typing as t

from sqlglot import exp, parser
from sqlglot.tokenizer_core import TokenType

from sqlglot_flink.expressions import (
    Cumulate,
    Descriptor,
    Hop,
    MatchRecognizeWithin,
    MetadataColumn,
    NotEnforced,
    Session,
    TableArgument,
    TableFunction,
    Tumble,
    Watermark,
    WindowFunction,
)

WINDOW_FUNCTIONS: dict[str, type[WindowFunction]] = {
    window.NAME: window for window in (Tumble, Hop, Cumulate, Session)
}
# Only functions whose meaning sqlglot and Flink share become typed expressions. All others stay as they are
# written: a rewriting that suits another engine must never change what Flink is asked.
SHARED_FUNCTIONS = frozenset(
    {"ABS", "AVG", "COALESCE", "COUNT", "LOWER", "MAX", "MIN", "NULLIF", "ROW_NUMBER", "SUM", "UPPER"}
)
SHARED_FUNCTION_PARSERS = frozenset(
    {"CAST", "CEIL", "EXTRACT", "FLOOR", "OVERLAY", "POSITION", "SUBSTRING", "TRIM", "TRY_CAST"}
)


class FlinkParser(parser.Parser):
    """Standard SQL plus window table functions, event time, table options and MATCH_RECOGNIZE ... WITHIN."""

    STRICT_CAST = True

    FUNCTIONS: t.ClassVar[dict[str, t.Callable[..., t.Any]]] = {
        name: build for name, build in parser.Parser.FUNCTIONS.items() if name in SHARED_FUNCTIONS
    }
    FUNCTION_PARSERS: t.ClassVar[dict[str, t.Callable[..., t.Any]]] = {
        **{
            name: parse
            for name, parse in parser.Parser.FUNCTION_PARSERS.items()
            if name in SHARED_FUNCTION_PARSERS
        },
        "DESCRIPTOR": lambda self: self.expression(
            Descriptor(expressions=self._parse_csv(lambda: self._parse_id_var(any_token=False)))
        ),
    }
    FUNCTION_PARSERS.update(
        dict.fromkeys(("TIMESTAMPADD", "TIMESTAMPDIFF"), lambda self: self._parse_unit_function())
    )
    NO_PAREN_FUNCTIONS: t.ClassVar[dict[TokenType, type[exp.Expr]]] = {
        **parser.Parser.NO_PAREN_FUNCTIONS,
        TokenType.LOCALTIME: exp.Localtime,
        TokenType.LOCALTIMESTAMP: exp.Localtimestamp,
    }
    CONSTRAINT_PARSERS: t.ClassVar[dict[str, t.Callable[..., t.Any]]] = {
        **parser.Parser.CONSTRAINT_PARSERS,
        "METADATA": lambda self: self._parse_metadata(),
        "WATERMARK": lambda self: self._parse_watermark(),
    }
    SCHEMA_UNNAMED_CONSTRAINTS: t.ClassVar[set[str]] = {
        *parser.Parser.SCHEMA_UNNAMED_CONSTRAINTS,
        "WATERMARK",
    }

    def _parse_function_call(self, *args: t.Any, **kwargs: t.Any) -> exp.Expr | None:
        # sqlglot notes no position for functions with a parser of their own (CAST, CASE, EXTRACT, ...).
        start = self._curr
        result = super()._parse_function_call(*args, **kwargs)
        if result is not None and "start" not in result.meta:
            result.update_positions(start)
        return result

    def _parse_unit_function(self) -> exp.Anonymous:
        # The first argument is a unit such as MINUTE, which is no column.
        name = self._tokens[self._index - 2].text.upper()
        unit = self._parse_var(any_token=True, upper=True)
        self._match(TokenType.COMMA)
        return self.expression(
            exp.Anonymous(this=name, expressions=[unit, *self._parse_csv(self._parse_bitwise)])
        )

    def _parse_table_part(self, schema: bool = False) -> exp.Expr | None:
        if not schema and self._curr.text.upper() == "TABLE" and self._next.token_type == TokenType.L_PAREN:
            return self._parse_table_function()
        return super()._parse_table_part(schema=schema)

    def _parse_table_function(self) -> exp.Expr:
        start = self._curr
        self._advance(2)
        window = WINDOW_FUNCTIONS.get(self._curr.text.upper())
        function = self._parse_window_function(window) if window else self._parse_function()
        if not function:
            self.raise_error("Expected a table function such as TUMBLE, HOP, CUMULATE or SESSION")
        result = self.expression(TableFunction(this=function), start)
        self._match_r_paren(result)
        return result

    def _parse_window_function(self, window: type[WindowFunction]) -> WindowFunction:
        start = self._curr
        self._advance()
        if not self._match(TokenType.L_PAREN):
            self.raise_error(f"Expected ( after {window.NAME}")
        positional = ("this", "time", *window.INTERVALS)
        args: dict[str, t.Any] = {}
        while True:
            name = self._parse_argument_name()
            if name is None:
                key = positional[len(args)] if len(args) < len(positional) else ""
            else:
                args["named"] = True
                key = {"data": "this", "timecol": "time"}.get(name, name)
            if key not in positional:
                allowed = ", ".join(["DATA", "TIMECOL", *(i.upper() for i in window.INTERVALS)])
                self.raise_error(
                    f"{window.NAME} has no argument {name.upper() if name else 'here'}; it takes {allowed}"
                )
            args[key] = self._parse_window_argument(window, key)
            if not self._match(TokenType.COMMA):
                break
        missing = [key for key in positional if key != "offset" and not args.get(key)]
        if missing:
            labels = {"this": "TABLE <name>", "time": "DESCRIPTOR(event_time)"}
            wanted = ", ".join(labels.get(key, f"INTERVAL ({key})") for key in missing)
            self.raise_error(f"{window.NAME} lacks {wanted}")
        result = self.expression(window(**args), start)
        self._match_r_paren(result)
        return result

    def _parse_argument_name(self) -> str | None:
        if self._next.token_type != TokenType.FARROW:
            return None
        name = self._curr.text.lower()
        self._advance(2)
        return name

    def _parse_window_argument(self, window: type[WindowFunction], key: str) -> exp.Expr | None:
        if key == "this":
            return self._parse_table_argument()
        start = self._curr
        argument = self._parse_bitwise()
        if key == "time" and not isinstance(argument, Descriptor):
            self.raise_error(f"{window.NAME} needs DESCRIPTOR(event_time) as its second argument", start)
        return argument

    def _parse_table_argument(self) -> TableArgument | None:
        start = self._curr
        this: exp.Expr | None
        if self._match(TokenType.TABLE):
            this = self._parse_table_parts()
        elif self._curr.token_type == TokenType.L_PAREN:
            this = self._parse_wrapped(self._parse_select)
            if this:
                this = self.expression(exp.Subquery(this=this))
        else:
            self.raise_error("Expected TABLE <name> as the first argument of the window function")
            return None
        return self.expression(
            TableArgument(this=this, partition_by=self._parse_partition_keys(), order=self._parse_order()),
            start,
        )

    def _parse_partition_keys(self) -> list[exp.Expr]:
        # One bare key, or several in parentheses: a comma outside them ends the argument.
        if not self._match(TokenType.PARTITION_BY):
            return []
        if self._curr.token_type == TokenType.L_PAREN:
            return self._parse_wrapped_csv(self._parse_column)
        key = self._parse_column()
        return [key] if key else []

    def _parse_metadata(self) -> MetadataColumn:
        key = self._match(TokenType.FROM) and self._parse_string()
        return self.expression(
            MetadataColumn(this=key or None, virtual=bool(self._match_text_seq("VIRTUAL")))
        )

    def _parse_watermark(self) -> Watermark:
        self._match(TokenType.FOR)
        column = self._parse_column()
        self._match(TokenType.ALIAS)
        return self.expression(Watermark(this=column, expression=self._parse_bitwise()))

    def _parse_primary_key(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
        key = super()._parse_primary_key(*args, **kwargs)
        if self._match_text_seq("NOT", "ENFORCED"):
            return self.expression(NotEnforced(this=key))
        return key

    def _parse_match_recognize(self) -> exp.MatchRecognize | None:
        if not self._match(TokenType.MATCH_RECOGNIZE):
            return None
        start = self._prev
        self._match_l_paren()
        partition = self._parse_partition_by()
        order = self._parse_order()
        measures = (
            self._parse_csv(self._parse_match_recognize_measure) if self._match_text_seq("MEASURES") else None
        )
        rows = None
        if self._match_text_seq("ONE", "ROW", "PER", "MATCH"):
            rows = exp.var("ONE ROW PER MATCH")
        elif self._match_text_seq("ALL", "ROWS", "PER", "MATCH"):
            rows = exp.var("ALL ROWS PER MATCH")
        after = self._parse_after_match()
        pattern = self._parse_pattern()
        within = self._parse_interval() if self._match_text_seq("WITHIN") else None
        define = self._parse_csv(self._parse_name_as_expression) if self._match_text_seq("DEFINE") else None
        self._match_r_paren()
        parts = {
            "partition_by": partition,
            "order": order,
            "measures": measures,
            "rows": rows,
            "after": after,
            "pattern": pattern,
            "define": define,
            "alias": self._parse_table_alias(),
        }
        if within:
            return self.expression(MatchRecognizeWithin(**parts, within=within), start)
        return self.expression(exp.MatchRecognize(**parts), start)

    def _parse_after_match(self) -> exp.Var | None:
        if not self._match_text_seq("AFTER", "MATCH", "SKIP"):
            return None
        if self._match_text_seq("PAST", "LAST", "ROW"):
            return exp.var("AFTER MATCH SKIP PAST LAST ROW")
        if self._match_text_seq("TO", "NEXT", "ROW"):
            return exp.var("AFTER MATCH SKIP TO NEXT ROW")
        if self._match_text_seq("TO", "FIRST") or self._match_text_seq("TO", "LAST"):
            direction = self._prev.text.upper()
            variable = self._advance_any()
            if variable:
                return exp.var(f"AFTER MATCH SKIP TO {direction} {variable.text}")
        self.raise_error("Expected PAST LAST ROW, TO NEXT ROW, TO FIRST <variable> or TO LAST <variable>")
        return None

    def _parse_pattern(self) -> exp.Expr | None:
        if not self._match_text_seq("PATTERN"):
            return None
        self._match_l_paren()
        start = end = self._curr
        depth = 1
        while self._curr and depth:
            if self._curr.token_type == TokenType.L_PAREN:
                depth += 1
            elif self._curr.token_type == TokenType.R_PAREN:
                depth -= 1
            if depth:
                end = self._curr
            self._advance()
        if depth:
            self.raise_error("Expected ) after the pattern")
        return exp.var(self._find_sql(start, end))
