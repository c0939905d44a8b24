"""Functions of texts, which on Flink count characters (code points), but for a few that count UTF-16 units.

Where Flink counts UTF-16 units a text with a character beyond U+FFFF, such as an emoji, is an error on the
engines, and never another value.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from pipeline.lower.engine import Engine
from pipeline.lower.expressions.addresses import parse_url
from pipeline.lower.expressions.call import Call, Lowering, is_literal_text, literal_int
from pipeline.lower.expressions.letters import like, lower, upper
from pipeline.lower.expressions.patterns import extracted, matches, quoted, replaced
from pipeline.lower.expressions.readings import is_odd_real, is_real
from pipeline.lower.expressions.stops import stop

LENGTH: dict[Engine, str] = {"duckdb": "length", "trino": "length", "spark": "char_length"}
_ASTRAL = r"[\x{10000}-\x{10FFFF}]"


def astral(engine: Engine, *places: str) -> str:
    """SQL for "one of the texts has a character beyond U+FFFF"."""
    return " OR ".join(like(engine, place, _ASTRAL) for place in places)


def _texts(call: Call, *indexes: int) -> None:
    for index in indexes:
        if index < len(call.arguments) and call.family(index) not in ("text", "null"):
            raise call.refuse(f"{call.name} of {call.kind(index)}")


def _of_texts(template: str, *indexes: int) -> Callable[[Call], str]:
    def lowering(call: Call) -> str:
        _texts(call, *(indexes or range(len(call.arguments))))
        return template

    return lowering


def _of_text(lowering: Callable[[Call], str]) -> Callable[[Call], str]:
    def checked(call: Call) -> str:
        _texts(call, 0)
        return lowering(call)

    return checked


def _initcap(call: Call) -> str:
    _texts(call, 0)
    engine = call.engine
    if engine == "trino":
        return "regexp_replace(_1, '([A-Za-z0-9])([A-Za-z0-9]*)', x -> upper(x[1]) || lower(x[2]))"
    words = "[A-Za-z0-9]+|[^A-Za-z0-9]+"
    word = like(engine, "x", "^[A-Za-z0-9]")
    each = f"CASE WHEN {word} THEN upper(left(x, 1)) || lower(substr(x, 2)) ELSE x END"
    if engine == "spark":
        return f"array_join(transform(regexp_extract_all(_1, '{words}', 0), x -> {each}), '')"
    parts = f"list_transform(regexp_extract_all(_1, '{words}'), x -> {each})"
    return f"CASE WHEN _1 = '' THEN '' ELSE list_aggregate({parts}, 'string_agg', '') END"


def _reverse(call: Call) -> str:
    _texts(call, 0)
    if call.engine != "duckdb":
        return "reverse(_1)"
    # DuckDB's own reverses what is seen as one character, such as a letter and its accent, as one.
    parts = "list_reverse(regexp_extract_all(_1, '(?s).'))"
    return f"CASE WHEN _1 = '' THEN '' ELSE list_aggregate({parts}, 'string_agg', '') END"


def _substring(call: Call) -> str:
    _texts(call, 0)
    start = literal_int(call.arguments[1])
    bounded = len(call.arguments) > 2
    rest = ", _3" if bounded else ""
    length = literal_int(call.arguments[2]) if bounded else 0
    size = LENGTH[call.engine]
    guard = "" if length is not None and length >= 0 else "WHEN _3 < 0 THEN NULL "
    if start is not None and start >= 0:
        plain = f"substr(_1, {max(start, 1)}{rest})"
        return f"CASE {guard}ELSE {plain} END" if guard else plain
    return (
        f"CASE {guard}WHEN _2 > 0 THEN substr(_1, _2{rest}) WHEN _2 = 0 THEN substr(_1, 1{rest}) "
        f"WHEN {size}(_1) + _2 < 0 THEN '' ELSE substr(_1, CAST({size}(_1) + _2 + 1 AS INT){rest}) END"
    )


def _left(call: Call) -> str:
    _texts(call, 0)
    return "substr(_1, 1, CASE WHEN _2 < 0 THEN 0 ELSE _2 END)"


def _right(call: Call) -> str:
    _texts(call, 0)
    size = LENGTH[call.engine]
    start = f"CAST({size}(_1) - CASE WHEN _2 < 0 THEN 0 ELSE _2 END + 1 AS INT)"
    return f"CASE WHEN _2 >= {size}(_1) THEN _1 ELSE substr(_1, {start}) END"


def _pad(call: Call) -> str:
    _texts(call, 0, 2)
    units = stop(call.engine, f"{call.name} of a text with a character beyond U+FFFF")
    plain = f"{call.name.lower()}(_1, _2, _3)"
    beyond = astral(call.engine, "_1", "_3")
    return f"CASE WHEN _2 < 0 OR _3 = '' THEN NULL WHEN {beyond} THEN {units} ELSE {plain} END"


def _trim(call: Call) -> str | exp.Expr:
    """`TRIM([side] [characters] FROM text)`; without characters it takes off spaces and nothing else."""
    side = call.arguments[0].name.upper()
    characters = call.arguments[2] if len(call.arguments) > 2 else None
    _texts(call, 1, 2)
    return _trimmed(call, side, "_2", "_3" if characters is not None else "' '", characters)


def _trimmed(call: Call, side: str, place: str, characters: str, node: exp.Expr | None) -> str | exp.Expr:
    if call.engine == "duckdb":
        name = {"LEADING": "ltrim", "TRAILING": "rtrim"}.get(side, "trim")
        return f"{name}({place}, {characters})"
    text = call.arguments[int(place[1]) - 1]
    what = node.copy() if node is not None else exp.Literal.string(" ")
    return exp.Trim(this=text.copy(), expression=what, position=side)


def _trim_side(side: str) -> Callable[[Call], str | exp.Expr]:
    def lowering(call: Call) -> str | exp.Expr:
        _texts(call, 0, 1)
        characters = call.arguments[1] if len(call.arguments) > 1 else None
        return _trimmed(call, side, "_1", "_2" if characters is not None else "' '", characters)

    return lowering


def _replace(call: Call) -> str:
    _texts(call, 0, 1, 2)
    if is_literal_text(call.arguments[1]) and call.arguments[1].name:
        return "replace(_1, _2, _3)"
    empty = stop(call.engine, "REPLACE of an empty text")
    return f"CASE WHEN _2 = '' THEN {empty} ELSE replace(_1, _2, _3) END"


def _position(text: str, part: str) -> Callable[[Call], str]:
    def lowering(call: Call) -> str:
        _texts(call, 0, 1)
        found = _found(call.engine, text, part)
        if len(call.arguments) < 3:
            return found
        later = _found(call.engine, f"substr({text}, _3)", part)
        return (
            f"CASE WHEN {part} = '' AND {text} IS NOT NULL AND _3 IS NOT NULL THEN 1 "
            f"WHEN _3 <= 1 THEN {found} WHEN {later} > 0 THEN {later} + _3 - 1 ELSE {later} END"
        )

    return lowering


def _found(engine: Engine, text: str, part: str) -> str:
    name = "instr" if engine == "spark" else "strpos"
    return f"CAST({name}({text}, {part}) AS INT)"


def _concat(call: Call) -> str:
    _texts(call, *range(len(call.arguments)))
    return " || ".join(f"_{index + 1}" for index in range(len(call.arguments)))


def _concat_ws(call: Call) -> str:
    _texts(call, *range(len(call.arguments)))
    return f"concat_ws({', '.join(f'_{index + 1}' for index in range(len(call.arguments)))})"


def _repeat(call: Call) -> str:
    _texts(call, 0)
    if call.engine != "trino":
        return "repeat(_1, CASE WHEN _2 < 0 THEN 0 ELSE _2 END)"
    size = "length(_1) * CASE WHEN _2 < 0 THEN 0 ELSE _2 END"
    return f"CASE WHEN _1 = '' AND _2 IS NOT NULL THEN '' ELSE lpad('', {size}, _1) END"


def _overlay(call: Call) -> str:
    _texts(call, 0, 1)
    size = LENGTH[call.engine]
    taken = "_4" if len(call.arguments) > 3 else f"{size}(_2)"
    units = stop(call.engine, "OVERLAY of a text with a character beyond U+FFFF")
    rest = f"CASE WHEN _3 + {taken} > {size}(_1) THEN '' ELSE substr(_1, CAST(_3 + {taken} AS INT)) END"
    if len(call.arguments) > 3:
        rest = f"CASE WHEN _4 < 0 THEN '' ELSE {rest} END"
    return (
        f"CASE WHEN _2 IS NULL THEN NULL WHEN {astral(call.engine, '_1')} THEN {units} "
        f"WHEN _3 <= 0 OR _3 > {size}(_1) THEN _1 ELSE substr(_1, 1, CAST(_3 - 1 AS INT)) || _2 || {rest} END"
    )


def _split_index(call: Call) -> str:
    _texts(call, 0)
    if not is_literal_text(call.arguments[1]) or not call.arguments[1].name:
        raise call.refuse("SPLIT_INDEX with a separator that is not written out")
    separator = call.arguments[1].name
    if call.engine == "duckdb":
        value = "list_extract(string_split(_1, _2), _3 + 1)"
    elif call.engine == "trino":
        value = "split_part(_1, _2, _3 + 1)"
    else:
        pattern = quoted("\\Q" + separator + "\\E", call)
        value = f"get(split(_1, {pattern}, -1), _3)"
    return f"CASE WHEN _1 = '' OR _3 < 0 THEN NULL ELSE {value} END"


def _ascii(call: Call) -> str:
    _texts(call, 0)
    code = {
        "duckdb": "unicode(_1)",
        "trino": "codepoint(CAST(substr(_1, 1, 1) AS VARCHAR(1)))",
        "spark": "ascii(_1)",
    }
    beyond = like(call.engine, "_1", r"^[^\x{00}-\x{7F}]")
    failed = stop(call.engine, "ASCII of a letter that is not ASCII", "INT")
    return f"CASE WHEN _1 = '' THEN 0 WHEN {beyond} THEN {failed} ELSE CAST({code[call.engine]} AS INT) END"


def _chr(call: Call) -> str:
    if call.family(0) != "integer":
        raise call.refuse("CHR of other than a whole number")
    failed = stop(call.engine, "CHR of a number that is not 1 to 127")
    return f"CASE WHEN _1 < 1 OR _1 > 127 THEN {failed} ELSE chr(_1) END"


def _to_base64(call: Call) -> str:
    _texts(call, 0)
    return {
        "duckdb": "to_base64(encode(_1))",
        "trino": "to_base64(to_utf8(_1))",
        "spark": "regexp_replace(base64(encode(_1, 'UTF-8')), '[^A-Za-z0-9+/=]', '')",
    }[call.engine]


def _from_base64(call: Call) -> str:
    """What is no Base64 makes Flink fail, too; what is no UTF-8 inside is read otherwise by each engine."""
    _texts(call, 0)
    engine = call.engine
    stopped = stop(engine, "FROM_BASE64 of a text that is no padded Base64 of UTF-8")
    four = "[A-Za-z0-9+/]{4}"
    clear = like(engine, "_1", rf"\A({four})*({four}|[A-Za-z0-9+/][AQgw]==|{_THREE})?\z")
    value = {
        "duckdb": "TRY(decode(from_base64(_1)))",
        "trino": "from_utf8(from_base64(_1))",
        "spark": "decode(unbase64(_1), 'UTF-8')",
    }[engine]
    # DuckDB fails at what is no UTF-8; the others put U+FFFD in its place.
    readable = f"{value} IS NOT NULL" if engine == "duckdb" else f"NOT {like(engine, value, chr(0xFFFD))}"
    return (
        f"CASE WHEN _1 IS NULL THEN NULL WHEN {clear} "
        f"THEN CASE WHEN {readable} THEN {value} ELSE {stopped} END ELSE {stopped} END"
    )


_THREE = "[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]="


def _hash(call: Call) -> str:
    _texts(call, 0)
    name = call.name.lower()
    if call.name == "SHA2":
        bits = literal_int(call.arguments[1])
        if bits not in (224, 256, 384, 512):
            raise call.refuse("SHA2 with a length that is not written out")
        name = f"sha{bits}"
    if call.engine == "spark":
        return f"{name}(_1)" if name in ("md5", "sha1") else f"sha2(_1, {name[3:]})"
    known = {"duckdb": ("md5", "sha1", "sha256"), "trino": ("md5", "sha1", "sha256", "sha512")}[call.engine]
    if name not in known:
        raise call.refuse(f"the function {call.name} (it has no {name.upper()})")
    return f"{name}(_1)" if call.engine == "duckdb" else f"lower(to_hex({name}(to_utf8(_1))))"


def _hex(call: Call) -> str:
    family = call.family(0)
    if family == "integer":
        return {
            "duckdb": "hex(CAST(_1 AS BIGINT))",
            "trino": "regexp_replace(to_hex(to_big_endian_64(CAST(_1 AS BIGINT))), '^0+(.)', '$1')",
            "spark": "hex(CAST(_1 AS BIGINT))",
        }[call.engine]
    _texts(call, 0)
    return {"duckdb": "hex(_1)", "trino": "to_hex(to_utf8(_1))", "spark": "hex(_1)"}[call.engine]


def _bin(call: Call) -> str:
    if call.family(0) != "integer":
        raise call.refuse("BIN of other than a whole number")
    if call.engine == "trino":
        bits = "to_base(CAST(_1 AS BIGINT) + 9223372036854775807 + 1, 2)"
        return f"CASE WHEN _1 < 0 THEN '1' || lpad({bits}, 63, '0') ELSE to_base(_1, 2) END"
    return "bin(CAST(_1 AS BIGINT))"


def _all_of(kind: str) -> Callable[[Call], str]:
    def lowering(call: Call) -> str:
        _texts(call, 0)
        engine = call.engine
        whole = like(engine, "_1", rf"\A{kind}+\z")
        return f"CASE WHEN _1 IS NULL THEN FALSE WHEN {astral(engine, '_1')} THEN FALSE ELSE {whole} END"

    return lowering


def _is_decimal(call: Call) -> str:
    _texts(call, 0)
    odd = stop(call.engine, "IS_DECIMAL of a text in an unusual form", "BOOLEAN")
    return (
        f"CASE WHEN _1 IS NULL THEN FALSE WHEN {is_real(call.engine)} THEN TRUE "
        f"WHEN {is_odd_real(call.engine)} THEN {odd} ELSE FALSE END"
    )


def table(engine: Engine) -> dict[str, Lowering]:
    """The text functions of an engine."""
    return {
        "CHAR_LENGTH": _of_texts(f"CAST({LENGTH[engine]}(_1) AS INT)"),
        "UPPER": _of_text(upper),
        "LOWER": _of_text(lower),
        "INITCAP": _initcap,
        "REVERSE": _reverse,
        "SUBSTRING": _substring,
        "LEFT": _left,
        "RIGHT": _right,
        "LPAD": _pad,
        "RPAD": _pad,
        "TRIM": _trim,
        "LTRIM": _trim_side("LEADING"),
        "RTRIM": _trim_side("TRAILING"),
        "REPLACE": _replace,
        "POSITION": _position("_2", "_1"),
        "INSTR": _position("_1", "_2"),
        "LOCATE": _position("_2", "_1"),
        "CONCAT": _concat,
        "CONCAT_WS": _concat_ws,
        "REPEAT": _repeat,
        "OVERLAY": _overlay,
        "SPLIT_INDEX": _split_index,
        "ASCII": _ascii,
        "CHR": _chr,
        "TO_BASE64": _to_base64,
        "FROM_BASE64": _from_base64,
        "PARSE_URL": parse_url,
        **dict.fromkeys(("MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512", "SHA2"), _hash),
        "HEX": _hex,
        "BIN": _bin,
        "IS_ALPHA": _all_of(r"\p{L}"),
        "IS_DIGIT": _all_of(r"\p{Nd}"),
        "IS_DECIMAL": _is_decimal,
        "REGEXP": matches,
        "REGEXP_EXTRACT": extracted,
        "REGEXP_REPLACE": replaced,
    }
