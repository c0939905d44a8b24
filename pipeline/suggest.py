"""Finds what an author probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def closest(word: str, choices: Iterable[str]) -> str | None:
    """The choice most like the word (upper and lower case apart), or None where none is near."""
    by_folded = {choice.lower(): choice for choice in choices}
    near = difflib.get_close_matches(word.lower(), by_folded, n=1, cutoff=0.6)
    return by_folded[near[0]] if near else None


def suggestion(word: str, choices: Iterable[str]) -> str:
    """`did you mean "x"? ` where a choice is near, else an empty string."""
    near = closest(word, choices)
    return f'did you mean "{near}"? ' if near else ""
