"""Remarks: which engines a model cannot run on, where, and what else to write."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.compile.engine_remarks import is_plain, refusals_of, remarks
from pipeline.compiler import compile_project
from tests.unit.pipeline.conftest import MakeProject

GOOD = """-- How many?
SELECT
    window_start AS minute_start,  -- start
    COUNT(*) AS purchases          -- orders
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
WHERE TRUE
GROUP BY window_start, window_end
"""
LOCAL = "CONVERT_TZ(page_url, 'UTC', 'Europe/Berlin')"
IN_BERLIN = GOOD.replace("TRUE", f"{LOCAL} = '2026-11-01 00:00:00' AND {LOCAL} <> ''")
PLACE = "sql/metrics/probe/query.sql"
runner = CliRunner()


def test_construct_that_no_batch_engine_has_is_one_remark_at_its_first_place(
    shop_project: MakeProject,
) -> None:
    compilation = compile_project(shop_project({"metrics/probe/query.sql": IN_BERLIN}), emit=False)
    (remark,) = remarks(refusals_of(compilation.project.models, compilation.contracts))
    assert (remark.position.file, remark.position.line, remark.position.column) == (PLACE, 6, 7)
    assert remark.message == "DuckDB, Trino and Spark do not compute the function CONVERT_TZ as Flink does"
    assert remark.hint.startswith(
        "the model runs on Flink only; for the others use TIMESTAMPADD(HOUR, 1, event_time)"
    )


def test_check_remarks_and_is_content(shop_project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop_project({"metrics/probe/query.sql": IN_BERLIN, "metrics/other/query.sql": GOOD}))
    result = runner.invoke(app, ["check"])
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{PLACE}:6:7: DuckDB, Trino and Spark do not compute")
    assert "2 models, 1 remark (" in result.stdout


def test_build_remarks_what_it_leaves_out(shop_project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
    root: Path = shop_project({"metrics/probe/query.sql": IN_BERLIN})
    monkeypatch.chdir(root)
    result = runner.invoke(app, ["build"])
    assert result.exit_code == 0
    assert "1 model, 1 remark (" in result.stdout
    assert not (root / "build" / "trino").exists()


def test_model_that_every_engine_computes_is_not_remarked_upon(shop_project: MakeProject) -> None:
    compilation = compile_project(shop_project({"metrics/probe/query.sql": GOOD}), emit=False)
    assert remarks(refusals_of(compilation.project.models, compilation.contracts)) == ()


@pytest.mark.parametrize(
    "condition",
    [
        "TRUE",
        "currency = 'EUR' AND amount >= 10 OR NOT coupon IS NULL",
        "COALESCE(is_refund, FALSE) = FALSE AND currency IN ('EUR', 'USD')",
        "event_time > TIMESTAMP '2026-01-01 00:00:00'",
    ],
)
def test_what_is_taken_for_plain_is_refused_by_no_engine(shop_project: MakeProject, condition: str) -> None:
    sums = "CAST(SUM(amount) FILTER (WHERE currency = 'EUR') AS DECIMAL(18, 2)) AS euros,  -- EUR\n    COUNT"
    query = GOOD.replace("TRUE", condition).replace("COUNT", sums, 1)
    compilation = compile_project(shop_project({"metrics/probe/query.sql": query}))
    assert compilation.diagnostics == ()
    (model,) = compilation.project.models
    assert not is_plain(model.resolved.tree) or not any(compilation.refused.values())


@pytest.mark.parametrize(
    "condition", ["REGEXP(page_url, 'a$')", "amount / 3 > 1", "amount * amount > 1", "page_url LIKE 'a%'"]
)
def test_what_an_engine_might_refuse_is_not_taken_for_plain(
    shop_project: MakeProject, condition: str
) -> None:
    query = GOOD.replace("TRUE", condition)
    compilation = compile_project(shop_project({"metrics/probe/query.sql": query}), emit=False)
    (model,) = compilation.project.models
    assert not is_plain(model.resolved.tree)
