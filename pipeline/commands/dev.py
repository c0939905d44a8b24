"""`pipeline dev`: compiles, starts the local stack and keeps both in step with `sql/` while it is edited."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from watchfiles import watch

from pipeline.commands.build import write_build
from pipeline.commands.project import OK, USER_ERROR, compile_here, find_root
from pipeline.diagnostics_text import plural, report

STARTED_AT_VARIABLE = "DEMO_STARTED_AT"
"""Epoch seconds at which the user began to wait; set by `make demo`."""

_SHARED = ("events", "macros", "reference")
"""Folders of `sql/` that hold no models, but what all of them may use."""
_PAGE_MARK = ".source.sha256"
_PAGE_SOURCES = ("src", "public", "index.html", "package-lock.json", "vite.config.ts", "tsconfig.json")


class DevError(Exception):
    """A step before the stack failed; the message says which and what it printed last."""


def run(
    *, port: int, for_seconds: float | None, simulator: bool, rate: float, seed: int, open_page: bool
) -> int:
    """Run until Ctrl-C (exit code 0), or for `for_seconds` of measuring (its result on stdout).

    `rate` is in events a second. 1 when the SQL has mistakes, a step fails or the stack gives up.
    """
    started_at = float(os.environ.get(STARTED_AT_VARIABLE) or time.time())
    root = find_root()
    if not _compile(root, first=True):
        return USER_ERROR
    try:
        _prepare(root)
    except DevError as error:
        _say(f"✗ {error}")
        return USER_ERROR
    command = [
        *(sys.executable, "-m", "local", "--build-dir", str(root / "build"), "--port", str(port)),
        *("--rate", f"{rate:g}", "--seed", str(seed), "--started-at", repr(started_at)),
        *("--parent-pid", str(os.getpid())),
        *(() if simulator else ("--no-simulator",)),
        *(() if for_seconds is None else ("--for", f"{for_seconds:g}")),
    ]
    stack = subprocess.Popen(command, cwd=root)
    _pass_signals_to(stack)
    ended = threading.Event()
    helpers = [threading.Thread(target=_follow_edits, args=(root, ended), daemon=True)]
    if open_page:
        helpers.append(threading.Thread(target=_open_page, args=(root, ended), daemon=True))
    for helper in helpers:
        helper.start()
    try:
        code = stack.wait()
    finally:
        ended.set()
    helpers[0].join(timeout=2)
    return code if code >= 0 else USER_ERROR


def _compile(root: Path, *, first: bool, changed: set[str] | None = None) -> bool:
    """Compile, test and write `build/`; when something is wrong say what, and leave `build/` as it is.

    `changed` are the models to test: those that were edited since the last good build.
    """
    compiled = compile_here(root, quiet=True)
    compilation = compiled.compilation
    if compilation.diagnostics:
        _say(report(compilation.diagnostics, root))
        after = "Nothing was started." if first else "The last good build keeps serving."
        _say(f"{plural(len(compilation.diagnostics), 'error')} ({compiled.seconds:.1f} s). {after}")
        return False
    if changed and not _passes(changed, json.loads(compilation.files["manifest.json"])["models"]):
        _say("The last good build keeps serving: mend the query or its tests.")
        return False
    written, _ = write_build(compilation.files, root / "build")
    models = plural(compilation.model_count, "model")
    if first:
        _say(f"✓ compiled {models}, build {compilation.build_id}  {compiled.seconds:.1f} s")
    elif written:
        _say(f"✓ compiled {models}, build {compilation.build_id}  {compiled.seconds:.1f} s; it goes live now")
    else:
        _say(f"✓ compiled {models}  {compiled.seconds:.1f} s; nothing that runs has changed")
    return True


def _passes(changed: set[str], models: dict[str, dict[str, list[str]]]) -> bool:
    """Run the cases of the edited models; whether all passed. Flink's are left to `pipeline test`."""
    quick = sorted(name for name in changed if "duckdb" in models.get(name, {}).get("engines", []))
    slow = sorted(changed & models.keys() - set(quick))
    if slow:
        _say(f"not tested here, as DuckDB cannot compute it: pipeline test {' '.join(slow)}")
    if not quick:
        return True
    from pipeline.commands import test  # noqa: PLC0415 -- DuckDB is loaded with the first edit

    with contextlib.redirect_stdout(sys.stderr):  # stdout is the result line's
        return test.run(quick, json=False, engine="duckdb") == OK


def _edited(root: Path, files: set[str]) -> set[str]:
    """The models to which the changed files belong; all of them where a contract or a macro has changed."""
    places = [Path(file).relative_to(root / "sql").parts for file in files]
    if any(parts[0] in _SHARED for parts in places):
        return {folder.name for folder in (root / "sql").glob("*/*/") if folder.parent.name not in _SHARED}
    return {parts[1] for parts in places if len(parts) > 2}


def _prepare(root: Path) -> None:
    """Have the connector's jar and the page built, at the same time."""
    failures: list[DevError] = []

    def guarded(step: Callable[[Path], None]) -> None:
        try:
            step(root)
        except DevError as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(step,)) for step in (_build_jar, _build_page)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def _build_jar(root: Path) -> None:
    _step("the connector's jar", [sys.executable, "-m", "flink_app.build_jar"], root)


def _build_page(root: Path) -> None:
    """Build the page when its sources differ from those of the page that is there."""
    source, built = root / "dashboard", root / "build" / "dashboard"
    wanted = _hash(source)
    mark = built / _PAGE_MARK
    if (built / "index.html").is_file() and mark.is_file() and mark.read_text() == wanted:
        return
    if not (source / "node_modules").is_dir():
        _step("the page's packages", ["npm", "ci", "--silent", "--no-audit", "--no-fund"], source)
    place = ("--outDir", str(built), "--emptyOutDir")
    _step("the page", ["npm", "run", "--silent", "build", "--", *place], source)
    mark.write_text(wanted)


def _step(name: str, command: list[str], directory: Path) -> None:
    began = time.monotonic()
    try:
        done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise DevError(f"{name}: {command[0]} was not found. See what is missing: make doctor") from error
    if done.returncode != 0:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()][-15:]
        ending = "\n".join(f"    {line}" for line in lines)
        raise DevError(f"{name}: {' '.join(command)} ended with exit code {done.returncode}:\n{ending}")
    seconds = time.monotonic() - began
    if seconds > 1:
        _say(f"✓ built {name}  {seconds:.1f} s")


def _hash(source: Path) -> str:
    """SHA-256 over the names and contents of what the page is built from."""
    digest = hashlib.sha256()
    paths = [source / name for name in _PAGE_SOURCES]
    for file in sorted(file for path in paths for file in (path, *path.rglob("*")) if file.is_file()):
        digest.update(f"{file.relative_to(source).as_posix()}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _pass_signals_to(stack: subprocess.Popen[bytes]) -> None:
    """End the stack when we are told to end, then end with its exit code.

    Ctrl-C reaches the stack by itself; telling it twice does no harm.
    """

    def forward(_number: int, _frame: FrameType | None) -> None:
        if stack.poll() is None:
            stack.send_signal(signal.SIGTERM)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, forward)


def _follow_edits(root: Path, ended: threading.Event) -> None:
    untested: set[str] = set()
    for changes in watch(root / "sql", stop_event=ended, debounce=100, step=50, raise_interrupt=False):
        if not ended.is_set():
            untested |= _edited(root, {file for _, file in changes})
            if _compile(root, first=False, changed=untested):
                untested = set()


def _open_page(root: Path, ended: threading.Event) -> None:
    description = root / "build" / "local" / "stack.json"
    while not ended.wait(0.3):
        if description.exists():
            webbrowser.open(json.loads(description.read_bytes())["page"])
            return


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
