"""Statements generated from the grammar keep their trees, whatever names, strings and types meet in them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st

from sqlglot_flink.reserved import RESERVED_WORDS
from sqlglot_flink.tests.flink_gate.gate import FlinkGate, unavailable

quick = settings(max_examples=40, derandomize=True, deadline=None, database=None)

characters = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"))
plain_names = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True).filter(
    lambda n: n.upper() not in RESERVED_WORDS
)
quoted_names = st.text(characters, min_size=1, max_size=8).map(
    lambda name: "`" + name.replace("`", "``") + "`"
)
names = st.one_of(plain_names, plain_names, quoted_names)
strings = st.text(st.one_of(characters, st.sampled_from("\n';-/* ")), max_size=12).map(
    lambda text: "'" + text.replace("'", "''") + "'"
)
tables = st.lists(names, min_size=1, max_size=3).map(".".join)
options = st.lists(st.tuples(strings, strings), max_size=3).map(
    lambda pairs: "(" + ", ".join(f"{key} = {value}" for key, value in pairs) + ")"
)
digits = st.integers(0, 9)
atomic = st.one_of(
    st.sampled_from(
        [
            "INT",
            "BIGINT",
            "SMALLINT",
            "TINYINT",
            "FLOAT",
            "DOUBLE",
            "BOOLEAN",
            "STRING",
            "BYTES",
            "DATE",
            "TIME",
            "DECIMAL",
            "CHAR",
        ]
    ),
    digits.map(lambda n: f"TIMESTAMP({n})"),
    digits.map(lambda n: f"TIMESTAMP_LTZ({n})"),
    st.tuples(st.integers(10, 38), digits).map(lambda p: f"DECIMAL({p[0]}, {p[1]})"),
    st.integers(1, 99).map(lambda n: f"VARCHAR({n})"),
)
nullability = st.sampled_from(["", "", " NOT NULL", " NULL"])


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    typed = st.tuples(inner, nullability).map("".join)
    field = st.tuples(names, typed, st.one_of(st.just(""), strings)).map(" ".join)
    return st.one_of(
        typed.map(lambda kind: f"ARRAY<{kind}>"),
        typed.map(lambda kind: f"MULTISET<{kind}>"),
        st.tuples(typed, typed).map(lambda pair: f"MAP<{pair[0]}, {pair[1]}>"),
        st.lists(field, min_size=1, max_size=3).map(lambda fields: f"ROW<{', '.join(fields)}>"),
        st.lists(field, min_size=1, max_size=3).map(lambda fields: f"ROW({', '.join(fields)})"),
    )


types = st.recursive(atomic, nested, max_leaves=5)
enforcement = st.sampled_from(["", " NOT ENFORCED", " ENFORCED"])
comments = st.one_of(st.just(""), strings.map(lambda text: f" COMMENT {text}"))
key_kinds = st.sampled_from(["PRIMARY KEY", "UNIQUE"])
constraint_names = st.one_of(st.just(""), names.map(lambda name: f"CONSTRAINT {name} "))
column_keys = st.one_of(
    st.just(""), st.tuples(st.just(" "), constraint_names, key_kinds, enforcement).map("".join)
)
metadata = st.tuples(
    st.just(" METADATA"),
    st.one_of(st.just(""), strings.map(lambda key: f" FROM {key}")),
    st.sampled_from(["", " VIRTUAL"]),
).map("".join)
expressions = st.one_of(
    names,
    st.tuples(names, digits).map(lambda pair: f"{pair[0]} + {pair[1]}"),
    st.tuples(names, strings).map(lambda pair: f"COALESCE({pair[0]}, {pair[1]})"),
    st.tuples(names, types).map(lambda pair: f"CAST({pair[0]} AS {pair[1]})"),
    st.tuples(names, st.integers(0, 99)).map(lambda pair: f"{pair[0]} - INTERVAL '{pair[1]}' SECOND"),
    st.just("PROCTIME()"),
)
columns = st.one_of(
    st.tuples(names, st.just(" "), types, nullability, st.one_of(metadata, column_keys), comments).map(
        "".join
    ),
    st.tuples(names, st.just(" AS "), expressions, comments).map("".join),
)
name_lists = st.lists(names, min_size=1, max_size=3).map(lambda found: f"({', '.join(found)})")
table_keys = st.tuples(constraint_names, key_kinds, st.just(" "), name_lists, enforcement).map("".join)
watermarks = st.tuples(names, expressions).map(lambda pair: f"WATERMARK FOR {pair[0]} AS {pair[1]}")
distributions = st.one_of(
    st.integers(1, 99).map(lambda n: f"INTO {n} BUCKETS"),
    st.tuples(
        st.sampled_from(["BY ", "BY HASH", "BY RANGE"]), name_lists, st.sampled_from(["", " INTO 3 BUCKETS"])
    ).map("".join),
)
like_options = st.lists(
    st.tuples(
        st.sampled_from(["INCLUDING", "EXCLUDING", "OVERWRITING"]),
        st.sampled_from(
            [
                "ALL",
                "CONSTRAINTS",
                "GENERATED",
                "METADATA",
                "OPTIONS",
                "PARTITIONS",
                "WATERMARKS",
                "DISTRIBUTION",
            ]
        ),
    ).map(" ".join),
    min_size=1,
    max_size=3,
).map(lambda found: f" ({' '.join(found)})")


@st.composite
def create_tables(draw: st.DrawFn) -> str:
    elements = draw(st.lists(columns, min_size=1, max_size=4))
    if draw(st.booleans()):
        elements.insert(draw(st.integers(0, len(elements))), draw(table_keys))
    if draw(st.booleans()):
        elements.append(draw(watermarks))
    separator = draw(st.sampled_from([", ", ",\n  ", " -- a comment\n, ", " /* ; */, "]))
    return "".join(
        (
            draw(st.sampled_from(["CREATE ", "create temporary ", "CREATE TEMPORARY "])),
            draw(st.sampled_from(["TABLE ", "TABLE IF NOT EXISTS "])),
            draw(tables),
            f" ({separator.join(elements)})",
            draw(comments),
            draw(st.one_of(st.just(""), distributions.map(lambda text: f" DISTRIBUTED {text}"))),
            draw(st.one_of(st.just(""), name_lists.map(lambda text: f" PARTITIONED BY {text}"))),
            draw(st.one_of(st.just(""), options.map(lambda text: f"\nWITH {text}"))),
            draw(
                st.one_of(
                    st.just(""),
                    st.tuples(tables, st.one_of(st.just(""), like_options)).map(
                        lambda p: f" LIKE {p[0]}{p[1]}"
                    ),
                )
            ),
            draw(st.sampled_from(["", ";", " ;\n"])),
        )
    )


positions = st.one_of(st.just(""), st.just(" FIRST"), names.map(lambda name: f" AFTER {name}"))
positioned = st.one_of(
    st.tuples(columns, positions).map("".join),
    table_keys,
    distributions.map(lambda text: f"DISTRIBUTION {text}"),
)
changes = st.one_of(
    st.tuples(st.sampled_from(["ADD ", "MODIFY "]), positioned).map("".join),
    st.tuples(
        st.sampled_from(["ADD ", "MODIFY "]), st.lists(st.tuples(columns, positions).map("".join), min_size=1)
    ).map(lambda pair: f"{pair[0]}({', '.join(pair[1])})"),
    options.map(lambda text: f"SET {text}"),
    st.lists(strings, max_size=3).map(lambda keys: f"RESET ({', '.join(keys)})"),
    st.tuples(names, names).map(lambda pair: f"RENAME {pair[0]} TO {pair[1]}"),
    tables.map(lambda name: f"RENAME TO {name}"),
    name_lists.map(lambda text: f"DROP {text}"),
    names.map(lambda name: f"DROP CONSTRAINT {name}"),
    st.sampled_from(["DROP PRIMARY KEY", "DROP WATERMARK", "DROP DISTRIBUTION"]),
    st.tuples(names, strings).map(lambda pair: f"DROP PARTITION ({pair[0]} = {pair[1]})"),
)
alter_tables = st.tuples(st.sampled_from(["ALTER TABLE ", "ALTER TABLE IF EXISTS "]), tables, changes).map(
    lambda parts: f"{parts[0]}{parts[1]} {parts[2]}"
)
inserts = st.tuples(
    st.sampled_from(["INSERT INTO ", "INSERT OVERWRITE "]),
    tables,
    st.one_of(st.just(""), st.tuples(names, strings).map(lambda pair: f" PARTITION ({pair[0]} = {pair[1]})")),
    st.one_of(st.just(""), name_lists.map(lambda text: f" {text}")),
    st.one_of(
        st.tuples(expressions, tables).map(lambda pair: f" SELECT {pair[0]} FROM {pair[1]}"),
        strings.map(lambda text: f" VALUES ({text}, 1), (NULL, 2)"),
    ),
).map("".join)
sets = st.lists(inserts, min_size=1, max_size=3).map(
    lambda found: "EXECUTE STATEMENT SET BEGIN\n" + "".join(f"{insert};\n" for insert in found) + "END;"
)
sessions = st.one_of(
    st.tuples(strings, strings).map(lambda pair: f"SET {pair[0]} = {pair[1]}"),
    tables.map(lambda name: f"SHOW CREATE TABLE {name}"),
    st.tuples(tables, strings).map(lambda pair: f"SHOW TABLES FROM {pair[0]} NOT LIKE {pair[1]}"),
    tables.map(lambda name: f"DESCRIBE EXTENDED {name}"),
    tables.map(lambda name: f"DROP TEMPORARY TABLE IF EXISTS {name}"),
    st.tuples(names, options).map(lambda pair: f"CREATE CATALOG {pair[0]} WITH {pair[1]}"),
    st.tuples(tables, comments, options).map(
        lambda p: f"CREATE DATABASE IF NOT EXISTS {p[0]}{p[1]} WITH {p[2]}"
    ),
    st.tuples(tables, strings, strings).map(
        lambda p: f"CREATE TEMPORARY FUNCTION {p[0]} AS {p[1]} LANGUAGE JAVA USING JAR {p[2]}"
    ),
    st.tuples(tables, name_lists, comments, expressions).map(
        lambda p: f"CREATE TEMPORARY VIEW {p[0]} {p[1]}{p[2]} AS SELECT {p[3]} FROM t"
    ),
)


@pytest.fixture(scope="module")
def gate() -> Iterator[FlinkGate]:
    if reason := unavailable():
        pytest.skip(reason)
    with FlinkGate() as opened:
        yield opened


def assert_kept(gate: FlinkGate, sql: str) -> None:
    trees = [tree for tree in sqlglot.parse(sql, dialect="flink") if tree]
    written = ";\n".join(tree.sql("flink") for tree in trees)
    pretty = ";\n".join(tree.sql("flink", pretty=True) for tree in trees)
    assert [tree for tree in sqlglot.parse(written, dialect="flink") if tree] == trees
    for verdict, text in zip(gate.compare([(sql, written), (sql, pretty)]), (written, pretty), strict=True):
        # What Flink itself refuses (two primary keys, a column named twice) is no case.
        assert verdict.equal or verdict.original_error, f"{sql}\n---\n{text}\n---\n{verdict}"


@quick
@given(sql=create_tables())
def test_created_tables_keep_their_trees(gate: FlinkGate, sql: str) -> None:
    assert_kept(gate, sql)


@quick
@given(sql=alter_tables)
def test_altered_tables_keep_their_trees(gate: FlinkGate, sql: str) -> None:
    assert_kept(gate, sql)


@quick
@given(sql=st.one_of(inserts, sets))
def test_inserts_and_statement_sets_keep_their_trees(gate: FlinkGate, sql: str) -> None:
    assert_kept(gate, sql)


@quick
@given(sql=sessions)
def test_other_statements_keep_their_trees(gate: FlinkGate, sql: str) -> None:
    assert_kept(gate, sql)
