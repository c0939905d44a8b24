"""Flink on one machine: `flink_app/main.py` in one JVM, with its web page and its state in a folder.

    python -m local.flink --state-dir build/local/flink --aws-endpoint http://127.0.0.1:4566 \
        --name-prefix rta-local --rest-port 8081

Started again it goes on from the newest checkpoint, or, where that would give wrong rows or cannot be loaded
(`flink_app.restart`), reads the streams again. It ends with its parent process, and the JVM with it.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import signal
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from flink_app import main as flink_main
from flink_app import settings
from flink_app.build_jar import build_jar
from flink_app.errors import FlinkAppError
from flink_app.job import load_job
from flink_app.properties import PATH_VARIABLE, parse_start, read_properties
from flink_app.restart import (
    Run,
    Start,
    begin_restore,
    choose_start,
    end_restore,
    failed_restores,
    give_up_restore,
    newest_checkpoint,
    plan_hash,
    read_run,
)

HOST = "127.0.0.1"
PARENT_CHECK_SECONDS = 0.5
STATE_CHECK_SECONDS = 0.2
LOADING_FAILURES = 3
"""Flink restarts a job for ever. One that failed so often while its tasks loaded their state, and never ran,
is not helped by that: nothing outside this machine is asked in that phase."""

# The emulator speaks no CBOR. Both AWS SDKs inside the connector must know it before they are loaded, or the
# job says RUNNING and reads nothing.
CBOR_ENVIRONMENT = {"AWS_CBOR_DISABLE": "true", "CBOR_ENABLED": "false"}
CBOR_ARGUMENTS = (
    "-Dcom.amazonaws.sdk.disableCbor=true",
    "-Dorg.apache.flink.kinesis.shaded.com.amazonaws.sdk.disableCbor=true",
)
JVM_ARGUMENTS = (
    "-Xms128m",
    "-Xmx1g",
    "-XX:+UseSerialGC",  # one small job on two shared cores: fewer threads
    "-XX:TieredStopAtLevel=1",  # 17 s of CPU until RUNNING instead of 28 s; a demo never warms up
    "-XX:-UsePerfData",
)
LOG4J = """\
rootLogger.level = WARN
rootLogger.appenderRef.console.ref = Console
appender.console.name = Console
appender.console.type = CONSOLE
appender.console.target = SYSTEM_OUT
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = {"time": "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z'}{UTC}", "level": "%p", \
"logger": "%c{1}", "message": "%enc{%m}{JSON}", "trace": "%enc{%ex{12}}{JSON}"}%n
# Names every unreadable record with its whole shard.
logger.fetcher.name = org.apache.flink.streaming.connectors.kinesis.internals
logger.fetcher.level = ERROR
# Says at each start that it found no Kerberos tokens.
logger.tokens.name = org.apache.flink.runtime.security.token
logger.tokens.level = ERROR
# The consumer still closes AWS SDK clients in a way that it warns of itself on each poll.
logger.sdk.name = org.apache.flink.kinesis.shaded
logger.sdk.level = ERROR
"""


def main(arguments: list[str] | None = None) -> int:
    """Run until stopped: 0 after SIGTERM or SIGINT, 1 when the job cannot run or has ended."""
    options = _arguments(arguments)
    _watch_parent(os.getppid())
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    try:
        _run(options, time.monotonic())
    except FlinkAppError as error:
        _log("error", str(error))
        return 1
    return 0


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.flink", description=__doc__)
    parser.add_argument(
        "--state-dir", type=Path, required=True, help="folder of checkpoints and temporary files"
    )
    parser.add_argument("--build-dir", type=Path, default=Path("build"), help="default: build")
    parser.add_argument("--app", default="main", help="which compiled application; default: main")
    parser.add_argument("--aws-endpoint", required=True, help="where AWS is, such as http://127.0.0.1:4566")
    parser.add_argument("--region", default=os.environ.get("AWS_REGION", "eu-central-1"), help="AWS region")
    parser.add_argument(
        "--name-prefix", required=True, help="prefix of streams and tables, such as rta-local"
    )
    parser.add_argument(
        "--rest-port", type=int, required=True, help=f"port of Flink's page and REST API on {HOST}"
    )
    parser.add_argument("--parallelism", type=int, default=1, help="default: 1")
    parser.add_argument(
        "--start", help="TRIM_HORIZON or a time: forget the state, rewrite windows from then on"
    )
    return parser.parse_args(arguments)


def _run(options: argparse.Namespace, began: float) -> None:
    state_dir = options.state_dir.resolve()
    state_dir.mkdir(parents=True, exist_ok=True)
    job = load_job(options.build_dir, options.app)
    jar = build_jar(options.build_dir)
    plan = plan_hash(job, jar)
    if options.start is None:
        old_run = read_run(state_dir)
        checkpoint = newest_checkpoint(state_dir, old_run)
        failed = failed_restores(state_dir, checkpoint)
        start = choose_start(plan, job, old_run, checkpoint, datetime.now(UTC), failed=failed)
        if failed and start.checkpoint is None:
            _log("warn", f"{start.reason}; starting without state, windows from {start.run.start_text()}")
    else:
        start = Start(Run.new(plan, parse_start(options.start, "--start")), None, "asked for by --start")
    if start.checkpoint is not None:
        begin_restore(state_dir, start.checkpoint)
    start.run.write(state_dir)
    _remove_leftovers(state_dir, start)
    if start.checkpoint is None:
        end_restore(state_dir)

    os.environ |= CBOR_ENVIRONMENT
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "test")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "test")
    os.environ["JVM_ARGS"] = " ".join(
        (*JVM_ARGUMENTS, *CBOR_ARGUMENTS, f"-Djava.io.tmpdir={state_dir / 'tmp'}")
    )
    os.environ["LOG4J_PROPERTIES"] = str(_write(state_dir / "log4j2.properties", LOG4J))
    os.environ["FLINK_LOG_DIR"] = str(state_dir)
    properties = state_dir / "application_properties.json"
    _write(properties, json.dumps(_properties(options, state_dir, jar, start), indent=2) + "\n")
    os.environ[PATH_VARIABLE] = str(properties)

    def submitted(_: object, job_id: str) -> None:
        threading.Thread(
            target=_announce, args=(options.rest_port, job_id, state_dir, start, began), daemon=True
        ).start()

    flink_main.run(read_properties(properties), submitted)


def _properties(
    options: argparse.Namespace, state_dir: Path, jar: Path, start: Start
) -> list[dict[str, Any]]:
    """The document of run-time properties, as Managed Flink would write it."""
    temporary = str(state_dir / "tmp")
    flink = settings.values(settings.CLUSTER) | {
        "pipeline.jars": jar.as_uri(),
        "parallelism.default": str(options.parallelism),
        "execution.checkpointing.dir": start.run.checkpoint_dir(state_dir).as_uri(),
        "rest.address": HOST,
        "rest.bind-address": HOST,
        "rest.port": str(options.rest_port),
        "rest.bind-port": str(options.rest_port),
        "jobmanager.bind-host": HOST,
        "taskmanager.bind-host": HOST,
        "taskmanager.host": HOST,
        "io.tmp.dirs": temporary,
        "blob.storage.directory": temporary,
        "web.tmpdir": temporary,
        "web.submit.enable": "false",
    }
    if start.checkpoint is not None:
        flink |= {
            "execution.state-recovery.path": start.checkpoint.as_uri(),
            "execution.state-recovery.claim-mode": "CLAIM",
        }
    endpoint = {"aws.endpoint": options.aws_endpoint}
    job = {
        "app": options.app,
        "name_prefix": options.name_prefix,
        "aws_region": options.region,
        "build_dir": str(options.build_dir.resolve()),
        "start": start.run.start_text(),
        "wait": "true",
    }
    groups = {"job": job, "source": endpoint, "sink": endpoint, "flink": flink}
    return [{"PropertyGroupId": name, "PropertyMap": pairs} for name, pairs in groups.items()]


def _announce(port: int, job_id: str, state_dir: Path, start: Start, began: float) -> None:
    """Say that the job runs, once every task of it does; end the process when its state cannot be loaded."""
    page = f"http://{HOST}:{port}"
    while not _all_run(port, job_id):
        failures = loading_failures(_get(port, f"/jobs/{job_id}/exceptions"))
        if len(failures) >= LOADING_FAILURES:
            _give_up(state_dir, start, failures[0])
        time.sleep(STATE_CHECK_SECONDS)
    end_restore(state_dir)
    origin = f"restored from {start.checkpoint.name}" if start.checkpoint else "fresh"
    _log(
        "info",
        f"flink is running job {job_id}, UI {page}, {origin}: {start.reason}",
        job_id=job_id,
        ui=page,
        restored_from=start.checkpoint.name if start.checkpoint else None,
        windows_from=start.run.start_text(),
        seconds=round(time.monotonic() - began, 1),
    )


def loading_failures(exceptions: dict[str, Any]) -> list[str]:
    """Why tasks failed before they ran, newest first: the deepest cause of each failure of such a task.

    `exceptions` is Flink's answer to `/jobs/<id>/exceptions`. A task loads its state and opens its operators
    in `StreamTask.restore`; what it meets once it runs (AWS is away, a stream is missing) is not listed.
    """
    entries = exceptions.get("exceptionHistory", {}).get("entries", [])
    traces = [entry.get("stacktrace", "") for entry in entries]
    return [_cause(trace) for trace in traces if "StreamTask.restore(" in trace]


def _cause(trace: str) -> str:
    lines = trace.splitlines()
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    return causes[-1] if causes else lines[0]


def _give_up(state_dir: Path, start: Start, cause: str) -> None:
    failed = f"the job failed {LOADING_FAILURES} times before it ran, last with: {cause}"
    if start.checkpoint is None:
        _log("error", f"{failed}. It holds no state yet: look at the disk and the memory of this machine.")
    else:
        give_up_restore(state_dir, start.checkpoint)
        _log(
            "error",
            f"{start.checkpoint.name} cannot be loaded: {failed}. The next start reads the streams again.",
        )
    os._exit(1)


def _all_run(port: int, job_id: str) -> bool:
    tasks = _get(port, f"/jobs/{job_id}").get("status-counts", {})
    return bool(tasks) and tasks["RUNNING"] == sum(tasks.values())


def _get(port: int, path: str) -> dict[str, Any]:
    """What Flink's REST API answers; empty while it does not."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        answer = json.load(connection.getresponse())
    except (OSError, http.client.HTTPException, ValueError):
        return {}
    finally:
        connection.close()
    return answer if isinstance(answer, dict) else {}


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _remove_leftovers(state_dir: Path, start: Start) -> None:
    """Drop what a killed JVM left, and checkpoints that no start will ever restore."""
    shutil.rmtree(state_dir / "tmp", ignore_errors=True)
    (state_dir / "tmp").mkdir()
    for directory in state_dir.glob("checkpoints-*"):
        if directory != start.run.checkpoint_dir(state_dir):
            shutil.rmtree(directory, ignore_errors=True)
    # Flink itself deletes only the one it restores from, once it has newer ones.
    for checkpoint in start.run.checkpoint_dir(state_dir).glob("*/chk-*"):
        if checkpoint != start.checkpoint:
            shutil.rmtree(checkpoint, ignore_errors=True)


def _log(level: str, message: str, **more: object) -> None:
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line = {"time": now, "level": level.upper(), "logger": "local.flink", "message": message, **more}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _watch_parent(parent: int) -> None:
    """End as soon as the process that started us is gone, however it ended.

    Without Python the JVM reads the end of its standard input and exits; killing Python is therefore enough.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_CHECK_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    """The checkpoint on disk is what the next start needs, so there is nothing to wait for."""
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
