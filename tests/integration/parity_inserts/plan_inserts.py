"""Plans every INSERT of a build on Flink, each alone and all of an app together; runs none of them.

Arguments: build directory, the connector's jar as a URI. Prints JSON, `{app: {insert: error or null}}`; the
insert `""` stands for all together.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from flink_app import settings
from flink_app.job import fill, load_job, placeholders
from flink_app.main import reason
from flink_app.properties import Properties


def planned(build_dir: Path, app: str, jar: str) -> dict[str, str | None]:
    """What Flink says to each INSERT of the app, with the settings and tables that it is deployed with."""
    # As the deployed program has it: no Python workers, which no SQL needs.
    os.environ["_python_worker_execution_mode"] = "process"  # noqa: SIM112 -- its name
    from py4j.protocol import Py4JError
    from pyflink.common import Configuration
    from pyflink.table import EnvironmentSettings, TableEnvironment
    from pyflink.util.exceptions import JavaException

    def said(attempt: Callable[[], object]) -> str | None:
        try:
            attempt()
        except (Py4JError, JavaException) as error:
            return reason(error)
        return None

    job = load_job(build_dir, app)
    flink = {"pipeline.jars": jar}
    known = placeholders(Properties(app, "planned", "eu-central-1", str(build_dir), None, False, flink=flink))
    configuration = Configuration()
    for name, value in (settings.job_values(job.state_ttl_ms) | flink).items():
        configuration.set_string(name, value)
    environment = TableEnvironment.create(
        EnvironmentSettings.new_instance().in_streaming_mode().with_configuration(configuration).build()
    )
    for statement in job.ddl:
        environment.execute_sql(fill(statement, known).sql)
    together = environment.create_statement_set()
    found: dict[str, str | None] = {}
    for statement in job.inserts:
        sql = fill(statement, known).sql
        name = Path(statement.file).stem
        found[name] = said(partial(environment._j_tenv.compilePlanSql, sql))
        if found[name] is None:
            together.add_insert_sql(sql)
    found[""] = said(together._j_statement_set.compilePlan)
    return found


def main(build_dir: str, jar: str) -> None:
    """Plan each app of the manifest."""
    apps = json.loads((Path(build_dir) / "manifest.json").read_text(encoding="utf-8"))["apps"]
    sys.stdout.write(json.dumps({app: planned(Path(build_dir), app, jar) for app in apps}))


if __name__ == "__main__":
    main(*sys.argv[1:])
