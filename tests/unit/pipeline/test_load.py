"""Stage `load`."""

from __future__ import annotations

import pytest

from pipeline.compile.load import load
from tests.unit.pipeline.conftest import MakeProject


def test_promises_have_defaults(project: MakeProject) -> None:
    sources, diagnostics = load(project({"metrics/a/query.sql": "SELECT 1"}))
    promises = sources.models[0].promises
    assert diagnostics == ()
    assert (promises.owner, promises.live, promises.late_hours, promises.app) == (None, None, 2, "main")
    assert (promises.keep_hours, promises.freshness_seconds, promises.chart) == (168, 5, None)


def test_declared_promises_are_read(project: MakeProject) -> None:
    yaml = (
        "owner: growth\nlive: false\nlate_hours: 4\nkeep_hours: 48\n"
        "freshness_seconds: 9\napp: side\nchart: bar\n"
    )
    sources, diagnostics = load(project({"metrics/a/query.sql": "SELECT 1", "metrics/a/metric.yaml": yaml}))
    promises = sources.models[0].promises
    assert diagnostics == ()
    assert (promises.owner, promises.live, promises.late_hours, promises.app) == ("growth", False, 4, "side")
    assert (promises.keep_hours, promises.freshness_seconds, promises.chart) == (48, 9, "bar")


def test_models_come_in_order_of_name_and_hidden_folders_do_not_count(project: MakeProject) -> None:
    files = {f"metrics/{name}/query.sql": "SELECT 1" for name in ("b", "a", "_draft", ".hidden")}
    sources, diagnostics = load(project(files))
    assert [source.name for source in sources.models] == ["a", "b"]
    assert diagnostics == ()


def test_every_problem_of_a_folder_is_told(project: MakeProject) -> None:
    root = project(
        {
            "metrics/lonely.sql": "SELECT 1",
            "metrics/empty/notes.txt": "",
            "metrics/mixed/query.sql": "SELECT 1",
            "metrics/mixed/metrics.yml": "owner: x",
            "alerts/alarm/query.sql": "SELECT 1",
        }
    )
    sources, diagnostics = load(root)
    assert [source.name for source in sources.models] == ["mixed"]
    assert [(item.position.file, item.code) for item in diagnostics] == [
        ("sql/metrics/empty/query.sql", "missing-query"),
        ("sql/metrics/lonely.sql", "stray-query"),
        ("sql/metrics/mixed/metrics.yml", "misnamed-yaml"),
        ("sql/alerts/alarm/query.sql", "not-compiled-yet"),
    ]
    assert sources.found == 3


def test_file_that_is_not_utf8_is_told(project: MakeProject) -> None:
    root = project({"metrics/a/query.sql": ""})
    (root / "sql/metrics/a/query.sql").write_bytes(b"-- caf\xe9")
    sources, diagnostics = load(root)
    assert sources.models == ()
    assert [item.code for item in diagnostics] == ["not-utf8"]


def test_byte_order_mark_is_no_part_of_the_query(project: MakeProject) -> None:
    sources, diagnostics = load(project({"metrics/a/query.sql": "\ufeffSELECT 1"}))
    assert diagnostics == ()
    assert sources.models[0].template == "SELECT 1"


def test_yaml_of_comments_only_promises_nothing(project: MakeProject) -> None:
    files = {"metrics/a/query.sql": "SELECT 1", "metrics/a/metric.yaml": "# later\n"}
    sources, diagnostics = load(project(files))
    assert diagnostics == ()
    assert sources.models[0].promises.late_hours == 2


def test_promises_that_are_no_mapping_are_told_with_their_own_keys(project: MakeProject) -> None:
    files = {"metrics/a/query.sql": "SELECT 1", "metrics/a/metric.yaml": "- live\n"}
    (problem,) = load(project(files))[1]
    assert problem.message == "metric.yaml is a mapping of keys"
    assert problem.hint.startswith("owner, live, late_hours")


@pytest.mark.parametrize("name", ["main_strict", "a" * 101])
def test_app_of_strict_models_is_not_for_live_ones(project: MakeProject, name: str) -> None:
    files = {"metrics/a/query.sql": "SELECT 1", "metrics/a/metric.yaml": f"app: {name}\n"}
    found = [item.message for item in load(project(files))[1]]
    assert found == [f'"{name}" cannot name an app']


def test_endless_file_is_refused_before_it_is_read_as_sql(project: MakeProject) -> None:
    sources, diagnostics = load(project({"metrics/a/query.sql": "-- x\n" * 50_000}))
    assert sources.models == ()
    assert [item.message for item in diagnostics] == ["the file has 250 000 characters"]


def test_macro_that_cannot_be_read_is_told(project: MakeProject) -> None:
    problems = load(project({"macros/a.sql/x.sql": "", "metrics/a/query.sql": "SELECT 1"}))[1]
    assert [(item.position.file, item.code) for item in problems] == [("sql/macros/a.sql", "unreadable")]
