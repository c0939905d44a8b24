"""Flink's statements that sqlglot has no expressions for; all else uses sqlglot's own classes.

What sqlglot knows stays sqlglot's: `exp.Create`, `exp.Drop`, `exp.Alter`, `exp.Insert`, `exp.Use`,
`exp.Describe` and `exp.TruncateTable`. The classes below are the parts of those, and whole statements.
"""

from __future__ import annotations

import typing as t

from sqlglot import exp

# Parts of CREATE TABLE, MATERIALIZED TABLE, FUNCTION and MODEL


class Watermark(exp.Expression):
    """`WATERMARK FOR ts AS ts - INTERVAL '5' SECOND` in a table's columns."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True, "expression": True}


class MetadataColumn(exp.Expression, exp.ColumnConstraintKind):
    """`METADATA [FROM 'key'] [VIRTUAL]` behind a column's type."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": False, "virtual": False}


class LikeOption(exp.Expression):
    """`EXCLUDING OPTIONS` of `LIKE t (...)`: `this` is the feature, `strategy` what is done with it."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True, "strategy": True}


class DistributionProperty(exp.Property):
    """`DISTRIBUTED BY HASH(a) INTO 4 BUCKETS`: `kind` is HASH, RANGE or absent; `buckets` a number."""

    arg_types: t.ClassVar[dict[str, bool]] = {"kind": False, "expressions": False, "buckets": False}


class FreshnessProperty(exp.Property):
    """`FRESHNESS = INTERVAL '3' MINUTE` of a materialized table."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


class RefreshModeProperty(exp.Property):
    """`REFRESH_MODE = FULL` (or CONTINUOUS) of a materialized table."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


class StartModeProperty(exp.Property):
    """`START_MODE = FROM_BEGINNING` and its like of a materialized table; `expression` is the argument."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True, "expression": False}


class ResourcesProperty(exp.Property):
    """`USING JAR 'a.jar', JAR 'b.jar'` of a function: one string a resource."""

    arg_types: t.ClassVar[dict[str, bool]] = {"expressions": True}


class ModelInput(exp.Property):
    """`INPUT (text STRING)` of a model."""

    arg_types: t.ClassVar[dict[str, bool]] = {"expressions": True}


class ModelOutput(exp.Property):
    """`OUTPUT (label STRING)` of a model."""

    arg_types: t.ClassVar[dict[str, bool]] = {"expressions": True}


class SystemProperty(exp.Property):
    """The SYSTEM of `CREATE SYSTEM CONNECTION`."""

    arg_types: t.ClassVar[dict[str, bool]] = {}


class ReplaceTableAs(exp.Create):
    """`REPLACE TABLE t AS ...`; `CREATE OR REPLACE TABLE` is an `exp.Create` with `replace`."""


class CreateOrAlter(exp.Create):
    """`CREATE OR ALTER MATERIALIZED TABLE ...`."""


# Actions of ALTER


class AlterAdd(exp.Expression):
    """`ADD a INT FIRST` or `ADD (a INT, PRIMARY KEY (a) NOT ENFORCED, WATERMARK ...)`."""

    arg_types: t.ClassVar[dict[str, bool]] = {"expressions": True, "wrapped": False}


class AlterModify(exp.Expression):
    """`MODIFY a BIGINT AFTER b`, or several in parentheses."""

    arg_types: t.ClassVar[dict[str, bool]] = {"expressions": True, "wrapped": False}


class AlterDistribution(exp.Expression):
    """`DISTRIBUTION BY HASH(a) INTO 4 BUCKETS` in ADD and MODIFY: `this` is a `DistributionProperty`."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


class SetOptions(exp.Expression):
    """`SET ('k' = 'v')`, one `exp.Property` an option."""

    arg_types: t.ClassVar[dict[str, bool]] = {"expressions": False}


class ResetOptions(exp.Expression):
    """`RESET ('k')`, one string an option."""

    arg_types: t.ClassVar[dict[str, bool]] = {"expressions": False}


class AlterSetProperty(exp.Expression):
    """`SET FRESHNESS = ...` and `SET REFRESH_MODE = ...`: `this` is the property."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


class DropColumns(exp.Expression):
    """`DROP a` or `DROP (a, b)`."""

    arg_types: t.ClassVar[dict[str, bool]] = {"expressions": True, "wrapped": False}


class DropConstraint(exp.Expression):
    """`DROP CONSTRAINT name`."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


class DropPart(exp.Expression):
    """`DROP PRIMARY KEY`, `DROP WATERMARK`, `DROP DISTRIBUTION`: `this` names the part."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


class AddPartitions(exp.Expression):
    """`ADD [IF NOT EXISTS] PARTITION (...) [WITH (...)] ...`."""

    arg_types: t.ClassVar[dict[str, bool]] = {"expressions": True, "exists": False}


class PartitionDefinition(exp.Expression):
    """A partition to add: `this` is the `exp.Partition`, `expressions` its options."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True, "expressions": False}


class DropPartitions(exp.Expression):
    """`DROP [IF EXISTS] PARTITION (...), PARTITION (...)`."""

    arg_types: t.ClassVar[dict[str, bool]] = {"expressions": True, "exists": False}


class Compact(exp.Expression):
    """`[PARTITION (...)] COMPACT`: `this` is the partition."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": False}


class Suspend(exp.Expression):
    """`SUSPEND` a materialized table."""

    arg_types: t.ClassVar[dict[str, bool]] = {}


class Resume(exp.Expression):
    """`RESUME [WITH (...)]` a materialized table."""

    arg_types: t.ClassVar[dict[str, bool]] = {"expressions": False}


class RefreshTable(exp.Expression):
    """`REFRESH [PARTITION (...)]` of a materialized table."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": False}


class AlterAs(exp.Expression):
    """`AS query` of a view or materialized table, `AS 'class'` with `language` of a function."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True, "language": False}


class AlterComment(exp.Expression):
    """`COMMENT 'text'` of a catalog."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


# Whole statements


class ShowStatement(exp.Expression):
    """`SHOW ...`: `this` is what is shown (`TABLES`, `CREATE VIEW`, `CURRENT CATALOG`).

    `target` is the object with its `preposition` (FROM, IN or none), `pattern` the string of `like` (LIKE or
    ILIKE), which `negated` turns round.
    """

    arg_types: t.ClassVar[dict[str, bool]] = {
        "this": True,
        "target": False,
        "preposition": False,
        "partition": False,
        "like": False,
        "pattern": False,
        "negated": False,
    }


class Explain(exp.Expression):
    """`EXPLAIN [PLAN FOR | details] statement`: `details` are names such as CHANGELOG_MODE."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True, "details": False, "plan_for": False}


class SetStatement(exp.Expression):
    """`SET 'key' = 'value'`, alone to list all; strings where quoted, `exp.Var` where written bare.

    `scope` is SYSTEM or SESSION in `ALTER SYSTEM SET k = v`.
    """

    arg_types: t.ClassVar[dict[str, bool]] = {"this": False, "expression": False, "scope": False}


class ResetStatement(exp.Expression):
    """`RESET 'key'`, alone to reset all; `scope` is SYSTEM or SESSION behind ALTER."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": False, "scope": False}


class LoadModule(exp.Expression):
    """`LOAD MODULE m [WITH (...)]`: `expressions` are the options."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True, "expressions": False}


class UnloadModule(exp.Expression):
    """`UNLOAD MODULE m`."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


class AddJar(exp.Expression):
    """`ADD JAR 'path'`."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


class RemoveJar(exp.Expression):
    """`REMOVE JAR 'path'`."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


class Upsert(exp.Insert):
    """`UPSERT INTO t ...`."""


class StatementSet(exp.Expression):
    """`STATEMENT SET BEGIN ...; END`; `client` marks `BEGIN STATEMENT SET; ...; END`."""

    arg_types: t.ClassVar[dict[str, bool]] = {"expressions": True, "client": False}


class BeginStatementSet(exp.Expression):
    """`BEGIN STATEMENT SET` where its END is not in the same text."""

    arg_types: t.ClassVar[dict[str, bool]] = {}


class ExecuteStatement(exp.Expression):
    """`EXECUTE` a query, an INSERT or a `StatementSet`."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


class ExecutePlan(exp.Expression):
    """`EXECUTE PLAN 'path'`."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}


class CompilePlan(exp.Expression):
    """`COMPILE PLAN 'path' [IF NOT EXISTS] FOR ...`; with `execute` COMPILE AND EXECUTE PLAN."""

    arg_types: t.ClassVar[dict[str, bool]] = {
        "this": True,
        "expression": True,
        "exists": False,
        "execute": False,
    }


class Call(exp.Expression):
    """`CALL catalog.db.procedure(a, name => b)`: `this` is the name as a table's."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True, "expressions": False}


class AnalyzeTable(exp.Expression):
    """`ANALYZE TABLE t [PARTITION (...)] COMPUTE STATISTICS [FOR COLUMNS a, b | FOR ALL COLUMNS]`."""

    arg_types: t.ClassVar[dict[str, bool]] = {
        "this": True,
        "partition": False,
        "expressions": False,
        "all_columns": False,
    }


class StopJob(exp.Expression):
    """`STOP JOB 'id' [WITH SAVEPOINT] [WITH DRAIN]`."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True, "savepoint": False, "drain": False}


class ClientCommand(exp.Expression):
    """A word for the SQL client alone: QUIT, EXIT, HELP, CLEAR."""

    arg_types: t.ClassVar[dict[str, bool]] = {"this": True}
