"""UPPER and LOWER as Java does them, letter by letter: some become several, and Σ looks at its neighbours.

Letters that Unicode took up after version 10 have other cases on each engine, and on Flink with each version
of Java (Managed Flink has 11): a text with one of them stops the query.
"""

from __future__ import annotations

from pipeline.lower.engine import Engine
from pipeline.lower.expressions.call import Call, once
from pipeline.lower.expressions.patterns import REGEXP_FOUND
from pipeline.lower.expressions.stops import stop

_YOUNG = (
    r"\x{19B}\x{264}\x{282}\x{1D8E}\x{1C89}-\x{1CBF}\x{2C2F}\x{2C5F}\x{A794}\x{A7B8}-\x{A7F6}"
    r"\x{10570}-\x{105BC}\x{10D50}-\x{10D85}\x{16E40}-\x{16E7F}\x{16EA0}-\x{16EFF}"
)
"""The letters that are younger, and those that got a partner among them."""
_YOUNG_SMALL = _YOUNG + r"\x{10D0}-\x{10FF}"
"""Georgian has had capitals since Unicode 11."""
_BECOME = {
    small: small.upper()
    for small in "\u00df\u0149\u01f0\u0390\u03b0\u0587\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06"
}
"""Small letters that become several capitals, which most engines leave as they are."""
_OTHERS = "".join(
    chr(code)
    for code in range(0x80, 0x10000)
    if not 0xD800 <= code < 0xE000 and len(chr(code).upper()) > 1 and chr(code) not in _BECOME
)
"""The rest of them, of ancient Greek and of transliterations."""
_CASED = r"A-Za-z\x{386}\x{388}-\x{3CE}"
"""Letters of which each makes one word with its neighbours."""
_GAP = r" \t\n"


def like(engine: Engine, place: str, pattern: str) -> str:
    """SQL for "the pattern is found in the text"."""
    text = pattern.replace("\\", "\\\\") if engine == "spark" else pattern
    return f"{REGEXP_FOUND[engine]}({place}, '{text}')"


def upper(call: Call) -> str:
    """`UPPER(text)`."""
    engine = call.engine
    if engine == "spark":
        # Spark is Java: `straße` becomes `STRASSE` there too.
        plain, special = "upper(_1)", _YOUNG_SMALL
    else:
        plain, special = "_1", _YOUNG_SMALL + _OTHERS
        for small, capitals in _BECOME.items():
            plain = f"replace({plain}, '{small}', '{capitals}')"
        any_of = like(engine, "_1", f"[{''.join(_BECOME)}]")
        plain = f"CASE WHEN {any_of} THEN upper({plain}) ELSE upper(_1) END"
    stopped = stop(engine, "UPPER of a letter that has other capitals on each engine")
    return once(call, f"CASE WHEN {like(engine, '_1', f'[{special}]')} THEN {stopped} ELSE {plain} END")


def lower(call: Call) -> str:
    """`LOWER(text)`: a capital sigma becomes ς at the end of a word, and another letter elsewhere."""
    engine = call.engine
    last = {
        "duckdb": rf"regexp_replace(_1, '([{_CASED}])Σ([{_GAP}]|\z)', '\1ς\2', 'g')",
        "trino": rf"regexp_replace(_1, '([{_CASED}])Σ([{_GAP}]|\z)', '$1ς$2')",
        "spark": rf"regexp_replace(_1, '([{_CASED}])Σ([{_GAP}]|\z)', '$1ς$2')".replace("\\", "\\\\"),
    }[engine]
    unclear = like(engine, "_1", f"[{_YOUNG}]|[^{_CASED}{_GAP}]Σ|Σ[^{_CASED}{_GAP}]")
    stopped = stop(engine, "LOWER of a letter that is small in another way on each engine")
    special = like(engine, "_1", f"[Σİ{_YOUNG}]")
    spelled = f"lower(replace(replace({last}, 'Σ', '\u03c3'), '\u0130', 'i\u0307'))"
    return once(
        call,
        f"CASE WHEN _1 IS NULL THEN NULL WHEN NOT {special} THEN lower(_1) "
        f"WHEN {unclear} THEN {stopped} ELSE {spelled} END",
    )
