"""Flink on one machine: `flink_app/main.py` in one JVM, with its web page and its state in a folder.

    python -m local.flink --state-dir build/local/flink --aws-endpoint http://127.0.0.1:4566 \
        --name-prefix rta-local --rest-port 8081

Started again it goes on from the newest checkpoint, or, where that would give wrong rows
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
from flink_app.restart import Run, Start, choose_start, newest_checkpoint, plan_hash, read_run

HOST = "127.0.0.1"
PARENT_CHECK_SECONDS = 0.5
STATE_CHECK_SECONDS = 0.2

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
    old_run = read_run(state_dir)
    checkpoint = newest_checkpoint(state_dir, old_run)
    if options.start is None:
        start = choose_start(plan, job, old_run, checkpoint, datetime.now(UTC))
    else:
        start = Start(Run.new(plan, parse_start(options.start, "--start")), None, "asked for by --start")
    start.run.write(state_dir)
    _remove_leftovers(state_dir, start)

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
            target=_announce, args=(options.rest_port, job_id, start, began), daemon=True
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


def _announce(port: int, job_id: str, start: Start, began: float) -> None:
    """Say that the job runs, once every task of it does."""
    page = f"http://{HOST}:{port}"
    while not _all_run(port, job_id):
        time.sleep(STATE_CHECK_SECONDS)
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


def _all_run(port: int, job_id: str) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", f"/jobs/{job_id}")
        tasks = json.load(connection.getresponse()).get("status-counts", {})
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        connection.close()
    return bool(tasks) and tasks["RUNNING"] == sum(tasks.values())


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
