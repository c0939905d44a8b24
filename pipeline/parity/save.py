"""Writes input on which an engine differs as a test case, with Flink's rows as what is expected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import indent

from sqlglot import exp

from pipeline.names import EVENT_TIME
from pipeline.parity.datasets import Dataset
from pipeline.parity.report import show
from pipeline.parity.run import Subject, Verdict
from pipeline.testing.cases import EVENT_ID, Arrivals
from pipeline.testing.text_table import format_text_table


def failing_cases(subject: Subject, verdict: Verdict) -> Iterator[tuple[str, str]]:
    """`(path below the project, YAML)` for each dataset on which the engine differs."""
    folder = subject.model.resolved.parsed.rendered.source.folder
    for number, comparison in enumerate(verdict.comparisons):
        if comparison.changes:
            dataset = subject.datasets[number]
            title = re.sub(r"[^a-z0-9]+", "_", dataset.name.lower()).strip("_")
            path = f"{folder}/tests/flink_and_{verdict.engine}_agree_on_{title}.yaml"
            yield path, _case(subject, dataset, number)


def _case(subject: Subject, dataset: Dataset, number: int) -> str:
    model = subject.model
    used = {column.name for column in model.resolved.tree.find_all(exp.Column)} | {EVENT_TIME, EVENT_ID}
    lines = [f"# Made by pipeline parity ({dataset.name}); expect holds what Flink gave.", "given:"]
    for arrivals in dataset.given:
        if arrivals.rows:
            lines += [f"  {arrivals.event}: |", indent(_table(arrivals, used), "    ")]
    names = [column.name for column in model.resolved.columns]
    rows = [[show(row[name]) for name in names] for row in subject.reference.rows[number]]
    lines += ["expect: |", indent("\n".join(format_text_table(names, rows)), "    ")]
    return "\n".join(lines) + "\n"


def _table(arrivals: Arrivals, used: set[str]) -> str:
    kept = [index for index, column in enumerate(arrivals.columns) if column.name in used]
    header = [arrivals.columns[index].name for index in kept]
    rows = [[show(row[index]) for index in kept] for row in arrivals.rows]
    return "\n".join(format_text_table(header, rows))
