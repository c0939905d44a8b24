"""What statements are made of: typed nodes, places, scripts, and messages for what is no statement."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from sqlglot_flink.statements import expressions as fl


def parse(sql: str) -> exp.Expr:
    return sqlglot.parse_one(sql, dialect="flink")


def test_create_table_has_columns_keys_and_options() -> None:
    tree = parse(
        "CREATE TEMPORARY TABLE IF NOT EXISTS c.d.t (a INT NOT NULL, "
        "b TIMESTAMP(3) METADATA FROM 'ts' VIRTUAL, e AS a + 1 COMMENT 'next', "
        "PRIMARY KEY (a) NOT ENFORCED, WATERMARK FOR b AS b - INTERVAL '5' SECOND) "
        "COMMENT 'x' DISTRIBUTED BY HASH(a) INTO 4 BUCKETS PARTITIONED BY (e) "
        "WITH ('connector' = 'kafka', 'a.b' = 'it''s') LIKE o (EXCLUDING ALL INCLUDING OPTIONS)"
    )
    assert isinstance(tree, exp.Create)
    assert (tree.kind, tree.args["exists"]) == ("TABLE", True)
    schema = tree.this
    assert (schema.this.catalog, schema.this.db, schema.this.name) == ("c", "d", "t")
    columns = [node for node in schema.expressions if isinstance(node, exp.ColumnDef)]
    assert [column.name for column in columns] == ["a", "b", "e"]
    assert columns[0].find(exp.NotNullColumnConstraint)
    metadata = columns[1].find(fl.MetadataColumn)
    assert metadata and (metadata.name, metadata.args["virtual"]) == ("ts", True)
    computed = columns[2].find(exp.ComputedColumnConstraint)
    assert computed and isinstance(computed.this, exp.Add)
    key = tree.find(exp.PrimaryKey)
    assert key and [column.name for column in key.expressions] == ["a"]
    watermark = tree.find(fl.Watermark)
    assert watermark and watermark.this.name == "b" and isinstance(watermark.expression, exp.Sub)
    options = [node for node in tree.args["properties"].expressions if type(node) is exp.Property]
    assert {option.this.name: option.args["value"].name for option in options} == {
        "connector": "kafka",
        "a.b": "it's",
    }
    distribution = tree.find(fl.DistributionProperty)
    assert distribution and (distribution.text("kind"), distribution.text("buckets")) == ("HASH", "4")
    assert [str(option.this) for option in tree.find_all(fl.LikeOption)] == ["ALL", "OPTIONS"]


def test_insert_knows_target_columns_partition_and_query() -> None:
    tree = parse("INSERT OVERWRITE d.t PARTITION (dt = 'x') (a, b) SELECT a, b FROM s")
    assert isinstance(tree, exp.Insert)
    assert tree.args["overwrite"]
    assert [column.name for column in tree.this.expressions] == ["a", "b"]
    assert tree.args["partition"].expressions[0].this.name == "dt"
    assert tree.expression.named_selects == ["a", "b"]


def test_alter_table_names_its_action() -> None:
    tree = parse("ALTER TABLE IF EXISTS t ADD (a INT FIRST, b INT AFTER a)")
    assert isinstance(tree, exp.Alter)
    (action,) = tree.actions
    assert isinstance(action, fl.AlterAdd)
    first, second = action.expressions
    assert first.args["position"].args["position"] == "FIRST"
    assert second.args["position"].this.name == "a"


def test_show_knows_what_where_and_which() -> None:
    tree = parse("SHOW TABLES FROM c.d NOT LIKE 'x%'")
    assert isinstance(tree, fl.ShowStatement)
    assert (tree.text("this"), tree.args["target"].db, tree.args["target"].name) == ("TABLES", "c", "d")
    assert (tree.text("pattern"), tree.args["negated"]) == ("x%", True)


def test_set_takes_quoted_and_bare_settings() -> None:
    quoted, bare = parse("SET 'a.b-c' = '1 s'"), parse("SET a.b-c = 1 s")
    assert (quoted.this.name, quoted.expression.name) == ("a.b-c", "1 s")
    assert (bare.this.name, bare.expression.name) == ("a.b-c", "1 s")
    assert bare.sql("flink") == "SET a.b-c = 1 s"


@pytest.mark.parametrize("word", ["QUIT", "EXIT", "HELP", "CLEAR"])
def test_client_command_is_a_statement_of_its_own(word: str) -> None:
    assert isinstance(parse(word.lower()), fl.ClientCommand)
    assert parse(word.lower()).sql("flink") == word


@pytest.mark.parametrize(
    ("sql", "kinds"),
    [
        ("SELECT 1; SELECT 2;", ["Select", "Select"]),
        (
            "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END; SHOW JOBS",
            ["ExecuteStatement", "ShowStatement"],
        ),
        (
            "BEGIN STATEMENT SET; INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END; SELECT 3",
            ["StatementSet", "Select"],
        ),
        ("BEGIN STATEMENT SET; INSERT INTO a SELECT 1;", ["BeginStatementSet", "Insert"]),
        ("-- nothing\nSELECT 1; -- the end\n", ["Select"]),
        ("SELECT CASE WHEN a THEN 1 END FROM t; SELECT 2", ["Select", "Select"]),
    ],
)
def test_script_is_split_into_its_statements(sql: str, kinds: list[str]) -> None:
    assert [type(tree).__name__ for tree in sqlglot.parse(sql, dialect="flink") if tree] == kinds


def test_comment_behind_a_semicolon_stays_with_its_statement() -> None:
    first, second = sqlglot.parse("SELECT 1; -- one\n-- two\nSELECT 2", dialect="flink")
    assert first and second
    assert [comment.strip() for comment in first.comments or []] == ["one"]
    assert [comment.strip() for comment in second.comments or []] == ["two"]


def test_statement_set_holds_its_inserts() -> None:
    tree = parse("EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT x FROM s; INSERT INTO b VALUES (1); END")
    assert isinstance(tree, fl.ExecuteStatement)
    assert isinstance(tree.this, fl.StatementSet)
    assert [insert.this.name for insert in tree.this.expressions] == ["a", "b"]


def test_statement_knows_where_it_begins() -> None:
    sql = "SELECT 1;\n  DROP TABLE t"
    tree = sqlglot.parse(sql, dialect="flink")[1]
    assert tree
    assert sql[tree.meta["start"] :] == "DROP TABLE t"


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("CREATE THING t", "Expected TABLE, VIEW, DATABASE"),
        ("CREATE TABLE t (a)", "Column a has no type"),
        ("CREATE TABLE t (a INT,)", "Expected a name"),
        ("CREATE TABLE t (a INT) WITH (connector = 'x')", "Expected a string in single quotes"),
        ("CREATE TABLE t (a INT) WITH ('k' 'v')", "Expected"),
        ("CREATE TABLE t (a INT) WITH ('k' = 5)", "Expected a string in single quotes"),
        ("CREATE TABLE t (WATERMARK ts AS ts)", "Expected FOR"),
        ("CREATE TABLE t (a INT) LIKE o (INCLUDING THINGS)", "Expected ALL, CONSTRAINTS"),
        ("ALTER TABLE t", "Expected ADD, MODIFY, DROP"),
        ("ALTER TABLE t ADD", "Expected a name"),
        ("SHOW THINGS", "Expected CATALOGS"),
        ("SHOW TABLES NOT 'x'", "Expected LIKE or ILIKE"),
        ("SET 'a'", "Expected = between"),
        ("INSERT t SELECT 1", "Expected INTO"),
        ("INSERT INTO t", "Expected a query"),
        ("INSERT INTO t SELECT 1 ON CONFLICT DO MAGIC", "Expected ERROR, NOTHING or DEDUPLICATE"),
        ("EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1 END", "Expected ; after"),
        ("COMPILE PLAN 'x' INSERT INTO t SELECT 1", "Expected FOR"),
        ("DROP TABLE", "Expected a name"),
        ("DROP TABLE t u", "Invalid expression / Unexpected token"),
        ("USE", "Expected a name"),
        ("UPDATE t SET a =", "Expected an expression"),
        ("UPDATE t SET a 1", "Expected = after"),
        ("CREATE TABLE t LIKE o (", "Expected INCLUDING, EXCLUDING or OVERWRITING"),
    ],
)
def test_what_is_no_statement_is_told_in_its_own_words(sql: str, message: str) -> None:
    with pytest.raises(sqlglot.ParseError, match=message) as caught:
        parse(sql)
    assert "class" not in str(caught.value)


@pytest.mark.parametrize(
    ("dialect", "theirs", "ours"),
    [
        ("duckdb", "ALTER TABLE t ADD COLUMN a INT", "ALTER TABLE t ADD a INT"),
        ("duckdb", "ALTER TABLE t DROP COLUMN a", "ALTER TABLE t DROP a"),
        ("duckdb", "CREATE SCHEMA s", "CREATE DATABASE s"),
        ("postgres", "CREATE TABLE t (a TEXT NOT NULL)", "CREATE TABLE t (a STRING NOT NULL)"),
        ("spark", "CREATE TABLE t (a INT) PARTITIONED BY (a)", "CREATE TABLE t (a INT) PARTITIONED BY (a)"),
    ],
)
def test_statement_of_another_dialect_is_written_as_flinks(dialect: str, theirs: str, ours: str) -> None:
    assert sqlglot.transpile(theirs, read=dialect, write="flink") == [ours]


def test_errors_are_collected_where_sqlglot_is_asked_to() -> None:
    with pytest.raises(sqlglot.ParseError) as caught:
        sqlglot.parse(
            "CREATE TABLE t LIKE o (EXCLUDING THINGS)", dialect="flink", error_level=sqlglot.ErrorLevel.RAISE
        )
    assert caught.value.errors


def test_lineage_facilities_see_through_a_create_table_as() -> None:
    tree = parse("CREATE TABLE t WITH ('k' = 'v') AS SELECT s.a FROM s")
    assert [table.name for table in tree.find_all(exp.Table)] == ["t", "s"]
    assert tree.expression.named_selects == ["a"]
