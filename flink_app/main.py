"""Starts a compiled job on Flink: the file that Managed Flink runs, and the same that runs locally.

Steps: read the run-time properties, load `build/flink/<app>/job.json`, create tables and views, submit all
INSERTs as one job. Exit code 1 and one message when something is wrong that an operator can mend.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyflink.table import StatementSet, TableResult

HERE = Path(__file__).resolve().parent
if (HERE / "modules").is_dir():
    # In the zip for Managed Flink this file stands alone, its package beside it.
    sys.path.insert(0, str(HERE / "modules"))

from flink_app import settings  # noqa: E402
from flink_app.errors import FlinkAppError  # noqa: E402
from flink_app.job import Job, Statement, fill, load_job, placeholders  # noqa: E402
from flink_app.properties import Properties, properties_path, read_properties  # noqa: E402


def prepare(properties: Properties) -> tuple[Job, StatementSet]:
    """The job, and Flink's statement set of all its INSERTs, not yet submitted.

    Raises FlinkAppError when a file is missing or Flink refuses a statement.
    """
    job = load_job(_build_dir(properties.build_dir), properties.app)
    known = placeholders(properties)
    ddl = [fill(statement, known) for statement in job.ddl]
    inserts = [fill(statement, known) for statement in job.inserts]
    if not inserts:
        raise FlinkAppError(f"flink/{job.app}/job.json: no model to run. Add one under sql/ and build again.")

    # Read by PyFlink when the environment is made; its other mode imports the Python workers, which no SQL
    # needs.
    os.environ["_python_worker_execution_mode"] = "process"  # noqa: SIM112 -- its name
    from pyflink.common import Configuration  # noqa: PLC0415
    from pyflink.table import EnvironmentSettings, TableEnvironment  # noqa: PLC0415

    configuration = Configuration()
    overrides = {"pipeline.name": job.app} | settings.job_values(job.state_ttl_ms) | dict(properties.flink)
    for name, value in overrides.items():
        configuration.set_string(name, value)
    environment = TableEnvironment.create(
        EnvironmentSettings.new_instance().in_streaming_mode().with_configuration(configuration).build()
    )
    for statement in ddl:
        _attempt(statement, environment.execute_sql)
    statement_set = environment.create_statement_set()
    for statement in inserts:
        _attempt(statement, statement_set.add_insert_sql)
    return job, statement_set


def submit(job: Job, statement_set: StatementSet) -> TableResult:
    """Start the prepared job; raises FlinkAppError when Flink cannot plan or take it."""
    try:
        return statement_set.execute()
    except Exception as error:
        files = ", ".join(statement.file for statement in job.inserts)
        raise FlinkAppError(f"Flink cannot run the job of {files}: {reason(error)}") from error


def run(properties: Properties) -> None:
    """Submit the job, and wait for its end where the properties say so.

    Raises FlinkAppError when a file, a statement or the job fails.
    """
    job, statement_set = prepare(properties)
    result = submit(job, statement_set)
    if properties.wait:
        try:
            result.wait()
        except Exception as error:
            raise FlinkAppError(f"the job of app {job.app} ended: {reason(error)}") from error


def _attempt(statement: Statement, execute: Callable[[str], object]) -> None:
    try:
        execute(statement.sql)
    except Exception as error:
        raise FlinkAppError(f"{statement.file}: Flink refuses it: {reason(error)}") from error


def reason(error: Exception) -> str:
    """Flink's own words: the top of the Java trace, and its deepest cause where that says more."""
    lines = str(error).splitlines()
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    top = next(
        (line.removeprefix(": ") for line in lines if line.startswith(": ")),
        lines[0] if lines else repr(error),
    )
    said = _message(top)
    cause = _message(causes[-1]) if causes else said
    return said if cause in said else f"{said}: {cause}"


def _message(line: str) -> str:
    """Without the Java class: `org.x.SqlParserException: SQL parse failed` says only its second half."""
    head, separator, rest = line.partition(": ")
    return rest if separator and " " not in head and "." in head else line


def _build_dir(name: str) -> Path:
    """Where a relative directory is: beside this file (in the zip), else where the program was started."""
    beside = HERE / name
    return beside if beside.is_dir() else Path(name)


def main() -> int:
    """0 when submitted (or ended, where it waits), 1 with a message when it could not run."""
    try:
        run(read_properties(properties_path()))
    except FlinkAppError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
