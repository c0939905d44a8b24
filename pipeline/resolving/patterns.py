"""MATCH_RECOGNIZE: the names of its variables, the types of its measures, and the rows it gives."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from pipeline.expressions import ExpressionTyper
from pipeline.queries import interval_ms
from pipeline.relations import EVENT_ID, Field, Relation
from pipeline.resolving.looking_around import tell_time_of_match
from pipeline.scopes import PatternScope
from pipeline.suggest import suggestion

_VARIABLE = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*(?P<often>[*+?]|\{[^}]*\})?")
_WITHOUT = re.compile(r"\*|\?|\{\s*0?\s*,|\{\s*0\s*\}")
_FIRST_ROW = "the first row"
_GROUP = re.compile(r"\)\s*(?:[*?]|\{\s*0?\s*,)|\|")


def variables_of(match: exp.MatchRecognize) -> dict[str, bool]:
    """The variables of the pattern in order, and whether every match has a row of each."""
    pattern = match.args.get("pattern")
    text = pattern.sql(dialect="flink") if isinstance(pattern, exp.Expr) else ""
    uncertain = bool(_GROUP.search(text))
    found: dict[str, bool] = {}
    for part in _VARIABLE.finditer(re.sub(r"^\s*PATTERN\b", "", text)):
        certain = not uncertain and not (part["often"] and _WITHOUT.fullmatch(part["often"]))
        found[part["name"]] = found.get(part["name"], False) or certain
    return found


def resolve_pattern(match: exp.MatchRecognize, rows: Relation, typer: ExpressionTyper) -> Relation:
    """Type every expression of the pattern; the relation of its matches."""
    variables = variables_of(match)
    defined = [part.args["alias"].name for part in match.args.get("define") or [] if part.args.get("alias")]
    # A variable that the pattern lacks is told once, at its definition.
    scope = PatternScope(
        [*variables, *defined], rows, frozenset(name for name, certain in variables.items() if certain)
    )
    partition = _partition(match, rows, typer)
    _order(match, rows, typer)
    measures = [
        measure
        for part in match.args.get("measures") or []
        if (measure := _measure(part, scope, typer)) is not None
    ]
    for definition in match.args.get("define") or []:
        _define(definition, scope, variables, typer)
    fields = (*partition, *measures)
    keys, missing = _keys(match, rows, variables, {field.name for field in partition})
    within = interval_ms(match.args.get("within")) or 0
    return Relation(
        "the pattern",
        fields,
        known=rows.known and len(measures) == len(match.args.get("measures") or []),
        keys=keys,
        missing=missing,
        reach_ms=rows.reach_ms + within,
        remembers=rows.remembers,
        aligned=False,
    )


def _keys(
    match: exp.MatchRecognize, rows: Relation, variables: dict[str, bool], partition: set[str]
) -> tuple[tuple[frozenset[str], ...], tuple[str, ...]]:
    """The keys of the matches; without one, the measure that makes one.

    A row begins one match at most, so the first row's key tells matches apart. Its time does not: rows may be
    of one millisecond. Where matches share no row, the first or last row of any variable does as well.
    """
    first = next(iter(variables), "A")
    apart = re.search(r"PAST\s+LAST", match.text("after"), re.IGNORECASE) is not None
    told: dict[tuple[str, str], dict[str, str]] = {}
    for part in match.args.get("measures") or []:
        item = part.this if isinstance(part, exp.MatchRecognizeMeasure) else part
        row = _row_of(item.this, match, first) if isinstance(item, exp.Alias) else None
        if row is not None and variables.get(row[0]) and (apart or row[1] == _FIRST_ROW):
            told.setdefault((row[0], row[1]), {})[row[2]] = item.alias
    found = [
        frozenset({*partition, *(measured[name] for name in key if name in measured)})
        for measured in told.values()
        for key in rows.keys
        if key <= measured.keys() | partition
    ]
    if found:
        return tuple(dict.fromkeys(found)), ()
    always = first if variables.get(first) else next((name for name in variables if variables[name]), first)
    past = "" if apart or always == first else "AFTER MATCH SKIP PAST LAST ROW, and "
    lacking = sorted(min((key - partition for key in rows.keys), key=len, default={EVENT_ID}))
    calls = ", ".join(f"FIRST({always}.{name}) AS first_{name}" for name in lacking)
    return (), (f"{past}{calls} to MEASURES, and first_{', first_'.join(lacking)}",)


def _row_of(measure: exp.Expr, match: exp.MatchRecognize, first: str) -> tuple[str, str, str] | None:
    """The variable and which of its rows the measure is a column of (the match's first?), and the column."""
    column, which = measure, "LAST"
    if isinstance(measure, exp.Anonymous) and measure.name.upper() in ("FIRST", "LAST"):
        if len(measure.expressions) != 1:
            return None
        column, which = measure.expressions[0], measure.name.upper()
    if not isinstance(column, exp.Column) or not column.table:
        return None
    text = match.args["pattern"].sql(dialect="flink") if match.args.get("pattern") else ""
    often = next((part["often"] for part in _VARIABLE.finditer(text) if part["name"] == column.table), None)
    begins = column.table == first and (which == "FIRST" or not often)
    return column.table, _FIRST_ROW if begins else which, column.name


def _partition(match: exp.MatchRecognize, rows: Relation, typer: ExpressionTyper) -> list[Field]:
    fields = []
    for key in match.args.get("partition_by") or []:
        kind = typer.type_of(key, {"": rows})
        field = rows.get(key.name) if isinstance(key, exp.Column) else None
        if kind is None:
            continue
        if field is None:
            typer.report(key, "pattern-partition", "a pattern is partitioned by columns", "name a column")
            continue
        fields.append(Field(field.name, kind, identifier=field.identifier))
    return fields


def _order(match: exp.MatchRecognize, rows: Relation, typer: ExpressionTyper) -> None:
    order = match.args.get("order")
    for number, part in enumerate(order.expressions if order else []):
        typer.type_of(part, {"": rows})
        inner = part.this if isinstance(part, exp.Ordered) else part
        field = rows.get(inner.name) if isinstance(inner, exp.Column) else None
        if number == 0 and rows.known:
            told = field is not None and tell_time_of_match(typer, inner, field)
            part.meta["time_attribute"] = told or bool(field and field.time_attribute)
            part.meta["time_columns"] = [item.name for item in rows.fields if item.time_attribute]


def _measure(part: exp.Expr, scope: PatternScope, typer: ExpressionTyper) -> Field | None:
    item = part.this if isinstance(part, exp.MatchRecognizeMeasure) else part
    expression = item.this if isinstance(item, exp.Alias) else item
    kind = typer.type_of(item, scope)
    if not isinstance(item, exp.Alias):
        typer.report(expression, "no-alias", "this measure has no name", "add AS <name>")
        return None
    if kind is None:
        return None
    inner = _single_column(expression)
    field = scope.rows.get(inner.name) if inner is not None else None
    rowtime = isinstance(expression, exp.Anonymous) and expression.name.upper() == "MATCH_ROWTIME"
    money = any(
        bool((found := scope.rows.get(column.name)) and found.money)
        for column in expression.find_all(exp.Column)
    ) and not isinstance(expression, exp.Count)
    return Field(
        item.alias,
        kind,
        of_match=rowtime,
        identifier=bool(field and field.identifier),
        money=money,
        event_time=kind.is_time,
    )


def _single_column(expression: exp.Expr) -> exp.Column | None:
    """The column whose value of one row the measure gives: A.x, FIRST(A.x), LAST(A.x)."""
    if isinstance(expression, exp.Anonymous) and expression.name.upper() in ("FIRST", "LAST"):
        expression = expression.expressions[0] if expression.expressions else expression
    return expression if isinstance(expression, exp.Column) else None


def _define(
    definition: exp.Expr, scope: PatternScope, variables: dict[str, bool], typer: ExpressionTyper
) -> None:
    name = definition.args.get("alias")
    condition = definition.this
    typer.condition(condition, scope)
    if isinstance(name, exp.Identifier) and name.name not in variables:
        hint = f"{suggestion(name.name, variables)}Variables: {', '.join(variables)}"
        message = f'the pattern has no variable "{name.name}"'
        typer.report(name, "unknown-variable", message, hint)


def navigations(match: exp.MatchRecognize, names: tuple[str, ...]) -> Iterator[exp.Expr]:
    """Calls of PREV, NEXT, ... by name."""
    for call in match.find_all(exp.Anonymous):
        if call.name.upper() in names:
            yield call
