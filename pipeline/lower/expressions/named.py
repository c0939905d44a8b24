"""A function's name and its arguments in the order in which Flink writes them, whatever node it is."""

from __future__ import annotations

from sqlglot import exp

_NAMES: dict[type[exp.Expr], str] = {
    exp.Substring: "SUBSTRING",
    exp.StrPosition: "POSITION",
    exp.CurrentTimestamp: "CURRENT_TIMESTAMP",
    exp.CurrentDate: "CURRENT_DATE",
    exp.CurrentTime: "CURRENT_TIME",
    exp.Localtime: "LOCALTIME",
    exp.Localtimestamp: "LOCALTIMESTAMP",
    exp.Ceil: "CEIL",
    exp.Variance: "VAR_SAMP",
}
ALIASES = {
    "CEILING": "CEIL",
    "CHARACTER_LENGTH": "CHAR_LENGTH",
    "SUBSTR": "SUBSTRING",
    "VARIANCE": "VAR_SAMP",
    "STDDEV": "STDDEV_SAMP",
}
"""Another name -> the one that the lowerings have."""


def called_name(node: exp.Expr) -> str | None:
    """The function's name in upper case, one for all its spellings; None for what is no call."""
    if isinstance(node, exp.Anonymous):
        name = node.name.upper()
    elif type(node) in _NAMES:
        name = _NAMES[type(node)]
    elif isinstance(node, exp.Func):
        name = node.sql_name().upper()
    else:
        return None
    return ALIASES.get(name, name)


def argument_list(node: exp.Expr) -> list[exp.Expr]:
    """The arguments in Flink's order; a unit such as MINUTE, and a keyword such as LEADING, is a `Var`."""
    if isinstance(node, exp.Anonymous):
        return list(node.expressions)
    if isinstance(node, exp.StrPosition):
        return [part for part in (node.args["substr"], node.this, node.args.get("position")) if part]
    if isinstance(node, exp.Trim):
        side = exp.var(str(node.args.get("position") or "BOTH").upper())
        return [side, node.this, *([node.expression] if node.args.get("expression") else [])]
    if isinstance(node, (exp.Floor, exp.Ceil)):
        unit = node.args.get("to")
        return [node.this, *([unit] if isinstance(unit, exp.Expr) else [])]
    if isinstance(node, exp.Count) and isinstance(node.this, exp.Star):
        return []
    parts: list[exp.Expr] = []
    for key in node.arg_types:
        value = node.args.get(key)
        listed = value if isinstance(value, list) else [value]
        parts.extend(part for part in listed if isinstance(part, exp.Expr))
    return parts
