"""Flink on one machine: runs a compiled application, and replaces it in the same JVM when it is compiled
anew.

    python -m local.flink --state-dir build/local/flink --aws-endpoint http://127.0.0.1:4566 \
        --name-prefix rta-local --rest-port 8081

Started again it goes on from the newest checkpoint, or, where that would give wrong rows or cannot be loaded
(`flink_app.restart`), reads the streams again. It ends with its parent process, and the JVM with it.

With `--follow FILE` it loads the build again whenever that file names another `build_id`. How far that is
stands in `<state-dir>/status.json`: `{"build_id", "state", "reason", "job_id"}`, `state` one of `starting`,
`recomputing`, `caught_up` (all is written; readers are told once the file's `serving` names this build too),
`live`, `refused`.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType

from flink_app.build_jar import build_jar
from flink_app.errors import FlinkAppError
from local.flink_job import Application
from local.times import iso_now

PARENT_CHECK_SECONDS = 0.5
TURN_SECONDS = 0.1


def main(arguments: list[str] | None = None) -> int:
    """Run until stopped: 0 after SIGTERM or SIGINT, 1 when the job cannot run or has ended."""
    options = _arguments(arguments)
    _watch_parent(os.getppid())
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    try:
        _run(options)
    except FlinkAppError as error:
        _log("error", str(error))
        # The JVM's threads would keep this process waiting for it.
        sys.stdout.flush()
        os._exit(1)
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
    parser.add_argument("--rest-port", type=int, required=True, help="port of Flink's page and REST API")
    parser.add_argument("--parallelism", type=int, default=1, help="default: 1")
    parser.add_argument(
        "--start", help="TRIM_HORIZON or a time: forget the state, rewrite windows from then on"
    )
    parser.add_argument(
        "--follow", type=Path, help='load the build again when this file\'s "build_id" is another'
    )
    return parser.parse_args(arguments)


def _run(options: argparse.Namespace) -> None:
    options.state_dir = options.state_dir.resolve()
    options.state_dir.mkdir(parents=True, exist_ok=True)
    follow = Follow(options.follow)
    follow.changed()
    application = Application(options, build_jar(options.build_dir), _log)
    application.start()
    while True:
        if follow.changed():
            application.replace(follow.build_id)
        application.look(follow.serving)
        time.sleep(TURN_SECONDS)


class Follow:
    """The file in which the supervisor says which build has its tables, and which one is served to
    readers."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._read_at = 0
        self.build_id: str | None = None
        self.serving: str | None = None

    def changed(self) -> bool:
        """Whether the file names another build than at the last call."""
        try:
            written = self._path.stat().st_mtime_ns if self._path else 0
            if self._path is None or written == self._read_at:
                return False
            document = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return False
        self._read_at = written
        before, self.build_id = self.build_id, document["build_id"]
        self.serving = document.get("serving")
        return before != self.build_id


def _log(level: str, message: str, **more: object) -> None:
    line = {"time": iso_now(), "level": level.upper(), "logger": "local.flink", "message": message, **more}
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
