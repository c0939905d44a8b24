"""Run-time properties: what is read, and what is said of a wrong one."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from flink_app.errors import FlinkAppError
from flink_app.properties import parse_properties, parse_start, properties_path, read_properties

JOB = {"app": "main", "name_prefix": "rta-test", "aws_region": "eu-central-1"}


def document(job: dict[str, str], **groups: dict[str, str]) -> list[dict[str, object]]:
    return [{"PropertyGroupId": name, "PropertyMap": pairs} for name, pairs in {"job": job, **groups}.items()]


def test_only_three_values_must_be_said() -> None:
    properties = parse_properties(document(JOB), "here")
    assert (properties.app, properties.name_prefix, properties.aws_region) == (
        "main",
        "rta-test",
        "eu-central-1",
    )
    assert (properties.build_dir, properties.start, properties.wait) == ("build", None, False)


def test_connector_options_and_configuration_are_handed_on() -> None:
    groups = {"source": {"a": "1"}, "sink": {"b": "2"}, "flink": {"c": "3"}}
    properties = parse_properties(document(JOB, **groups), "here")
    assert (properties.source, properties.sink, properties.flink) == ({"a": "1"}, {"b": "2"}, {"c": "3"})


def test_groups_of_managed_flink_itself_are_none_of_ours() -> None:
    own = {"kinesis.analytics.flink.run.options": {"python": "main.py"}}
    assert parse_properties(document(JOB, **own), "here").app == "main"


def test_every_fault_of_the_job_group_is_named_at_once() -> None:
    with pytest.raises(FlinkAppError) as error:
        parse_properties(document({"app": "main", "prefix": "x"}), "props.json")
    assert str(error.value) == (
        'props.json: group "job": "name_prefix" is missing; "aws_region" is missing; "prefix" is unknown. '
        "Keys: app, name_prefix, aws_region, build_dir, start, wait"
    )


@pytest.mark.parametrize("wrong", [{}, ["job"], [{"PropertyGroupId": "job"}], [{"PropertyMap": {}}], []])
def test_another_form_is_refused_with_the_right_one(wrong: object) -> None:
    with pytest.raises(FlinkAppError, match=r"^here: "):
        parse_properties(wrong, "here")


def test_a_number_where_a_string_belongs_is_refused() -> None:
    wrong = [{"PropertyGroupId": "flink", "PropertyMap": {"parallelism.default": 2}}]
    with pytest.raises(FlinkAppError, match='here: group "flink": every value must be a string'):
        parse_properties(wrong, "here")


def test_a_start_is_the_horizon_or_a_time_with_its_zone() -> None:
    noon = datetime(2026, 1, 15, 12, tzinfo=UTC)
    assert parse_start("TRIM_HORIZON", "here") is None
    assert parse_start("2026-01-15T12:00:00Z", "here") == noon
    assert parse_start(noon.astimezone(timezone(timedelta(hours=5))).isoformat(), "here") == noon


@pytest.mark.parametrize("text", ["LATEST", "2026-01-15T12:00:00", "yesterday", ""])
def test_any_other_start_is_refused(text: str) -> None:
    with pytest.raises(FlinkAppError, match="expected TRIM_HORIZON or a time with its zone"):
        parse_start(text, "here")


def test_the_variable_names_the_file_and_managed_flinks_place_is_the_default() -> None:
    assert properties_path({"FLINK_APPLICATION_PROPERTIES": "x.json"}) == Path("x.json")
    assert properties_path({}) == Path("/etc/flink/application_properties.json")


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "props.json"
    path.write_text(json.dumps(document(JOB)), encoding="utf-8")
    assert read_properties(path).name_prefix == "rta-test"


def test_a_missing_file_and_one_that_is_no_json_are_named(tmp_path: Path) -> None:
    path = tmp_path / "props.json"
    with pytest.raises(FlinkAppError, match=r"props\.json: cannot be read .*FLINK_APPLICATION_PROPERTIES"):
        read_properties(path)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(FlinkAppError, match=r"props\.json: not JSON"):
        read_properties(path)
