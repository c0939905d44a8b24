"""MATCH_RECOGNIZE on Trino, which has it: the same pattern, with what differs from Flink moved into DEFINE.

- WITHIN becomes a condition of every variable.
- Flink's greedy quantifiers never give a row back: a row that a greedy element would take is kept from what
  follows it. What follows therefore asks, at its first row, that the greedy element would not take it; SUBSET
  lets that condition look at the element's rows together with the row tried.
- Flink ends a match with the first row it can end with: its `?` is Trino's `??`.
"""

from __future__ import annotations

from sqlglot import exp

from pipeline.lower.match.pattern import Element
from pipeline.lower.match.spec import Spec
from pipeline.lower.match.values import Expression, Look


def trino(spec: Spec, expressions: dict[str, Expression], rows: str, arrival: tuple[str, ...]) -> str:
    """The query for Trino; arguments as in `lower_match`."""
    order = [f"{_quoted(key.this.name)} {_direction(key)}" for key in spec.order]
    order += [_quoted(column) for column in arrival]
    measures = [
        f"{_written(expressions[f'measure {index}'], {})} AS {_quoted(name)}"
        for index, (name, _) in enumerate(spec.measures)
    ]
    subsets: dict[str, str] = {}
    define = [f"{_variable(item.variable)} AS {_condition(spec, expressions, index, subsets)}"
              for index, item in enumerate(spec.elements)]  # fmt: skip
    lines = [
        f"PARTITION BY {', '.join(map(_quoted, spec.keys))}" if spec.keys else "",
        f"ORDER BY {', '.join(order)}",
        "MEASURES\n    " + ",\n    ".join(measures),
        "ONE ROW PER MATCH",
        f"AFTER MATCH SKIP {_skip(spec)}",
        f"PATTERN ({' '.join(_element(item) for item in spec.elements)})",
        "SUBSET " + ", ".join(f"{name} = {members}" for name, members in subsets.items()) if subsets else "",
        "DEFINE\n    " + ",\n    ".join(define),
    ]
    body = "\n".join(f"    {part}" for line in lines if line for part in line.split("\n"))
    columns = ", ".join(map(_quoted, spec.columns))
    return f"SELECT {columns}\nFROM {_quoted(rows)} MATCH_RECOGNIZE (\n{body}\n)"


def _condition(spec: Spec, expressions: dict[str, Expression], index: int, subsets: dict[str, str]) -> str:
    time, this = _quoted(spec.time), spec.elements[index].variable
    conditions = [f"date_diff('millisecond', FIRST({time}), {time}) < {spec.within_ms}"]
    for before in spec.left_before(index):
        greedy = spec.elements[before].variable
        both = f"_{before + 1}_or_{index + 1}"
        subsets[_quoted(both)] = f"({_variable(greedy)}, {_variable(this)})"
        taken = "TRUE"
        if greedy in spec.define:
            taken = _written(expressions[f"define {greedy}"], {greedy: _quoted(both)})
        between = [_variable(item.variable) for item in spec.elements[before + 1 : index]]
        entered = [f"COUNT({_variable(this)}.*) > 1", *(f"COUNT({name}.*) > 0" for name in between)]
        conditions.append(f"({' OR '.join(entered)} OR NOT COALESCE({taken}, FALSE))")
    if this in spec.define:
        conditions.append(f"({_written(expressions[f'define {this}'], {})})")
    return "\n        AND ".join(conditions)


def _written(expression: Expression, renamed: dict[str, str]) -> str:
    """The expression, some of its variables renamed."""

    def look(look: Look) -> str:
        column = _quoted(look.column)
        if look.variable is not None:
            column = f"{renamed.get(look.variable, _variable(look.variable))}.{column}"
        if look.way == "each":
            return column
        offset = f", {look.offset}" if look.offset else ""
        return f"{look.way.upper()}({column}{offset})"

    return expression.written("trino", look)


def _skip(spec: Spec) -> str:
    skip = spec.skip
    if skip.variable:
        return f"TO {'FIRST' if skip.to == 'first of' else 'LAST'} {_variable(skip.variable)}"
    return "PAST LAST ROW" if skip.to == "last row" else "TO NEXT ROW"


def _element(element: Element) -> str:
    reluctant = "?" if element.taking == "open" else ""
    return f"{_variable(element.variable)}{element.quantifier}{reluctant}"


def _quoted(name: str) -> str:
    return exp.to_identifier(name, quoted=True).sql(dialect="trino")


def _variable(name: str) -> str:
    return _quoted(name)


def _direction(key: exp.Ordered) -> str:
    return "DESC NULLS LAST" if key.args.get("desc") else "ASC NULLS FIRST"
