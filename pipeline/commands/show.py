"""`pipeline show`: what becomes of a model, beside its SQL."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.project import OK, USAGE_ERROR, USER_ERROR, compile_here, find_root, tell
from pipeline.lower.engine import ENGINES, LABELS, Engine
from pipeline.names import batch_file
from pipeline.suggest import suggestion

if TYPE_CHECKING:
    from pipeline.compiler import Compilation
    from pipeline.model.models import Classified


def run(name: str | None, chosen: list[str], *, as_json: bool) -> int:
    """Show one model (or list all); `chosen` names parts, such as flink, columns or lineage; none is all.

    Returns the exit code.
    """
    root = find_root()
    compiled = compile_here(root, quiet=True)
    compilation = compiled.compilation
    if not compilation.ok:
        return tell(compiled, root, as_json=as_json, done="", details={})
    manifest = json.loads(compilation.files["manifest.json"])
    if name is None:
        return _list(manifest["models"], as_json=as_json)
    model = compilation.model(name)
    if model is None:
        known = list(manifest["models"])
        hint = f"{suggestion(name, known)}Models: {', '.join(known) or 'none'}"
        print(f'there is no model "{name}": {hint}', file=sys.stderr)
        return USAGE_ERROR
    entry = manifest["models"][name]
    parts: dict[str, str] = {
        "flink": _flink(compilation, model, name),
        **{engine: _batch(compilation, name, engine) for engine in ENGINES},
        "manifest": json.dumps(entry, indent=2, ensure_ascii=False) + "\n",
        "columns": _columns(entry),
        "lineage": _lineage(compilation, name),
    }
    if as_json:
        document = {"model": name, "query": model.resolved.parsed.rendered.source.template}
        document |= {part: parts[part] for part in chosen or ("flink", "duckdb")}
        print(json.dumps(document | {"manifest": entry}, indent=2, ensure_ascii=False))
    elif chosen:
        print("\n".join(parts[part] for part in chosen), end="")
    else:
        print(_overview(model, entry, parts))
    return OK


def _list(models: dict[str, dict[str, object]], *, as_json: bool) -> int:
    if as_json:
        shown = {name: {key: m[key] for key in ("kind", "form", "question")} for name, m in models.items()}
        print(json.dumps(shown, indent=2, ensure_ascii=False))
        return OK
    width = max((len(name) for name in models), default=0)
    for name, model in models.items():
        print(f"{name:<{width}}  {model['kind']}  {model['form']:<6}  {model['question']}")
    print("Next: pipeline show <model>")
    return OK


def _overview(model: Classified, entry: dict[str, object], parts: dict[str, str]) -> str:
    source = model.resolved.parsed.rendered.source
    engines = entry["engines"]
    assert isinstance(engines, list)
    facts = [
        ("question", entry["question"]),
        ("form", f"{entry['form']}: {entry['form_reason']}"),
        ("key", ", ".join(model.key)),
        ("reads", ", ".join(model.sources)),
        ("engines", ", ".join(engines)),
        ("state", f"lives {model.state_ttl_ms // 3_600_000} h"),
        ("app", entry["app"]),
        ("table", source.name.replace("_", "-")),
        ("route", entry["route"]),
        ("topic", entry["topic"]),
    ]
    lines = [f"{name:<9} {value}" for name, value in facts]
    heads = {
        source.query_file: source.template.rstrip() + "\n",
        "columns": parts["columns"],
        "Flink": parts["flink"],
        "DuckDB": parts["duckdb"],
    }
    return "\n".join(
        [source.name, *lines, ""] + [f"── {head}\n{text}" for head, text in heads.items()]
    ).rstrip()


def _flink(compilation: Compilation, model: Classified, name: str) -> str:
    return compilation.files[f"flink/{model.app}/inserts/{name}.sql"]


def _batch(compilation: Compilation, name: str, engine: Engine) -> str:
    if name in compilation.refused[engine]:
        reasons = "; ".join(diagnostic.message for diagnostic in compilation.refused[engine][name])
        return f"-- {LABELS[engine]} cannot compute it faithfully: {reasons}\n"
    return compilation.files[batch_file(name, engine)]


def _lineage(compilation: Compilation, name: str) -> str:
    entry = json.loads(compilation.files["catalogue.json"])["models"][name]
    width = max(len(column["name"]) for column in entry["columns"])
    lines = [
        f"{column['name']:<{width}}  <- {', '.join(column['origins']) or 'nothing: it is a constant'}"
        for column in entry["columns"]
    ]
    return "\n".join([*lines, f"{'(rows)':<{width}}  <- {', '.join(entry['rows']) or 'all'}", ""])


def write_lineage_page(file: str) -> int:
    """Write the lineage of all models as a page; returns the exit code."""
    root = find_root()
    compiled = compile_here(root, quiet=True)
    if not compiled.compilation.ok:
        return tell(compiled, root, as_json=False, done="", details={})
    try:
        Path(file).write_text(compiled.compilation.files["docs/reference/lineage.html"], encoding="utf-8")
    except OSError as error:
        print(f"{file} cannot be written: {error.strerror}", file=sys.stderr)
        return USER_ERROR
    print(f"Wrote {file}.")
    return OK


def _columns(entry: dict[str, object]) -> str:
    columns = entry["columns"]
    assert isinstance(columns, list)
    names = max(len(column["name"]) for column in columns)
    types = max(len(column["sql_type"]) for column in columns)
    null = {True: "NULL", False: "NOT NULL"}
    return "".join(
        f"{column['name']:<{names}}  {column['sql_type']:<{types}}  {null[column['nullable']]:<8}"
        f"  {column['role']:<9}  {column['description']}\n"
        for column in columns
    )
