"""Writes Flink SQL."""

from __future__ import annotations

import typing as t

from sqlglot import exp, generator
from sqlglot.expressions.properties import PropertiesLocation

from sqlglot_flink.expressions import (
    Cumulate,
    Descriptor,
    Hop,
    MatchRecognizeWithin,
    MetadataColumn,
    NotEnforced,
    Session,
    TableArgument,
    TableFunction,
    Tumble,
    Watermark,
    WindowFunction,
)
from sqlglot_flink.reserved import RESERVED_WORDS


class FlinkGenerator(generator.Generator):
    """Standard SQL plus what `sqlglot_flink.expressions` adds; reserved words are quoted as identifiers."""

    INTERVAL_ALLOWS_PLURAL_FORM = False
    JOIN_HINTS = False
    TABLE_HINTS = True
    TZ_TO_WITH_TIME_ZONE = False
    RESERVED_KEYWORDS: t.ClassVar[set[str]] = {word.lower() for word in RESERVED_WORDS}
    WITH_PROPERTIES_PREFIX = "WITH"

    TYPE_MAPPING: t.ClassVar[dict[exp.DType, str]] = {
        **generator.Generator.TYPE_MAPPING,
        exp.DType.STRUCT: "ROW",
        exp.DType.TEXT: "STRING",
        exp.DType.TIMESTAMPLTZ: "TIMESTAMP_LTZ",
        exp.DType.TIMESTAMPTZ: "TIMESTAMP_LTZ",
        exp.DType.VARBINARY: "VARBINARY",
    }

    PROPERTIES_LOCATION: t.ClassVar[dict[type[exp.Expression], PropertiesLocation]] = {
        **generator.Generator.PROPERTIES_LOCATION,
        exp.PartitionedByProperty: PropertiesLocation.POST_SCHEMA,
        exp.Property: PropertiesLocation.POST_WITH,
    }

    TRANSFORMS: t.ClassVar[dict[type[exp.Expr], t.Callable[..., str]]] = {
        **generator.Generator.TRANSFORMS,
        exp.Array: lambda self, e: f"ARRAY[{self.expressions(e, flat=True)}]",
        Descriptor: lambda self, e: f"DESCRIPTOR({self.expressions(e, flat=True)})",
        NotEnforced: lambda self, e: f"{self.sql(e, 'this')} NOT ENFORCED",
        **dict.fromkeys((Cumulate, Hop, Session, Tumble), lambda self, e: self.windowfunction_sql(e)),
        MatchRecognizeWithin: lambda self, e: self.matchrecognizewithin_sql(e),
        MetadataColumn: lambda self, e: self.metadatacolumn_sql(e),
        exp.PartitionedByProperty: lambda self, e: f"PARTITIONED BY {self.sql(e, 'this')}",
        TableArgument: lambda self, e: self.tableargument_sql(e),
        TableFunction: lambda self, e: f"TABLE({self.sql(e, 'this')})",
        Watermark: lambda self, e: f"WATERMARK FOR {self.sql(e, 'this')} AS {self.sql(e, 'expression')}",
    }

    def windowfunction_sql(self, expression: WindowFunction) -> str:
        """Write a window function with the argument style its author chose."""
        named = expression.args.get("named")
        labels = {"this": "DATA", "time": "TIMECOL"}
        parts = []
        for key in ("this", "time", *expression.INTERVALS):
            value = self.sql(expression, key)
            if value:
                parts.append(f"{labels.get(key, key.upper())} => {value}" if named else value)
        return f"{expression.NAME}({', '.join(parts)})"

    def matchrecognizewithin_sql(self, expression: MatchRecognizeWithin) -> str:
        """Write MATCH_RECOGNIZE with WITHIN between PATTERN and DEFINE."""
        plain = exp.MatchRecognize(
            **{key: value for key, value in expression.args.items() if key not in ("within", "define")}
        )
        alias = plain.args.pop("alias", None)
        within = self.seg(f"WITHIN {self.sql(expression, 'within')}")
        defines = [
            f"{self.sql(definition, 'alias')} AS {self.sql(definition, 'this')}"
            for definition in expression.args.get("define") or []
        ]
        define = self.seg(f"DEFINE{self.seg(self.expressions(sqls=defines))}") if defines else ""
        body = self.matchrecognize_sql(plain).rstrip().removesuffix(")").rstrip()
        return f"{body}{within}{define}{self.seg(')', sep='')}" + (f" {self.sql(alias)}" if alias else "")

    def tableargument_sql(self, expression: TableArgument) -> str:
        """Write `TABLE t [PARTITION BY k]`."""
        this = self.sql(expression, "this")
        table = this if isinstance(expression.this, exp.Subquery) else f"TABLE {this}"
        keys = expression.args.get("partition_by")
        partition = f" PARTITION BY {', '.join(self.sql(key) for key in keys)}" if keys else ""
        order = expression.args.get("order")
        return f"{table}{partition}" + (f" {self.sql(order).strip()}" if order else "")

    def metadatacolumn_sql(self, expression: MetadataColumn) -> str:
        """Write `METADATA [FROM 'key'] [VIRTUAL]`."""
        key = f" FROM {self.sql(expression, 'this')}" if expression.this else ""
        return f"METADATA{key}" + (" VIRTUAL" if expression.args.get("virtual") else "")

    def property_sql(self, expression: exp.Property) -> str:
        """Write a table option; keys and values are strings in Flink."""
        if type(expression) is not exp.Property:
            return super().property_sql(expression)
        key = expression.this
        text = key.name if isinstance(key, exp.Expr) else str(key)
        return f"{self.sql(exp.Literal.string(text))} = {self.sql(expression, 'value')}"

    def computedcolumnconstraint_sql(self, expression: exp.ComputedColumnConstraint) -> str:
        """Write `AS expression` of a computed column."""
        return f"AS {self.sql(expression, 'this')}"

    def version_sql(self, expression: exp.Version) -> str:
        """Write `FOR SYSTEM_TIME AS OF`."""
        return f"FOR SYSTEM_TIME {expression.text('kind')} {self.sql(expression, 'expression')}"
