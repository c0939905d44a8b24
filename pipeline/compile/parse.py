"""Stage `parse`: SQL to a tree of the Flink dialect; a mistake names its place in the template."""

from __future__ import annotations

import re

from sqlglot import exp
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokenizer_core import Token, TokenType

from pipeline.compile.syntax import likely_mistake, mistakes_before_parsing
from pipeline.compile.window_calls import form_of, wrong_window_calls
from pipeline.locate import Locator
from pipeline.model.diagnostics import Diagnostic
from pipeline.model.models import Parsed, Rendered
from pipeline.suggest import closest
from sqlglot_flink import Flink

_DEEPEST = 120
"""Levels of a tree that every later stage, and Flink, can walk down."""
_CLASS_NAME = re.compile(r"<class '[^']*'>")
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TOO_MANY = re.compile(r"number of provided arguments \((\d+)\).*\((\d+)\)")
_UNITS = ("SECOND", "MINUTE", "HOUR", "DAY", "MONTH", "YEAR")
_IN_ONE_TEXT = re.compile(r"\s*(\d+)\s*([A-Za-z]+?)[sS]?\s*")
"""`1 MINUTE`, where the unit stands inside the quotes."""
_EXPECTED = re.compile(r"^Expect(?:ed|ing) (.+)$")


def parse(rendered: Rendered) -> tuple[Parsed | None, tuple[Diagnostic, ...]]:
    """Parse one model's SQL; the result is always a query (SELECT, UNION, WITH), never a fallback command."""
    locator = Locator(rendered)
    dialect = Flink()
    try:
        found = dialect.tokenize(rendered.sql)
    except TokenError:
        return None, (_token_error(rendered.sql, locator),)
    if not found:
        message = "the query is empty"
        return None, (Diagnostic(locator.between(0, 1), "empty-query", message, "write one SELECT"),)
    placeholder = _placeholder(rendered.sql, locator)
    mistakes = [placeholder] if placeholder else [*mistakes_before_parsing(rendered.sql, found, locator)]
    if mistakes:
        return None, tuple(mistakes)
    try:
        trees = dialect.parser().parse(found, rendered.sql)
    except ParseError as error:
        return None, (_parse_error(error, rendered.sql, found, locator),)
    except RecursionError:
        return None, (_too_deep(found, locator),)
    tree = trees[0] if trees else None
    if not isinstance(tree, exp.Query) or tree.find(exp.Command):
        return None, (_no_query(found[0], locator),)
    wrong = (_too_deep(found, locator),) if _depth(tree) > _DEEPEST else wrong_window_calls(tree, locator)
    if wrong:
        return None, wrong
    # `amount` with backticks and without is one name: what is generated quotes every name.
    for identifier in tree.find_all(exp.Identifier):
        if _PLAIN_NAME.fullmatch(identifier.name):
            identifier.set("quoted", False)
    return Parsed(rendered, tree), ()


def _placeholder(sql: str, locator: Locator) -> Diagnostic | None:
    at = sql.find("${")
    if at < 0:
        return None
    hint = "what is deployed fills such a text in: write it in another way"
    return Diagnostic(locator.between(at, at + 2), "placeholder", '"${" cannot stand in a query', hint)


def _no_query(start: Token, locator: Locator) -> Diagnostic:
    place = locator.between(start.start, start.end + 1)
    hint = "a model is one SELECT; sinks, tables and INSERT are generated"
    return Diagnostic(place, "not-a-query", f'"{start.text}" is no query', hint)


def _depth(tree: exp.Expr) -> int:
    deepest, pending = 0, [(tree, 1)]
    while pending:
        node, depth = pending.pop()
        deepest = max(deepest, depth)
        pending.extend((part, depth + 1) for part in node.iter_expressions())
    return deepest


def _too_deep(found: list[Token], locator: Locator) -> Diagnostic:
    place = locator.between(found[0].start, found[0].end + 1)
    message = f"the query is nested more than {_DEEPEST} levels deep"
    return Diagnostic(place, "too-deep", message, "write it with fewer brackets, operators or branches")


def _parse_error(error: ParseError, sql: str, found: list[Token], locator: Locator) -> Diagnostic:
    detail = error.errors[0] if error.errors else {}
    highlight = str(detail.get("highlight") or "")
    # sqlglot gives the column of the token's last character.
    offset = _offset(sql, int(detail.get("line") or 1), int(detail.get("col") or 1) - len(highlight) + 1)
    stopped = next((index for index, token in enumerate(found) if token.end >= offset), len(found))
    likely = likely_mistake(found, stopped, locator) or _unit_in_quotes(found, stopped, locator)
    if likely:
        return likely
    if found[0].token_type not in (TokenType.SELECT, TokenType.WITH, TokenType.L_PAREN):
        return _no_query(found[0], locator)
    description = _CLASS_NAME.sub("expression", str(detail.get("description") or error)).rstrip(".")
    expected = _EXPECTED.match(description)
    too_many = _TOO_MANY.search(description)
    if description.startswith("Required keyword"):
        message, hint = f'something is missing before or at "{highlight}"', "the expression is not complete"
    elif too_many:
        message, hint = f"{too_many[1]} arguments are given, at most {too_many[2]} are taken", "take one out"
    elif expected:
        message, hint = _unexpected(highlight, expected[1])
    elif description.startswith("Invalid expression"):
        message, hint = (
            f'unexpected "{highlight}"',
            "a comma, an operator or a keyword is missing or too many",
        )
    else:
        form = form_of(description.partition(" ")[0])
        message, hint = description, f"write {form}" if form else ""
    return Diagnostic(locator.between(offset, offset + max(len(highlight), 1)), "syntax-error", message, hint)


def _unexpected(highlight: str, expected: str) -> tuple[str, str]:
    """Message and hint where the parser names what it expected."""
    if expected.startswith("NULL, TRUE"):
        return "IS compares with NULL, TRUE or FALSE only", f"write = {highlight}"
    hint = f"expected {expected}"
    if expected == "a name":
        hint += ": a letter, then letters, digits and _"
    near = closest(highlight, _UNITS) if expected.startswith("a unit such as") else None
    return f'unexpected "{highlight}"', f"did you mean {near}?" if near else hint


def _unit_in_quotes(found: list[Token], stopped: int, locator: Locator) -> Diagnostic | None:
    """`INTERVAL '1 MINUTE'` before the token with index `stopped`, where that is what is wrong."""
    if not 1 < stopped <= len(found) or found[stopped - 2].token_type != TokenType.INTERVAL:
        return None
    text = found[stopped - 1]
    whole = _IN_ONE_TEXT.fullmatch(text.text) if text.token_type == TokenType.STRING else None
    if whole is None:
        return None
    place = locator.between(text.start, text.end + 1)
    hint = f"write INTERVAL '{whole[1]}' {whole[2].upper()}"
    return Diagnostic(place, "syntax-error", "an interval's unit stands behind its quotes", hint)


def _offset(sql: str, line: int, column: int) -> int:
    rows = sql.split("\n")
    return sum(len(row) + 1 for row in rows[: line - 1]) + max(column - 1, 0)


def _token_error(sql: str, locator: Locator) -> Diagnostic:
    """The tokenizer gives no usable place: find the quote or comment that is not closed."""
    opened = _open_at_a_lines_end(sql)
    if opened is not None:
        place = locator.between(opened, opened + 1)
        return Diagnostic(place, "syntax-error", "a text's quote is not closed", "close it")
    names = {"'": "a text's quote", "`": "a name's backtick", "/*": "a comment"}
    pattern = re.compile(r"--[^\n]*|'(?:[^']|'')*'|`[^`]*`|/\*.*?\*/|(?P<open>/\*|['`])", re.DOTALL)
    for match in pattern.finditer(sql):
        if match.group("open"):
            what = names[match.group("open")]
            place = locator.between(match.start(), match.end())
            return Diagnostic(place, "syntax-error", f"{what} is not closed", "close it")
    return Diagnostic(locator.between(0, 1), "syntax-error", "the text cannot be split into words")


def _open_at_a_lines_end(sql: str) -> int | None:
    """The first quote whose text does not end in its line: a text seldom holds a line break."""
    code = re.compile(r"--[^\n]*|/\*.*?\*/|`[^`\n]*`|'(?:[^'\n]|'')*'|(?P<open>')", re.DOTALL)
    return next((match.start() for match in code.finditer(sql) if match.group("open")), None)
