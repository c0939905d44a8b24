"""Runs the benchmarks: `python -m tests.benchmarks [api] [check] [edit] [ingest]`; without names all."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.benchmarks import bench_api, bench_check, bench_edit, bench_ingest
from tests.benchmarks.results import Measured, machine, write

BENCHMARKS: dict[str, Callable[[], Sequence[Measured]]] = {
    "api": bench_api.run,
    "check": bench_check.run,
    "edit": bench_edit.run,
    "ingest": bench_ingest.run,
}


def main(names: list[str]) -> int:
    """Run them one after the other; 2 when a name is unknown."""
    unknown = sorted(set(names) - set(BENCHMARKS))
    if unknown:
        sys.stderr.write(f"no benchmark is called {unknown[0]}; there are: {', '.join(BENCHMARKS)}\n")
        return 2
    for name in names or BENCHMARKS:
        sys.stderr.write(f"{name} on {machine()}\n")
        figures = BENCHMARKS[name]()
        for figure in figures:
            low, high = figure.spread or (figure.value, figure.value)
            spread = f"  ({low} to {high}, {figure.runs} runs)"
            sys.stdout.write(f"  {figure.name:48} {figure.value:>12} {figure.unit}{spread}\n")
        path = write(name, f"python -m tests.benchmarks {name}", figures, Path("build/results"))
        sys.stderr.write(f"written to {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
