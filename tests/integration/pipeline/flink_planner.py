"""Flink's own parser, validator and planner in a process of its own: `ask([...])`.

Run as a script it reads a list of questions from stdin (JSON) and answers each on stdout:
`{"jobs": {"ddl": [...], "inserts": [...]}}` with the plan, `{"types": {"ddl": [...], "query": "..."}}` with
the columns' types. What Flink refuses comes back as `{"error": "..."}`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
PLACEHOLDERS = {
    "${name_prefix}": "rta-test",
    "${aws_region}": "eu-west-1",
    "${source_options}": ", 'scan.stream.initpos' = 'LATEST', 'scan.shard.idle.interval' = '1000'",
    "${sink_options}": ", 'sink.requests.max-inflight' = '1'",
    "${replay_from}": "TO_TIMESTAMP_LTZ(0, 3)",
}
CONFIGURATION = {
    "table.local-time-zone": "UTC",
    "table.exec.mini-batch.enabled": "true",
    "table.exec.mini-batch.allow-latency": "200 ms",
    "table.exec.mini-batch.size": "5000",
    "table.optimizer.reuse-optimize-block-with-digest-enabled": "true",
}


def ask(questions: list[dict[str, Any]], jar: Path) -> list[dict[str, Any]]:
    """Flink's answers, in order."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__)), str(jar)],
        input=json.dumps(questions),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=900,
        # Without it PyFlink imports the library of its Python workers, which is left out here.
        env=os.environ | {"_python_worker_execution_mode": "process"},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    answers: list[dict[str, Any]] = json.loads(done.stdout.rpartition("\n@@")[2])
    return answers


def _answer(environment: Any, question: dict[str, Any]) -> dict[str, Any]:
    if "jobs" in question:
        for statement in question["jobs"]["ddl"]:
            environment.execute_sql(statement)
        statements = environment.create_statement_set()
        for insert in question["jobs"]["inserts"]:
            statements.add_insert_sql(insert)
        return {"plan": statements.explain()}
    for statement in question["types"]["ddl"]:
        environment.execute_sql(statement)
    schema = environment.sql_query(question["types"]["query"])._j_table.getResolvedSchema()
    return {
        "types": {
            column.getName(): column.getDataType().getLogicalType().asSummaryString()
            for column in schema.getColumns()
        }
    }


def _filled(value: Any) -> Any:
    if isinstance(value, str):
        for name, text in PLACEHOLDERS.items():
            value = value.replace(name, text)
        return value
    if isinstance(value, list):
        return [_filled(item) for item in value]
    return {key: _filled(item) for key, item in value.items()}


def _main(jar: str) -> None:
    from py4j.protocol import Py4JJavaError
    from pyflink.common import Configuration
    from pyflink.table import EnvironmentSettings, TableEnvironment

    answers = []
    for question in json.load(sys.stdin):
        configuration = Configuration()
        for key, value in (CONFIGURATION | {"pipeline.jars": Path(jar).as_uri()}).items():
            configuration.set_string(key, value)
        settings = EnvironmentSettings.new_instance().in_streaming_mode().with_configuration(configuration)
        try:
            answers.append(_answer(TableEnvironment.create(settings.build()), _filled(question)))
        except Py4JJavaError as error:
            answers.append({"error": str(error.java_exception)})
    # Flink logs to stdout: the mark says where the answer begins.
    sys.stdout.write("\n@@" + json.dumps(answers))


if __name__ == "__main__":
    _main(sys.argv[1])
