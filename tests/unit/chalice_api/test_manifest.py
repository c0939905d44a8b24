from __future__ import annotations

import re
from pathlib import Path

import pytest
from chalicelib import environment, log, manifest, metrics
from chalicelib.errors import ApiError

ROOT = Path(__file__).resolve().parents[3]


def test_models_are_known_by_name_topic_and_table(known: manifest.Manifest) -> None:
    model = known.models["revenue_per_minute"]
    assert known.by_topic["metrics/revenue_per_minute"] is model
    assert known.by_table["revenue-per-minute"] is model
    assert model.dimensions == ("currency",)
    assert [column.scale for column in model.columns] == [None, None, 2, None]
    assert known.models["active_users"].longest_window_ms == 3_600_000


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "is not a manifest"),
        (b"[]", "is not a manifest"),
        (b"{}", "is not a manifest"),
        (b'{"manifest_version": 2}', "this API reads version 1"),
        (b'{"manifest_version": 1, "models": {"x": {}}}', "is not a manifest"),
    ],
)
def test_manifest_that_cannot_be_read_is_said_to_be_so(content: bytes, message: str) -> None:
    with pytest.raises(ApiError, match=message) as raised:
        manifest.parse(content, "manifest.json")
    assert (raised.value.status, raised.value.code) == (503, "manifest_unreadable")


def test_missing_manifest_names_the_command_that_writes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MANIFEST_PATH", str(tmp_path / "manifest.json"))
    with pytest.raises(ApiError, match="pipeline build"):
        manifest.current()
    assert manifest.reload_if_changed() is False


def test_replaced_manifest_is_read_again_and_a_broken_one_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "manifest.json"
    content = (Path(__file__).parent / "manifest.json").read_text()
    path.write_text(content)
    monkeypatch.setenv("MANIFEST_PATH", str(path))
    assert manifest.current().build_id == "0123456789abcdef"
    assert manifest.reload_if_changed() is False
    path.write_text(content.replace("0123456789abcdef", "00"))
    assert manifest.reload_if_changed() is True
    path.write_text("{")
    with pytest.raises(ApiError):
        manifest.reload_if_changed()
    assert manifest.current().build_id == "00"


def test_unset_environment_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NAME_PREFIX", raising=False)
    with pytest.raises(ApiError, match="NAME_PREFIX"):
        environment.physical_name("x")


def test_lambda_requirements_are_the_locked_versions() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    wanted = re.findall(r"^[a-z].*==.*$", (ROOT / "chalice_api/requirements.txt").read_text(), re.MULTILINE)
    assert len(wanted) == 2
    assert [line for line in wanted if f"\n{line} \\" not in lock] == []


def test_log_lines_are_json_with_the_environment(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import json
    import logging

    monkeypatch.setenv("NAME_PREFIX", "rta-test")
    monkeypatch.setattr(logging.getLogger(log.LOGGER_NAME), "handlers", [])
    log.warning("something happened", metric="revenue_per_minute", rows=3)
    line = json.loads(capsys.readouterr().out)
    assert (line["level"], line["message"], line["environment"]) == (
        "warning",
        "something happened",
        "rta-test",
    )
    assert (line["metric"], line["rows"]) == ("revenue_per_minute", 3)


def test_longest_range_fits_the_cache() -> None:
    from chalicelib import cache

    assert metrics.LONGEST_RANGE_MS <= cache.ROWS_TTL_SECONDS * 1000
