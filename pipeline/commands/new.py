"""`pipeline new`: writes the folder of a new model, with a case that passes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pipeline.commands.project import OK, USAGE_ERROR, USER_ERROR, find_root
from pipeline.diagnostics_text import report
from pipeline.suggest import suggestion

KINDS = ("metric",)


def run(kind: str, name: str, event_name: str | None, *, as_json: bool) -> int:
    """Write the folder; asks nothing, overwrites nothing.

    Returns 0, 1 where the folder is there or the contracts have mistakes, 2 for a name that cannot be.
    """
    from pipeline.compile.contracts import load_contracts  # noqa: PLC0415 - usage errors need not wait
    from pipeline.compile.load import LONGEST_NAME, NAME  # noqa: PLC0415
    from pipeline.scaffold import event_of, new_metric  # noqa: PLC0415

    if kind not in KINDS:
        choices = f"{suggestion(kind, KINDS)}Kinds: {', '.join(KINDS)}"
        return _fail(f'"{kind}" is not a kind of model that can be written: {choices}', USAGE_ERROR)
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        rule = f"use snake_case of at most {LONGEST_NAME} characters, such as revenue_per_minute"
        return _fail(f'"{name}" cannot name a {kind}: {rule}', USAGE_ERROR)
    root = find_root()
    taken = next((root / "sql").glob(f"*/{name}"), None)
    if taken is not None:
        where = taken.relative_to(root)
        return _fail(f"{where} is there already: choose another name, or edit it", USER_ERROR)
    contracts, mistakes = load_contracts(root)
    if mistakes:
        return _fail(f"{report(mistakes, root)}\nMend the contracts first. Nothing was written.", USER_ERROR)
    event = contracts.event(event_name) if event_name else None
    if event_name and event is None:
        known = [event.name for event in contracts.events]
        choices = f"{suggestion(event_name, known)}Events: {', '.join(known)}"
        return _fail(f'there is no event "{event_name}": {choices}', USAGE_ERROR)
    try:
        files = new_metric(name, event or event_of(name, contracts))
    except ValueError as error:
        return _fail(str(error), USER_ERROR)
    try:
        for path, text in files.items():
            _write(root / path, text)
    except OSError as error:
        return _fail(f"{error.filename} cannot be written: {error.strerror}", USER_ERROR)
    if as_json:
        print(json.dumps({"ok": True, "files": list(files)}, indent=2))
    else:
        print("\n".join(f"  {path}" for path in files), file=sys.stderr)
        query = next(iter(files))
        print(f"Wrote {name}. Next: edit {query}, then pipeline test {name}.")
    return OK


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)


def _fail(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code
