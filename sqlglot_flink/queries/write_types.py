"""Writes data types."""

from __future__ import annotations

import typing as t

from sqlglot import exp, generator


class TypeGenerator(generator.Generator):
    """Data types with the spelling that was read."""

    TYPE_MAPPING: t.ClassVar[dict[exp.DType, str]] = {
        **generator.Generator.TYPE_MAPPING,
        exp.DType.DATETIME: "TIMESTAMP",
        exp.DType.NVARCHAR: "VARCHAR",
        exp.DType.NCHAR: "CHAR",
        exp.DType.STRUCT: "ROW",
        exp.DType.TEXT: "STRING",
        exp.DType.TIMESTAMPLTZ: "TIMESTAMP_LTZ",
        exp.DType.TIMESTAMPTZ: "TIMESTAMP_LTZ",
        exp.DType.UNKNOWN: "ANY",
        exp.DType.VARBINARY: "VARBINARY",
    }

    def datatype_sql(self, expression: exp.DataType) -> str:
        """Write a type; NOT NULL inside of another type belongs to it."""
        text = self._type_text(expression)
        charset = expression.meta.get("charset")
        if charset:
            text = f"{text} CHARACTER SET {charset}"
        return f"{text} NOT NULL" if expression.args.get("nullable") is False else text

    def _type_text(self, expression: exp.DataType) -> str:
        kind, spelling = expression.this, expression.meta.get("spelling")
        if isinstance(kind, exp.Expr):
            return self.sql(kind)
        inner = ", ".join(self._field(part) for part in expression.expressions)
        if kind == exp.DType.USERDEFINED:
            return self._named_type_text(expression, spelling, inner)
        if kind == exp.DType.STRUCT:
            return f"ROW({inner})" if spelling == "(" else f"ROW<{inner}>"
        if kind in (exp.DType.ARRAY, exp.DType.MAP, exp.DType.LIST) and inner:
            name = "MAP" if kind == exp.DType.MAP else "ARRAY"
            return f"{inner} {name}" if spelling == "postfix" else f"{name}<{inner}>"
        name = self.TYPE_MAPPING.get(kind, kind.value)
        if spelling and " WITH " in spelling:
            name, zone = spelling.split(" ", 1)
            return f"{name}({inner}) {zone}" if inner else spelling
        return f"{spelling or name}({inner})" if inner else spelling or name

    def _field(self, part: exp.Expr) -> str:
        """Return a field of a row with its comment, which has no COMMENT before it there."""
        if not isinstance(part, exp.ColumnDef):
            return self.sql(part)
        words = [self.sql(part, "this"), self.sql(part, "kind")]
        for constraint in part.args.get("constraints") or []:
            kind = constraint.args.get("kind")
            comment = isinstance(kind, exp.CommentColumnConstraint)
            words.append(self.sql(kind, "this") if comment else self.sql(constraint))
        return " ".join(word for word in words if word)

    def _named_type_text(self, expression: exp.DataType, spelling: str | None, inner: str) -> str:
        kind = expression.args.get("kind")
        name = kind if isinstance(kind, str) else self.sql(kind)
        if name == "MULTISET" and spelling == "postfix":
            return f"{inner} MULTISET"
        if name in ("MULTISET", "STRUCTURED"):
            return f"{name}<{inner}>"
        return f"{name}({inner})" if inner else name

    def datatypeparam_sql(self, expression: exp.DataTypeParam) -> str:
        """Write a precision or a scale."""
        return self.sql(expression, "this")
