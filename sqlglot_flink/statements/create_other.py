"""Parses CREATE, REPLACE TABLE and DROP of everything Flink's catalogs hold."""

from __future__ import annotations

from sqlglot import exp

from sqlglot_flink.statements.create_table import TableParser
from sqlglot_flink.statements.expressions import (
    CreateOrAlter,
    ModelInput,
    ModelOutput,
    ReplaceTableAs,
    ResourcesProperty,
)

KINDS = (
    "TABLE",
    "VIEW",
    "DATABASE",
    "CATALOG",
    "FUNCTION",
    "MODEL",
    "CONNECTION",
    "MATERIALIZED TABLE",
    "SYSTEM FUNCTION",
    "SYSTEM CONNECTION",
)
LANGUAGES = ("JAVA", "SCALA", "SQL", "PYTHON")


class CreateParser(TableParser):
    """Reads `CREATE ...`, `REPLACE TABLE ...` and `DROP ...` behind their first word."""

    def _kind(self) -> str:
        for kind in KINDS:
            if self._take(*kind.split()):
                return kind
        self.raise_error(f"Expected {', '.join(KINDS[:-1])} or {KINDS[-1]}")
        return KINDS[0]

    def _flink_create(self) -> exp.Expr:
        replace = self._take("OR", "REPLACE")
        temporary = self._take("TEMPORARY")
        or_alter = self._take("OR", "ALTER")
        kind = self._kind()
        cls = CreateOrAlter if or_alter else exp.Create
        return self._create_of(cls, kind, temporary, replace)

    def _flink_replace(self) -> exp.Expr | None:
        temporary = self._take("TEMPORARY")
        return self._create_of(ReplaceTableAs, "TABLE", temporary, False) if self._take("TABLE") else None

    def _create_of(self, cls: type[exp.Create], kind: str, temporary: bool, replace: bool) -> exp.Create:
        exists = self._not_exists()
        properties: list[exp.Expr] = [exp.TemporaryProperty()] if temporary else []
        start = self._curr
        this: exp.Expr = self._table_name()
        body: exp.Expr | None = None
        if kind in ("TABLE", "MATERIALIZED TABLE", "VIEW"):
            if self._curr.text == "(" and not self._next_is_query():
                columns = self._table_elements()
                this = self.expression(exp.Schema(this=this, expressions=columns), start)
            properties += self._table_clauses()
            if self._take("AS"):
                body = self._query()
            elif kind == "TABLE" and isinstance(this, exp.Schema):
                self._require_types(this)
        elif kind.endswith("FUNCTION"):
            this = self.expression(exp.UserDefinedFunction(this=this), start)
            body = self._function_class()
            properties += self._function_clauses()
        else:
            if kind == "MODEL":
                properties += self._model_columns()
            properties += self._table_clauses()
            if kind == "MODEL" and self._take("AS"):
                body = self._query()
        return self.expression(
            cls(
                this=this,
                kind=kind,
                exists=exists,
                replace=replace,
                expression=body,
                properties=exp.Properties(expressions=properties) if properties else None,
            )
        )

    def _require_types(self, schema: exp.Schema) -> None:
        for column in schema.expressions:
            if isinstance(column, (exp.Identifier, exp.Dot)):
                self.raise_error(
                    f"Column {column.name} has no type, which only CREATE TABLE AS may leave out"
                )

    def _next_is_query(self) -> bool:
        return self._next.text.upper() in ("SELECT", "WITH", "VALUES")

    def _function_class(self) -> exp.Expr | None:
        return self._text() if self._take("AS") else None

    def _language(self) -> exp.Expr | None:
        return exp.var(self._require_any(*LANGUAGES)) if self._take("LANGUAGE") else None

    def _function_clauses(self) -> list[exp.Expr]:
        properties: list[exp.Expr] = []
        if language := self._language():
            properties.append(exp.LanguageProperty(this=language))
        if self._take("USING"):
            properties.append(
                self.expression(ResourcesProperty(expressions=self._comma_list(self._resource)))
            )
        if self._take("WITH"):
            properties += self._options()
        return properties

    def _resource(self) -> exp.Expr:
        kind = self._take_any("JAR", "ARTIFACT")
        if kind is None:
            self.raise_error("Expected JAR")
        path = self._text()
        if kind == "ARTIFACT":
            path.meta["resource"] = kind
        return path

    def _model_columns(self) -> list[exp.Expr]:
        properties: list[exp.Expr] = []
        if self._take("INPUT"):
            properties.append(self.expression(ModelInput(expressions=self._table_elements())))
        if self._take("OUTPUT"):
            properties.append(self.expression(ModelOutput(expressions=self._table_elements())))
        return properties

    def _flink_drop(self) -> exp.Expr:
        temporary = self._take("TEMPORARY")
        kind = self._kind()
        exists = self._if_exists()
        this = self._table_name()
        cascade = self._take("CASCADE")
        restrict = not cascade and self._take("RESTRICT")
        return self.expression(
            exp.Drop(
                kind=kind,
                tables=[this],
                temporary=temporary,
                exists=exists,
                cascade=cascade,
                restrict=restrict,
            )
        )
