"""`pipeline test`: runs the cases beside the models, on DuckDB in this process or on real Flink."""

from __future__ import annotations

import json as json_module
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.project import (
    OK,
    USAGE_ERROR,
    USER_ERROR,
    compile_here,
    find_root,
    tell,
)
from pipeline.diagnostics_text import diagnostic_json, diagnostic_text, plural, report
from pipeline.suggest import suggestion

if TYPE_CHECKING:
    from pipeline.compiler import Compilation
    from pipeline.model.diagnostics import Diagnostic
    from pipeline.testing.on_flink import Suite
    from pipeline.testing.outcomes import Outcome

ENGINE_NAMES = {"duckdb": "DuckDB", "flink": "Flink"}


@dataclass
class _Results:
    """What has been run so far; `lines` of a verdict say what is wrong, none that the case has passed."""

    root: Path
    show_engine: bool
    quiet: bool
    verdicts: list[tuple[str, Outcome, list[str]]] = field(default_factory=list)

    def add(self, engine: str, suite: Suite, outcomes: Sequence[Outcome]) -> None:
        """Judge a suite's outcomes and print a line for each case."""
        from pipeline.testing.outcomes import judge  # noqa: PLC0415 - not needed for usage errors

        for outcome in outcomes:
            lines = judge(outcome, suite.model.key)
            self.verdicts.append((engine, outcome, lines))
            if not self.quiet:
                where = f"{engine:<7}" if self.show_engine else ""
                print(f"{'FAIL' if lines else 'ok':<6}{where}{suite.name}: {outcome.case.sentence}")
                print("".join(f"  {line}\n" for line in lines), end="", flush=True)

    @property
    def failed(self) -> int:
        """How many cases have failed, counted once an engine."""
        return sum(bool(lines) for _, _, lines in self.verdicts)

    def disagreements(self, suites: Sequence[Suite]) -> list[list[str]]:
        """What is said of each case on which two engines have given different results."""
        from pipeline.testing.agreement import disagreement  # noqa: PLC0415 - one engine needs it not

        keys = {suite.name: suite.model.key for suite in suites}
        by_case: dict[tuple[str, str], dict[str, Outcome]] = {}
        # Flink first: it is what the others are held against.
        for engine, outcome, _ in sorted(self.verdicts, key=lambda verdict: verdict[0] != "flink"):
            of_case = by_case.setdefault((outcome.case.model, outcome.case.name), {})
            of_case[ENGINE_NAMES[engine]] = outcome
        told = [disagreement(outcomes, keys[name]) for (name, _), outcomes in by_case.items()]
        return [lines for lines in told if lines]

    def as_json(self) -> list[dict[str, object]]:
        """Every verdict as data."""
        return [
            {
                "model": outcome.case.model,
                "case": outcome.case.name,
                "file": outcome.case.file,
                "engine": engine,
                "passed": not lines,
                "failure": lines,
            }
            for engine, outcome, lines in self.verdicts
        ]


def run(names: list[str], *, json: bool, engine: str) -> int:
    """Test the named models, all without names; returns the exit code.

    `engine` is `duckdb`, `flink` or `both`. A model that DuckDB cannot compute faithfully runs on Flink.
    0 when all cases pass, 1 when one does not or a file has a mistake, 2 for the name of no model.
    """
    root = find_root()
    began = time.perf_counter()
    # DuckDB's form is lowered below, for the models named; all forms of all models would take seconds.
    compiled = compile_here(root, quiet=True, emit=engine != "duckdb")
    compilation = compiled.compilation
    if not compilation.ok:
        return tell(compiled, root, as_json=json, done="", details={"cases": []})
    known = [model.resolved.parsed.rendered.source.name for model in compilation.project.models]
    unknown = [name for name in names if name not in known]
    if unknown:
        for name in unknown:
            hint = suggestion(name, known)
            print(f'there is no model "{name}": {hint}Models: {", ".join(known)}', file=sys.stderr)
        return USAGE_ERROR

    from pipeline.testing.suites import load_suites  # noqa: PLC0415 - usage errors need not wait for it

    suites, mistakes = load_suites(root, compilation, names)
    results = _Results(root, show_engine=engine == "both", quiet=json)
    if not json:
        _print_remarks(suites, mistakes, root)
    failure = _run(suites, compilation, engine, results)
    if failure is not None:
        print(failure, file=sys.stderr)
    seconds = time.perf_counter() - began
    disagreements = results.disagreements(suites)
    wrong = bool(mistakes or failure or results.failed or disagreements)
    if json:
        document = {
            "ok": not wrong,
            "seconds": round(seconds, 3),
            "cases": results.as_json(),
            "errors": [diagnostic_json(mistake) for mistake in mistakes],
            "engine_error": failure,
            "disagreements": disagreements,
        }
        print(json_module.dumps(document, indent=2, ensure_ascii=False))
    else:
        print("".join("\n".join(lines) + "\n" for lines in disagreements), end="")
        print(_summary(results, suites, mistakes, seconds))
    return USER_ERROR if wrong else OK


def _run(suites: Sequence[Suite], compilation: Compilation, engine: str, results: _Results) -> str | None:
    """Run the suites on the engines asked for; what went wrong where an engine could not work at all."""
    on_flink = list(suites) if engine != "duckdb" else []
    if engine != "flink":
        from pipeline.lower.refusal import RefusedError  # noqa: PLC0415
        from pipeline.testing.on_duckdb import run_on_duckdb  # noqa: PLC0415

        for suite in suites:
            try:
                results.add("duckdb", suite, run_on_duckdb(suite.model, suite.cases, compilation.contracts))
            except RefusedError as refusal:
                if suite not in on_flink:
                    on_flink.append(suite)
                if not results.quiet:
                    reasons = "\n".join(diagnostic_text(item, results.root) for item in refusal.diagnostics)
                    print(f"{reasons}\n  So {suite.name} is tested on Flink.", flush=True)
    on_flink = [suite for suite in on_flink if suite.cases]
    if on_flink:
        from pipeline.testing.on_flink import FlinkError, run_on_flink  # noqa: PLC0415

        if not compilation.files:
            compilation = compile_here(results.root, quiet=True).compilation
        cases = plural(sum(len(suite.cases) for suite in on_flink), "case")
        print(f"starting Flink for {cases} of {plural(len(on_flink), 'model')}", file=sys.stderr, flush=True)
        try:
            for suite, outcomes in zip(on_flink, run_on_flink(on_flink, compilation), strict=True):
                results.add("flink", suite, outcomes)
        except FlinkError as error:
            return str(error)
    return None


def _print_remarks(suites: Sequence[Suite], mistakes: Sequence[Diagnostic], root: Path) -> None:
    if mistakes:
        print(report(mistakes, root) + "\n")
    broken = {mistake.position.file.rpartition("/tests/")[0] for mistake in mistakes}
    for suite in suites:
        folder = suite.model.resolved.parsed.rendered.source.folder
        if not suite.cases and folder not in broken:
            print(f"{'-':<6}{suite.name}: no tests yet; write {folder}/tests/<what_should_happen>.yaml")


def _summary(
    results: _Results, suites: Sequence[Suite], mistakes: Sequence[Diagnostic], seconds: float
) -> str:
    engines = [ENGINE_NAMES[name] for name in ENGINE_NAMES if any(name == run[0] for run in results.verdicts)]
    where = f" on {' and '.join(engines)}" if engines else ""
    ran = len(results.verdicts)
    parts = [f"{ran - results.failed} passed"]
    if results.failed:
        parts.append(f"{results.failed} failed")
    if mistakes:
        files = {mistake.position.file for mistake in mistakes}
        parts.append(f"{plural(len(mistakes), 'mistake')} in {plural(len(files), 'file')}")
    tested = sum(bool(suite.cases) for suite in suites)
    done = f"{plural(ran, 'case')} of {plural(tested, 'model')}{where}: {', '.join(parts)} ({seconds:.1f} s)."
    return done if results.failed or mistakes or not ran else f"{done} Next: pipeline build."
