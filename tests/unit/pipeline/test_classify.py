"""Stages `resolve` and `classify`: what is inferred about a model."""

from __future__ import annotations

import pytest

from pipeline.model.models import Classified, Window
from tests.unit.pipeline.conftest import CompileQuery

COUNT = """-- How many?
SELECT
    window_start AS minute_start,  -- start
    {key},                         -- key
    COUNT(*) AS purchases          -- orders
FROM TABLE({window}(TABLE purchase, DESCRIPTOR(event_time), {sizes}))
GROUP BY window_start, window_end, {key}
"""


def _model(
    compiled: CompileQuery,
    key: str = "currency",
    window: str = "TUMBLE",
    sizes: str = "INTERVAL '1' MINUTE",
    yaml: str = "",
) -> Classified:
    compilation = compiled(COUNT.format(key=key, window=window, sizes=sizes), yaml)
    assert compilation.diagnostics == ()
    model = compilation.model("probe")
    assert model is not None
    return model


def test_key_is_the_window_and_what_is_grouped_by(compiled: CompileQuery) -> None:
    model = _model(compiled)
    assert model.key == ("minute_start", "currency")
    assert model.roles == (("minute_start", "time"), ("currency", "dimension"), ("purchases", "measure"))
    assert model.time_column == "minute_start"


def test_metric_is_live_by_default(compiled: CompileQuery) -> None:
    model = _model(compiled)
    assert (model.form, model.changelog, model.app) == ("live", "upsert", "main")


def test_metric_keyed_by_an_identifier_is_strict(compiled: CompileQuery) -> None:
    model = _model(compiled, key="user_id")
    assert (model.form, model.changelog, model.app) == ("strict", "append", "main_strict")
    assert "user_id" in model.form_reason


@pytest.mark.parametrize(
    ("key", "declared", "form"), [("user_id", "true", "live"), ("currency", "false", "strict")]
)
def test_author_can_choose_the_form(compiled: CompileQuery, key: str, declared: str, form: str) -> None:
    model = _model(compiled, key=key, yaml=f"live: {declared}\n")
    assert model.form == form
    assert model.form_reason == f"live: {declared} in metric.yaml"


def test_window_is_read_in_milliseconds(compiled: CompileQuery) -> None:
    assert _model(compiled).windows == (Window("tumble", 60_000, 60_000),)


def test_hop_has_size_and_slide(compiled: CompileQuery) -> None:
    model = _model(compiled, window="HOP", sizes="INTERVAL '5' MINUTE, INTERVAL '1' HOUR")
    assert model.windows == (Window("hop", 3_600_000, 300_000),)


@pytest.mark.parametrize(
    ("size", "late_hours", "hours"),
    [("'1' MINUTE", 2, 4), ("'1' HOUR", 2, 4), ("'61' MINUTE", 2, 5), ("'1' DAY", 5, 30)],
)
def test_state_outlives_window_and_late_hours_by_an_hour(
    compiled: CompileQuery, size: str, late_hours: int, hours: int
) -> None:
    model = _model(compiled, sizes=f"INTERVAL {size}", yaml=f"late_hours: {late_hours}\n")
    assert model.state_ttl_ms == hours * 3_600_000


def test_branches_are_told_apart_by_their_literal(compiled: CompileQuery) -> None:
    branch = """SELECT '{label}' AS period,  -- length
    window_start AS period_start,  -- start
    COUNT(*) AS purchases  -- orders
FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(event_time), INTERVAL {size}))
GROUP BY window_start, window_end
"""
    parts = [branch.format(label="1m", size="'1' MINUTE"), branch.format(label="1h", size="'1' HOUR")]
    compilation = compiled("-- How many?\n" + "UNION ALL\n".join(parts))
    assert compilation.diagnostics == ()
    model = compilation.model("probe")
    assert model is not None
    assert model.key == ("period_start", "period")
    assert model.windows == (
        Window("tumble", 60_000, 60_000, 0, (("period", "1m"),)),
        Window("tumble", 3_600_000, 3_600_000, 0, (("period", "1h"),)),
    )
    assert model.sources == ("click", "purchase")


def test_description_may_go_on_in_the_next_line(compiled: CompileQuery) -> None:
    query = COUNT.format(key="currency", window="TUMBLE", sizes="INTERVAL '1' MINUTE")
    query = query.replace("-- orders", "-- orders\n                                   -- that were paid")
    compilation = compiled(query)
    model = compilation.model("probe")
    assert model is not None
    assert model.resolved.columns[2].description == "orders that were paid"
    assert model.resolved.question == "How many?"


def test_column_of_a_required_field_cannot_be_null(compiled: CompileQuery) -> None:
    assert not _model(compiled, key="currency").resolved.columns[1].nullable


def test_column_of_an_optional_field_may_be_null(compiled: CompileQuery) -> None:
    assert _model(compiled, key="coupon").resolved.columns[1].nullable
