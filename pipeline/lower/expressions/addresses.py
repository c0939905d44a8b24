"""PARSE_URL: the parts of web addresses, taken out by regular expressions as Java's `URL` takes them.

The engines' own functions follow other rules (`URI`), so none is used. An address of http, https or ftp with
an ordinary host is read; of another scheme that Java knows, or of an odd form, it stops the query; all else
is no address, and NULL.
"""

from __future__ import annotations

import re

from pipeline.lower.expressions.call import Call, is_literal_text, once
from pipeline.lower.expressions.letters import like
from pipeline.lower.expressions.readings import found
from pipeline.lower.expressions.stops import stop


def _any_case(word: str) -> str:
    return "".join(f"[{letter}{letter.upper()}]" for letter in word)


_READ = f"({_any_case('http')}[sS]?|{_any_case('ftp')})"
_HOST = r"([^@/?#\\\x{00}-\x{20}]*@)?[A-Za-z0-9._-]+(:[0-9]{1,5})?"
_CLEAR = (
    rf"\A{_READ}://{_HOST}(/[^?#\x{{00}}-\x{{1F}}]*)?([?][^#\x{{00}}-\x{{1F}}]*)?(#[^\x{{00}}-\x{{1F}}]*)?\z"
)
_TRIMMED = r" \z"
_KNOWN = "|".join(map(_any_case, ("https", "http", "ftp", "file", "jar", "mailto", "jmod", "jrt")))
_MAYBE = rf"\A[\x{{00}}-\x{{20}}]*({_any_case('url')}:)?({_KNOWN}):"
_BEFORE = r"\A[^:]*://"
_PARTS: dict[str, tuple[str | None, str]] = {
    "PROTOCOL": (None, r"\A([A-Za-z]+):"),
    "HOST": (None, rf"{_BEFORE}(?:[^/?#@]*@)?([^/?#@:]*)"),
    "AUTHORITY": (None, rf"{_BEFORE}([^/?#]*)"),
    "USERINFO": (rf"{_BEFORE}[^/?#@]*@", rf"{_BEFORE}([^/?#@]*)@"),
    "PATH": (None, rf"{_BEFORE}[^/?#]*([^?#]*)"),
    "FILE": (None, rf"{_BEFORE}[^/?#]*([^#]*)"),
    "QUERY": (r"\A[^?#]*[?]", r"\A[^?#]*[?]([^#]*)"),
    "REF": ("#", r"\A[^#]*#(.*)"),
}
"""Part -> what an address must have for it, and the part as the first group of a pattern."""
_KEY = re.compile(r"[A-Za-z0-9_.-]+")


def parse_url(call: Call) -> str:
    """`PARSE_URL(text, 'part' [, 'key'])`: part and key must be written out."""
    engine = call.engine
    if call.family(0) not in ("text", "null") or not all(map(is_literal_text, call.arguments[1:])):
        raise call.refuse("PARSE_URL of other than a text, or with a part or key that is not written out,")
    part = call.arguments[1].name
    needed, pattern = _PARTS.get(part, (None, ""))
    if len(call.arguments) > 2:
        key = call.arguments[2].name
        if _KEY.fullmatch(key) is None:
            raise call.refuse("PARSE_URL with a key of other than letters, digits, '_', '.' and '-'")
        named = key.replace(".", "[.]")
        needed = rf"\A[^?#]*[?]([^#]*&)?{named}="
        pattern = rf"\A[^?#]*[?](?:[^#]*?&)??{named}=([^&#]*)" if part == "QUERY" else ""
    text = "STRING" if engine == "spark" else "VARCHAR"
    if not pattern:
        return f"CAST(NULL AS {text})"
    value = found(engine, pattern)
    if part == "PROTOCOL":
        value = f"lower({value})"
    if needed is not None:
        value = f"CASE WHEN {like(engine, '_1', needed)} THEN {value} END"
    clear = f"{like(engine, '_1', _CLEAR)} AND NOT {like(engine, '_1', _TRIMMED)}"
    odd = stop(engine, "PARSE_URL of an address in an unusual form")
    return once(
        call,
        f"CASE WHEN _1 IS NULL THEN NULL WHEN {clear} THEN {value} "
        f"WHEN {like(engine, '_1', _MAYBE)} THEN {odd} END",
    )
