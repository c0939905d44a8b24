"""Runs prepared jobs in a local Flink: `python -m pipeline.testing.engines.flink_worker <folder>`.

Reads `jobs.json` and writes `results.json` beside it: for each job the changes of its rows by dataset, or
the error that Flink gave. Tells on stdout how far it is (`3 of 20`). A process of its own, so that the JVM
and its environment variables end with it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_KINDS = {0: "+I", 1: "-U", 2: "+U", 3: "-D"}
Changes = dict[str, list[tuple[str, list[str | None]]]]


def main(folder: Path) -> None:
    """Run all jobs of the folder, some together as one."""
    # Only here does the compiler's package need Flink, and only this process pays for it.
    from pyflink.common import Configuration  # noqa: PLC0415
    from pyflink.table import EnvironmentSettings, TableEnvironment  # noqa: PLC0415

    work = json.loads((folder / "jobs.json").read_text())
    configuration = Configuration()
    for key, value in work["settings"].items():
        configuration.set_string(key, value)
    settings = EnvironmentSettings.new_instance().in_streaming_mode().with_configuration(configuration)
    environment = TableEnvironment.create(settings.build())
    jobs, together = work["jobs"], work["models_a_job"]
    results: list[dict[str, object]] = []
    for start in range(0, len(jobs), together):
        results.extend(_results(environment, jobs[start : start + together]))
        print(f"{len(results)} of {len(jobs)}", flush=True)
    (folder / "results.json").write_text(json.dumps(results))


def _results(environment: Any, jobs: Sequence[dict[str, Any]]) -> list[dict[str, object]]:
    """The result of each job; they run as one unless one of them fails."""
    from py4j.protocol import Py4JError  # noqa: PLC0415
    from pyflink.util.exceptions import JavaException  # noqa: PLC0415

    errors: dict[int, str] = {}
    selects: dict[int, str] = {}
    changes: Changes = {}
    for place, job in enumerate(jobs):
        try:
            selects[place] = _prepared(environment, job)
        except (Py4JError, JavaException) as error:
            errors[place] = _reason(str(error))
    try:
        changes = _changes(environment, [select for select in selects.values() if select])
    except (Py4JError, JavaException):
        for place, select in selects.items():
            try:
                changes |= _changes(environment, [select] if select else [])
            except (Py4JError, JavaException) as error:
                errors[place] = _reason(str(error))
    return [
        {"error": errors[place]}
        if place in errors
        else {"changes": {name: changes.get(name, []) for name in _databases(job)}}
        for place, job in enumerate(jobs)
    ]


def _databases(job: dict[str, Any]) -> list[str]:
    return [dataset["database"] for dataset in job["datasets"]]


def _prepared(environment: Any, job: dict[str, Any]) -> str:
    """Create the job's tables and views; the SELECT that gives its rows: the dataset and values as text."""
    # PyFlink cannot read an array with a NULL in it: '=' stands before each value, NULL is ''.
    values = ", ".join(f"COALESCE('=' || CAST(`{column}` AS STRING), '')" for column in job["columns"])
    selects = []
    for dataset in job["datasets"]:
        database = dataset["database"]
        environment.execute_sql(f"CREATE DATABASE IF NOT EXISTS `{database}`")
        environment.execute_sql(f"USE `{database}`")
        *tables, select = dataset["statements"]
        for statement in tables:
            environment.execute_sql(statement)
        # CREATE VIEW would have Flink write the SELECT anew, and not all that it writes can it read.
        environment.create_temporary_view("result", environment.sql_query(select))
        named = f"CAST('{database}' AS STRING) AS `_dataset`"
        # Temporary views outlive the job: its SELECT names the database.
        selects.append(f"SELECT {named}, ARRAY[{values}] AS `_values` FROM `{database}`.`result`")  # noqa: S608
    return "\nUNION ALL\n".join(selects)


def _changes(environment: Any, selects: Sequence[str]) -> Changes:
    """The changelog of each dataset: kind of change and the row as text, in the order in which they came."""
    changes: Changes = {}
    if not selects:
        return changes
    with environment.execute_sql("\nUNION ALL\n".join(selects)).collect() as rows:
        for row in rows:
            name, values = row
            texts = [value[1:] if value else None for value in values]
            changes.setdefault(name, []).append((_KINDS[row.get_row_kind().value], texts))
    return changes


def _reason(message: str) -> str:
    """The innermost cause of a Java exception, without its stack."""
    causes = re.findall(
        r"^(?:Caused by: )?(?:[\w.$]+(?:Exception|Error)): (.+(?:\n(?!\s+at |Caused).+)*)", message, re.M
    )
    return str(causes[-1]) if causes else message.split("\n\tat ", maxsplit=1)[0]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
