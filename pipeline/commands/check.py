"""`pipeline check`: compiles everything and writes nothing."""

from __future__ import annotations

from pipeline.commands.project import compile_here, find_root, tell


def run(*, as_json: bool) -> int:
    """Check the project; returns the exit code. What a batch engine cannot compute is remarked upon."""
    from pipeline.compile.engine_remarks import refusals_of, remarks  # noqa: PLC0415  as slow as the compiler

    root = find_root()
    compiled = compile_here(root, quiet=as_json, emit=False)
    found = compiled.compilation
    told = remarks(refusals_of(found.project.models, found.contracts)) if found.ok else ()
    done = "No errors. Next: pipeline test, then pipeline build."
    return tell(compiled, root, as_json=as_json, done=done, details={}, remarks=told)
