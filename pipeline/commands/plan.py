"""`pipeline plan`: what deploying the present sql/ would do to readers, to Flink's state and to rows."""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.project import OK, USAGE_ERROR, USER_ERROR, compile_here, find_root, tell
from pipeline.diagnostics_text import plural

if TYPE_CHECKING:
    from pipeline.changes import AppPlan, Build, ModelPlan

DEFAULT_SENT_PER_SECOND = 556.0
"""The business case's peak: two million events an hour."""
DEFAULT_READ_PER_SECOND = 30_000.0
"""A cautious figure for one task; a deployment should give its own."""


def run(against: str | None, *, sent: float, read: float, as_json: bool) -> int:
    """Compare with a build's folder or a git revision (without: what was built last, `build/`).

    Returns 0, 1 where sql/ has mistakes or readers would break that `pipeline accept` has not been told of, 2
    where there is nothing to compare with under the name given.
    """
    from pipeline.changes import BuildError, Traffic, build_of, plan_changes  # noqa: PLC0415
    from pipeline.published import ContractFileError, read_contract  # noqa: PLC0415

    root = find_root()
    compiled = compile_here(root, quiet=True)
    if not compiled.compilation.ok:
        return tell(compiled, root, as_json=as_json, done="", details={})
    new = build_of(compiled.compilation.files)
    try:
        old, label = _baseline(root, against)
        accepted = {
            name: contract
            for name, entry in new.models.items()
            if (contract := read_contract(root / entry["folder"])) is not None
        }
    except (BuildError, ContractFileError) as error:
        print(error, file=sys.stderr)
        return USAGE_ERROR if isinstance(error, BuildError) else USER_ERROR
    apps = plan_changes(old, new, accepted, Traffic(sent, read))
    breaking = [model for app in apps for model in app.models if "breaks readers" in model.verdicts]
    refused = [model for model in breaking if not model.accepted]
    if as_json:
        shown = {"ok": not refused, "against": label, "apps": [asdict(app) for app in apps]}
        print(json.dumps(shown, indent=2, ensure_ascii=False))
    else:
        print(_text(apps, label, sent, read, refused))
    return USER_ERROR if refused else OK


def _baseline(root: Path, against: str | None) -> tuple[Build | None, str]:
    from pipeline.changes import BuildError, read_build  # noqa: PLC0415

    if against is None:
        if not (root / "build" / "manifest.json").is_file():
            return None, "nothing: build/ holds no manifest, so all is new"
        build = read_build(root / "build")
        return build, f"build/ (build {build.manifest.get('build_id', 'unknown')})"
    folder = Path(against)
    if (folder / "manifest.json").is_file():
        build = read_build(folder)
        return build, f"{against} (build {build.manifest.get('build_id', 'unknown')})"
    if folder.is_dir():
        raise BuildError(f"{against} holds no manifest.json: name a build's folder, or a git revision")
    return _revision(root, against), f"git revision {against}"


def _revision(root: Path, revision: str) -> Build:
    """The build of an earlier sql/, compiled by the present compiler."""
    from pipeline.changes import BuildError, build_of  # noqa: PLC0415

    done = subprocess.run(
        ["git", "-C", str(root), "archive", "--format=tar", "--end-of-options", revision, "sql"],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        why = done.stderr.decode(errors="replace").strip().splitlines()
        detail = why[0] if why else "git failed"
        raise BuildError(f"{revision} is no folder with a build and no git revision with sql/ ({detail})")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
            archive.extractall(folder, filter="data")
        compilation = compile_here(Path(folder), quiet=True).compilation
    if not compilation.ok:
        first = compilation.diagnostics[0]
        where = f"{first.position.file}:{first.position.line}: {first.message}"
        raise BuildError(f"sql/ of {revision} does not compile, so there is nothing to compare with: {where}")
    return build_of(compilation.files)


def _text(apps: Iterable[AppPlan], label: str, sent: float, read: float, refused: list[ModelPlan]) -> str:
    lines = [f"compared with {label}"]
    changed = 0
    for app in apps:
        lines.append(f"{app.name}: {_app_line(app, sent, read)}")
        for model in app.models:
            quiet = model.verdicts in (("unchanged",), ("replayed",))
            changed += not quiet
            accepted = ", accepted" if model.accepted else ""
            lines.append(f"  {model.name}: {', '.join(model.verdicts)}{accepted} ({model.reason})")
            for column in model.columns:
                breaks = "  breaks readers" if column.breaking else ""
                what = f"{column.column} {column.text}".strip()
                lines.append(f"    {column.sign} {what}{breaks}")
            if "backfill" in model.verdicts:
                lines.append("    rows before T are not touched: those come from the lake")
    if refused:
        names = " ".join(model.name for model in refused)
        lines.append(
            f"{plural(len(refused), 'model')} would break readers. If that is meant: pipeline accept {names}"
        )
    else:
        lines.append(f"{plural(changed, 'model')} changed." + (" Next: make deploy." if changed else ""))
    return "\n".join(lines)


def _app_line(app: AppPlan, sent: float, read: float) -> str:
    if app.verdict not in ("start", "replay"):
        return f"{app.verdict} ({app.reason})"
    since = dt.datetime.now(dt.UTC) - dt.timedelta(milliseconds=app.reach_ms)
    return (
        f"{app.verdict} from T = {since:%Y-%m-%dT%H:%MZ}, about {app.seconds} s ({app.reason}; "
        f"{app.reach_ms / 3_600_000:g} h of {sent:g} events/s, read at {read:g}/s)"
    )
