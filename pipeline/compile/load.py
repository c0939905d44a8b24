"""Stage `load`: reads the model folders below `sql/`."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.compile.contract_yaml import Reader
from pipeline.model.diagnostics import Diagnostic, Position
from pipeline.model.models import Kind, Promises, Source, Sources
from pipeline.names import strict_app

KINDS: dict[str, Kind] = {
    "metrics": "metric",
    "features": "feature",
    "patterns": "pattern",
    "alerts": "alert",
    "decisions": "decision",
}
"""Folder below `sql/` -> kind of its models."""
COMPILED_KINDS: frozenset[Kind] = frozenset({"metric", "pattern"})
QUERY_FILE = "query.sql"
KEYS = (
    "owner",
    "live",
    "late_hours",
    "freshness_seconds",
    "keep_hours",
    "expect",
    "alert",
    "chart",
    "parameters",
    "app",
)
"""The whole vocabulary of a model's YAML file."""
CHARTS = ("line", "bar", "area", "number", "table")
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST_NAME = 100
LONGEST_TEXT = 200_000
_NOT_YET = ("expect", "alert", "parameters")


def load(root: Path) -> tuple[Sources, tuple[Diagnostic, ...]]:
    """Read every model folder of the project at `root`; what cannot be read is a diagnostic."""
    models: list[Source] = []
    diagnostics: list[Diagnostic] = []
    homes: dict[str, str] = {}
    found = 0
    for parent, kind in KINDS.items():
        base = root / "sql" / parent
        for folder in sorted(base.iterdir()) if base.is_dir() else ():
            where = folder.relative_to(root).as_posix()
            if folder.name.startswith((".", "_")):
                continue
            if not folder.is_dir():
                if folder.suffix == ".sql":
                    diagnostics.append(_stray_query(where, parent, folder.stem))
                continue
            found += 1
            query = folder / QUERY_FILE
            position = Position(f"{where}/{QUERY_FILE}", 1, 1)
            problem = _folder_problem(folder, query, position, kind, homes.get(folder.name))
            if problem:
                diagnostics.append(problem)
                continue
            homes[folder.name] = where
            promises, wrong = _promises(folder / f"{kind}.yaml", f"{where}/{kind}.yaml")
            diagnostics.extend(wrong)
            diagnostics.extend(_misnamed_yaml(folder, where, kind))
            text = _read(query, position, diagnostics)
            if text is not None:
                models.append(Source(folder.name, kind, where, position.file, text, promises))
    return Sources(tuple(models), _macros(root, diagnostics), found), tuple(diagnostics)


def _folder_problem(
    folder: Path, query: Path, position: Position, kind: Kind, taken: str | None
) -> Diagnostic | None:
    name = folder.name
    if not query.is_file():
        return Diagnostic(
            position, "missing-query", f"the {kind} {name} has no {QUERY_FILE}", "write its SELECT there"
        )
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        return Diagnostic(
            position,
            "bad-model-name",
            f'"{name}" cannot name a {kind}',
            f"use snake_case of at most {LONGEST_NAME} characters: rename the folder, such as {_snake(name)}",
        )
    if taken:
        return Diagnostic(
            position, "duplicate-model", f'"{name}" is taken by {taken}', "each model needs a name of its own"
        )
    if kind not in COMPILED_KINDS:
        return Diagnostic(
            position,
            "not-compiled-yet",
            f"{kind}s are not compiled yet",
            f"move {name} out of sql/ until they are; metrics and patterns are",
        )
    return None


def _snake(name: str) -> str:
    words = re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower())
    snake = "_".join(words)[:LONGEST_NAME]
    return snake if NAME.fullmatch(snake) else "revenue_per_minute"


def _stray_query(where: str, parent: str, stem: str) -> Diagnostic:
    return Diagnostic(
        Position(where, 1, 1),
        "stray-query",
        "a model is a folder, not a file",
        f"move it to sql/{parent}/{stem}/{QUERY_FILE}",
    )


def _misnamed_yaml(folder: Path, where: str, kind: Kind) -> list[Diagnostic]:
    return [
        Diagnostic(
            Position(f"{where}/{file.name}", 1, 1),
            "misnamed-yaml",
            f"{file.name} is not read",
            f"the promises of a {kind} stand in {kind}.yaml",
        )
        for file in sorted(folder.iterdir())
        if file.suffix in (".yaml", ".yml") and file.name != f"{kind}.yaml"
    ]


def _promises(path: Path, where: str) -> tuple[Promises, list[Diagnostic]]:
    if not path.is_file():
        return Promises(), []
    reader = Reader(where)
    try:
        data = path.read_bytes()
    except OSError as error:
        reader.report(
            None, "unreadable", f"the file cannot be read: {error.strerror}", "look at its permissions"
        )
        return Promises(), reader.diagnostics
    root = reader.compose(data, path.name, f"{', '.join(KEYS)}", may_be_empty=True)
    if root is None:
        return Promises(), reader.diagnostics
    found = reader.known_items(root, where.rpartition("/")[2], KEYS)
    for key in _NOT_YET:
        if key in found:
            reader.report(
                found[key][0], "not-compiled-yet", f'"{key}" is not compiled yet', "leave it out until it is"
            )
    defaults = Promises()

    def text(key: str) -> str | None:
        return reader.string(found[key][1], key) if key in found else None

    def whole(key: str, default: int, low: int, high: int) -> int:
        value = reader.integer(found[key][1], key, low, high) if key in found else None
        return default if value is None else value

    app, chart = text("app"), text("chart")
    if app is not None and (
        not NAME.fullmatch(app) or len(app) > LONGEST_NAME or app.endswith(strict_app(""))
    ):
        hint = f"use snake_case of at most {LONGEST_NAME} characters that does not end in _strict"
        reader.report(found["app"][1], "wrong-value", f'"{app}" cannot name an app', hint)
    if chart is not None and chart not in CHARTS:
        reader.report(
            found["chart"][1], "wrong-value", f'there is no chart "{chart}"', f"Charts: {', '.join(CHARTS)}"
        )
    promises = Promises(
        owner=text("owner"),
        live=reader.boolean(found["live"][1], "live") if "live" in found else None,
        late_hours=whole("late_hours", defaults.late_hours, 1, 20),
        freshness_seconds=whole("freshness_seconds", defaults.freshness_seconds, 1, 86_400),
        keep_hours=whole("keep_hours", defaults.keep_hours, 1, 24 * 366 * 5),
        app=app or defaults.app,
        chart=chart,
    )
    return promises, reader.diagnostics


def _macros(root: Path, diagnostics: list[Diagnostic]) -> tuple[tuple[str, str], ...]:
    macros = []
    for file in sorted((root / "sql" / "macros").glob("*.sql")):
        name = f"macros/{file.name}"
        text = _read(file, Position(f"sql/{name}", 1, 1), diagnostics)
        if text is not None:
            macros.append((name, text))
    return tuple(macros)


def _read(file: Path, position: Position, diagnostics: list[Diagnostic]) -> str | None:
    try:
        # Editors on Windows begin UTF-8 with a byte order mark.
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        diagnostics.append(Diagnostic(position, "unreadable", message, "put a readable file here"))
        return None
    except UnicodeDecodeError:
        diagnostics.append(Diagnostic(position, "not-utf8", "the file is not UTF-8", "save it as UTF-8"))
        return None
    if len(text) > LONGEST_TEXT:
        message = f"the file has {len(text):,} characters".replace(",", " ")
        hint = f"a query has at most {LONGEST_TEXT:,}".replace(",", " ")
        diagnostics.append(Diagnostic(position, "too-long", message, hint))
        return None
    return text
