"""Writes CREATE, REPLACE TABLE, DROP, ALTER and what they are made of."""

from __future__ import annotations

from sqlglot import exp, generator

from sqlglot_flink.statements import expressions as fl

# The order in which Flink's grammar wants the clauses of CREATE.
CLAUSES: tuple[type[exp.Expr], ...] = (
    fl.ModelInput,
    fl.ModelOutput,
    exp.SchemaCommentProperty,
    fl.DistributionProperty,
    exp.PartitionedByProperty,
    exp.LanguageProperty,
    fl.ResourcesProperty,
    exp.Property,
    fl.StartModeProperty,
    fl.FreshnessProperty,
    fl.RefreshModeProperty,
    exp.LikeProperty,
)


class DdlGenerator(generator.Generator):
    """Writes what the catalogs hold and how it changes."""

    def create_sql(self, expression: exp.Create) -> str:
        """Write CREATE with its clauses in the grammar's order."""
        replace = " OR REPLACE" if expression.args.get("replace") else ""
        return self._create(expression, f"CREATE{replace}")

    def createoralter_sql(self, expression: fl.CreateOrAlter) -> str:
        """Write CREATE OR ALTER."""
        return self._create(expression, "CREATE OR ALTER")

    def replacetableas_sql(self, expression: fl.ReplaceTableAs) -> str:
        """Write REPLACE TABLE."""
        return self._create(expression, "REPLACE")

    def _create(self, expression: exp.Create, verb: str) -> str:
        properties = expression.args.get("properties")
        clauses: list[exp.Expr] = properties.expressions if properties else []
        temporary = " TEMPORARY" if any(isinstance(c, exp.TemporaryProperty) for c in clauses) else ""
        exists = " IF NOT EXISTS" if expression.args.get("exists") else ""
        kind = "DATABASE" if expression.kind == "SCHEMA" else expression.kind
        head = f"{verb}{temporary} {kind}{exists} {self.sql(expression, 'this')}"
        written = self._clauses(clauses)
        body = expression.expression
        if body is None:
            return self.prepend_ctes(expression, head + written)
        if isinstance(body, exp.Literal):
            # A function's class stands before its language and jars.
            return f"{head} AS {self.sql(body)}{written}"
        return self.prepend_ctes(expression, f"{head}{written}{self.seg('AS')}{self.sep()}{self.sql(body)}")

    def _clauses(self, clauses: list[exp.Expr]) -> str:
        written: list[str] = []
        for cls in CLAUSES:
            found = [clause for clause in clauses if type(clause) is cls]
            if cls is exp.Property and found:
                written.append(self.seg(f"WITH {self._options(found)}"))
            elif found:
                written.extend(self.seg(self.sql(clause)) for clause in found)
        for clause in clauses:
            if type(clause) not in CLAUSES and not isinstance(clause, exp.TemporaryProperty):
                self.unsupported(f"Flink has no {clause.key}")
        return "".join(written)

    def _options(self, options: list[exp.Expr] | None) -> str:
        if not options:
            return "()"
        return f"({self.sep('')}{self.expressions(sqls=list(options))}{self.seg(')', sep='')}"

    def property_sql(self, expression: exp.Property) -> str:
        """Write an option; keys and values are strings in Flink."""
        if type(expression) is not exp.Property:
            return super().property_sql(expression)
        key, value = expression.this, expression.args.get("value")
        if not isinstance(key, exp.Expr) or isinstance(key, (exp.Identifier, exp.Var, exp.Dot, exp.Column)):
            key = exp.Literal.string(key.name if isinstance(key, exp.Expr) else str(key))
        if isinstance(value, (exp.Var, exp.Boolean)) or (
            isinstance(value, exp.Literal) and not value.is_string
        ):
            value = exp.Literal.string(self.sql(value))
        return f"{self.sql(key)} = {self.sql(value)}"

    def schemacommentproperty_sql(self, expression: exp.SchemaCommentProperty) -> str:
        """Write a table's comment."""
        return f"COMMENT {self.sql(expression, 'this')}"

    def partitionedbyproperty_sql(self, expression: exp.PartitionedByProperty) -> str:
        """Write `PARTITIONED BY (a, b)`."""
        this = expression.this
        columns = this.expressions if isinstance(this, (exp.Schema, exp.Tuple)) else [this]
        return f"PARTITIONED BY ({', '.join(self.sql(column) for column in columns)})"

    def distributionproperty_sql(self, expression: fl.DistributionProperty) -> str:
        """Write `DISTRIBUTED BY HASH(a) INTO 4 BUCKETS`."""
        return f"DISTRIBUTED{self._distribution(expression)}"

    def _distribution(self, expression: fl.DistributionProperty) -> str:
        columns = self.expressions(expression, flat=True)
        kind = self.sql(expression, "kind")
        by = f" BY {kind}({columns})" if columns else ""
        buckets = self.sql(expression, "buckets")
        return by + (f" INTO {buckets} BUCKETS" if buckets else "")

    def likeproperty_sql(self, expression: exp.LikeProperty) -> str:
        """Write `LIKE t (EXCLUDING OPTIONS ...)`."""
        options = self.expressions(expression, sep=" ", flat=True)
        return f"LIKE {self.sql(expression, 'this')}" + (f" ({options})" if options else "")

    def likeoption_sql(self, expression: fl.LikeOption) -> str:
        """Write one option of LIKE."""
        return f"{self.sql(expression, 'strategy')} {self.sql(expression, 'this')}"

    def languageproperty_sql(self, expression: exp.LanguageProperty) -> str:
        """Write a function's language."""
        return f"LANGUAGE {self.sql(expression, 'this')}"

    def resourcesproperty_sql(self, expression: fl.ResourcesProperty) -> str:
        """Write a function's jars."""
        paths = [f"{path.meta.get('resource') or 'JAR'} {self.sql(path)}" for path in expression.expressions]
        return f"USING {', '.join(paths)}"

    def freshnessproperty_sql(self, expression: fl.FreshnessProperty) -> str:
        """Write a materialized table's freshness."""
        return f"FRESHNESS = {self.sql(expression, 'this')}"

    def refreshmodeproperty_sql(self, expression: fl.RefreshModeProperty) -> str:
        """Write a materialized table's way of refreshing."""
        return f"REFRESH_MODE = {self.sql(expression, 'this')}"

    def startmodeproperty_sql(self, expression: fl.StartModeProperty) -> str:
        """Write from where a materialized table starts."""
        argument = self.sql(expression, "expression")
        return f"START_MODE = {self.sql(expression, 'this')}" + (f"({argument})" if argument else "")

    def modelinput_sql(self, expression: fl.ModelInput) -> str:
        """Write a model's input columns."""
        return f"INPUT {self.schema_columns_sql(exp.Schema(expressions=expression.expressions))}"

    def modeloutput_sql(self, expression: fl.ModelOutput) -> str:
        """Write a model's output columns."""
        return f"OUTPUT {self.schema_columns_sql(exp.Schema(expressions=expression.expressions))}"

    def watermark_sql(self, expression: fl.Watermark) -> str:
        """Write `WATERMARK FOR ts AS expression`."""
        return f"WATERMARK FOR {self.sql(expression, 'this')} AS {self.sql(expression, 'expression')}"

    def metadatacolumn_sql(self, expression: fl.MetadataColumn) -> str:
        """Write `METADATA [FROM 'key'] [VIRTUAL]`."""
        key = f" FROM {self.sql(expression, 'this')}" if expression.this else ""
        return f"METADATA{key}" + (" VIRTUAL" if expression.args.get("virtual") else "")

    def computedcolumnconstraint_sql(self, expression: exp.ComputedColumnConstraint) -> str:
        """Write `AS expression` of a computed column."""
        return f"AS {self.sql(expression, 'this')}"

    def userdefinedfunction_sql(self, expression: exp.UserDefinedFunction) -> str:
        """Write a function's name; Flink declares no parameters."""
        return self.sql(expression, "this")

    def drop_sql(self, expression: exp.Drop) -> str:
        """Write DROP."""
        temporary = " TEMPORARY" if expression.args.get("temporary") else ""
        materialized = " MATERIALIZED" if expression.args.get("materialized") else ""
        exists = " IF EXISTS" if expression.args.get("exists") else ""
        tables = self.expressions(expression, key="tables", flat=True)
        cascade = " CASCADE" if expression.args.get("cascade") else ""
        restrict = " RESTRICT" if expression.args.get("restrict") else ""
        return f"DROP{temporary}{materialized} {expression.kind}{exists} {tables}{cascade}{restrict}"

    def alter_sql(self, expression: exp.Alter) -> str:
        """Write ALTER with its one action."""
        exists = " IF EXISTS" if expression.args.get("exists") else ""
        action = " ".join(self._action(action) for action in expression.actions)
        return f"ALTER {expression.kind}{exists} {self.sql(expression, 'this')} {action}"

    def _action(self, action: exp.Expr) -> str:
        # Trees of other dialects hold the bare column to add, and a DROP of the column to drop.
        if isinstance(action, (exp.ColumnDef, exp.Schema)):
            return f"ADD {self.sql(action)}"
        if isinstance(action, exp.Drop) and action.kind == "COLUMN":
            return f"DROP {self.expressions(action, key='tables', flat=True)}"
        return self.sql(action)

    def _wrapped(self, expression: exp.Expr) -> str:
        if not expression.args.get("wrapped") and len(expression.expressions) == 1:
            return self.sql(expression.expressions[0])
        return self.schema_columns_sql(exp.Schema(expressions=expression.expressions))

    def alteradd_sql(self, expression: fl.AlterAdd) -> str:
        """Write what ALTER TABLE adds."""
        return f"ADD {self._wrapped(expression)}"

    def altermodify_sql(self, expression: fl.AlterModify) -> str:
        """Write what ALTER TABLE modifies."""
        return f"MODIFY {self._wrapped(expression)}"

    def alterdistribution_sql(self, expression: fl.AlterDistribution) -> str:
        """Write a distribution to add or modify."""
        return f"DISTRIBUTION{self._distribution(expression.this)}"

    def dropcolumns_sql(self, expression: fl.DropColumns) -> str:
        """Write the columns to drop."""
        return f"DROP {self._wrapped(expression)}"

    def dropconstraint_sql(self, expression: fl.DropConstraint) -> str:
        """Write the constraint to drop."""
        return f"DROP CONSTRAINT {self.sql(expression, 'this')}"

    def droppart_sql(self, expression: fl.DropPart) -> str:
        """Write the key, watermark or distribution to drop."""
        return f"DROP {self.sql(expression, 'this')}"

    def setoptions_sql(self, expression: fl.SetOptions) -> str:
        """Write the options to set."""
        return f"SET {self._options(expression.expressions)}"

    def resetoptions_sql(self, expression: fl.ResetOptions) -> str:
        """Write the options to reset."""
        return f"RESET {self._options(expression.expressions)}"

    def altersetproperty_sql(self, expression: fl.AlterSetProperty) -> str:
        """Write SET of a materialized table's property."""
        return f"SET {self.sql(expression, 'this')}"

    def addpartitions_sql(self, expression: fl.AddPartitions) -> str:
        """Write the partitions to add."""
        exists = " IF NOT EXISTS" if expression.args.get("exists") else ""
        return f"ADD{exists} {self.expressions(expression, sep=' ', flat=True)}"

    def partitiondefinition_sql(self, expression: fl.PartitionDefinition) -> str:
        """Write a partition to add."""
        options = expression.args.get("expressions")
        return self.sql(expression, "this") + (f" WITH {self._options(options)}" if options else "")

    def droppartitions_sql(self, expression: fl.DropPartitions) -> str:
        """Write the partitions to drop."""
        exists = " IF EXISTS" if expression.args.get("exists") else ""
        return f"DROP{exists} {self.expressions(expression, flat=True)}"

    def partition_sql(self, expression: exp.Partition) -> str:
        """Write `PARTITION (a = 'x')`."""
        return f"PARTITION ({self.expressions(expression, flat=True)})"

    def compact_sql(self, expression: fl.Compact) -> str:
        """Write COMPACT."""
        partition = self.sql(expression, "this")
        return f"{partition} COMPACT" if partition else "COMPACT"

    def suspend_sql(self, expression: fl.Suspend) -> str:  # noqa: ARG002 - sqlglot's signature
        """Write SUSPEND."""
        return "SUSPEND"

    def resume_sql(self, expression: fl.Resume) -> str:
        """Write RESUME."""
        options = expression.args.get("expressions")
        return "RESUME" + (f" WITH {self._options(options)}" if options else "")

    def refreshtable_sql(self, expression: fl.RefreshTable) -> str:
        """Write REFRESH."""
        return f"REFRESH {self.sql(expression, 'this')}".rstrip()

    def alteras_sql(self, expression: fl.AlterAs) -> str:
        """Write AS with a query or a function's class."""
        language = self.sql(expression, "language")
        return f"AS {self.sql(expression, 'this')}" + (f" LANGUAGE {language}" if language else "")

    def altercomment_sql(self, expression: fl.AlterComment) -> str:
        """Write a catalog's new comment."""
        return f"COMMENT {self.sql(expression, 'this')}"

    def alterrename_sql(self, expression: exp.AlterRename, include_to: bool = True) -> str:
        """Write RENAME TO."""
        return f"RENAME {'TO ' if include_to else ''}{self.sql(expression, 'this')}"

    def renamecolumn_sql(self, expression: exp.RenameColumn) -> str:
        """Write RENAME of a column."""
        return f"RENAME {self.sql(expression, 'this')} TO {self.sql(expression, 'to')}"

    def columnposition_sql(self, expression: exp.ColumnPosition) -> str:
        """Write FIRST or AFTER."""
        this = self.sql(expression, "this")
        return f"{expression.args['position']}" + (f" {this}" if this else "")
