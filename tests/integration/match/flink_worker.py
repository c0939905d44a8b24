"""Runs patterns on Flink as a stream: `python flink_worker.py <work.json> <results.json>`.

`work.json` has tables (columns, and a file of rows in order of arrival) and cases (one query each, and the
columns of its result). All queries run as one job: each row of its result is a case's name and texts.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pipeline.testing.engines.flink import SETTINGS


def main(work: Path, results: Path) -> None:
    from pyflink.common import Configuration
    from pyflink.table import EnvironmentSettings, TableEnvironment

    configuration = Configuration()
    for key, value in SETTINGS.items():
        configuration.set_string(key, value)
    settings = EnvironmentSettings.new_instance().in_streaming_mode().with_configuration(configuration)
    environment = TableEnvironment.create(settings.build())
    given = json.loads(work.read_text())
    columns = ", ".join(f"`{name}` {kind}" for name, kind in given["columns"].items())
    for table, file in given["tables"].items():
        environment.execute_sql(
            f"CREATE TABLE {table} ({columns}, WATERMARK FOR event_time AS {given['watermark']}) "
            f"WITH ('connector' = 'filesystem', 'format' = 'json', 'path' = '{Path(file).as_uri()}')"
        )
    width = max(len(case["columns"]) for case in given["cases"].values())
    selects = []
    for number, (name, case) in enumerate(given["cases"].items()):
        environment.execute_sql(f"CREATE TEMPORARY VIEW `case_{number}` AS {case['query']}")
        texts = [f"CAST(`{column}` AS STRING)" for column in case["columns"]]
        texts += ["CAST(NULL AS STRING)"] * (width - len(texts))
        selects.append(f"SELECT '{name}' AS name, {', '.join(texts)} FROM `case_{number}`")
    found: dict[str, list[list[str | None]]] = {name: [] for name in given["cases"]}
    with environment.execute_sql("\nUNION ALL\n".join(selects)).collect() as rows:
        for row in rows:
            name = row[0].strip()
            found[name].append(list(row)[1 : 1 + len(given["cases"][name]["columns"])])
    results.write_text(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
