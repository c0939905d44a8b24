"""How Flink reads numbers in texts: which texts are numbers, which are not, and what they are.

Sources of the grammar: Flink's `BinaryStringDataUtil` (whole numbers and DECIMAL, the latter by one of two
readers) and Java's `Double.parseDouble`.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.lower.engine import Engine
from pipeline.lower.expressions.letters import like
from pipeline.sql_types import SqlType

_SHORT_DIGITS = 18
"""Texts and DECIMALs of so many digits at most are read by Flink's own reader, longer ones by Java's."""
_WHOLE = r"\A *[+-]?([0-9]+([.][0-9]*)?|[.][0-9]*) *\z"
_POINT_FIRST = r"\A *[+-]?[.]"
_SPACE = r"[\x{00}-\x{20}]*"
_NUMBER = rf"\A{_SPACE}[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?[fFdD]?{_SPACE}\z"
_WORD = rf"\A{_SPACE}[+-]?(NaN|Infinity){_SPACE}\z"
_HEXADECIMAL = rf"\A{_SPACE}[+-]?0[xX][0-9a-fA-F.]+[pP]"
_SMALL = r"[eE]-|\A[^1-9]*[.]"
_BLANK = r"[ \n\t]*"
_MANTISSA = r"([0-9]+[.]?[0-9]*|[.][0-9]+)"
_EXACT = rf"\A{_BLANK}[+-]?{_MANTISSA}([eE][+-]?0*1?[0-9])?{_BLANK}\z"
_FAR = rf"\A{_BLANK}[+-]?[0-9]*[.]?[0-9]*[eE][+-]?0*([2-9][0-9]|[1-9][0-9][0-9]+)[^0-9]?{_BLANK}\z"
"""With an exponent of 20 and more, which makes now 0, now NULL of a number that is near 0."""
_LOOSE = (
    rf"\A{_BLANK}[+-]?[0-9]*([.][0-9]*)?([eE][+-]?[0-9]*)?[\x{{00}}-\x{{2D}}/\x{{3A}}-\x{{7F}}]?{_BLANK}\z"
)
"""What Flink's own reader takes: it passes over one character behind the number, be there digits or none."""
_NOTHING = rf"\A{_BLANK}[+-]?\z|[eE][+-]{_BLANK}\z"
"""What it does not take after all."""
_FOREIGN = r"[^\x{00}-\x{7F}]"
_IN_DIGITS = rf"\A{_BLANK}[\p{{Nd}}.eE+-]*{_BLANK}\z"
_BARE = rf"\A{_BLANK}([+-]?[0-9]*[.]?[0-9]*(?:[eE][+-]?[0-9]+)?)"
_DIGITS = rf"\A{_BLANK}[+-]?[.]?[0-9]"


@dataclass(frozen=True)
class Reading:
    """Conditions on the text `_1`, and the number: NULL where it does not fit.

    `clear` texts are numbers with a known value, `unclear` ones are read by Flink in a way of its own; all
    others are no numbers.
    """

    clear: str
    unclear: str
    value: str


def replaced(engine: Engine, place: str, pattern: str) -> str:
    """SQL for the text without what the pattern finds."""
    written = pattern.replace("\\", "\\\\") if engine == "spark" else pattern
    every = ", 'g'" if engine == "duckdb" else ""
    return f"regexp_replace({place}, '{written}', ''{every})"


def found(engine: Engine, pattern: str) -> str:
    """SQL for the first group of what the pattern finds in the text."""
    written = pattern.replace("\\", "\\\\") if engine == "spark" else pattern
    return f"regexp_extract(_1, '{written}', 1)"


def whole(engine: Engine, name: str, _target: SqlType) -> Reading:
    """A whole number: a fraction is cut off, and `.` is 0."""
    digits = replaced(engine, "_1", " |[.][0-9]*")
    value = (
        f"CASE WHEN {like(engine, '_1', _POINT_FIRST)} THEN CAST(0 AS {name}) "
        f"ELSE TRY_CAST({digits} AS {name}) END"
    )
    return Reading(like(engine, "_1", _WHOLE), "FALSE", value)


def is_real(engine: Engine) -> str:
    """A condition: the text is what Java reads as a DOUBLE, hexadecimal numbers aside."""
    return f"({like(engine, '_1', _NUMBER)} OR {like(engine, '_1', _WORD)})"


def is_odd_real(engine: Engine) -> str:
    """A condition: Java may read the text as a number of other digits, or as a hexadecimal one."""
    return f"({like(engine, '_1', _HEXADECIMAL)} OR {_in_foreign_digits(engine)})"


def _in_foreign_digits(engine: Engine) -> str:
    return f"({like(engine, '_1', _FOREIGN)} AND {like(engine, '_1', _IN_DIGITS)})"


def real(engine: Engine, name: str, _target: SqlType) -> Reading:
    """A DOUBLE or FLOAT as Java reads it, with `d` or `f` behind it or not."""
    negative = like(engine, "_1", rf"\A{_SPACE}-")

    def signed(word: str) -> str:
        return f"CASE WHEN {negative} THEN CAST('-{word}' AS {name}) ELSE CAST('{word}' AS {name}) END"

    bare = replaced(engine, "_1", r"[\x{00}-\x{20}fFdD]")
    number = f"TRY_CAST({bare} AS {name})"
    if engine == "duckdb":
        # What is beyond the greatest DOUBLE is no number to DuckDB; what is below the smallest may be none.
        small = like(engine, "_1", _SMALL)
        number = (
            f"CASE WHEN {number} IS NOT NULL THEN {number} "
            f"WHEN {small} THEN {signed('0.0')} ELSE {signed('Infinity')} END"
        )
    words = f"CASE WHEN {like(engine, '_1', 'NaN')} THEN CAST('NaN' AS {name}) ELSE {signed('Infinity')} END"
    value = f"CASE WHEN {like(engine, '_1', '[NI]')} THEN {words} ELSE {number} END"
    return Reading(is_real(engine), like(engine, "_1", _HEXADECIMAL), value)


def exact(engine: Engine, name: str, target: SqlType) -> Reading:
    """A DECIMAL, rounded half up."""
    precision, scale = target.parameters
    value = f"TRY_CAST({found(engine, _BARE)} AS {name})"
    powered = like(engine, "_1", "[eE]")
    if engine == "duckdb":
        # DuckDB applies the exponent after it has fitted and rounded the number.
        low, high = (
            f"TRY_CAST(TRY_CAST({found(engine, _BARE)} AS DECIMAL(38, {d})) AS {name})" for d in (26, 18)
        )
        value = (
            f"CASE WHEN {like(engine, '_1', '[eE]-')} THEN {low} WHEN {powered} THEN {high} ELSE {value} END"
        )
    size = "char_length" if engine == "spark" else "length"
    number = like(engine, "_1", _EXACT)
    far = like(engine, "_1", _FAR)
    foreign = _in_foreign_digits(engine)
    by_java = Reading(number, f"({far} OR {foreign})", value)
    if engine == "duckdb":
        known = f"({powered} AND ({size}(_1) > {_SHORT_DIGITS} OR {value} IS NULL OR {scale} > 17))"
        by_java = Reading(f"({number} AND NOT {known})", f"({number} OR {far} OR {foreign})", value)
    if precision > _SHORT_DIGITS:
        return by_java
    short = f"{size}(_1) <= {_SHORT_DIGITS}"
    # The digits before the point, with zeros in front, moved by the exponent: they must have room.
    before = f"{size}({replaced(engine, '_1', '[.].*|[eE].*|[^0-9]')})"
    moved = (
        f"CASE WHEN {like(engine, '_1', '[eE][+-]?[0-9]')} "
        f"THEN TRY_CAST({found(engine, '[eE]([+-]?[0-9]+)')} AS INT) ELSE 0 END"
    )
    wide = f"{before} + {moved} + {scale} > {precision}"
    zero = f"CASE WHEN {like(engine, '_1', _DIGITS)} THEN {value} ELSE CAST(0 AS {name}) END"
    own = f"({short} AND {like(engine, '_1', _LOOSE)} AND NOT {like(engine, '_1', _NOTHING)})"
    # What fits only before it is rounded (99.995 as DECIMAL(4, 2)) is on Flink too wide for its own type.
    point = like(engine, "_1", rf"[eE][+-]?[0-9]*[.]{_BLANK}\z")
    alone = f"({short} AND NOT ({wide}) AND {zero} IS NULL AND {own})"
    unclear = f"({far} OR {point} OR {alone} OR (NOT {short} AND {by_java.unclear}))"
    clear = f"(({own} AND NOT {far} AND ({wide} OR {zero} IS NOT NULL)) OR (NOT {short} AND {by_java.clear}))"
    written = f"CASE WHEN {short} THEN CASE WHEN {wide} THEN NULL ELSE {zero} END ELSE {value} END"
    return Reading(clear, unclear, written)
