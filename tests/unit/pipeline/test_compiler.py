"""The compiler as a whole: what it promises about its output."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest

from pipeline.compiler import compile_project
from pipeline.emit.manifest_schema import manifest_schema
from pipeline.functions import FUNCTIONS
from pipeline.rules import RULES
from sqlglot_flink import Flink
from tests.unit.pipeline.conftest import MakeProject

ROOT = Path(__file__).parents[3]


def test_this_project_compiles_without_errors() -> None:
    assert compile_project(ROOT).diagnostics == ()


def test_manifest_fulfils_its_schema() -> None:
    files = compile_project(ROOT).files
    schema = manifest_schema()
    assert json.loads(files["manifest.schema.json"]) == schema
    jsonschema_rs.validator_for(schema).validate(json.loads(files["manifest.json"]))


def test_manifest_is_written_last() -> None:
    assert list(compile_project(ROOT).files)[-1] == "manifest.json"


def test_same_project_gives_the_same_bytes() -> None:
    assert compile_project(ROOT).files == compile_project(ROOT).files


def test_build_id_follows_the_content(project: MakeProject) -> None:
    query = (
        "-- How many?\nSELECT window_start AS minute_start,  -- start\n    COUNT(*) AS n  -- orders\n"
        "FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))\n"
        "GROUP BY window_start, window_end\n"
    )
    root = project({"metrics/probe/query.sql": query})
    first, again = compile_project(root).build_id, compile_project(root).build_id
    (root / "sql/metrics/probe/query.sql").write_text(query.replace("-- orders", "-- paid orders"))
    assert first == again
    assert compile_project(root).build_id != first


def test_every_generated_statement_is_read_by_the_dialect() -> None:
    files = compile_project(ROOT).files
    statements = {
        path: text for path, text in files.items() if path.startswith("flink/") and path.endswith(".sql")
    }
    assert statements
    for path, text in statements.items():
        sql = text.replace("${replay_from}", "TO_TIMESTAMP_LTZ(0, 3)")
        sql = sql.replace("${source_options}", "").replace("${sink_options}", "")
        (tree,) = Flink().parse(sql)
        assert tree is not None, path
        assert tree.key in ("create", "insert"), path


def test_only_known_placeholders_are_left() -> None:
    known = {"name_prefix", "aws_region", "source_options", "sink_options", "replay_from"}
    for path, text in compile_project(ROOT).files.items():
        if path.startswith("flink/"):
            assert {part.partition("}")[0] for part in text.split("${")[1:]} <= known, path


def test_stages_report_their_counts(project: MakeProject) -> None:
    told: list[tuple[str, int]] = []
    compile_project(project({}), lambda stage, count, _: told.append((stage, count)))
    assert [stage for stage, _ in told] == ["load", "render", "parse", "resolve", "classify", "check", "emit"]


def test_project_without_models_compiles(project: MakeProject) -> None:
    compilation = compile_project(project({}))
    assert compilation.diagnostics == ()
    assert json.loads(compilation.files["manifest.json"])["models"] == {}


@pytest.mark.parametrize("rule", RULES)
def test_rule_says_what_it_wants_and_why(rule: type) -> None:
    text = rule.__doc__ or ""
    first, _, rest = text.partition("\n")
    assert first.endswith((".", ". ..."))
    assert rest.strip()


def test_codes_of_rules_are_told_apart() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)


def test_functions_are_named_in_upper_case() -> None:
    assert all(name == name.upper() for name in FUNCTIONS)
