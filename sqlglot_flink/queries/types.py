"""Data types, with the spelling that an author chose where Flink's parser keeps it."""

from __future__ import annotations

import typing as t

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from sqlglot_flink.queries.cursor import CursorParser

_PLAIN: dict[str, exp.DType] = {
    "ANY": exp.DType.UNKNOWN,
    "BIGINT": exp.DType.BIGINT,
    "BITMAP": exp.DType.USERDEFINED,
    "BOOLEAN": exp.DType.BOOLEAN,
    "DATE": exp.DType.DATE,
    "DESCRIPTOR": exp.DType.USERDEFINED,
    "FLOAT": exp.DType.FLOAT,
    "INT": exp.DType.INT,
    "INTEGER": exp.DType.INT,
    "NULL": exp.DType.NULL,
    "REAL": exp.DType.FLOAT,
    "SMALLINT": exp.DType.SMALLINT,
    "TINYINT": exp.DType.TINYINT,
    "VARIANT": exp.DType.VARIANT,
}
_SIZED: dict[str, exp.DType] = {
    "BYTES": exp.DType.VARBINARY,
    "DEC": exp.DType.DECIMAL,
    "DECIMAL": exp.DType.DECIMAL,
    "NUMERIC": exp.DType.DECIMAL,
    "STRING": exp.DType.TEXT,
    "TIMESTAMP_LTZ": exp.DType.TIMESTAMPLTZ,
    "VARBINARY": exp.DType.VARBINARY,
    "VARCHAR": exp.DType.VARCHAR,
}
_KEPT = {"BYTES", "STRING", "TIMESTAMP_LTZ"}
"""Names that Flink's parser keeps letter by letter: to it, `string` and `STRING` are two trees."""
_WRITTEN = {"BITMAP", "BYTES", "DESCRIPTOR", "REAL"}
"""Names that stand for a type which the generator would call by another name."""


class TypeParser(CursorParser):
    """Every type of Flink SQL. `meta["spelling"]` of a DataType says how it was written."""

    def _parse_types(
        self, *_args: t.Any, allow_identifiers: bool = True, **_kwargs: t.Any
    ) -> exp.Expr | None:
        """Read a type; `INT NOT NULL` leaves NOT NULL to the column, `INT NOT NULL ARRAY` does not."""
        index = self._index
        found = self._basic_type(allow_identifiers)
        if found is None:
            self._retreat(index)
            return None
        while True:
            index = self._index
            nullable = self._nullability()
            collection = self._take_any("ARRAY", "MULTISET")
            if not collection:
                self._retreat(index)
                break
            if nullable is False:
                found.set("nullable", False)
            found = self._collection(collection, [found])
            found.meta["spelling"] = "postfix"
        return found

    def _required_type(self) -> exp.DataType:
        found = self._parse_types()
        if not isinstance(found, exp.DataType):
            self.raise_error("Expected a data type")
            return exp.DataType(this=exp.DType.UNKNOWN)
        return found

    def _inner_type(self) -> exp.DataType:
        """Read a type inside another one, where NOT NULL belongs to the type."""
        found = self._required_type()
        if self._nullability() is False:
            found.set("nullable", False)
        return found

    def _nullability(self) -> bool | None:
        if self._take("NOT", "NULL"):
            return False
        return True if self._take("NULL") else None

    def _collection(self, name: str, inner: list[exp.DataType]) -> exp.DataType:
        if name == "MULTISET":
            return exp.DataType(this=exp.DType.USERDEFINED, kind="MULTISET", expressions=inner, nested=True)
        return exp.DataType(this=exp.DType[name], expressions=inner, nested=True)

    def _basic_type(self, allow_identifiers: bool) -> exp.DataType | None:
        word = self._word()
        if word in ("ARRAY", "MULTISET", "MAP") and self._next.token_type == TokenType.LT:
            self._advance(2)
            inner = self._comma_list(self._inner_type)
            self._angle_close()
            return self._collection(word, inner)
        if word in ("ROW", "RAW", "STRUCTURED", "INTERVAL"):
            special = t.cast(t.Callable[[], exp.DataType | None], getattr(self, f"_{word.lower()}_type"))()
            if special is not None:
                return special
        if word in _PLAIN:
            self._advance()
            kind = word if _PLAIN[word] == exp.DType.USERDEFINED else None
            return self._spelled(exp.DataType(this=_PLAIN[word], kind=kind, nested=False), word)
        if word in _SIZED:
            spoken = self._curr.text if word in _KEPT else word
            self._advance()
            return self._spelled(
                exp.DataType(this=_SIZED[word], expressions=self._type_sizes(), nested=False), spoken
            )
        if word == "DOUBLE":
            self._advance()
            self._take("PRECISION")
            return exp.DataType(this=exp.DType.DOUBLE, nested=False)
        if word in ("CHAR", "CHARACTER", "BINARY"):
            return self._fixed_or_varying(word)
        if word in ("TIME", "TIMESTAMP"):
            return self._time_type(word)
        return self._named_type() if allow_identifiers and self._at_name() else None

    def _spelled(self, found: exp.DataType, word: str) -> exp.DataType:
        if word.upper() in _WRITTEN or word != word.upper():
            found.meta["spelling"] = word
        return found

    def _type_sizes(self) -> list[exp.Expr] | None:
        if not self._symbol(TokenType.L_PAREN):
            return None
        return self._wrapped_list(self._type_size)

    def _type_size(self) -> exp.Expr:
        number = self._parse_number()
        if number is None:
            self.raise_error("Expected a number")
            return exp.DataTypeParam(this=exp.Literal.number(0))
        return self.expression(exp.DataTypeParam(this=number))

    def _fixed_or_varying(self, word: str) -> exp.DataType:
        self._advance()
        binary, varying = word == "BINARY", self._take("VARYING")
        kind = "VARBINARY" if binary and varying else "BINARY" if binary else "VARCHAR" if varying else "CHAR"
        sizes = self._type_sizes()
        found = exp.DataType(this=exp.DType[kind], expressions=sizes, nested=False)
        if self._take("CHARACTER", "SET"):
            found.meta["charset"] = self._take_name().name
        return found

    def _time_type(self, word: str) -> exp.DataType:
        self._advance()
        sizes = self._type_sizes()
        kind, spelling = exp.DType[word], ""
        if self._take("WITHOUT", "TIME", "ZONE"):
            pass
        elif self._take("WITH", "LOCAL", "TIME", "ZONE"):
            kind = exp.DType.TIMESTAMPLTZ if word == "TIMESTAMP" else exp.DType.TIMETZ
            spelling = f"{word} WITH LOCAL TIME ZONE"
        elif self._take("WITH", "TIME", "ZONE"):
            kind = exp.DType.TIMESTAMPTZ if word == "TIMESTAMP" else exp.DType.TIMETZ
            spelling = f"{word} WITH TIME ZONE"
        found = exp.DataType(this=kind, expressions=sizes, nested=False)
        if spelling:
            found.meta["spelling"] = spelling
        return found

    def _row_type(self) -> exp.DataType | None:
        self._advance()
        spelling = ""
        fields: list[exp.ColumnDef] = []
        if self._match(TokenType.NEQ):
            pass
        elif self._match(TokenType.LT):
            if not self._symbol(TokenType.GT):
                fields = self._comma_list(self._row_field)
            self._angle_close()
        elif self._symbol(TokenType.L_PAREN):
            fields = self._wrapped_list(self._row_field, empty=True)
            spelling = "("
        else:
            return None
        found = exp.DataType(this=exp.DType.STRUCT, expressions=fields, nested=True)
        if spelling:
            found.meta["spelling"] = spelling
        return found

    def _row_field(self) -> exp.ColumnDef:
        name = self._take_name()
        kind = self._required_type()
        constraints = []
        nullable = self._nullability()
        if nullable is False:
            constraints.append(exp.ColumnConstraint(kind=exp.NotNullColumnConstraint()))
        if self._symbol(TokenType.STRING):
            constraints.append(
                exp.ColumnConstraint(kind=exp.CommentColumnConstraint(this=self._parse_string()))
            )
        return self.expression(exp.ColumnDef(this=name, kind=kind, constraints=constraints or None))

    def _raw_type(self) -> exp.DataType | None:
        if self._next.token_type != TokenType.L_PAREN:
            return None
        self._advance()
        arguments = self._wrapped_list(self._type_argument)
        return exp.DataType(this=exp.DType.USERDEFINED, kind="RAW", expressions=arguments, nested=False)

    def _type_argument(self) -> exp.Expr:
        return self._parse_string() or self._required_type()

    def _structured_type(self) -> exp.DataType | None:
        if self._next.token_type != TokenType.LT:
            return None
        self._advance(2)
        parts: list[exp.Expr] = [self._type_argument()]
        if self._match(TokenType.COMMA):
            parts.extend(self._comma_list(self._row_field))
        self._angle_close()
        return exp.DataType(this=exp.DType.USERDEFINED, kind="STRUCTURED", expressions=parts, nested=True)

    def _interval_type(self) -> exp.DataType:
        self._advance()
        return exp.DataType(this=exp.Interval(unit=self._interval_unit()))

    def _interval_unit(self) -> exp.Expr:
        raise NotImplementedError

    def _named_type(self) -> exp.DataType:
        parts = self._take_parts()
        name = ".".join(part.sql(dialect=self.dialect) for part in parts)
        sizes = self._type_sizes()
        return exp.DataType(this=exp.DType.USERDEFINED, kind=name, expressions=sizes, nested=False)

    def _angle_close(self) -> None:
        if not self._match(TokenType.GT):
            self.raise_error("Expected >")
