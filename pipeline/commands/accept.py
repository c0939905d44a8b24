"""`pipeline accept`: publishes the columns, types and keys of models as their `contract.json`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pipeline.commands.project import OK, USAGE_ERROR, USER_ERROR, compile_here, find_root, tell
from pipeline.diagnostics_text import plural
from pipeline.published import (
    FILE,
    Contract,
    ContractFileError,
    ReaderChange,
    contract_of,
    contract_text,
    read_contract,
    reader_changes,
)
from pipeline.suggest import suggestion


def run(names: list[str], *, only_check: bool, as_json: bool) -> int:
    """Write the contracts of the named models, of all without names; `only_check` writes nothing.

    Returns 0, 1 where a model has mistakes (or, when checking, a contract is not up to date), 2 for the name
    of no model.
    """
    root = find_root()
    compiled = compile_here(root, quiet=True)
    if not compiled.compilation.ok:
        return tell(compiled, root, as_json=as_json, done="", details={})
    models = json.loads(compiled.compilation.files["manifest.json"])["models"]
    unknown = [name for name in names if name not in models]
    for name in unknown:
        hint = f"{suggestion(name, models)}Models: {', '.join(models) or 'none'}"
        print(f'there is no model "{name}": {hint}', file=sys.stderr)
    if unknown:
        return USAGE_ERROR
    chosen = {name: models[name] for name in names or models}
    stale = {
        name: (root / entry["folder"], contract, changes)
        for name, entry in chosen.items()
        if (contract := contract_of(entry)) is not None
        and (changes := _changes(root / entry["folder"], contract)) is not None
    }
    if not only_check:
        try:
            for folder, contract, _ in stale.values():
                (folder / FILE).write_text(contract_text(contract), encoding="utf-8")
        except OSError as error:
            print(f"{error.filename} cannot be written: {error.strerror}", file=sys.stderr)
            return USER_ERROR
    changes_of = {name: changes for name, (_, _, changes) in stale.items()}
    if as_json:
        shown = {name: [vars(change) for change in changes] for name, changes in changes_of.items()}
        print(
            json.dumps({"ok": not (stale and only_check), "models": len(chosen), "changed": shown}, indent=2)
        )
    else:
        print(_text(changes_of, len(chosen), only_check=only_check))
    return USER_ERROR if stale and only_check else OK


def _changes(folder: Path, contract: Contract) -> list[ReaderChange] | None:
    """What the contract changes for readers (a new one: nothing); None where the file is right as it is."""
    try:
        accepted = read_contract(folder)
    except ContractFileError:
        return []
    if accepted is None:
        return []
    changes = reader_changes(accepted, contract)
    return changes if changes or accepted != contract else None


def _text(changes_of: dict[str, list[ReaderChange]], count: int, *, only_check: bool) -> str:
    lines = []
    for name, changes in changes_of.items():
        lines.append(f"{name}: {'' if changes else 'its contract is new'}".rstrip())
        for change in changes:
            breaks = "  breaks readers" if change.breaking else ""
            lines.append(f"  {' '.join(filter(None, (change.column, change.text)))}{breaks}")
    if not changes_of:
        lines.append(f"{plural(count, 'contract')} up to date.")
    elif only_check:
        lines.append(
            f"{len(changes_of)} of {plural(count, 'contract')} not up to date. Next: pipeline accept."
        )
    else:
        lines.append(f"{len(changes_of)} of {plural(count, 'contract')} written. Next: commit {FILE}.")
    return "\n".join(lines)
