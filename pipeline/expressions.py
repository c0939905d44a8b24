"""Finds the type of every expression of a query, as Flink would; unknown names are diagnostics."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlglot import exp

from pipeline import sql_types as types
from pipeline.foreign_functions import written_here
from pipeline.functions import FUNCTIONS, Function
from pipeline.functions.json import clause_not_compiled
from pipeline.locate import Locator
from pipeline.model.diagnostics import Diagnostic
from pipeline.relations import Relation
from pipeline.resolving.comparisons import problem_of
from pipeline.resolving.literals import as_other, as_texts, may_become
from pipeline.resolving.looking_around import type_of_navigation, type_of_over
from pipeline.scopes import NamesInScope, PatternScope, Scope
from pipeline.sql_types import SqlType
from pipeline.suggest import suggestion

SubqueryResolver = Callable[[exp.Expr], Relation]
Infer = Callable[[exp.Expr, Scope], SqlType | None]

_ARITHMETIC: dict[type[exp.Expr], str] = {
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.Mod: "%",
}
_PREDICATES = (exp.Predicate, exp.Not, exp.And, exp.Or, exp.Between, exp.In, exp.Exists, exp.Escape)
_NAMES: dict[type[exp.Expr], str] = {
    exp.Substring: "SUBSTRING",
    exp.StrPosition: "POSITION",
    exp.CurrentTimestamp: "CURRENT_TIMESTAMP",
    exp.CurrentDate: "CURRENT_DATE",
    exp.CurrentTime: "CURRENT_TIME",
    exp.Localtime: "LOCALTIME",
    exp.Localtimestamp: "LOCALTIMESTAMP",
}


_DECIMAL = re.compile(r"(?:DECIMAL|NUMERIC|DEC)\((\d+)(?:,\s*(\d+))?\)", re.IGNORECASE)
_FOREIGN_TYPES = {
    **dict.fromkeys(("TEXT", "NVARCHAR", "UUID", "JSON", "JSONB"), "STRING"),
    **dict.fromkeys(("INT64", "UINT64", "LONG", "HUGEINT"), "BIGINT"),
    **dict.fromkeys(("INT32", "UINT", "MEDIUMINT"), "INT"),
    **dict.fromkeys(("FLOAT64", "REAL", "DOUBLE PRECISION"), "DOUBLE"),
    **dict.fromkeys(("MONEY", "NUMBER", "BIGNUMERIC"), "DECIMAL(18, 2)"),
    **dict.fromkeys(("DATETIME", "TIMESTAMPTZ", "TIMESTAMPNTZ"), "TIMESTAMP(3)"),
    "BOOL": "BOOLEAN",
}
"""Type of another database -> Flink's."""
_TRIED = ("STRING", "BIGINT", "DECIMAL(18, 2)", "DOUBLE", "TIMESTAMP(3)", "BOOLEAN", "DATE")
"""What an argument of the wrong type is taken to become, the most likely first."""
_INSTEAD = "write it with CASE, CAST, arithmetic or another function"
_SUMMED = "DECIMAL(18, 2)"
RANKS = ("ROW_NUMBER", "RANK", "DENSE_RANK")
_GROUPING = ("GROUPING", "GROUPING_ID")
NAVIGATION = ("FIRST", "LAST", "PREV", "NEXT", "MATCH_ROWTIME")


def function_name(node: exp.Expr) -> str | None:
    """The name of a called function in upper case; None for what is no call."""
    if isinstance(node, exp.Anonymous):
        return node.name.upper()
    if type(node) in _NAMES:
        return _NAMES[type(node)]
    if isinstance(node, exp.Func) and not isinstance(
        node, (exp.Cast, exp.TryCast, exp.Case, exp.And, exp.Or, exp.Xor, exp.Exists, exp.Not)
    ):
        return node.sql_name().upper()
    return None


class ExpressionTyper(NamesInScope):
    """Types the expressions of one model; `diagnostics` collects what is wrong with them."""

    def __init__(self, locator: Locator, subquery: SubqueryResolver) -> None:
        super().__init__(locator)
        self._subquery = subquery
        self._by_kind: tuple[tuple[tuple[type[exp.Expr], ...], Infer], ...] = (
            ((exp.Column,), self._column),
            ((exp.Alias, exp.Paren, exp.Filter, exp.Distinct, exp.Ordered, exp.Neg), self._wrapper),
            ((exp.Literal, exp.Boolean, exp.Null, exp.Interval), _constant),
            ((exp.JSON,), lambda _node, _scope: types.BOOLEAN.null(False)),
            ((exp.Cast, exp.TryCast), self._cast),
            (tuple(_ARITHMETIC), self._arithmetic),
            ((exp.DPipe,), self._concatenation),
            ((exp.Case,), self._case),
            ((exp.Window,), lambda node, scope: type_of_over(self, node, scope)),
            ((exp.Query,), self._scalar_query),
            ((exp.Overlaps,), self._overlaps),
            (_PREDICATES, self._predicate),
        )

    def type_of(self, node: exp.Expr, scope: Scope) -> SqlType | None:
        """The node's type, also noted on it; None after a mistake that is reported already."""
        kind = self._infer(node, scope)
        if kind is not None and not kind.name.startswith("INTERVAL"):
            node.type = types.to_tree(kind)
            node.meta["nullable"] = kind.nullable
        return kind

    def condition(self, node: exp.Expr, scope: Scope) -> SqlType | None:
        """The type of what decides about a row (WHERE, FILTER, WHEN, AND); other than BOOLEAN is reported."""
        kind = self.type_of(node, scope)
        if kind is None or kind.name in ("BOOLEAN", "NULL"):
            return kind
        hint = "compare it with something, such as > 0 or IS NOT NULL"
        self.report(node, "type-mismatch", f"{kind} is no condition", hint)
        return None

    def _infer(self, node: exp.Expr, scope: Scope) -> SqlType | None:
        for kinds, infer in self._by_kind:
            if isinstance(node, kinds):
                return infer(node, scope)
        name = function_name(node)
        if name is not None:
            return self._call(node, name, scope)
        self.report(
            node, "unsupported-expression", f"{node.sql(dialect='flink')} is not compiled yet", _INSTEAD
        )
        return None

    def _column(self, node: exp.Expr, scope: Scope) -> SqlType | None:
        assert isinstance(node, exp.Column)
        field = self.field_of(node, scope)
        if field is None:
            return None
        node.meta.update(money=field.money, bound=field.window)
        return field.kind

    def _concatenation(self, node: exp.Expr, scope: Scope) -> SqlType | None:
        left, right = self.type_of(node.this, scope), self.type_of(node.expression, scope)
        return types.STRING.null(left.nullable or right.nullable) if left and right else None

    def _wrapper(self, node: exp.Expr, scope: Scope) -> SqlType | None:
        if isinstance(node, exp.Filter):
            self.condition(node.expression.this, scope)
            kind = self.type_of(node.this, scope)
            # Where the filter lets nothing through, only COUNT still has a value.
            return kind.null(kind.nullable or not isinstance(node.this, exp.Count)) if kind else None
        if isinstance(node, exp.Distinct):
            kinds = [self.type_of(part, scope) for part in node.expressions]
            if not kinds:
                self.report(node.parent, "wrong-arguments", "DISTINCT of nothing", "name a column")
                return None
            if len(kinds) > 1:
                texts = as_texts(node.expressions, kinds)
                hint = f"join them: {function_name(node.parent or node) or 'COUNT'}(DISTINCT {texts})"
                self.report(node, "wrong-arguments", "DISTINCT takes one expression", hint)
                return None
            return kinds[0]
        return self.type_of(node.this, scope)

    def _cast(self, node: exp.Expr, scope: Scope) -> SqlType | None:
        operand = self.type_of(node.this, scope)
        nullable = True if isinstance(node, exp.TryCast) or operand is None else operand.nullable
        to = node.args["to"]
        kind = types.from_tree(to, nullable) if isinstance(to, exp.DataType) else None
        if kind is None or (kind.name == "DECIMAL" and not kind.parameters[0]):
            name = to.sql(dialect="flink") if isinstance(to, exp.Expr) else "nothing"
            message, hint = _of_type(name)
            place = self.locator.cast_type(node)
            self.diagnostics.append(Diagnostic(place, "unknown-type", message, hint))
            return None
        return kind

    def _arithmetic(self, node: exp.Expr, scope: Scope) -> SqlType | None:
        operator = _ARITHMETIC[type(node)]
        kinds = [self.type_of(part, scope) for part in (node.this, node.expression)]
        left, right = kinds
        if left is None or right is None:
            return None
        kind = types.arithmetic(operator, left, right)
        if kind is None:
            message = f"{left} {operator} {right} cannot be worked out"
            hint = "CAST one side to the other's type"
            if operator == "+" and (left.is_text or right.is_text):
                hint = "texts are joined by ||"
            elif operator == "-" and left.is_time and right.is_time:
                hint = "write TIMESTAMPDIFF(SECOND, earlier, later)"
            elif left.is_time or right.is_time:
                hint = "add an interval: INTERVAL '1' HOUR"
            self.report(node, "type-mismatch", message, hint)
        return kind

    def _case(self, node: exp.Expr, scope: Scope) -> SqlType | None:
        if node.this:
            self.type_of(node.this, scope)
        given: list[exp.Expr] = []
        results: list[SqlType | None] = []
        for branch in node.args["ifs"]:
            (self.type_of if node.this else self.condition)(branch.this, scope)
            given.append(branch.args["true"])
            results.append(self.type_of(given[-1], scope))
        default = node.args.get("default")
        given += [default] if default else []
        results.append(self.type_of(default, scope) if default else types.NULL)
        known = [kind for kind in results if kind is not None]
        if len(known) < len(results):
            return None
        kind = types.common_type(known)
        if kind is None:
            choices = ", ".join(dict.fromkeys(str(kind) for kind in known))
            odd = next(index for index in range(len(known)) if not types.common_type(known[: index + 1]))
            hint = as_other(given[odd], known[0]) or "CAST its results to one type"
            self.report(given[odd], "type-mismatch", f"the CASE gives {choices}", hint)
        return kind

    def _scalar_query(self, node: exp.Expr, _scope: Scope) -> SqlType | None:
        relation = self._subquery(node)
        # A rule refuses every subquery that is a value: how many columns it has matters no more.
        if len(relation.fields) != 1:
            return None
        return relation.fields[0].kind.null(True)

    def _predicate(self, node: exp.Expr, scope: Scope) -> SqlType | None:
        nullable = False
        failed = False
        for part in node.iter_expressions():
            if isinstance(part, exp.Query):
                self._subquery(part)
                continue
            decides = isinstance(node, (exp.And, exp.Or, exp.Not))
            kind = (self.condition if decides else self.type_of)(part, scope)
            failed = failed or kind is None
            nullable = nullable or (kind is not None and kind.nullable)
        if not failed:
            self._comparable(node)
        return types.BOOLEAN.null(False if isinstance(node, exp.Is) else nullable)

    def _overlaps(self, node: exp.Expr, scope: Scope) -> SqlType | None:
        kinds: list[SqlType | None] = []
        for span in (node.this, node.expression):
            parts = span.expressions if isinstance(span, exp.Tuple) else []
            found = [self.type_of(part, scope) for part in parts]
            kinds += found
            start, end = (found[0], found[1]) if len(found) == 2 else (None, None)
            if len(parts) == 2 and (start is None or end is None):
                return None
            timed = start is not None and (start.is_time or start.name == "DATE")
            if start is None or end is None or not timed or end.name not in (start.name, "INTERVAL"):
                hint = "write (start, end) OVERLAPS (start, end), of times or of dates"
                self.report(span, "type-mismatch", "OVERLAPS takes two spans of time", hint)
                return None
        return types.BOOLEAN.null(any(kind is not None and kind.nullable for kind in kinds))

    def _comparable(self, node: exp.Expr) -> None:
        problem = problem_of(node)
        if problem:
            self.report(problem.place, problem.code, problem.message, problem.hint)

    def _counts(self, node: exp.Expr) -> bool:
        """Whether it is no COUNT, or one of one thing."""
        if isinstance(node, exp.Count) and node.this is None:
            self.report(node, "wrong-arguments", "COUNT of nothing", "write COUNT(*)")
            return False
        if isinstance(node, exp.Count) and node.expressions:
            self.report(node, "wrong-arguments", "COUNT takes one argument", "count one, or COUNT(*)")
            return False
        return True

    def _takes(self, node: exp.Expr, name: str, function: Function, given: int) -> bool:
        """Whether the function takes so many arguments; else that is reported."""
        if given >= function.least and (function.most is None or given <= function.most):
            instead = clause_not_compiled(node)
            if instead is not None:
                self.report(node, "unsupported-expression", f"{name} with RETURNING is not compiled", instead)
            return instead is None
        wanted = str(function.least) if function.least == function.most else f"at least {function.least}"
        if function.most is not None and function.least != function.most:
            wanted = f"{function.least} to {function.most}"
        few = given < function.least
        hint = f"add {function.least - given}" if few else f"take {given - (function.most or 0)} out"
        noun = "argument" if wanted == "1" else "arguments"
        self.report(node, "wrong-arguments", f"{name} takes {wanted} {noun}, not {given}", hint)
        return False

    def _call(self, node: exp.Expr, name: str, scope: Scope) -> SqlType | None:
        if not self._counts(node):
            return None
        arguments = arguments_of(node, name)
        if isinstance(scope, PatternScope) and name in NAVIGATION:
            return type_of_navigation(self, node, name, arguments, scope)
        if name in _GROUPING:
            kinds = [self.type_of(argument, scope) for argument in arguments]
            return types.BIGINT.null(False) if None not in kinds else None
        if name in RANKS:
            hint = f"write {name}() OVER (PARTITION BY ... ORDER BY ...)"
            self.report(node, "wrong-arguments", f"{name} counts nothing by itself", hint)
            return None
        function = FUNCTIONS.get(name)
        if function is None:
            self._unknown_function(node, name, arguments, scope)
            return None
        kinds = [self.type_of(argument, scope) for argument in arguments]
        if any(kind is None for kind in kinds):
            return None
        known = [kind for kind in kinds if kind is not None]
        if not self._takes(node, name, function, len(known)):
            return None
        kind = function.result(known)
        if kind is None:
            self._wrong_argument(node, name, function, arguments, known)
        elif isinstance(scope, PatternScope) and name == "SUM" and kind.name in types.INTEGERS:
            # Its INSERT adds up BIGINTs (`pipeline.lower.flink`), and no CAST around it is asked for.
            return types.BIGINT.null(kind.nullable)
        return kind

    def _unknown_function(self, node: exp.Expr, name: str, arguments: list[exp.Expr], scope: Scope) -> None:
        for argument in arguments:
            self.type_of(argument, scope)
        hint = written_here(name) or suggestion(name, FUNCTIONS)
        hint = hint or "it is not among the functions a model may call"
        place = self.locator.head(node)
        self.diagnostics.append(
            Diagnostic(place, "unknown-function", f"unknown function {name}", hint.strip())
        )

    def _wrong_argument(
        self, node: exp.Expr, name: str, function: Function, arguments: list[exp.Expr], given: list[SqlType]
    ) -> None:
        # A value that is written out is the wrong one, rather than a column.
        places = sorted(enumerate(arguments), key=lambda item: not isinstance(item[1], exp.Literal))
        for index, argument in places:
            for other in sorted(_TRIED, key=lambda kind: isinstance(node, exp.AggFunc) and kind != _SUMMED):
                tried = [*given[:index], types.parse_type(other), *given[index + 1 :]]
                if function.result(tried) is not None and may_become(argument, tried[index]):
                    text = argument.sql(dialect="flink", comments=False)
                    if given[index].name == "BOOLEAN" and name == "SUM":
                        hint = f"write COUNT(*) FILTER (WHERE {text})"
                        self.report(argument, "type-mismatch", "SUM cannot take BOOLEAN", hint)
                        return
                    cast = "TRY_CAST" if given[index].is_text else "CAST"
                    message = f"{name} cannot take {given[index]}"
                    hint = as_other(argument, tried[index]) or f"write {cast}({text} AS {other})"
                    self.report(argument, "type-mismatch", message, hint)
                    return
        kinds = ", ".join(str(item) for item in given)
        self.report(node, "type-mismatch", f"{name} cannot take {kinds}", "CAST the arguments")


def _of_type(name: str) -> tuple[str, str]:
    """What is wrong with a type that a CAST names, and what to write."""
    found = _DECIMAL.fullmatch(name)
    if found:
        precision, scale = int(found[1]), int(found[2] or 0)
        if precision > types.MAX_PRECISION:
            return f"{name} has more than {types.MAX_PRECISION} digits", "write DECIMAL(38, 2) at most"
        if scale > precision:
            hint = f"DECIMAL(digits in all, digits behind the point): DECIMAL({precision + scale}, {scale})"
            return f"{name} has more digits behind the point ({scale}) than in all ({precision})", hint
        return f"{name} has no digits", "write DECIMAL(18, 2)"
    foreign = _FOREIGN_TYPES.get(name.partition("(")[0].upper())
    hint = f"in Flink: {foreign}" if foreign else suggestion(name, types.NAMES)
    return f"cannot CAST to {name}", hint + ("" if foreign else f"Types: {', '.join(types.NAMES)}")


def _constant(node: exp.Expr, _scope: Scope) -> SqlType:
    if isinstance(node, exp.Boolean):
        return types.BOOLEAN.null(False)
    if isinstance(node, exp.Null):
        return types.NULL
    if isinstance(node, exp.Interval):
        return SqlType("INTERVAL", (), nullable=False)
    text = node.name
    if node.is_string:
        return SqlType("CHAR", (max(len(text), 1),), nullable=False)
    if text.isdigit():
        return (types.INT if int(text) < 2**31 else types.BIGINT).null(False)
    if "e" in text.lower():
        return types.DOUBLE.null(False)
    digits, _, fraction = text.partition(".")
    return SqlType(
        "DECIMAL", (max(len(digits.lstrip("0")) + len(fraction), 1), len(fraction)), nullable=False
    )


def arguments_of(node: exp.Expr, name: str) -> list[exp.Expr]:
    """The arguments that have a type; keywords and units (`TIMESTAMPDIFF(MINUTE, a, b)`) have none."""
    if isinstance(node, exp.Anonymous):
        arguments = list(node.expressions)
        return arguments[1:] if name in ("TIMESTAMPDIFF", "TIMESTAMPADD") else arguments
    if isinstance(node, exp.Count):
        return [] if isinstance(node.this, exp.Star) else [node.this]
    if isinstance(node, exp.Extract):
        return [node.expression]
    if isinstance(node, (exp.Floor, exp.Ceil)):
        return [node.this]
    return [
        part
        for key, part in node.args.items()
        for part in (part if isinstance(part, list) else [part])
        if isinstance(part, exp.Expr) and not isinstance(part, exp.Var) and key != "unit"
    ]
