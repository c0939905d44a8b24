"""What the verbs share: finding the project, compiling it with progress on stderr, telling what was wrong."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.diagnostics_text import diagnostic_json, plural, report

if TYPE_CHECKING:
    from pipeline.compiler import Compilation
    from pipeline.model.diagnostics import Diagnostic

OK, USER_ERROR, USAGE_ERROR = 0, 1, 2


@dataclass(frozen=True)
class Compiled:
    """A finished compilation and how long it took."""

    compilation: Compilation
    seconds: float


class NoProjectError(Exception):
    """There is no `sql/` folder here or above."""


def find_root(start: Path | None = None) -> Path:
    """The nearest folder, from `start` (the working directory) upwards, that holds `sql/events/_common.yaml`.

    Raises `NoProjectError`.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "sql" / "events").is_dir() or (folder / "sql" / "metrics").is_dir():
            return folder
    raise NoProjectError("there is no sql/ folder here or above: run pipeline inside a project")


def compile_here(root: Path, *, quiet: bool, emit: bool = True) -> Compiled:
    """Compile the project, a line a stage on stderr unless `quiet`; without `emit` only find mistakes."""
    # Imported here: `pipeline --help` and usage errors need not wait for the SQL parser.
    from pipeline.compiler import compile_project  # noqa: PLC0415

    began = time.perf_counter()

    def progress(stage: str, count: int, seconds: float) -> None:
        what = plural(count, "file" if stage == "emit" else "model")
        print(f"  {stage:<9}{what:>10}  {seconds:.2f} s", file=sys.stderr, flush=True)

    compilation = compile_project(root, None if quiet else progress, emit=emit)
    return Compiled(compilation, time.perf_counter() - began)


def tell(
    compiled: Compiled,
    root: Path,
    *,
    as_json: bool,
    done: str,
    details: dict[str, object],
    remarks: tuple[Diagnostic, ...] = (),
) -> int:
    """Print the outcome of a verb and return its exit code.

    Mistakes are shown with a summary line; without any, `done` says what was done and what comes next.
    `remarks` are shown before it and change nothing. `details` are added to the JSON form.
    """
    compilation = compiled.compilation
    errors = compilation.diagnostics
    models = plural(compilation.model_count, "model")
    if as_json:
        document = {
            "ok": compilation.ok,
            "models": compilation.model_count,
            "errors": [diagnostic_json(error) for error in errors],
            "remarks": [diagnostic_json(remark) for remark in remarks],
            "seconds": round(compiled.seconds, 3),
            **details,
        }
        print(json.dumps(document, indent=2))
    elif errors:
        print(report(errors, root))
        summary = f"{plural(len(errors), 'error')} in {models} ({compiled.seconds:.1f} s)."
        print(f"{summary} Nothing was written.")
    else:
        if remarks:
            print(report(remarks, root), end="\n\n")
            models += f", {plural(len(remarks), 'remark')}"
        print(f"{models} ({compiled.seconds:.1f} s). {done}")
    return USER_ERROR if errors else OK
