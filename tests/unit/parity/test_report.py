"""What parity says of a model on an engine, and what counts as equal."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from pipeline.compiler import compile_project
from pipeline.model.models import Classified
from pipeline.parity.compare import Comparison, compare
from pipeline.parity.datasets import Dataset, datasets_for
from pipeline.parity.report import as_json, details, headline, summary
from pipeline.parity.run import Verdict

ROOT = Path(__file__).parents[3]
CLICKS = """\
-- How many clicks are there each minute?
SELECT
    window_start AS began,  -- begin
    element,  -- what was clicked
    COUNT(*) AS clicks  -- clicks
FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, element
"""
NOON = dt.datetime(2026, 1, 15, 12)  # noqa: DTZ001  values are UTC without a zone


@pytest.fixture(scope="module")
def subject(tmp_path_factory: pytest.TempPathFactory) -> tuple[Classified, tuple[Dataset, ...]]:
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "sql" / "events", root / "sql" / "events")
    folder = root / "sql" / "metrics" / "clicks"
    folder.mkdir(parents=True)
    (folder / "query.sql").write_text(CLICKS)
    compilation = compile_project(root)
    (model,) = compilation.project.models
    return model, datasets_for(model, compilation.contracts, seed=1, rows=20)[:1]


def row(clicks: int, element: str | None = "buy") -> dict[str, Any]:
    return {"began": NOON, "element": element, "clicks": clicks}


def compared(subject: tuple[Classified, tuple[Dataset, ...]], flink: list[Any], engine: list[Any]) -> Verdict:
    model, datasets = subject
    types = {column.name: column.sql_type for column in model.resolved.columns}
    return Verdict(model, "spark", datasets, (compare(flink, engine, types, model.key),))


def test_equal_rows_are_one_line(subject: tuple[Classified, tuple[Dataset, ...]]) -> None:
    verdict = compared(subject, [row(1)], [row(1)])
    assert verdict.equal
    assert [headline(verdict), *details(verdict)] == ["ok    clicks: 0 of 1 row differ on Spark"]


def test_rows_that_differ_are_shown_with_their_key_and_both_values(
    subject: tuple[Classified, tuple[Dataset, ...]],
) -> None:
    verdict = compared(subject, [row(1), row(5, None)], [row(2), row(7, "look")])
    assert not verdict.equal
    lines = [headline(verdict), *details(verdict)]
    assert lines[0] == "FAIL  clicks: 3 of 2 rows differ on Spark"
    assert "    clicks: Flink 1, Spark 2" in [line[2:] for line in lines]
    assert any("only Flink has this row" in line for line in lines)
    assert any("only Spark has this row" in line for line in lines)


def test_no_rows_at_all_prove_nothing_and_are_not_equal(
    subject: tuple[Classified, tuple[Dataset, ...]],
) -> None:
    verdict = compared(subject, [], [])
    assert verdict.empty
    assert not verdict.equal
    assert headline(verdict) == "FAIL  clicks: nothing to compare on Spark"
    (why,) = details(verdict)
    assert why.endswith("gave no row, on Flink neither: that proves nothing. More of them may: --rows 1000")
    assert "1 with nothing to compare" in summary([verdict], 1.0)
    assert as_json(verdict)["nothing_to_compare"] is True


def test_rows_on_one_side_only_are_a_difference_not_nothing(
    subject: tuple[Classified, tuple[Dataset, ...]],
) -> None:
    verdict = compared(subject, [], [row(1)])
    assert not verdict.empty
    assert not verdict.equal
    assert verdict.differing == 1


def test_neither_a_refusal_nor_an_error_counts_as_equal(
    subject: tuple[Classified, tuple[Dataset, ...]],
) -> None:
    model, datasets = subject
    failed = Verdict(model, "trino", datasets, (Comparison(3),), error="Trino said no")
    lost = Verdict(model, "trino", datasets, (Comparison(3),), overwritten=2)
    assert [failed.equal, lost.equal] == [False, False]
    assert [failed.empty, lost.empty] == [False, False]
    assert list(details(failed)) == ["  Trino said no"]
    assert "the key is too narrow" in next(details(lost))
    assert summary([failed, lost], 1.0).startswith(
        "1 model, Flink against Trino: 0 of 6 rows differ; 1 could not be compared; 1 with too narrow a key"
    )


def test_a_verdict_as_data_can_be_written_as_json(subject: tuple[Classified, tuple[Dataset, ...]]) -> None:
    data = as_json(compared(subject, [row(1)], [row(2)]))
    (dataset,) = json.loads(json.dumps(data))["datasets"]
    assert dataset["differences"] == [
        {
            "flink": {"began": "12:00", "element": "buy", "clicks": "1"},
            "engine": {"began": "12:00", "element": "buy", "clicks": "2"},
            "columns": ["clicks"],
        }
    ]
