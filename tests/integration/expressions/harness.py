"""Evaluates the same expressions on Flink and on a batch engine, and says where they differ."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import sqlglot
import yaml
from sqlglot import exp

from pipeline.expressions import ExpressionTyper
from pipeline.locate import Locator
from pipeline.lower.engine import Engine
from pipeline.lower.expressions import refusals, rewrite
from pipeline.relations import Field, Relation
from pipeline.sql_types import SqlType, parse_type

CASES = Path(__file__).parent / "cases"
WORKER = Path(__file__).with_name("flink_worker.py")
ROOT = Path(__file__).resolve().parents[3]
_STORED: dict[Engine, dict[str, str]] = {
    "duckdb": {"STRING": "VARCHAR", "TIMESTAMP": "TIMESTAMP", "TIMESTAMP_LTZ": "TIMESTAMP"},
    "trino": {
        "STRING": "VARCHAR",
        "TIMESTAMP": "TIMESTAMP(3)",
        "TIMESTAMP_LTZ": "TIMESTAMP(3)",
        "INT": "INTEGER",
        "FLOAT": "REAL",
    },
    "spark": {"STRING": "STRING", "TIMESTAMP": "TIMESTAMP", "TIMESTAMP_LTZ": "TIMESTAMP"},
}


@dataclass(frozen=True)
class Topic:
    """Rows of arguments and the expressions over them; `key` and `rest` make groups of the rows."""

    name: str
    columns: dict[str, SqlType]
    rows: list[dict[str, Any]]
    expressions: list[str]
    refused: dict[str, list[str]] = field(default_factory=dict)
    key: str = ""
    rest: str = ""


def topics() -> list[Topic]:
    return [_topic(path) for path in sorted(CASES.glob("*.yaml"))]


def _topic(path: Path) -> Topic:
    data = yaml.safe_load(path.read_text())
    columns = {name: parse_type(kind) for name, kind in data["columns"].items()}
    rows = [dict(zip(columns, row, strict=True)) for row in data["rows"]]
    return Topic(
        path.stem,
        columns,
        rows,
        data["expressions"],
        data.get("refused", {}),
        data.get("key", ""),
        data.get("rest", ""),
    )


def on_flink(wanted: Sequence[Topic], folder: Path) -> dict[str, dict[str, Any]]:
    """What Flink answers: topic -> expression -> type and values by row, or its error."""
    work = [
        {
            "name": topic.name,
            "columns": {name: str(kind) for name, kind in topic.columns.items()},
            "rows": topic.rows,
            "expressions": topic.expressions,
            **({"key": topic.key, "rest": topic.rest} if topic.key else {}),
        }
        for topic in wanted
    ]
    (folder / "work.json").write_text(json.dumps(work, default=str))
    environment = {
        **os.environ,
        "_python_worker_execution_mode": "process",
        "JVM_ARGS": "-Xmx1g -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Duser.timezone=UTC",
        "FLINK_LOG_DIR": str(folder),
    }
    done = subprocess.run(
        [sys.executable, str(WORKER), str(folder / "work.json"), str(folder / "results.json")],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=250,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads((folder / "results.json").read_text())
    return {topic.name: dict(zip(topic.expressions, found[topic.name], strict=True)) for topic in wanted}


def typed(text: str, columns: Mapping[str, SqlType]) -> tuple[exp.Expr, SqlType]:
    """The expression as the compiler reads it, with types noted."""
    sql = f"SELECT {text} FROM topic"
    rendered: Any = SimpleNamespace(
        sql=sql, source=SimpleNamespace(query_file=Path("query.sql")), segments=[]
    )
    typer = ExpressionTyper(Locator(rendered), lambda node: Relation("none", (), known=False))
    tree = sqlglot.parse_one(sql, dialect="flink").expressions[0]
    fields = tuple(Field(name, kind) for name, kind in columns.items())
    kind = typer.type_of(tree, {"topic": Relation("topic", fields)})
    assert kind is not None, [problem.message for problem in typer.diagnostics]
    return tree, kind


def lowered(text: str, columns: Mapping[str, SqlType], engine: Engine) -> tuple[str, list[str]]:
    """The expression's SQL for an engine, or why it is refused."""
    tree, _ = typed(text, columns)
    problems = [what for _, what in refusals(tree, engine)]
    if problems:
        return "", problems
    return rewrite(tree, engine).sql(dialect=engine), []


def create(topic: Topic, engine: Engine) -> str:
    columns = ", ".join(f"{name} {_stored(kind, engine)}" for name, kind in topic.columns.items())
    return f"CREATE TABLE {topic.name} (row_number_ INTEGER, {columns})"


def _stored(kind: SqlType, engine: Engine) -> str:
    return _STORED[engine].get(kind.name, str(kind))


def stored_rows(topic: Topic) -> list[dict[str, Any]]:
    return [
        {"row_number_": number, **{name: _value(row[name], kind) for name, kind in topic.columns.items()}}
        for number, row in enumerate(topic.rows)
    ]


def _value(value: Any, kind: SqlType) -> Any:
    if value is None:
        return None
    if kind.name == "DECIMAL":
        return Decimal(str(value))
    if kind.name in ("FLOAT", "DOUBLE"):
        return float(value)
    if kind.is_time:
        return dt.datetime.fromisoformat(str(value).removesuffix("Z"))
    if kind.name == "DATE":
        return dt.date.fromisoformat(str(value))
    return value


def on_engine(
    runner: Any, topic: Topic, engine: Engine, queries: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """The engine's values: expression -> row -> value."""
    if not queries:
        return {}
    listed = ", ".join(f"{sql} AS r{number}" for number, sql in enumerate(queries.values()))
    key, rest = ("row_number_", "")
    if topic.key:
        key, rest = topic.key.replace("`_row`", "row_number_"), topic.rest
    query = f"SELECT {key} AS key_, {listed} FROM {topic.name} {rest}"
    rows = runner.run([create(topic, engine)], {topic.name: stored_rows(topic)}, query)
    return {
        text: {str(row["key_"]): row[f"r{number}"] for row in rows} for number, text in enumerate(queries)
    }


def same(flink: Any, other: Any) -> bool:
    """Whether two values are the same; DOUBLEs to a few units in the last place."""
    if isinstance(flink, list):
        kind, text = flink
        if kind == "decimal":
            return isinstance(other, Decimal | int) and Decimal(text) == Decimal(other)
        if kind == "float":
            return isinstance(other, float | Decimal) and _close(float(text), float(other))
        if kind == "datetime":
            return isinstance(other, dt.datetime) and bool(_to_the_millisecond(text) == other)
        return bool(str(other) == text)
    if isinstance(flink, bool) or isinstance(other, bool):
        return flink is other
    if isinstance(flink, int):
        return isinstance(other, int | Decimal) and flink == other
    return type(flink) is type(other) and bool(flink == other)


def _close(flink: float, other: float) -> bool:
    """The engines' mathematics differ in the last digits: Java's, the C library's, the order of adding."""
    if math.isnan(flink) or math.isnan(other) or math.isinf(flink):
        return flink == other or (math.isnan(flink) and math.isnan(other))
    return math.isclose(flink, other, rel_tol=4e-15, abs_tol=4e-15 if abs(flink) < 1e-15 else 0.0)


def _to_the_millisecond(text: str) -> dt.datetime:
    """PyFlink hands over times through floating point: a millisecond may lack a microsecond."""
    moment = dt.datetime.fromisoformat(text).replace(tzinfo=None)
    milliseconds = round(moment.microsecond / 1000)
    return moment.replace(microsecond=0) + dt.timedelta(milliseconds=milliseconds)
