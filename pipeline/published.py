"""A model's published contract (`contract.json`): what its readers rely on, and what a change breaks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.emit.manifest import json_type

FILE = "contract.json"
CONTRACT_VERSION = 1
Contract = dict[str, Any]
"""`{"contract_version", "columns": [{"name", "sql_type", "nullable", "role"}], "key", "time_column"}`."""
_KEPT = ("name", "sql_type", "nullable", "role")


class ContractFileError(Exception):
    """A `contract.json` cannot be read; the message names the file and what is wrong with it."""


@dataclass(frozen=True)
class ReaderChange:
    """One difference between two contracts; `column` is empty where it is the key's."""

    column: str
    text: str
    breaking: bool


def contract_of(entry: Mapping[str, Any]) -> Contract:
    """The contract of a model, out of its part of the manifest."""
    return {
        "contract_version": CONTRACT_VERSION,
        "columns": [{key: column[key] for key in _KEPT} for column in entry["columns"]],
        "key": list(entry["key"]),
        "time_column": entry["time_column"],
    }


def contract_text(contract: Contract) -> str:
    """The file's text: a column a line, so that its diff reads as the API's."""
    columns = ",\n".join(f"    {json.dumps(column)}" for column in contract["columns"])
    return (
        f'{{\n  "contract_version": {contract["contract_version"]},\n  "columns": [\n{columns}\n  ],\n'
        f'  "key": {json.dumps(contract["key"])},\n'
        f'  "time_column": {json.dumps(contract["time_column"])}\n}}\n'
    )


def read_contract(folder: Path) -> Contract | None:
    """The accepted contract of the model in `folder`, None where there is none; raises ContractFileError."""
    file = folder / FILE
    if not file.is_file():
        return None
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        columns = [{key: column[key] for key in _KEPT} for column in found["columns"]]
        return {**found, "columns": columns, "key": list(found["key"]), "time_column": found["time_column"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ContractFileError(
            f"{file}: not a contract ({error}); write it anew: pipeline accept"
        ) from error


def reader_changes(old: Contract, new: Contract) -> list[ReaderChange]:
    """What differs for a reader of the API, the table or the page, column by column."""
    before = {column["name"]: column for column in old["columns"]}
    after = {column["name"]: column for column in new["columns"]}
    found = [ReaderChange(name, "is no longer there", breaking=True) for name in before if name not in after]
    for name, column in after.items():
        if name not in before:
            found.append(ReaderChange(name, f"is added ({column['sql_type']})", breaking=False))
        else:
            found.extend(_column_changes(name, before[name], column))
    if old["key"] != new["key"]:
        text = f"the key was ({', '.join(old['key'])}), it is ({', '.join(new['key'])})"
        found.append(ReaderChange("", text, breaking=True))
    elif old["time_column"] != new["time_column"]:
        text = f"the time column was {old['time_column']}, it is {new['time_column']}"
        found.append(ReaderChange("", text, breaking=True))
    return found


def _column_changes(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[ReaderChange]:
    if old["sql_type"] != new["sql_type"]:
        # In JSON an INT and a BIGINT are one thing, and so are two DECIMALs: another kind of value breaks.
        same = json_type(old["sql_type"]) == json_type(new["sql_type"])
        yield ReaderChange(name, f"was {old['sql_type']}, is {new['sql_type']}", breaking=not same)
    if not old["nullable"] and new["nullable"]:
        yield ReaderChange(name, "may now be NULL", breaking=True)
    elif old["nullable"] and not new["nullable"]:
        yield ReaderChange(name, "is never NULL any more", breaking=False)
