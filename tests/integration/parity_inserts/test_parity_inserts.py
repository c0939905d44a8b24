"""What is deployed for each parity model is planned by Flink: its INSERT over its tables and connectors.

Parity itself runs the SELECT of the INSERT over tables of its own; that Flink takes the whole statement, with
the settings that deployed jobs have, is shown here.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from flink_app.build_jar import build_jar
from pipeline.commands.build import write_build
from pipeline.compiler import compile_project
from pipeline.diagnostics_text import report
from tests.integration.parity.support import ROOT, model_names, project

pytestmark = [pytest.mark.engines, pytest.mark.timeout(900)]
Answers = dict[str, dict[str, str | None]]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """What Flink said to each INSERT, by app and name; `""` stands for all INSERTs of the app as one job."""
    root = project(tmp_path_factory.mktemp("project"))
    compilation = compile_project(root)
    assert compilation.ok, report(compilation.diagnostics, ROOT)
    build = root / "build"
    write_build(compilation.files, build)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.integration.parity_inserts.plan_inserts",
            str(build),
            build_jar(ROOT / "build").as_uri(),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: Answers = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", model_names())
def test_flink_plans_the_insert_that_is_deployed(name: str, answers: Answers) -> None:
    said = [app[name] for app in answers.values() if name in app]
    assert said == [None]


def test_flink_plans_all_inserts_of_an_app_as_one_job(answers: Answers) -> None:
    assert {app: found[""] for app, found in answers.items()} == dict.fromkeys(answers)
