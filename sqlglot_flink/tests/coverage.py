"""Writes COVERAGE.md from the corpus, Flink's own parser and the compiler's tests.

python -m sqlglot_flink.tests.coverage          prints it
python -m sqlglot_flink.tests.coverage --write  writes it
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

import sqlglot
from sqlglot import exp

from sqlglot_flink.tests import coverage_engines
from sqlglot_flink.tests.corpus_files import CORPUS, OLDEST, Case, read_corpus
from sqlglot_flink.tests.coverage_engines import ENGINES, OnEngines
from sqlglot_flink.tests.flink_gate.gate import FlinkGate, unavailable

FILE = Path(__file__).resolve().parents[1] / "COVERAGE.md"
HEAD = """# What this dialect covers

Written by `python -m sqlglot_flink.tests.coverage --write`; a test keeps it true. Each line is a file of
`sqlglot_flink/tests/corpus/`: *parse* counts its cases that become typed expressions, never `exp.Command`;
*generate* those whose text, plain and pretty, gives the same expressions again; *tree-equal* those of which
Flink's own parser makes the same tree from the original and from the text written here. What Flink 2 adds
needs Flink 2's parser: `FLINK_2_JARS=<its lib folder> pytest sqlglot_flink/tests/test_statement_corpus.py`.

The last columns are about the compiler that this dialect was made for: the construct's test models on Trino,
Spark and DuckDB, whose results are compared with Flink's (`pipeline parity`). A dash says that there is
nothing to compute: models are queries.
"""
FUNCTIONS_HEAD = """
## Functions

Every function parses and is written as it was read. *yes*: each form that
`tests/integration/expressions/cases/` tries gives on that engine what Flink gives; *refused*: the compiler
says so, naming function, place and engine; a dash: it is written, but no case here tries it.
"""


def rewritten(case: Case) -> tuple[list[exp.Expr], str, bool]:
    """Return a case's trees, the text written from them, and whether it gives them again."""
    trees = [tree for tree in sqlglot.parse(case.sql, dialect="flink") if tree is not None]
    texts = [";\n".join(tree.sql("flink", pretty=pretty) for tree in trees) for pretty in (False, True)]
    again = [[tree for tree in sqlglot.parse(text, dialect="flink") if tree is not None] for text in texts]
    return trees, texts[0], all(found == trees for found in again)


def constructs(cases: Iterable[Case], gate: FlinkGate, models: dict[str, OnEngines]) -> str:
    """Return the table of constructs."""
    lines = [
        "| construct | parse | generate | tree-equal in Flink's parser | " + " | ".join(ENGINES) + " |",
        "|---" * (4 + len(ENGINES)) + "|",
    ]
    for _, group in groupby(cases, key=lambda case: case.file):
        found = list(group)
        read = [rewritten(case) for case in found]
        typed = sum(not any(tree.find(exp.Command) for tree in trees) for trees, _, _ in read)
        stable = sum(kept for _, _, kept in read)
        first = found[0]
        if first.flink == OLDEST:
            verdicts = gate.compare(
                [(case.sql, text) for case, (_, text, _) in zip(found, read, strict=True)]
            )
            equal = f"{sum(verdict.equal for verdict in verdicts)} of {len(found)}"
        else:
            equal = f"{len(found)}, asked of Flink {first.flink} on request"
        engines = coverage_engines.together(models, first.file.stem)
        cells = [engines.cell(engine).replace("forms", "models") for engine in ENGINES]
        lines.append(
            f"| {first.construct} | {typed} of {len(found)} | {stable} of {len(found)} | {equal} | "
            + " | ".join(cells)
            + " |"
        )
    return "\n".join(lines) + "\n"


def rows(name: str, found: dict[str, OnEngines]) -> str:
    """Return a table of what each engine computes."""
    lines = [f"| {name} | " + " | ".join(ENGINES) + " |", "|---" * (1 + len(ENGINES)) + "|"]
    for key, engines in found.items():
        lines.append(f"| `{key}` | " + " | ".join(engines.cell(engine) for engine in ENGINES) + " |")
    return "\n".join(lines) + "\n"


def coverage() -> str:
    """Return the text of COVERAGE.md; needs Flink's parser."""
    alone = coverage_engines.available()
    models = {} if alone else coverage_engines.models()
    with FlinkGate() as gate:
        text = HEAD + "\n" + constructs(read_corpus(CORPUS), gate, models)
    if alone:
        return text
    text += "\n## Models of the tests\n\n" + rows("model", models)
    return text + FUNCTIONS_HEAD + "\n" + rows("function", coverage_engines.functions())


def main(arguments: Sequence[str]) -> int:
    """Print or write; 1 where Flink's parser cannot be asked, 2 for wrong usage."""
    if list(arguments) not in ([], ["--write"]):
        sys.stderr.write("usage: python -m sqlglot_flink.tests.coverage [--write]\n")
        return 2
    if reason := unavailable():
        sys.stderr.write(f"COVERAGE.md needs Flink's own parser: {reason}\n")
        return 1
    text = coverage()
    if arguments:
        FILE.write_text(text, encoding="utf-8")
        sys.stderr.write(f"Wrote {FILE}\n")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
