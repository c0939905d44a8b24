"""Finds the type of every expression of a query, as Flink would; unknown names are diagnostics."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from pipeline import sql_types as types
from pipeline.functions import FUNCTIONS
from pipeline.locate import Locator
from pipeline.model.diagnostics import Diagnostic
from pipeline.relations import Field, Relation, field_names
from pipeline.sql_types import SqlType
from pipeline.suggest import suggestion

Scope = dict[str, Relation]
"""What names mean in one SELECT: alias or table name -> relation."""
SubqueryResolver = Callable[[exp.Expr], Relation]

_ARITHMETIC = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.Mod: "%"}
_PREDICATES = (exp.Predicate, exp.Not, exp.And, exp.Or, exp.Between, exp.In, exp.Exists)
_NAMES: dict[type[exp.Expr], str] = {
    exp.Substring: "SUBSTRING",
    exp.StrPosition: "POSITION",
    exp.CurrentTimestamp: "CURRENT_TIMESTAMP",
    exp.CurrentDate: "CURRENT_DATE",
    exp.CurrentTime: "CURRENT_TIME",
    exp.Localtime: "LOCALTIME",
    exp.Localtimestamp: "LOCALTIMESTAMP",
}


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


class ExpressionTyper:
    """Types the expressions of one model; `diagnostics` collects what is wrong with them."""

    def __init__(self, locator: Locator, subquery: SubqueryResolver) -> None:
        self.locator = locator
        self.diagnostics: list[Diagnostic] = []
        self._subquery = subquery

    def report(self, node: exp.Expr | None, code: str, message: str, hint: str = "", why: str = "") -> None:
        """Add a mistake found at the node."""
        self.diagnostics.append(Diagnostic(self.locator.at(node), code, message, hint, why))

    def type_of(self, node: exp.Expr, scope: Scope) -> SqlType | None:
        """The node's type, also noted on it; None after a mistake that is reported already."""
        kind = self._infer(node, scope)
        if kind is not None and not kind.name.startswith("INTERVAL"):
            node.type = types.to_tree(kind)
            node.meta["nullable"] = kind.nullable
        return kind

    def field_of(self, column: exp.Column, scope: Scope) -> Field | None:
        """The field that a column means; None after reporting an unknown or ambiguous name."""
        name, table = column.name, column.table
        if table and table not in scope:
            hint = suggestion(table, scope) + f"Tables: {', '.join(scope) or 'none'}"
            self.report(column.args["table"], "unknown-table", f'"{table}" is not in FROM', hint)
            return None
        relations = [scope[table]] if table else list(scope.values())
        found = [field for relation in relations if (field := relation.get(name))]
        if len(found) > 1:
            hint = "say which: " + " or ".join(f"{alias}.{name}" for alias in scope if scope[alias].get(name))
            self.report(column, "ambiguous-column", f'"{name}" is in several tables', hint)
            return None
        if not found:
            self._unknown_column(column, relations)
            return None
        return found[0]

    def _unknown_column(self, column: exp.Column, relations: list[Relation]) -> None:
        where = f" in {relations[0].label}" if len(relations) == 1 else ""
        listing = relations[0].listing() if relations else "there is no FROM"
        if len(relations) > 1:
            listing = f"Fields: {', '.join(field_names(relations)[:20])}"
        hint = suggestion(column.name, field_names(relations)) + listing
        if column.name == "timestamp" and any(relation.get("event_time") for relation in relations):
            hint = "in SQL it is called event_time"
        self.report(column.this, "unknown-column", f'unknown column "{column.name}"{where}', hint)

    def _infer(self, node: exp.Expr, scope: Scope) -> SqlType | None:
        if isinstance(node, exp.Column):
            field = self.field_of(node, scope)
            return field.kind if field else None
        if isinstance(node, (exp.Alias, exp.Paren, exp.Filter, exp.Distinct, exp.Ordered)):
            return self._wrapper(node, scope)
        if isinstance(node, (exp.Literal, exp.Boolean, exp.Null, exp.Interval)):
            return _constant(node)
        if isinstance(node, (exp.Cast, exp.TryCast)):
            return self._cast(node, scope)
        if isinstance(node, exp.Neg):
            return self.type_of(node.this, scope)
        if type(node) in _ARITHMETIC:
            return self._arithmetic(node, scope)
        if isinstance(node, exp.DPipe):
            return self._all(node, scope, lambda kinds: types.STRING.null(any(k.nullable for k in kinds)))
        if isinstance(node, exp.Case):
            return self._case(node, scope)
        if isinstance(node, exp.Window):
            return self._over(node, scope)
        if isinstance(node, (exp.Subquery, exp.Query)):
            return self._scalar_query(node)
        if isinstance(node, _PREDICATES) and not isinstance(node, exp.Anonymous):
            return self._predicate(node, scope)
        name = function_name(node)
        if name is not None:
            return self._call(node, name, scope)
        self.report(node, "unsupported-expression", f"{node.sql(dialect='flink')} is not compiled yet")
        return None

    def _wrapper(self, node: exp.Expr, scope: Scope) -> SqlType | None:
        if isinstance(node, exp.Filter):
            condition = node.expression.this
            self.type_of(condition, scope)
            kind = self.type_of(node.this, scope)
            # Where the filter lets nothing through, only COUNT still has a value.
            return kind.null(kind.nullable or not isinstance(node.this, exp.Count)) if kind else None
        if isinstance(node, exp.Distinct):
            kinds = [self.type_of(part, scope) for part in node.expressions]
            return kinds[0] if kinds else None
        return self.type_of(node.this, scope)

    def _cast(self, node: exp.Expr, scope: Scope) -> SqlType | None:
        operand = self.type_of(node.this, scope)
        nullable = True if isinstance(node, exp.TryCast) or operand is None else operand.nullable
        to = node.args["to"]
        return types.from_tree(to, nullable) if isinstance(to, exp.DataType) else None

    def _all(
        self, node: exp.Expr, scope: Scope, combine: Callable[[list[SqlType]], SqlType | None]
    ) -> SqlType | None:
        kinds = [self.type_of(part, scope) for part in (node.this, node.expression)]
        known = [kind for kind in kinds if kind is not None]
        return combine(known) if len(known) == len(kinds) else None

    def _arithmetic(self, node: exp.Expr, scope: Scope) -> SqlType | None:
        operator = _ARITHMETIC[type(node)]
        kinds = [self.type_of(part, scope) for part in (node.this, node.expression)]
        left, right = kinds
        if left is None or right is None:
            return None
        kind = types.arithmetic(operator, left, right)
        if kind is None:
            message = f"{left} {operator} {right} cannot be worked out"
            self.report(node, "type-mismatch", message, "CAST one side to the other's type")
        return kind

    def _case(self, node: exp.Case, scope: Scope) -> SqlType | None:
        if node.this:
            self.type_of(node.this, scope)
        results: list[SqlType | None] = []
        for branch in node.args["ifs"]:
            self.type_of(branch.this, scope)
            results.append(self.type_of(branch.args["true"], scope))
        default = node.args.get("default")
        results.append(self.type_of(default, scope) if default else types.NULL)
        known = [kind for kind in results if kind is not None]
        if len(known) < len(results):
            return None
        kind = types.common_type(known)
        if kind is None:
            choices = ", ".join(dict.fromkeys(str(kind) for kind in known))
            self.report(node, "type-mismatch", f"the CASE gives {choices}", "CAST its results to one type")
        return kind

    def _over(self, node: exp.Window, scope: Scope) -> SqlType | None:
        for part in node.args.get("partition_by") or []:
            self.type_of(part, scope)
        order = node.args.get("order")
        for part in order.expressions if order else []:
            self.type_of(part, scope)
        return self.type_of(node.this, scope)

    def _scalar_query(self, node: exp.Expr) -> SqlType | None:
        relation = self._subquery(node)
        if len(relation.fields) != 1:
            self.report(node, "type-mismatch", "a subquery used as a value must have one column")
            return None
        return relation.fields[0].kind.null(True)

    def _predicate(self, node: exp.Expr, scope: Scope) -> SqlType | None:
        nullable = False
        failed = False
        for part in node.iter_expressions():
            if isinstance(part, exp.Query):
                self._subquery(part)
                continue
            kind = self.type_of(part, scope)
            failed = failed or kind is None
            nullable = nullable or (kind is not None and kind.nullable)
        if not failed:
            self._comparable(node)
        return types.BOOLEAN.null(False if isinstance(node, exp.Is) else nullable)

    def _comparable(self, node: exp.Expr) -> None:
        if not isinstance(node, (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)):
            return
        left, right = node.this.type, node.expression.type
        if left is None or right is None:
            return
        kinds = [types.from_tree(kind, True) for kind in (left, right)]
        if any(kind.name == "NULL" for kind in kinds):
            self.report(node, "null-comparison", "nothing is equal to NULL", "write IS NULL or IS NOT NULL")
            return
        families = {_family(kind) for kind in kinds}
        if len(families) > 1 and families != {"text", "time"}:
            hint = "CAST one side to the other's type"
            self.report(node, "type-mismatch", f"{kinds[0]} is compared with {kinds[1]}", hint)

    def _call(self, node: exp.Expr, name: str, scope: Scope) -> SqlType | None:
        arguments = _arguments(node, name)
        function = FUNCTIONS.get(name)
        if function is None:
            for argument in arguments:
                self.type_of(argument, scope)
            hint = suggestion(name, FUNCTIONS) or "it is not among the functions a model may call"
            self.report(node, "unknown-function", f"unknown function {name}", hint.strip())
            return None
        kinds = [self.type_of(argument, scope) for argument in arguments]
        if any(kind is None for kind in kinds):
            return None
        known = [kind for kind in kinds if kind is not None]
        if len(known) < function.least or (function.most is not None and len(known) > function.most):
            wanted = str(function.least) if function.least == function.most else f"at least {function.least}"
            if function.most is not None and function.least != function.most:
                wanted = f"{function.least} to {function.most}"
            self.report(node, "wrong-arguments", f"{name} takes {wanted} arguments, not {len(known)}")
            return None
        kind = function.result(known)
        if kind is None:
            given = ", ".join(str(item) for item in known)
            self.report(node, "type-mismatch", f"{name} cannot take {given}", "CAST the argument")
        return kind


def _constant(node: exp.Expr) -> SqlType:
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
    return SqlType("DECIMAL", (max(len(digits.lstrip("0")) + len(fraction), 1), len(fraction)), nullable=False)


def _family(kind: SqlType) -> str:
    if kind.is_numeric:
        return "number"
    if kind.is_text:
        return "text"
    return "time" if kind.is_time or kind.name in ("DATE", "TIME") else kind.name


def _arguments(node: exp.Expr, name: str) -> list[exp.Expr]:
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
