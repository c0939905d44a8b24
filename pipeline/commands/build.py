"""`pipeline build`: writes the generated files to `build/`."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

from pipeline.commands.project import USER_ERROR, compile_here, find_root, tell
from pipeline.diagnostics_text import plural

OWNED = ("athena", "docs", "duckdb", "dynamodb", "flink", "glue", "schemas")
"""Folders of `build/` in which a file that is no longer generated is removed; all others belong to others."""


def run(*, as_json: bool) -> int:
    """Compile the project and, where nothing is wrong, bring `build/` up to date; returns the exit code."""
    from pipeline.compile.engine_remarks import remarks  # noqa: PLC0415  as slow as the compiler

    root = find_root()
    compiled = compile_here(root, quiet=as_json)
    files = compiled.compilation.files
    try:
        written, removed = write_build(files, root / "build") if files else (0, 0)
    except OSError as error:
        where = Path(error.filename or "build").absolute()
        shown = where.relative_to(root) if where.is_relative_to(root) else where
        what = f"build/ cannot be written: {error.strerror} ({shown}). Mend or remove it, then build again."
        print(json.dumps({"ok": False, "error": what}, indent=2) if as_json else what, file=sys.stderr)
        return USER_ERROR
    done = (
        f"build/ is up to date: {plural(len(files), 'file')}, {written} written, {removed} removed "
        f"(build {compiled.compilation.build_id}). Next: pipeline show, or make demo."
    )
    details: dict[str, object] = {
        "build_id": compiled.compilation.build_id,
        "files": list(files),
        "written": written,
        "removed": removed,
    }
    told = remarks(compiled.compilation.refused) if compiled.compilation.refused else ()
    return tell(compiled, root, as_json=as_json, done=done, details=details, remarks=told)


def write_build(files: dict[str, str], build: Path) -> tuple[int, int]:
    """Write the files in their order, each by rename, and remove stale ones: `(written, removed)`.

    A file that is right already is left alone. Stale files go before the manifest is replaced: no manifest
    of ours names them.
    """
    *others, last = files
    written = sum(_replace(build / path, files[path]) for path in others)
    removed = _remove_stale(build, set(files))
    return written + _replace(build / last, files[last]), removed


def write_pages(pages: dict[str, str], folder: Path) -> int:
    """Write files that nothing waits for, each by rename; how many were not right already."""
    return sum(_replace(folder / path, text) for path, text in pages.items())


def _replace(path: Path, text: str) -> bool:
    data = text.encode()
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return True


def _remove_stale(build: Path, kept: set[str]) -> int:
    removed = 0
    for folder in OWNED:
        base = build / folder
        for path in sorted(base.rglob("*"), reverse=True) if base.is_dir() else ():
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path.relative_to(build).as_posix() not in kept:
                path.unlink()
                removed += 1
    return removed
