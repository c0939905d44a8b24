"""Functions of texts. The typer has checked only what the rules here say; a length is any whole number."""

from __future__ import annotations

from pipeline.functions.function import Function, always, text
from pipeline.sql_types import BOOLEAN, INT, STRING, SqlType

_HASHES = {"MD5": 32, "SHA1": 40, "SHA224": 56, "SHA256": 64, "SHA384": 96, "SHA512": 128}

FUNCTIONS: dict[str, Function] = {
    "UPPER": Function(1, 1, text()),
    "LOWER": Function(1, 1, text()),
    "CONCAT": Function(1, None, always(STRING)),
    "CONCAT_WS": Function(2, None, always(STRING)),
    "SUBSTRING": Function(2, 3, text(0)),
    "SUBSTR": Function(2, 3, text(0)),
    "LEFT": Function(2, 2, text(0)),
    "RIGHT": Function(2, 2, text(0)),
    "TRIM": Function(1, 2, text()),
    "LTRIM": Function(1, 1, text()),
    "RTRIM": Function(1, 1, text()),
    "REPLACE": Function(3, 3, text()),
    "REVERSE": Function(1, 1, text()),
    "INITCAP": Function(1, 1, text()),
    "REPEAT": Function(2, 2, text(0)),
    "LPAD": Function(3, 3, text(0, 2, nullable=True)),
    "RPAD": Function(3, 3, text(0, 2, nullable=True)),
    "OVERLAY": Function(3, 4, text(0, 1)),
    "SPLIT_INDEX": Function(3, 3, text(0, nullable=True)),
    "REGEXP_EXTRACT": Function(2, 3, text(0, 1, nullable=True)),
    "REGEXP_REPLACE": Function(3, 3, text()),
    "REGEXP": Function(2, 2, text(kind=BOOLEAN)),
    "PARSE_URL": Function(2, 3, text(nullable=True)),
    **{name: Function(1, 1, text(kind=SqlType("CHAR", (size,)))) for name, size in _HASHES.items()},
    "SHA2": Function(2, 2, text(0, kind=SqlType("VARCHAR", (128,)), nullable=True)),
    "CHAR_LENGTH": Function(1, 1, text(kind=INT)),
    "CHARACTER_LENGTH": Function(1, 1, text(kind=INT)),
    "POSITION": Function(2, 2, text(kind=INT)),
    "LOCATE": Function(2, 3, text(0, 1, kind=INT)),
    "INSTR": Function(2, 2, text(kind=INT)),
    "ASCII": Function(1, 1, text(kind=INT)),
    "CHR": Function(1, 1, always(STRING)),
    "TO_BASE64": Function(1, 1, text()),
    "FROM_BASE64": Function(1, 1, text()),
    "IS_ALPHA": Function(1, 1, always(BOOLEAN, nullable=False)),
    "IS_DIGIT": Function(1, 1, always(BOOLEAN, nullable=False)),
    "IS_DECIMAL": Function(1, 1, always(BOOLEAN, nullable=False)),
    "UUID": Function(0, 0, always(STRING, nullable=False), repeatable=False),
}
