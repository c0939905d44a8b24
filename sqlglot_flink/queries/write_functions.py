"""Writes calls: functions, windows, JSON functions, table functions."""

from __future__ import annotations

from sqlglot import exp

from sqlglot_flink import expressions as fl
from sqlglot_flink.queries.write_expressions import ExpressionGenerator


class FunctionGenerator(ExpressionGenerator):
    """Calls in the spelling of their author."""

    def function_fallback_sql(self, expression: exp.Func) -> str:
        """Write a typed function by its name and its arguments."""
        arguments: list[exp.Expr] = []
        for key in expression.arg_types:
            value = expression.args.get(key)
            parts = value if isinstance(value, list) else [value]
            arguments.extend(part for part in parts if isinstance(part, exp.Expr))
        name = expression.meta.get("name") or expression.sql_name()
        return self._call_text(expression, name, self.format_args(*arguments))

    def _call_text(self, expression: exp.Expr, name: object, inside: str) -> str:
        quantifier = expression.meta.get("quantifier")
        inside = f"{quantifier} {inside}" if quantifier else inside
        return f"{self.called(name)}({inside})"

    def count_sql(self, expression: exp.Count) -> str:
        """Write COUNT."""
        return self.function_fallback_sql(expression)

    def anonymous_sql(self, expression: exp.Anonymous) -> str:
        """Write a call; CONVERT and TRANSLATE may have a USING inside."""
        inside = self.format_args(*expression.expressions)
        using = expression.meta.get("using")
        return self._call_text(expression, expression.this, f"{inside} USING {using}" if using else inside)

    def orderedaggregate_sql(self, expression: fl.OrderedAggregate) -> str:
        """Write an aggregate with ORDER BY, IGNORE NULLS or SEPARATOR in its parentheses."""
        parts = [self.expressions(expression, flat=True), expression.args.get("nulls") or ""]
        order = expression.args.get("order")
        parts.append(self.order_sql(order, flat=True).strip() if order else "")
        separator = self.sql(expression, "separator")
        parts.append(f"SEPARATOR {separator}" if separator else "")
        return self._call_text(expression, expression.this, " ".join(part for part in parts if part))

    def distinct_sql(self, expression: exp.Distinct) -> str:
        """Write DISTINCT of a call or of SELECT."""
        inside = self.expressions(expression, flat=True)
        return f"DISTINCT {inside}" if inside else "DISTINCT"

    def kwarg_sql(self, expression: exp.Kwarg) -> str:
        """Write `name => value`."""
        return f"{self.sql(expression, 'this')} => {self.sql(expression, 'expression')}"

    def _variable(self, expression: exp.Expr, name: str) -> str:
        written = expression.meta.get("name") or name
        this = self.sql(expression, "this")
        return f"{written}({this})" if this else written

    def currentdate_sql(self, expression: exp.CurrentDate) -> str:
        """Write CURRENT_DATE."""
        return self._variable(expression, "CURRENT_DATE")

    def currenttime_sql(self, expression: exp.CurrentTime) -> str:
        """Write CURRENT_TIME."""
        return self._variable(expression, "CURRENT_TIME")

    def currenttimestamp_sql(self, expression: exp.CurrentTimestamp) -> str:
        """Write CURRENT_TIMESTAMP."""
        return self._variable(expression, "CURRENT_TIMESTAMP")

    def localtime_sql(self, expression: exp.Localtime) -> str:
        """Write LOCALTIME."""
        return self._variable(expression, "LOCALTIME")

    def localtimestamp_sql(self, expression: exp.Localtimestamp) -> str:
        """Write LOCALTIMESTAMP."""
        return self._variable(expression, "LOCALTIMESTAMP")

    def currentcatalog_sql(self, expression: exp.CurrentCatalog) -> str:
        """Write CURRENT_CATALOG."""
        return self._variable(expression, "CURRENT_CATALOG")

    def currentschema_sql(self, expression: exp.CurrentSchema) -> str:
        """Write CURRENT_SCHEMA."""
        return self._variable(expression, "CURRENT_SCHEMA")

    def currentuser_sql(self, expression: exp.CurrentUser) -> str:
        """Write CURRENT_USER."""
        return self._variable(expression, "CURRENT_USER")

    def sessionuser_sql(self, expression: exp.SessionUser) -> str:
        """Write SESSION_USER."""
        return self._variable(expression, "SESSION_USER")

    def extract_sql(self, expression: exp.Extract) -> str:
        """Write EXTRACT."""
        return f"EXTRACT({self.sql(expression, 'this')} FROM {self.sql(expression, 'expression')})"

    def floor_sql(self, expression: exp.Floor) -> str:
        """Write FLOOR."""
        return self._rounding_text(expression, "FLOOR")

    def ceil_sql(self, expression: exp.Ceil) -> str:
        """Write CEIL or CEILING."""
        return self._rounding_text(expression, "CEIL")

    def _rounding_text(self, expression: exp.Floor | exp.Ceil, name: str) -> str:
        unit, decimals = self.sql(expression, "to"), self.sql(expression, "decimals")
        inside = self.sql(expression, "this") + (f" TO {unit}" if unit else "")
        return f"{expression.meta.get('name') or name}({inside}{', ' + decimals if decimals else ''})"

    def substring_sql(self, expression: exp.Substring) -> str:
        """Write SUBSTRING."""
        parts = [self.sql(expression, key) for key in ("this", "start", "length")]
        return f"{expression.meta.get('name') or 'SUBSTRING'}({', '.join(part for part in parts if part)})"

    def trim_sql(self, expression: exp.Trim) -> str:
        """Write TRIM."""
        side = self.sql(expression, "position")
        characters = self.sql(expression, "expression")
        head = " ".join(part for part in (side, characters) if part)
        this = self.sql(expression, "this")
        return f"TRIM({head} FROM {this})" if head else f"TRIM({this})"

    def overlay_sql(self, expression: exp.Overlay) -> str:
        """Write OVERLAY."""
        length = self.sql(expression, "for_")
        return (
            f"OVERLAY({self.sql(expression, 'this')} PLACING {self.sql(expression, 'expression')} "
            f"FROM {self.sql(expression, 'from_')}{f' FOR {length}' if length else ''})"
        )

    def strposition_sql(self, expression: exp.StrPosition) -> str:
        """Write POSITION."""
        start = self.sql(expression, "position")
        needle, hay = self.sql(expression, "substr"), self.sql(expression, "this")
        return f"POSITION({needle} IN {hay}{f' FROM {start}' if start else ''})"

    def json_path_text(self, expression: fl.JsonPathFunction) -> str:
        """Write JSON_EXISTS, JSON_VALUE or JSON_QUERY."""
        passing = self.expressions(expression, key="passing", flat=True)
        returning = self.sql(expression, "returning")
        parts = [
            self.expressions(expression, flat=True),
            f"PASSING {passing}" if passing else "",
            f"RETURNING {returning}" if returning else "",
            self.sql(expression, "wrapper"),
            self.expressions(expression, key="on_cases", sep=" ", flat=True),
        ]
        return self._call_text(expression, expression.this, " ".join(part for part in parts if part))

    def oncase_sql(self, expression: fl.OnCase) -> str:
        """Write `NULL ON EMPTY`."""
        value = self.sql(expression, "expression")
        behaviour = self.sql(expression, "this") + (f" {value}" if value else "")
        return f"{behaviour} ON {self.sql(expression, 'event')}"

    def json_constructor_text(self, expression: fl.JsonConstructor) -> str:
        """Write JSON_OBJECT, JSON_ARRAY or their aggregates."""
        order, returning = expression.args.get("order"), self.sql(expression, "returning")
        parts = [
            self.expressions(expression, flat=True),
            self.order_sql(order, flat=True).strip() if order else "",
            self.sql(expression, "on_null"),
            f"RETURNING {returning}" if returning else "",
        ]
        return self._call_text(expression, expression.this, " ".join(part for part in parts if part))

    def jsonpair_sql(self, expression: fl.JsonPair) -> str:
        """Write `KEY k VALUE v`."""
        mark = expression.meta.get("mark") or "VALUE"
        key = ("KEY " if expression.meta.get("keyed") else "") + self.sql(expression, "this")
        between = {":": ": ", ",": ", "}.get(mark, " VALUE ")
        return f"{key}{between}{self.sql(expression, 'expression')}"

    def ignorenulls_sql(self, expression: exp.IgnoreNulls) -> str:
        """Write IGNORE NULLS."""
        return f"{self.sql(expression, 'this')} IGNORE NULLS"

    def respectnulls_sql(self, expression: exp.RespectNulls) -> str:
        """Write RESPECT NULLS."""
        return f"{self.sql(expression, 'this')} RESPECT NULLS"

    def withindistinct_sql(self, expression: fl.WithinDistinct) -> str:
        """Write WITHIN DISTINCT."""
        return f"{self.sql(expression, 'this')} WITHIN DISTINCT ({self.expressions(expression, flat=True)})"

    def withingroup_sql(self, expression: exp.WithinGroup) -> str:
        """Write WITHIN GROUP."""
        order = expression.expression
        inside = self.order_sql(order, flat=True).strip() if isinstance(order, exp.Order) else self.sql(order)
        return f"{self.sql(expression, 'this')} WITHIN GROUP ({inside})"

    def filter_sql(self, expression: exp.Filter) -> str:
        """Write FILTER."""
        return f"{self.sql(expression, 'this')} FILTER({self.sql(expression, 'expression').strip()})"

    def window_sql(self, expression: exp.Window) -> str:
        """Write OVER, or a window of the WINDOW clause."""
        order = expression.args.get("order")
        alias = self.sql(expression, "alias")
        parts = [
            alias,
            self.partition_by_sql(expression),
            self.order_sql(order, flat=True).strip() if order else "",
            self.sql(expression, "spec"),
            expression.meta.get("partial") or "",
        ]
        inside = self.format_args(*[part for part in parts if part], sep=" ")
        this = self.sql(expression, "this")
        if expression.arg_key == "windows":
            return f"{this} AS ({inside})"
        if alias and inside == alias and not expression.meta.get("parentheses"):
            return f"{this} OVER {alias}"
        return f"{this} OVER ({inside})"

    def windowspec_sql(self, expression: exp.WindowSpec) -> str:
        """Write a frame."""
        start = f"{self.sql(expression, 'start')} {self.sql(expression, 'start_side')}".strip()
        end = f"{self.sql(expression, 'end')} {self.sql(expression, 'end_side')}".strip()
        exclude = self.sql(expression, "exclude")
        frame = f"BETWEEN {start} AND {end}" if end else start
        return f"{self.sql(expression, 'kind')} {frame}{f' EXCLUDE {exclude}' if exclude else ''}"

    def descriptor_sql(self, expression: fl.Descriptor) -> str:
        """Write `DESCRIPTOR(c)`."""
        return f"DESCRIPTOR({self.expressions(expression, flat=True)})"

    def modelargument_sql(self, expression: fl.ModelArgument) -> str:
        """Write `MODEL m`."""
        return f"MODEL {self.sql(expression, 'this')}"

    def tablefunction_sql(self, expression: fl.TableFunction) -> str:
        """Write `TABLE(f(...))`."""
        specific = "SPECIFIC " if expression.meta.get("specific") else ""
        return f"TABLE({specific}{self.sql(expression, 'this')})"

    def windowfunction_sql(self, expression: fl.WindowFunction) -> str:
        """Write a window function with the argument style its author chose."""
        keys = [key for key in ("this", "time", *expression.INTERVALS) if expression.args.get(key)]
        labels = {key: {"this": "DATA", "time": "TIMECOL"}.get(key, key.upper()) for key in keys}
        named = expression.args.get("named")
        parts = []
        if isinstance(named, list):
            written = {_window_key(name): name for name in named}
            positional = [key for key in keys if key not in written]
            parts = [self.sql(expression, key) for key in positional]
            ordered = [key for key in written if key in keys]
            parts += [f"{written[key]} => {self.sql(expression, key)}" for key in ordered]
        else:
            for key in keys:
                value = self.sql(expression, key)
                parts.append(f"{labels[key]} => {value}" if named else value)
        return f"{expression.meta.get('name') or expression.NAME}({', '.join(parts)})"

    tumble_sql = hop_sql = cumulate_sql = session_sql = windowfunction_sql

    def tableargument_sql(self, expression: fl.TableArgument) -> str:
        """Write `TABLE t [PARTITION BY k] [ORDER BY o]`."""
        this = self.sql(expression, "this")
        table = this if isinstance(expression.this, exp.Subquery) else f"TABLE {this}"
        keys = [self.sql(key) for key in expression.args.get("partition_by") or []]
        partition = (
            f" PARTITION BY {keys[0] if len(keys) == 1 else '(' + ', '.join(keys) + ')'}" if keys else ""
        )
        order = expression.args.get("order")
        if not order:
            return f"{table}{partition}"
        by = self.expressions(order, flat=True)
        return f"{table}{partition} ORDER BY {by if len(order.expressions) == 1 else f'({by})'}"


def _window_key(name: str) -> str:
    plain = name.strip("`").lower()
    return {"data": "this", "timecol": "time"}.get(plain, plain)
