"""Prints the plan that Flink makes of a job, without running it: arguments build directory, app, jar."""

from __future__ import annotations

import sys

from flink_app.main import prepare
from flink_app.properties import Properties


def main(build_dir: str, app: str, jar: str) -> None:
    _, statement_set = prepare(
        Properties(
            app=app,
            name_prefix="explain",
            aws_region="eu-central-1",
            build_dir=build_dir,
            start=None,
            wait=False,
            flink={"pipeline.jars": jar},
        )
    )
    sys.stdout.write(statement_set._j_statement_set.compilePlan().asJsonString())


if __name__ == "__main__":
    main(*sys.argv[1:])
