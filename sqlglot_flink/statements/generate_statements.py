"""Writes INSERT, statement sets, SHOW, SET and the other statements that define nothing."""

from __future__ import annotations

from sqlglot import exp, generator

from sqlglot_flink.expressions import ExtendedTable
from sqlglot_flink.statements import expressions as fl


class OtherStatementGenerator(generator.Generator):
    """Writes what moves data or asks and changes the session."""

    def insert_sql(self, expression: exp.Insert) -> str:
        """Write INSERT INTO or OVERWRITE, hints behind the table, PARTITION before the columns."""
        return self._insert(expression, "INSERT")

    def upsert_sql(self, expression: fl.Upsert) -> str:
        """Write UPSERT INTO."""
        return self._insert(expression, "UPSERT")

    def _insert(self, expression: exp.Insert, verb: str) -> str:
        for argument in ("alternative", "returning", "where", "ignore", "by_name", "default", "exists"):
            if expression.args.get(argument):
                self.unsupported(f"Flink's INSERT has no {argument}")
        target = expression.this
        columns = ""
        if isinstance(target, exp.Schema):
            columns = f" ({self.expressions(target, flat=True)})"
            target = target.this
        into = "OVERWRITE" if expression.args.get("overwrite") else "INTO"
        partition = self.sql(expression, "partition")
        partition = f" {partition}" if partition else ""
        conflict = self.sql(expression, "conflict")
        sql = (
            f"{verb} {into} {self.sql(target)}{partition}{columns}"
            f"{self.sep()}{self.sql(expression, 'expression')}"
            + (f"{self.seg(conflict)}" if conflict else "")
        )
        return self.prepend_ctes(expression, sql)

    def extendedtable_sql(self, expression: ExtendedTable) -> str:
        """Write a table with columns that it does not declare."""
        return f"{self.sql(expression, 'this')} EXTEND ({self.expressions(expression, flat=True)})"

    def onconflict_sql(self, expression: exp.OnConflict) -> str:
        """Write `ON CONFLICT DO ...`."""
        return f"ON CONFLICT DO {self.sql(expression, 'action')}"

    def statementset_sql(self, expression: fl.StatementSet) -> str:
        """Write a statement set in the form its author chose."""
        head = "BEGIN STATEMENT SET;" if expression.args.get("client") else "STATEMENT SET BEGIN"
        inner = "".join(self.seg(f"{self.sql(statement)};") for statement in expression.expressions)
        return f"{head}{inner}{self.seg('END')}"

    def beginstatementset_sql(self, expression: fl.BeginStatementSet) -> str:  # noqa: ARG002 - sqlglot's signature
        """Write the beginning of a client's statement set."""
        return "BEGIN STATEMENT SET"

    def endstatement_sql(self, expression: exp.EndStatement) -> str:  # noqa: ARG002 - sqlglot's signature
        """Write the end of a client's statement set."""
        return "END"

    def executestatement_sql(self, expression: fl.ExecuteStatement) -> str:
        """Write EXECUTE."""
        return f"EXECUTE {self.sql(expression, 'this')}"

    def executeplan_sql(self, expression: fl.ExecutePlan) -> str:
        """Write EXECUTE PLAN."""
        return f"EXECUTE PLAN {self.sql(expression, 'this')}"

    def compileplan_sql(self, expression: fl.CompilePlan) -> str:
        """Write COMPILE [AND EXECUTE] PLAN."""
        execute = "AND EXECUTE " if expression.args.get("execute") else ""
        exists = " IF NOT EXISTS" if expression.args.get("exists") else ""
        path, statement = self.sql(expression, "this"), self.sql(expression, "expression")
        return f"COMPILE {execute}PLAN {path}{exists} FOR{self.sep()}{statement}"

    def call_sql(self, expression: fl.Call) -> str:
        """Write CALL."""
        arguments = [
            f"{self.sql(argument, 'this')} => {self.sql(argument, 'expression')}"
            if isinstance(argument, exp.Kwarg)
            else self.sql(argument)
            for argument in expression.expressions
        ]
        return f"CALL {self.sql(expression, 'this')}({', '.join(arguments)})"

    def analyzetable_sql(self, expression: fl.AnalyzeTable) -> str:
        """Write ANALYZE TABLE."""
        partition = self.sql(expression, "partition")
        partition = f" {partition}" if partition else ""
        columns = self.expressions(expression, flat=True)
        if expression.args.get("all_columns"):
            columns = " FOR ALL COLUMNS"
        elif columns:
            columns = f" FOR COLUMNS {columns}"
        return f"ANALYZE TABLE {self.sql(expression, 'this')}{partition} COMPUTE STATISTICS{columns}"

    def stopjob_sql(self, expression: fl.StopJob) -> str:
        """Write STOP JOB."""
        savepoint = " WITH SAVEPOINT" if expression.args.get("savepoint") else ""
        drain = " WITH DRAIN" if expression.args.get("drain") else ""
        return f"STOP JOB {self.sql(expression, 'this')}{savepoint}{drain}"

    def showstatement_sql(self, expression: fl.ShowStatement) -> str:
        """Write SHOW."""
        parts = ["SHOW", expression.text("this")]
        parts += [self.sql(expression, key) for key in ("preposition", "target", "partition")]
        parts += ["NOT" if expression.args.get("negated") else "", self.sql(expression, "like")]
        parts.append(self.sql(expression, "pattern"))
        return " ".join(part for part in parts if part)

    def describe_sql(self, expression: exp.Describe) -> str:
        """Write DESCRIBE, whose EXTENDED stands behind the kind."""
        parts = ["DESCRIBE", expression.text("kind"), expression.text("style"), self.sql(expression, "this")]
        return " ".join(part for part in parts if part)

    def explain_sql(self, expression: fl.Explain) -> str:
        """Write EXPLAIN."""
        details = self.expressions(expression, key="details", flat=True)
        how = " PLAN FOR" if expression.args.get("plan_for") else f" {details}" if details else ""
        return f"EXPLAIN{how}{self.sep()}{self.sql(expression, 'this')}"

    def setstatement_sql(self, expression: fl.SetStatement) -> str:
        """Write SET."""
        if not expression.this:
            return "SET"
        key, value = self.sql(expression, "this"), self.sql(expression, "expression")
        return f"{self._scope(expression)}SET {key} = {value}"

    def resetstatement_sql(self, expression: fl.ResetStatement) -> str:
        """Write RESET."""
        return f"{self._scope(expression)}RESET {self.sql(expression, 'this')}".rstrip()

    def _scope(self, expression: exp.Expr) -> str:
        scope = expression.args.get("scope")
        return f"ALTER {scope} " if scope else ""

    def loadmodule_sql(self, expression: fl.LoadModule) -> str:
        """Write LOAD MODULE."""
        options = self.expressions(expression, flat=True)
        return f"LOAD MODULE {self.sql(expression, 'this')}" + (f" WITH ({options})" if options else "")

    def unloadmodule_sql(self, expression: fl.UnloadModule) -> str:
        """Write UNLOAD MODULE."""
        return f"UNLOAD MODULE {self.sql(expression, 'this')}"

    def addjar_sql(self, expression: fl.AddJar) -> str:
        """Write ADD JAR."""
        return f"ADD JAR {self.sql(expression, 'this')}"

    def removejar_sql(self, expression: fl.RemoveJar) -> str:
        """Write REMOVE JAR."""
        return f"REMOVE JAR {self.sql(expression, 'this')}"

    def clientcommand_sql(self, expression: fl.ClientCommand) -> str:
        """Write a word for the client."""
        return self.sql(expression, "this")
