"""Finds what is wrong with a query's syntax where a parser only knows the word at which it stopped."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from sqlglot.tokenizer_core import Token, TokenType

from pipeline.locate import Locator
from pipeline.model.diagnostics import Diagnostic

CODE = "syntax-error"
_ENDS_A_LIST = {
    TokenType.FROM,
    TokenType.WHERE,
    TokenType.GROUP_BY,
    TokenType.HAVING,
    TokenType.ORDER_BY,
    TokenType.UNION,
    TokenType.R_PAREN,
    TokenType.SEMICOLON,
}
_CLAUSES = ("SELECT", "FROM", "WHERE", "GROUP BY", "HAVING", "UNION ALL", "ORDER BY", "PARTITION BY", "WITH")
_WORDS = (
    *_CLAUSES,
    *("DISTINCT", "AS", "CASE", "WHEN", "THEN", "ELSE", "END", "AND", "OR", "NOT", "BETWEEN", "LIKE", "JOIN"),
    *(
        "TABLE",
        "INTERVAL",
        "OVER",
        "DESCRIPTOR",
        "MATCH_RECOGNIZE",
        "MEASURES",
        "PATTERN",
        "DEFINE",
        "WITHIN",
    ),
)
_CLOSE_ENOUGH = 0.85
_CLOSE_ENOUGH_AT_A_LINES_BEGIN = 0.72
_CONDITIONS = (TokenType.WHERE, TokenType.HAVING, TokenType.ON)
_LISTS = (TokenType.GROUP_BY, TokenType.PARTITION_BY)
_CLAUSE_TOKENS = frozenset(
    (
        *_CONDITIONS,
        TokenType.PARTITION_BY,
        TokenType.SELECT,
        TokenType.FROM,
        TokenType.GROUP_BY,
        TokenType.ORDER_BY,
        TokenType.UNION,
    )
)
_OPERATORS = {"&&": "AND", "!": "NOT", "=>": ">=", "=!": "<>"}
_LOOKED_BACK = 4
_ORDER_IN_A_PATTERN = (
    "PARTITION BY, ORDER BY, MEASURES, ONE ROW PER MATCH, AFTER MATCH SKIP, PATTERN (...), WITHIN, DEFINE"
)
_BEGINS_IN_A_PATTERN = frozenset(
    ("PARTITION", "ORDER", "MEASURES", "ONE", "ALL", "AFTER", "PATTERN", "WITHIN", "DEFINE", "SUBSET")
)
_NEEDED_IN_A_PATTERN = {
    "PATTERN": "PATTERN (A B+? C) WITHIN INTERVAL '1' HOUR before DEFINE",
    "DEFINE": "DEFINE A AS A.amount > 100 behind PATTERN (...)",
}
_MEANT = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u201c\u201d\u201e\u2033", "'"),
    **dict.fromkeys("\u2013\u2014\u2212", "-"),
    "\u00a0": " ",
    "\u2003": " ",
    "\uff0c": ",",
    "\uff1b": ";",
    "\uff08": "(",
    "\uff09": ")",
}
"""What a word processor or another keyboard puts -> what SQL has."""
_STRANGE = re.compile(f"[{''.join(_MEANT)}]")
_NOT_CODE = re.compile(r"--[^\n]*|'(?:[^']|'')*'|`[^`]*`|/\*.*?\*/", re.DOTALL)
_WINDOWS = ("TUMBLE", "HOP", "CUMULATE", "SESSION")
_ENDS_AN_ITEM = {TokenType.VAR, TokenType.IDENTIFIER, TokenType.STRING, TokenType.NUMBER, TokenType.R_PAREN}


def mistakes_before_parsing(sql: str, found: list[Token], locator: Locator) -> Iterator[Diagnostic]:
    """What Flink's parser would not take and sqlglot's might, or would blame on another place."""
    yield from _strange_characters(sql, locator)
    brackets = list(_brackets(found, locator))
    yield from _swallowed(found, len(found), locator) if brackets else ()
    yield from brackets if not any(map(_is_swallowing, found)) else ()
    for index, token in enumerate(found):
        following = found[index + 1] if index + 1 < len(found) else None
        place = locator.between(token.start, token.end + 1)
        ends = following is None or following.token_type in _ENDS_A_LIST
        if token.token_type == TokenType.COMMA and ends:
            behind = f'"{following.text}"' if following else "the end"
            yield Diagnostic(place, CODE, f"a comma too many before {behind}", "take it out")
        elif token.token_type == TokenType.GROUP_BY and ends:
            yield Diagnostic(place, CODE, "GROUP BY names nothing", "name the columns to group by")
        elif token.token_type == TokenType.DCOLON:
            message, hint = '"::" is no cast of Flink\'s', "write CAST(<value> AS <type>)"
            yield Diagnostic(place, CODE, message, hint)
        elif token.token_type == TokenType.EQ and token.text == "==":
            yield Diagnostic(place, CODE, 'Flink has no "=="', "write =")
        elif token.token_type == TokenType.NULLSAFE_EQ:
            yield Diagnostic(place, CODE, 'Flink has no "<=>"', "write a IS NOT DISTINCT FROM b")
        elif token.token_type == TokenType.UNKNOWN and token.text == '"':
            hint = "a text stands in single quotes: 'EUR'; a name in none, or in backticks"
            yield Diagnostic(place, CODE, "Flink knows no double quotes", hint)
            return
        elif token.token_type == TokenType.SEMICOLON and following is not None:
            place = locator.between(following.start, following.end + 1)
            hint = "a model is one SELECT: give each its own folder"
            yield Diagnostic(place, "several-statements", "a second statement begins here", hint)


def likely_mistake(found: list[Token], stopped: int, locator: Locator) -> Diagnostic | None:
    """What probably made the parser stop at the token with index `stopped`; None where nothing is likely."""
    for index in range(max(stopped - _LOOKED_BACK, 1), min(stopped + 1, len(found))):
        bare = found[index - 1].token_type == TokenType.FROM
        if bare and found[index].text.upper() in _WINDOWS:
            place = locator.between(found[index].start, found[index].end + 1)
            message = f"{found[index].text.upper()} stands inside TABLE( )"
            return Diagnostic(place, CODE, message, f"write FROM TABLE({found[index].text.upper()}(...))")
    swallowed = next(_swallowed(found, stopped, locator), None)
    if swallowed:
        return swallowed
    misspelt = _misspelt(found, stopped, locator)
    if misspelt:
        return misspelt
    pattern = _clause_of_a_pattern(found, stopped, locator)
    if pattern:
        return pattern
    if 0 < stopped < len(found):
        return _out_of_place(found, stopped, locator) or _missing(found, stopped, locator)
    return None


def _clause_of_a_pattern(found: list[Token], stopped: int, locator: Locator) -> Diagnostic | None:
    """A clause of MATCH_RECOGNIZE that is missing, or stands in another place than Flink reads it in."""
    opened = next(
        (index for index in range(min(stopped, len(found)) - 1, -1, -1)
         if found[index].text.upper() == "MATCH_RECOGNIZE"), None
    )  # fmt: skip
    if opened is None:
        return None
    depth, words = 0, []
    for token in found[opened + 1 :]:
        depth += {TokenType.L_PAREN: 1, TokenType.R_PAREN: -1}.get(token.token_type, 0)
        if depth == 0:
            break
        if depth == 1:
            words.append(token.text.upper())
    if depth == 0 and found.index(token) < stopped:
        return None
    head = found[opened]
    for word, example in _NEEDED_IN_A_PATTERN.items():
        if word not in words:
            place = locator.between(head.start, head.end + 1)
            return Diagnostic(place, CODE, f"MATCH_RECOGNIZE has no {word}", f"add {example}")
    here = found[stopped] if stopped < len(found) else None
    if here is None or here.text.upper().split(" ")[0] not in _BEGINS_IN_A_PATTERN:
        return None
    place = locator.between(here.start, here.end + 1)
    message = f"{here.text.upper()} stands in another place of MATCH_RECOGNIZE"
    return Diagnostic(place, CODE, message, f"in this order: {_ORDER_IN_A_PATTERN}")


def _is_swallowing(token: Token) -> bool:
    """Whether it is a text that reaches over a line's end, or over a comment: its quote was not closed."""
    return token.token_type == TokenType.STRING and ("\n" in token.text or "--" in token.text)


def _swallowed(found: list[Token], stopped: int, locator: Locator) -> Iterator[Diagnostic]:
    """The first text before the token with index `stopped` that has swallowed what is no part of it."""
    for token in filter(_is_swallowing, found[: stopped + 1]):
        place = locator.between(token.start, token.start + 1)
        yield Diagnostic(place, CODE, "a text's quote is not closed", "close it")
        return


def _out_of_place(found: list[Token], stopped: int, locator: Locator) -> Diagnostic | None:
    """A clause or an operator that Flink has elsewhere, or not at all."""
    before, here = found[stopped - 1], found[stopped]
    place = locator.between(here.start, here.end + 1)
    grouped = any(token.token_type == TokenType.GROUP_BY for token in found[:stopped])
    if here.token_type == TokenType.WHERE and grouped:
        hint = "put it before GROUP BY; a condition on groups goes into HAVING behind it"
        return Diagnostic(place, CODE, "WHERE stands behind GROUP BY", hint)
    if here.token_type == TokenType.WHERE and _last_clause(found, stopped) == TokenType.WHERE:
        return Diagnostic(place, CODE, "there is a WHERE already", "write AND and the condition behind it")
    if here.text in _OPERATORS:
        return Diagnostic(place, CODE, f'Flink has no "{here.text}"', f"write {_OPERATORS[here.text]}")
    if here.text.upper() == "QUALIFY":
        hint = "put the query into FROM ( ... ), and the condition into WHERE behind it"
        return Diagnostic(place, CODE, "Flink has no QUALIFY", hint)
    if before.text.upper() == "TOP" and here.token_type == TokenType.NUMBER:
        hint = "a model is a table, which has no order; the greatest n of a window: ROW_NUMBER() OVER (...)"
        return Diagnostic(locator.between(before.start, here.end + 1), CODE, "Flink has no TOP", hint)
    return None


def _last_clause(found: list[Token], stopped: int) -> TokenType | None:
    """The clause that the token with index `stopped` stands in, brackets that are closed left out."""
    depth = 0
    for token in reversed(found[:stopped]):
        depth += {TokenType.R_PAREN: 1, TokenType.L_PAREN: -1}.get(token.token_type, 0)
        if depth < 0:
            return None
        if depth == 0 and token.token_type in _CLAUSE_TOKENS:
            return token.token_type
    return None


def _missing(found: list[Token], stopped: int, locator: Locator) -> Diagnostic | None:
    """A name, a FROM or a comma that is not there."""
    before, here = found[stopped - 1], found[stopped]
    if before.token_type == TokenType.FROM and found[stopped - 2].token_type == TokenType.ALIAS:
        place = locator.between(found[stopped - 2].start, found[stopped - 2].end + 1)
        return Diagnostic(place, CODE, "a name is missing behind AS", "write AS <name>")
    if here.text.upper() == "TABLE" and before.token_type != TokenType.FROM:
        place = locator.between(here.start, here.end + 1)
        return Diagnostic(place, CODE, "FROM is missing before TABLE", "write FROM TABLE(...)")
    new_line = here.line > before.line
    following = found[stopped + 1] if stopped + 1 < len(found) else None
    aliased = stopped > 1 and found[stopped - 2].token_type == TokenType.ALIAS and not new_line
    if aliased and here.token_type == TokenType.VAR and before.text.isidentifier():
        place = locator.between(before.start, here.end + 1)
        return Diagnostic(place, CODE, "a name is one word", f"write {before.text}_{here.text}")
    named = following is not None and following.token_type == TokenType.ALIAS
    listed = _last_clause(found, stopped) in _LISTS
    if here.token_type == TokenType.VAR and before.token_type in _ENDS_AN_ITEM and (named or listed):
        place = locator.between(before.start, before.end + 1)
        return Diagnostic(place, CODE, f'a comma is missing behind "{before.text}"', 'add ","')
    if _last_clause(found, stopped) in _CONDITIONS and before.token_type in _ENDS_AN_ITEM:
        starts = here.token_type in (*_ENDS_AN_ITEM, TokenType.NOT) and here.token_type != TokenType.R_PAREN
        if starts:
            place = locator.between(here.start, here.end + 1)
            return Diagnostic(place, CODE, f'something is missing before "{here.text}"', "write AND or OR")
    starts_a_value = here.token_type not in _ENDS_A_LIST and here.text.upper() not in _WORDS
    if new_line and starts_a_value and before.token_type in _ENDS_AN_ITEM:
        place = locator.between(before.start, before.end + 1)
        return Diagnostic(place, CODE, f'a comma is missing behind "{before.text}"', 'add ","')
    return None


def _misspelt(found: list[Token], stopped: int, locator: Locator) -> Diagnostic | None:
    first = max(stopped - _LOOKED_BACK, 0)
    candidates = [token for token in found[first : stopped + 1] if token.token_type == TokenType.VAR]
    for token in candidates:
        word = token.text.upper()
        if word in _WORDS or word in _WINDOWS or len(word) < 3:
            continue
        index = found.index(token)
        begins = index == 0 or found[index - 1].line < token.line
        squeezed = {choice.replace(" ", ""): choice for choice in _WORDS}
        cutoff = _CLOSE_ENOUGH_AT_A_LINES_BEGIN if begins else _CLOSE_ENOUGH
        near = difflib.get_close_matches(word, squeezed, n=1, cutoff=cutoff)
        if near:
            place = locator.between(token.start, token.end + 1)
            return Diagnostic(place, CODE, f'unexpected "{token.text}"', f"did you mean {squeezed[near[0]]}?")
    return None


def _brackets(found: list[Token], locator: Locator) -> Iterator[Diagnostic]:
    pairs = {TokenType.R_PAREN: TokenType.L_PAREN, TokenType.R_BRACKET: TokenType.L_BRACKET}
    opened: list[Token] = []
    for token in found:
        if token.token_type in pairs.values():
            opened.append(token)
        elif token.token_type in pairs:
            if not opened or opened[-1].token_type != pairs[token.token_type]:
                place = locator.between(token.start, token.end + 1)
                yield Diagnostic(
                    place, CODE, f'"{token.text}" closes nothing', "take it out, or open it before"
                )
                return
            opened.pop()
    if opened:
        token = opened[-1]
        closing = ")" if token.token_type == TokenType.L_PAREN else "]"
        place = locator.between(token.start, token.end + 1)
        yield Diagnostic(place, CODE, f'"{token.text}" is not closed', f'add "{closing}"')


def _strange_characters(sql: str, locator: Locator) -> Iterator[Diagnostic]:
    # Inside a text, a quoted name or a comment every character is the author's.
    code = _NOT_CODE.sub(lambda match: "." * len(match[0]), sql)
    for match in _STRANGE.finditer(code):
        wanted = _MEANT[match[0]]
        shown = "a plain space" if wanted == " " else wanted
        place = locator.between(match.start(), match.end())
        named = "this space" if wanted == " " else f'"{match[0]}"'
        yield Diagnostic(place, CODE, f"{named} is no character of SQL", f"type {shown}")
