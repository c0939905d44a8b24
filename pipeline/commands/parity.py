"""`pipeline parity`: models on real Flink and on each batch engine, over adversarial input, row for row."""

from __future__ import annotations

import json as json_module
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, get_args

from pipeline.commands.project import OK, USAGE_ERROR, USER_ERROR, compile_here, find_root, tell
from pipeline.lower.engine import Engine
from pipeline.suggest import suggestion

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.compiler import Compilation
    from pipeline.model.models import Classified
    from pipeline.parity.run import Subject, Verdict

REFERENCE = "flink"
ENGINE_NAMES = (REFERENCE, *get_args(Engine))


def run(names: Sequence[str], *, engines: Sequence[str], seed: int, rows: int, save: bool, json: bool) -> int:
    """Prove the named models, all without names; returns the exit code.

    `engines` are those to hold against Flink; empty for all that are installed. 0 when no row differs, 1 when
    one does, when a model could not be compared or gave no row to compare, or an engine asked for cannot run
    here; 2 for the name of no model.
    """
    root = find_root()
    began = time.perf_counter()
    compiled = compile_here(root, quiet=True)
    compilation = compiled.compilation
    if not compilation.ok:
        return tell(compiled, root, as_json=json, done="", details={"verdicts": []})
    models = {model.resolved.parsed.rendered.source.name: model for model in compilation.project.models}
    unknown = [name for name in names if name not in models]
    for name in unknown:
        hint = suggestion(name, models)
        print(f'there is no model "{name}": {hint}Models: {", ".join(models)}', file=sys.stderr)
    if unknown:
        return USAGE_ERROR

    from pipeline.parity.run import ENGINES  # noqa: PLC0415 - usage errors need not wait for it
    from pipeline.testing.engines.flink import FlinkEngine  # noqa: PLC0415

    wanted = [name for name in ENGINES if not engines or name in engines]
    missing: dict[str, str] = {
        name: reason for name in wanted if (reason := ENGINES[name].available()) is not None
    }
    reason = FlinkEngine.available()
    if reason is not None:
        missing = {REFERENCE: reason, **missing}
    for name, why in missing.items():
        print(f"{name} is skipped, nothing is proven on it: {why}", file=sys.stderr)
    if REFERENCE in missing or (engines and missing):
        if REFERENCE not in missing:
            print("Without --engines, those that are installed are held against Flink.", file=sys.stderr)
        return USER_ERROR
    chosen = [models[name] for name in dict.fromkeys(names)] if names else list(models.values())
    found, failure = _prove(
        chosen, compilation, [name for name in wanted if name not in missing], seed, rows, quiet=json
    )
    if failure is not None:
        print(failure, file=sys.stderr)
    seconds = time.perf_counter() - began
    verdicts = [verdict for _, verdict in found]
    wrong = failure is not None or not all(verdict.equal or verdict.refused for verdict in verdicts)
    _finish(found, missing, failure, seconds, json=json, wrong=wrong)
    if save:
        _save(root, found)
    return USER_ERROR if wrong else OK


def _prove(
    models: Sequence[Classified],
    compilation: Compilation,
    engines: Sequence[Engine],
    seed: int,
    rows: int,
    *,
    quiet: bool,
) -> tuple[list[tuple[Subject, Verdict]], str | None]:
    """All verdicts, and what went wrong where an engine could not work at all."""
    from pipeline.parity import run as parity  # noqa: PLC0415
    from pipeline.parity.report import details, headline  # noqa: PLC0415
    from pipeline.testing.engines.batch import EngineError  # noqa: PLC0415
    from pipeline.testing.engines.flink import FlinkError  # noqa: PLC0415

    def progress(line: str) -> None:
        print(f"  {line}", file=sys.stderr, flush=True)

    found: list[tuple[Subject, Verdict]] = []
    try:
        subjects = parity.subjects(models, compilation, seed=seed, rows=rows, tell=progress)
        for name in engines:
            with parity.ENGINES[name]() as engine:
                verdicts = parity.verdicts(subjects, compilation.contracts, engine, name, tell=progress)
                for subject, verdict in zip(subjects, verdicts, strict=True):
                    found.append((subject, verdict))
                    if not quiet:
                        print("\n".join([headline(verdict), *details(verdict)]), flush=True)
    except (FlinkError, EngineError) as error:
        return found, str(error)
    return found, None


def _finish(
    found: Sequence[tuple[Subject, Verdict]],
    missing: dict[str, str],
    failure: str | None,
    seconds: float,
    *,
    json: bool,
    wrong: bool,
) -> None:
    from pipeline.parity.report import as_json, summary  # noqa: PLC0415

    verdicts = [verdict for _, verdict in found]
    if json:
        document = {
            "ok": not wrong,
            "seconds": round(seconds, 3),
            "verdicts": [as_json(verdict) for verdict in verdicts],
            "skipped": missing,
            "engine_error": failure,
        }
        print(json_module.dumps(document, indent=2, ensure_ascii=False))
        return
    skipped = f" Skipped: {', '.join(missing)}." if missing else ""
    print(f"{summary(verdicts, seconds)}{skipped}")
    if any(verdict.differing for verdict in verdicts):
        print(
            "Where engines disagree the lowering is suspect, not the query. --save keeps the input as a test."
        )


def _save(root: Path, found: Sequence[tuple[Subject, Verdict]]) -> None:
    from pipeline.parity.save import failing_cases  # noqa: PLC0415

    for subject, verdict in found:
        for path, text in failing_cases(subject, verdict):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
            print(f"wrote {path}", file=sys.stderr)
