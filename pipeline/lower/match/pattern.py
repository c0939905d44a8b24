"""Reads the text of `PATTERN (...)`: variables one after the other, each with its quantifier.

That is all that Flink takes: groups with quantifiers, alternation, PERMUTE and exclusion are refused there,
and so they are here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Taking = Literal["fixed", "greedy", "open"]
_TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_]\w*)|`(?P<quoted>[^`]+)`|(?P<exclusion>\{-|-\})"
    r"|(?P<braces>\{\s*(?P<least>\d*)\s*(?P<comma>,?)\s*(?P<most>\d*)\s*\})|(?P<sign>[()|*+?^$,]))"
)


class PatternError(Exception):
    """The pattern is none that Flink runs; the message says what it is, as a noun."""


@dataclass(frozen=True)
class Element:
    """A variable of the pattern and how many rows it takes: from `least` to `most` (None: no limit).

    `taking` is what Flink makes of the quantifier:
    - `greedy` (`+ * {n,} {n,m}`): takes a row whenever it can and never gives one back;
    - `open` (those with `?` behind, and `?` itself): both takes the row and leaves it to what follows, and
      the first way to end wins;
    - `fixed` (no quantifier, `{n}`): there is nothing to choose.
    """

    variable: str
    least: int
    most: int | None
    taking: Taking

    @property
    def quantifier(self) -> str:
        """The quantifier as SQL, without the `?` that says reluctant."""
        known = {(1, 1): "", (0, 1): "?", (1, None): "+", (0, None): "*"}
        if (self.least, self.most) in known:
            return known[self.least, self.most]
        most = "" if self.most is None else str(self.most)
        return f"{{{self.least}}}" if self.least == self.most else f"{{{self.least},{most}}}"


def parse_pattern(text: str) -> tuple[Element, ...]:
    """The elements of a pattern, in order; raises `PatternError`."""
    reader = _Reader(_tokens(text))
    elements = reader.sequence()
    if not elements or reader.left:
        raise PatternError("an incomplete pattern")
    names = [element.variable for element in elements]
    for name in names:
        if names.count(name) > 1:
            raise PatternError(f"the variable {name} twice in a pattern")
    return tuple(elements)


class _Reader:
    def __init__(self, tokens: list[re.Match[str]]) -> None:
        self.left = tokens

    def sequence(self) -> list[Element]:
        """Elements up to the end, or to a closing parenthesis."""
        elements: list[Element] = []
        while self.left and self.left[0]["sign"] != ")":
            elements += self._factor()
        return elements

    def _factor(self) -> list[Element]:
        token = self.left.pop(0)
        if token["sign"] == "(":
            inner = self.sequence()
            if not self.left:
                raise PatternError("an incomplete pattern")
            self.left.pop(0)
        elif token["quoted"] or (token["name"] and token["name"].upper() != "PERMUTE"):
            inner = [Element(token["quoted"] or token["name"], 1, 1, "fixed")]
        else:
            raise PatternError(_named(token))
        if not self.left or not _is_quantifier(self.left[0]):
            return inner
        if len(inner) != 1 or inner[0].quantifier:
            raise PatternError("a quantifier of a group")
        quantifier = self.left.pop(0)
        reluctant = bool(self.left) and self.left[0]["sign"] == "?"
        if reluctant:
            self.left.pop(0)
        return [_quantified(inner[0].variable, quantifier, reluctant)]


def _tokens(text: str) -> list[re.Match[str]]:
    tokens: list[re.Match[str]] = []
    position = 0
    text = text.rstrip()
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise PatternError(f"{text[position:].split()[0]} in a pattern")
        tokens.append(token)
        position = token.end()
    return tokens


def _is_quantifier(token: re.Match[str]) -> bool:
    return token["braces"] is not None or token["sign"] in ("*", "+", "?")


def _quantified(name: str, quantifier: re.Match[str], reluctant: bool) -> Element:
    least, most = _bounds(name, quantifier)
    if (least, most) == (0, 1):
        if reluctant:
            raise PatternError(f"{name}?? (a reluctant ?)")
        return Element(name, 0, 1, "open")
    if least == most:
        return Element(name, least, most, "fixed")
    return Element(name, least, most, "open" if reluctant else "greedy")


def _bounds(name: str, token: re.Match[str]) -> tuple[int, int | None]:
    if token["braces"] is None:
        return {"*": (0, None), "+": (1, None), "?": (0, 1)}[token["sign"]]
    if not token["least"]:
        raise PatternError(f"{name}{token['braces'].strip()} (write {{0,...}})")
    least = int(token["least"])
    most = int(token["most"]) if token["most"] else None
    if not token["comma"]:
        most = least
    if most == 0 or (most is not None and most < least):
        raise PatternError(f"{name}{token['braces'].strip()}, which takes no row")
    return least, most


def _named(token: re.Match[str]) -> str:
    if token["name"]:
        return "PERMUTE in a pattern"
    if token["exclusion"]:
        return "{- ... -} in a pattern"
    return "alternation (|) in a pattern" if token["sign"] == "|" else f"{token[0].strip()} in a pattern"
