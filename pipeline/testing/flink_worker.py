"""Runs prepared jobs in a local Flink: `python -m pipeline.testing.flink_worker <folder>`.

Reads `jobs.json` and writes `results.json` beside it: for each job the changes of its rows by case, or the
error that Flink gave. A process of its own, so that the JVM and its environment variables end with it.
"""

from __future__ import annotations

import json
import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

_KINDS = {0: "+I", 1: "-U", 2: "+U", 3: "-D"}


def main(folder: Path) -> None:
    """Run every job of the folder, one after the other."""
    # Only here does the compiler's package need Flink, and only this process pays for it.
    from py4j.protocol import Py4JError  # noqa: PLC0415
    from pyflink.common import Configuration  # noqa: PLC0415
    from pyflink.table import EnvironmentSettings, TableEnvironment  # noqa: PLC0415
    from pyflink.util.exceptions import JavaException  # noqa: PLC0415

    work = json.loads((folder / "jobs.json").read_text())
    configuration = Configuration()
    for key, value in work["settings"].items():
        configuration.set_string(key, value)
    settings = EnvironmentSettings.new_instance().in_streaming_mode().with_configuration(configuration)
    environment = TableEnvironment.create(settings.build())
    results: list[dict[str, object]] = []
    for job in work["jobs"]:
        try:
            results.append({"changes": _changes(environment, job)})
        except (Py4JError, JavaException) as error:
            results.append({"error": _reason(str(error))})
    (folder / "results.json").write_text(json.dumps(results))


def _changes(environment: Any, job: dict[str, Any]) -> dict[str, list[tuple[str, dict[str, str | None]]]]:
    """The changelog of each case: kind of change and the row as text, in the order in which they came."""
    columns = job["columns"]
    listed = ", ".join(f"`{column}`" for column in columns)
    selects = []
    for case in job["cases"]:
        database = case["database"]
        environment.execute_sql(f"CREATE DATABASE `{database}`")
        environment.execute_sql(f"USE `{database}`")
        for statement in case["statements"]:
            environment.execute_sql(statement)
        selects.append(f"SELECT '{database}' AS `_case`, {listed} FROM `{database}`.`result`")  # noqa: S608
    changes: dict[str, list[tuple[str, dict[str, str | None]]]] = {}
    if not selects:
        return changes
    with environment.execute_sql("\nUNION ALL\n".join(selects)).collect() as rows:
        for row in rows:
            name, *values = row
            item = {column: _text(value) for column, value in zip(columns, values, strict=True)}
            changes.setdefault(name.strip(), []).append((_KINDS[row.get_row_kind().value], item))
    return changes


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _reason(message: str) -> str:
    """The innermost cause of a Java exception, without its stack."""
    causes = re.findall(
        r"^(?:Caused by: )?(?:[\w.$]+(?:Exception|Error)): (.+(?:\n(?!\s+at |Caused).+)*)", message, re.M
    )
    return str(causes[-1]) if causes else message.split("\n\tat ", maxsplit=1)[0]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
