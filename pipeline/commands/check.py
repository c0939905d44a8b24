"""`pipeline check`: compiles everything and writes nothing."""

from __future__ import annotations

from pipeline.commands.project import compile_here, find_root, tell


def run(*, as_json: bool) -> int:
    """Check the project; returns the exit code."""
    root = find_root()
    compiled = compile_here(root, quiet=as_json, emit=False)
    return tell(
        compiled,
        root,
        as_json=as_json,
        done="No errors. Next: pipeline test, then pipeline build.",
        details={},
    )
