"""Evaluates expressions on Flink: `python flink_worker.py <work.json> <results.json>`.

`work.json` is a list of topics: name, columns with types, rows, and expressions over them; `query` where the
SELECT is more than expressions. The rows come from a file, so that nothing is worked out by the optimizer.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

CONFIGURATION = {
    "parallelism.default": "1",
    "rest.address": "127.0.0.1",
    "rest.bind-address": "127.0.0.1",
    "rest.bind-port": "0",
    "table.local-time-zone": "UTC",
    "taskmanager.memory.network.max": "64m",
    "taskmanager.memory.network.min": "64m",
}
EXPRESSIONS_A_QUERY = 30


def main(work: Path, results: Path) -> None:
    from pyflink.common import Configuration
    from pyflink.table import EnvironmentSettings, TableEnvironment

    configuration = Configuration()
    for key, value in CONFIGURATION.items():
        configuration.set_string(key, value)
    settings = EnvironmentSettings.new_instance().in_batch_mode().with_configuration(configuration)
    environment = TableEnvironment.create(settings.build())
    topics = json.loads(work.read_text())
    results.write_text(json.dumps({topic["name"]: evaluate(environment, topic) for topic in topics}))


def evaluate(environment: Any, topic: dict[str, Any]) -> list[dict[str, Any]]:
    folder = Path(tempfile.mkdtemp(prefix="expressions-"))
    lines = [json.dumps({"_row": number, **row}) for number, row in enumerate(topic["rows"])]
    (folder / "rows.json").write_text("\n".join(lines))
    columns = ", ".join(f"`{name}` {kind}" for name, kind in topic["columns"].items())
    environment.execute_sql(
        f"CREATE TABLE `{topic['name']}` (`_row` INT, {columns}) WITH ('connector' = 'filesystem', "
        f"'path' = '{folder}', 'format' = 'json', 'json.timestamp-format.standard' = 'ISO-8601')"
    )
    found: list[dict[str, Any]] = []
    expressions = topic["expressions"]
    for start in range(0, len(expressions), EXPRESSIONS_A_QUERY):
        found += asked(environment, topic, expressions[start : start + EXPRESSIONS_A_QUERY])
    return found


def asked(environment: Any, topic: dict[str, Any], expressions: list[str]) -> list[dict[str, Any]]:
    try:
        return answered(environment, topic, expressions)
    except Exception as error:  # noqa: BLE001  what Flink says of an expression is a result
        if len(expressions) == 1:
            return [{"error": reason(str(error))}]
        half = len(expressions) // 2
        return asked(environment, topic, expressions[:half]) + asked(environment, topic, expressions[half:])


def answered(environment: Any, topic: dict[str, Any], expressions: list[str]) -> list[dict[str, Any]]:
    key, rest = topic.get("key", "`_row`"), topic.get("rest", "")

    def query(texts: list[str]) -> Any:
        listed = ", ".join(f"{text} AS `r{number}`" for number, text in enumerate(texts))
        return environment.sql_query(f"SELECT {key} AS `_key`, {listed} FROM `{topic['name']}` {rest}")

    kinds = [str(kind) for kind in query(expressions)._j_table.getResolvedSchema().getColumnDataTypes()][1:]
    # PyFlink cannot hand over a TIMESTAMP_LTZ; in UTC it is the same TIMESTAMP.
    plainer = [
        f"CAST({text} AS TIMESTAMP(3))" if kind.startswith("TIMESTAMP_LTZ") else text
        for text, kind in zip(expressions, kinds, strict=True)
    ]
    with query(plainer).execute().collect() as rows:
        values = [[plain(value) for value in row] for row in rows]
    return [
        {"type": kind, "values": {str(row[0]): row[number + 1] for row in values}}
        for number, kind in enumerate(kinds)
    ]


def plain(value: Any) -> Any:
    """The value as JSON: what JSON does not tell apart is a pair of its kind and its text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return ["decimal", f"{value:f}"]
    if isinstance(value, float):
        return ["float", repr(value)]
    return [type(value).__name__.lower(), str(value)]


def reason(message: str) -> str:
    causes = re.findall(r"^(?:Caused by: )?(?:[\w.$]+(?:Exception|Error)): (.+)", message, re.MULTILINE)
    return causes[-1][:300] if causes else message[:300]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
