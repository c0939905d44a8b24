"""Comparisons, conditions and the joining of texts, where engines disagree about NULL, NaN and patterns."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlglot import exp

from pipeline.lower.expressions.call import Call, family_of, is_literal_text, kind_of, typed
from pipeline.lower.expressions.dates import TIMESTAMP_TYPE, literal_time
from pipeline.lower.expressions.json import is_json
from pipeline.lower.expressions.patterns import ANY, REGEXP_FOUND, quoted
from pipeline.lower.expressions.template import fill

_NUMBERS = {"integer", "decimal", "float"}


def compare(call: Call) -> str | exp.Expr:
    """`a = b` and its like: numbers with numbers, texts with texts, times with times."""
    left, right = call.arguments
    if isinstance(left, exp.Subquery) or isinstance(right, exp.Subquery):
        return call.node
    families = [call.family(0), call.family(1)]
    if "null" in families:
        return call.node
    for index, family in enumerate(families):
        other = families[1 - index]
        if family == "text" and other in ("date", "timestamp"):
            literal = literal_time(call.arguments[index], other, call.engine)
            if literal is None:
                raise call.refuse(f"a comparison of a text with a {other.upper()}")
            parts = ["_1", "_2"]
            parts[index] = literal
            return f"{parts[0]} {call.name} {parts[1]}"
    if set(families) == {"date", "timestamp"}:
        kind = TIMESTAMP_TYPE[call.engine]
        return f"CAST(_1 AS {kind}) {call.name} CAST(_2 AS {kind})"
    if families[0] != families[1] and not set(families) <= _NUMBERS:
        raise call.refuse(f"a comparison of {families[0]} with {families[1]}")
    if "float" in families:
        return _of_floats(call)
    return call.node


def _of_floats(call: Call) -> str | exp.Expr:
    """NaN is unequal to all on Flink and Trino; on DuckDB and Spark it equals itself and is the greatest."""
    a, b = "CAST(_1 AS DOUBLE)", "CAST(_2 AS DOUBLE)"
    if call.name.startswith("IS") or call.engine == "trino":
        return f"{a} {call.name} {b}"
    may_be = [
        f"isnan({text})"
        for text, index in ((a, 0), (b, 1))
        if call.family(index) == "float" and not isinstance(call.arguments[index], exp.Literal)
    ]
    if not may_be:
        return f"{a} {call.name} {b}"
    verdict = "TRUE" if call.name == "<>" else "FALSE"
    return f"CASE WHEN {' OR '.join(may_be)} THEN {verdict} ELSE {a} {call.name} {b} END"


def concatenate(call: Call) -> str | exp.Expr:
    """`a || b`, NULL where either is."""
    if call.family(0) != "text" or call.family(1) != "text":
        raise call.refuse("|| of other than texts")
    return "_1 || _2"


def like(call: Call) -> str | exp.Expr:
    """`text LIKE 'pattern'`: without ESCAPE nothing escapes, and `_` stands for no line break."""
    if isinstance(call.node.parent, exp.Escape):
        return call.node
    return _like(call, call.arguments[0], call.arguments[1], None)


def _escape(call: Call) -> str | exp.Expr:
    inner, escape = call.node.this, call.node.expression
    if isinstance(inner, exp.SimilarTo) and is_literal_text(escape) and len(escape.name) == 1:
        similar_call = Call("SIMILAR TO", (inner.this, inner.expression), call.engine, inner)
        return fill(_similar(similar_call, escape.name), similar_call.arguments, call.engine)
    if not isinstance(inner, exp.Like) or not is_literal_text(escape) or len(escape.name) != 1:
        raise call.refuse("ESCAPE of other than LIKE with one character")
    like_call = Call("LIKE", (inner.this, inner.expression), call.engine, inner)
    written = _like(like_call, inner.this, inner.expression, escape.name)
    return fill(written, like_call.arguments, call.engine) if isinstance(written, str) else written


def _like(call: Call, text: exp.Expr, pattern: exp.Expr, escape: str | None) -> str | exp.Expr:
    kind = kind_of(text)
    if kind is None or family_of(kind) != "text" or not is_literal_text(pattern):
        raise call.refuse("LIKE with a pattern that is not written out")
    negated = "NOT " if call.node.args.get("negate") else ""
    if escape is None and "_" not in pattern.name and "\\" not in pattern.name:
        plain = exp.Like(this=text.copy(), expression=pattern.copy())
        return exp.Not(this=plain) if negated else plain
    found = f"{REGEXP_FOUND[call.engine]}(_1, {quoted(_expression(call, pattern.name, escape), call)})"
    return f"{negated}{found}"


def _expression(call: Call, pattern: str, escape: str | None) -> str:
    """The regular expression that Flink makes of a LIKE pattern."""
    parts: list[str] = []
    characters = iter(pattern)
    for character in characters:
        if character == escape:
            escaped = next(characters, "")
            if escaped not in ("%", "_", escape):
                raise call.refuse("LIKE with a pattern in which the escape character escapes nothing")
            parts.append(f"\\{escaped}" if not escaped.isalnum() and escaped != "_" else escaped)
        elif character == "%":
            parts.append("(?s:.*)")
        elif character == "_":
            parts.append(ANY)
        else:
            plain = character.isalnum() or not character.isascii() or character.isspace() or character == "_"
            parts.append(character if plain else f"\\{character}")
    return f"\\A{''.join(parts)}\\z"


def similar(call: Call) -> str | exp.Expr:
    """`text SIMILAR TO 'pattern'`."""
    return call.node if isinstance(call.node.parent, exp.Escape) else _similar(call, None)


_SIMILAR_SET = re.compile(r"\[\^?[A-Za-z0-9 _.,:;/-]+\]")
_SIMILAR_TIMES = re.compile(r"\{[0-9]+(,[0-9]*)?\}")


def _similar(call: Call, escape: str | None) -> str:
    if call.family(0) not in ("text", "null") or not is_literal_text(call.arguments[1]):
        raise call.refuse("SIMILAR TO of other than a text, or with a pattern that is not written out,")
    pattern, parts, at = call.arguments[1].name, [], 0
    while at < len(pattern):
        character = pattern[at]
        whole = _SIMILAR_SET.match(pattern, at) or _SIMILAR_TIMES.match(pattern, at)
        if character == escape:
            at += 1
            if pattern[at : at + 1] not in (*"_%|*+?(){}[]", escape):
                raise call.refuse("SIMILAR TO with a pattern in which the escape character escapes nothing")
            parts.append(f"\\{pattern[at]}" if pattern[at] != "_" else "_")
        elif whole is not None:
            parts.append(whole[0])
            at = whole.end() - 1
        elif character in "[]{}^$\\":
            raise call.refuse(f"SIMILAR TO with {character} in the pattern")
        elif character in "%_.":
            parts.append("(?s:.*)" if character == "%" else ANY)
        else:
            plain = character.isalnum() or not character.isascii() or character in "|()*+? \n\t"
            parts.append(character if plain else f"\\{character}")
        at += 1
    expression = "".join(parts)
    try:
        re.compile(expression.replace(ANY, "."))
    except re.error:
        raise call.refuse(f"SIMILAR TO with the pattern {pattern!r}") from None
    whole_text = quoted(rf"\A(?:{expression})\z", call)
    return f"{REGEXP_FOUND[call.engine]}(_1, {whole_text})"


def overlaps(call: Call) -> exp.Expr:
    """`(start, end) OVERLAPS (start, end)`: the ends belong to the spans, in either order."""
    from pipeline.lower.expressions.arithmetic import plus_minus_times  # noqa: PLC0415  a cycle otherwise

    bounds: list[exp.Expr] = []
    for span in (call.node.this, call.node.expression):
        first, second = span.expressions
        if isinstance(second, exp.Interval):
            moved = Call("+", (first, second), call.engine, exp.Add(this=first, expression=second))
            written = plus_minus_times(moved)
            end = fill(written, moved.arguments, call.engine) if isinstance(written, str) else written
            second = typed(end, kind_of(first))
        bounds += [first, second]
    spans = Call("OVERLAPS", tuple(bounds), call.engine, call.node)
    if {spans.family(index) for index in range(4)} not in ({"date"}, {"timestamp"}):
        raise call.refuse("OVERLAPS of other than four DATEs or four TIMESTAMPs")
    later = "CASE WHEN _{0} <= _{1} THEN _{1} ELSE _{0} END".format
    sooner = "CASE WHEN _{0} <= _{1} THEN _{0} ELSE _{1} END".format
    text = f"({later(1, 2)}) >= ({sooner(3, 4)}) AND ({later(3, 4)}) >= ({sooner(1, 2)})"
    return fill(text, spans.arguments, call.engine)


def between(call: Call) -> str | exp.Expr:
    """`a BETWEEN b AND c`, as two comparisons, each by its own rule."""
    node = call.node
    assert isinstance(node, exp.Between)
    value, low, high = node.this, node.args["low"], node.args["high"]
    inside = _within(call, value, low, high)
    if not node.args.get("symmetric"):
        return inside
    return exp.Paren(this=exp.Or(this=inside, expression=_within(call, value, high, low)))


def _within(call: Call, value: exp.Expr, low: exp.Expr, high: exp.Expr) -> exp.Paren:
    above = _pair(call, exp.GTE, ">=", value, low)
    return exp.Paren(this=exp.And(this=above, expression=_pair(call, exp.LTE, "<=", value, high)))


def _pair(call: Call, kind: type[exp.Expr], name: str, left: exp.Expr, right: exp.Expr) -> exp.Expr:
    node = kind(this=left.copy(), expression=right.copy())
    pair = Call(name, (left, right), call.engine, node)
    written = compare(pair)
    return fill(written, pair.arguments, call.engine) if isinstance(written, str) else written


def contained(call: Call) -> str | exp.Expr:
    """`a IN (b, c)`, as comparisons where a plain list would not do."""
    node = call.node
    assert isinstance(node, exp.In)
    if node.args.get("query"):
        return node
    parts = [_pair(call, exp.EQ, "=", node.this, item) for item in node.expressions]
    if all(type(part) is exp.EQ for part in parts):
        return node
    tree = parts[0]
    for part in parts[1:]:
        tree = exp.Or(this=tree, expression=part)
    return exp.Paren(this=tree)


def is_(call: Call) -> str | exp.Expr:
    """`a IS NULL`, `IS TRUE`, `IS FALSE`, `IS UNKNOWN`."""
    node = call.node
    word = node.expression
    if isinstance(word, exp.Null):
        return node
    if isinstance(word, exp.Boolean):
        return "COALESCE(_1, FALSE)" if word.this else "NOT COALESCE(_1, TRUE)"
    if isinstance(word, exp.JSON):
        return is_json(call, str(word.args.get("this") or "VALUE").upper())
    raise call.refuse(f"IS {word.sql(dialect='flink')}")


def case(call: Call) -> str | exp.Expr:
    """CASE, its numbers brought to one type as Flink does it."""
    node = call.node
    results = [branch.args["true"] for branch in node.args["ifs"]]
    default = node.args.get("default")
    kinds = [kind_of(result) for result in (*results, *([default] if default else []))]
    if node.this is not None:
        for branch in node.args["ifs"]:
            _pair(call, exp.EQ, "=", node.this, branch.this)
    known = {(kind.name, kind.parameters) for kind in kinds if kind is not None and kind.name != "NULL"}
    result = kind_of(node)
    if len(known) < 2 or result is None or not result.is_numeric:
        return node
    from pipeline.lower.expressions.casts import engine_type  # noqa: PLC0415  a cycle otherwise

    return fill(f"CAST(_1 AS {engine_type(call, result)})", [node], call.engine)


def nullif(call: Call) -> str | exp.Expr:
    """`NULLIF(a, b)`."""
    equal = _pair(call, exp.EQ, "=", call.arguments[0], call.arguments[1])
    return exp.Case(ifs=[exp.If(this=equal, true=exp.Null())], default=call.arguments[0].copy())


def if_(call: Call) -> str | exp.Expr:
    """The `WHEN ... THEN ...` of a CASE, or `IF(condition, a, b)`."""
    node = call.node
    if isinstance(node.parent, exp.Case):
        return node
    branch = exp.If(this=node.this.copy(), true=node.args["true"].copy())
    other = node.args.get("false")
    whole = exp.Case(ifs=[branch], default=other.copy() if other else None)
    whole.type = node.type
    whole.meta["nullable"] = node.meta.get("nullable", True)
    return case(Call("CASE", (), call.engine, whole))


SPECIAL: dict[type[exp.Expr], Callable[[Call], str | exp.Expr]] = {
    exp.Between: between,
    exp.In: contained,
    exp.Is: is_,
    exp.Case: case,
    exp.If: if_,
    exp.Nullif: nullif,
    exp.Escape: _escape,
    exp.SimilarTo: similar,
    exp.Overlaps: overlaps,
}
