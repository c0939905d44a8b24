"""What a change of `sql/` does to what is deployed: to readers, to Flink's state, to the rows there are.

Flink maps the state of SQL by the plan, so a change of any statement of an app starts the whole app without
state: it reads its streams again from T and writes the same keys anew. This is the arithmetic of that.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pipeline.published import Contract, contract_of, reader_changes

Verdict = Literal[
    "new", "removed", "unchanged", "documentation", "replayed", "replay", "backfill", "breaks readers"
]
AppVerdict = Literal["start", "stop", "unchanged", "restart with state", "replay"]

STREAM_RETENTION_MS = 24 * 3_600_000
"""What every stream keeps at least; what lies further back comes from the lake."""
HOUR_MS = 3_600_000


class BuildError(Exception):
    """What should be compared with is no build; the message says what was expected."""


@dataclass(frozen=True)
class Build:
    """A compiled project: its manifest and generated files by path under `build/`."""

    manifest: dict[str, Any]
    files: Mapping[str, str]

    @property
    def models(self) -> dict[str, Any]:
        """The models' parts of the manifest."""
        return dict(self.manifest["models"])


@dataclass(frozen=True)
class ColumnChange:
    """One line of a model's diff; `column` is empty for what decides about rows."""

    sign: Literal["+", "-", "~"]
    column: str
    text: str
    breaking: bool = False


@dataclass(frozen=True)
class ModelPlan:
    """What happens to one model, and why. `accepted`: its contract.json has the new columns already."""

    name: str
    app: str
    verdicts: tuple[Verdict, ...]
    reason: str
    columns: tuple[ColumnChange, ...] = ()
    accepted: bool = False


@dataclass(frozen=True)
class AppPlan:
    """What happens to one Flink application; a replay reads `reach_ms` back, about `seconds` long."""

    name: str
    verdict: AppVerdict
    reason: str
    reach_ms: int = 0
    seconds: int = 0
    models: tuple[ModelPlan, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Traffic:
    """What the estimate rests on: events a second that were sent, and that a replay reads."""

    sent_per_second: float
    read_per_second: float


def build_of(files: Mapping[str, str]) -> Build:
    """The build that a compilation gave."""
    return Build(json.loads(files["manifest.json"]), files)


def read_build(folder: Path) -> Build:
    """A build from its folder; raises BuildError."""
    file = folder / "manifest.json"
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
        paths = [file for part in ("flink",) for file in sorted((folder / part).rglob("*")) if file.is_file()]
        catalogue = folder / "catalogue.json"
        paths += [catalogue] if catalogue.is_file() else []
        files = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}
        return Build({**manifest, "models": manifest["models"], "apps": manifest["apps"]}, files)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BuildError(f"{folder} holds no build that can be read ({error})") from error


def plan_changes(
    old: Build | None, new: Build, accepted: Mapping[str, Contract], traffic: Traffic
) -> tuple[AppPlan, ...]:
    """What deploying `new` over `old` does, app by app; `accepted` holds the models' `contract.json`."""
    before = old.manifest["apps"] if old else {}
    apps = sorted({*before, *new.manifest["apps"]})
    return tuple(_app(name, old, new, accepted, traffic) for name in apps)


def _app(
    name: str, old: Build | None, new: Build, accepted: Mapping[str, Contract], traffic: Traffic
) -> AppPlan:
    before = old.manifest["apps"].get(name) if old else None
    after = new.manifest["apps"].get(name)
    if after is None:
        assert before is not None
        gone = tuple(_moved_or_removed(model, name, new) for model in before["models"])
        return AppPlan(name, "stop", "no model runs in it any more", models=gone)
    verdict, reason = _app_verdict(name, old if before else None, new)
    reach = after["longest_window_ms"] + after["late_ms"]
    replays = verdict in ("start", "replay")
    seconds = round(reach / 1000 * traffic.sent_per_second / traffic.read_per_second) if replays else 0
    names = sorted({*after["models"], *(before["models"] if before else ())})
    models = tuple(
        _model(model, name, old, new, accepted.get(model), replays=replays, reach_ms=reach)
        if model in after["models"]
        else _moved_or_removed(model, name, new)
        for model in names
    )
    return AppPlan(name, verdict, reason, reach if replays else 0, seconds, models)


def _app_verdict(name: str, old: Build | None, new: Build) -> tuple[AppVerdict, str]:
    if old is None:
        return "start", "it is new"
    before, after = _statements(old, name), _statements(new, name)
    added, removed = sorted(after.keys() - before.keys()), sorted(before.keys() - after.keys())
    changed = sorted(path for path in before.keys() & after.keys() if before[path] != after[path])
    if added or removed or changed:
        parts = [
            f"{word} {', '.join(names)}"
            for word, paths in (("adds", added), ("drops", removed), ("changes", changed))
            if (names := sorted({_stem(path).partition("__")[0] for path in paths}))
        ]
        return "replay", f"its plan {'; '.join(parts)}, and Flink maps state by the plan"
    if _job(old, name) != _job(new, name):
        return "restart with state", "its statements are the same, its settings are not"
    return "unchanged", "the same statements"


def _statements(build: Build, app: str) -> dict[str, str]:
    """The app's statements by what they make, without comments: the plan does not see those."""
    base = f"{build.manifest['apps'][app]['directory']}/"
    return {
        _key(path[len(base) :]): _without_comments(text)
        for path, text in build.files.items()
        if path.startswith(base) and path.endswith(".sql")
    }


def _key(path: str) -> str:
    # Tables are numbered in the order in which they are made; a number is not a change.
    folder, _, file = path.rpartition("/")
    return f"{folder}/{file.partition('_')[2] if folder == 'ddl' else file}"


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".sql")


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("--"))


def _job(build: Build, app: str) -> dict[str, Any]:
    text = build.files.get(f"{build.manifest['apps'][app]['directory']}/job.json", "{}")
    return {
        key: value for key, value in json.loads(text).items() if key not in ("build_id", "ddl", "inserts")
    }


def _moved_or_removed(name: str, app: str, new: Build) -> ModelPlan:
    entry = new.models.get(name)
    if entry:
        return ModelPlan(name, app, ("removed",), f"it runs in {entry['app']} now")
    change = ColumnChange("-", "", "the model, its table, route and topic", breaking=True)
    return ModelPlan(name, app, ("removed", "breaks readers"), "its folder is gone", (change,))


def _model(
    name: str,
    app: str,
    old: Build | None,
    new: Build,
    accepted: Contract | None,
    *,
    replays: bool,
    reach_ms: int,
) -> ModelPlan:
    entry = new.models[name]
    former = old.models.get(name) if old else None
    if old is None or former is None:
        verdicts: tuple[Verdict, ...] = ("new", *_backfill(entry, reach_ms))
        return ModelPlan(name, app, verdicts, f"its rows begin {_hours(reach_ms)} before the deployment")
    contract = contract_of(entry)
    columns = (*_reader_lines(contract_of(former), contract), *_meaning(name, old, new))
    breaking = any(change.breaking for change in columns)
    before, after = _reading(old, former["app"], name, former), _reading(new, app, name, entry)
    reads: tuple[Verdict, ...] = ("breaks readers",) if breaking else ()
    is_accepted = breaking and accepted is not None and not reader_changes(accepted, contract)
    if before != after or former["app"] != app:
        why = _why(before, after, former["app"], app)
        verdicts = ("replay", *_backfill(entry, reach_ms), *reads)
        return ModelPlan(name, app, verdicts, why, columns, is_accepted)
    if columns:
        return ModelPlan(
            name, app, ("documentation", *reads), "only what is said of it changes", columns, is_accepted
        )
    if replays:
        return ModelPlan(name, app, ("replayed",), "the same rows are written again under the same keys")
    return ModelPlan(name, app, ("unchanged",), "the same statement")


def _backfill(entry: Mapping[str, Any], reach_ms: int) -> tuple[Verdict, ...]:
    return ("backfill",) if entry["keep_hours"] * HOUR_MS > min(reach_ms, STREAM_RETENTION_MS) else ()


def _reading(build: Build, app: str, name: str, entry: Mapping[str, Any]) -> dict[str, str]:
    """The statements that a model's rows come from: its own INSERT, and the tables it reads."""
    wanted = {f"inserts/{name}.sql"}
    for source in (*entry["sources"], "events"):
        wanted |= {f"ddl/{source}.sql", f"ddl/{source}__stream.sql"}
    return {path: text for path, text in _statements(build, app).items() if path in wanted}


def _why(before: Mapping[str, str], after: Mapping[str, str], old_app: str, app: str) -> str:
    if old_app != app:
        return f"it ran in {old_app}, it runs in {app}"
    changed = [path for path in {**before, **after} if before.get(path) != after.get(path)]
    inserts = [path for path in changed if path.startswith("inserts/")]
    if inserts:
        return "its statement changes"
    contracts = sorted({_stem(path).partition("__")[0] for path in changed})
    return f"a contract that it reads changes ({', '.join(contracts)})"


def _reader_lines(old: Contract, new: Contract) -> Iterator[ColumnChange]:
    before = {column["name"] for column in old["columns"]}
    after = {column["name"] for column in new["columns"]}
    for change in reader_changes(old, new):
        added, removed = (
            change.column and change.column not in before,
            change.column and change.column not in after,
        )
        yield ColumnChange(
            "+" if added else "-" if removed else "~", change.column, change.text, change.breaking
        )


def _meaning(name: str, old: Build, new: Build) -> Iterator[ColumnChange]:
    """Columns that keep name and type and mean something else, by the catalogues of both builds."""
    before, after = (_catalogue(build, name) for build in (old, new))
    if before is None or after is None:
        return
    former = {column["name"]: column for column in before["columns"]}
    for column in after["columns"]:
        was = former.get(column["name"])
        if was is None:
            continue
        if was["expression"] != column["expression"]:
            yield ColumnChange("~", column["name"], f"{was['expression']} → {column['expression']}")
        if was["description"] != column["description"]:
            yield ColumnChange("~", column["name"], f'described as "{column["description"]}"')
    if before["question"] != after["question"]:
        yield ColumnChange("~", "", f'the question is "{after["question"]}"')
    rows = [item[2:] for item in difflib.ndiff(before["rows"], after["rows"]) if item[:1] in "+-"]
    if rows:
        yield ColumnChange("~", "", f"which rows there are now depends otherwise on {', '.join(rows)}")


def _catalogue(build: Build, name: str) -> dict[str, Any] | None:
    text = build.files.get("catalogue.json")
    found: dict[str, Any] | None = json.loads(text)["models"].get(name) if text else None
    return found


def _hours(milliseconds: int) -> str:
    minutes = milliseconds // 60_000
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes // 60} h {minutes % 60:02} min"
