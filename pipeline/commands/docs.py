"""`pipeline docs`: writes the generated reference, and nothing else."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pipeline.commands.build import write_pages
from pipeline.commands.project import USER_ERROR, compile_here, find_root, tell
from pipeline.diagnostics_text import plural

PREFIX = "docs/reference/"


def run(folder: str | None, *, as_json: bool) -> int:
    """Write the reference's pages to `folder` (without: `build/docs/reference`); returns the exit code."""
    root = find_root()
    compiled = compile_here(root, quiet=True)
    pages = {
        path[len(PREFIX) :]: text
        for path, text in compiled.compilation.files.items()
        if path.startswith(PREFIX)
    }
    target = Path(folder) if folder else root / "build" / "docs" / "reference"
    try:
        written = write_pages(pages, target)
    except OSError as error:
        what = f"{error.filename or target} cannot be written: {error.strerror}"
        print(json.dumps({"ok": False, "error": what}) if as_json else what, file=sys.stderr)
        return USER_ERROR
    shown = target.relative_to(root) if target.is_relative_to(root) else target
    done = f"{plural(len(pages), 'page')}, {written} written. Next: open {shown}/index.md."
    return tell(
        compiled, root, as_json=as_json, done=done, details={"pages": sorted(pages), "written": written}
    )
