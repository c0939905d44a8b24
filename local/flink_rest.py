"""What is asked of Flink's REST API on this machine, and what its answers mean."""

from __future__ import annotations

import http.client
import json
from typing import Any

HOST = "127.0.0.1"
ENDED = frozenset({"CANCELED", "FAILED", "FINISHED"})


def get(port: int, path: str) -> Any:
    """What it answers to GET; empty while it does not answer."""
    return _call(port, "GET", path, None)


def post(port: int, path: str, body: dict[str, Any]) -> Any:
    """What it answers to POST; empty while it does not answer."""
    return _call(port, "POST", path, json.dumps(body))


def patch(port: int, path: str) -> Any:
    """What it answers to PATCH; empty while it does not answer."""
    return _call(port, "PATCH", path, None)


def _call(port: int, method: str, path: str, body: str | None) -> Any:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
        answer = json.load(connection.getresponse())
    except (OSError, http.client.HTTPException, ValueError):
        return {}
    finally:
        connection.close()
    return answer


def all_run(job: dict[str, Any]) -> bool:
    """Whether every task runs, by Flink's answer to `/jobs/<id>`."""
    tasks = job.get("status-counts", {})
    return bool(tasks) and tasks["RUNNING"] == sum(tasks.values())


def loading_failures(exceptions: dict[str, Any]) -> list[str]:
    """Why tasks failed before they ran, newest first: the deepest cause of each failure of such a task.

    `exceptions` is Flink's answer to `/jobs/<id>/exceptions`. A task loads its state and opens its operators
    in `StreamTask.restore`; what it meets once it runs (AWS is away, a stream is missing) is not listed.
    """
    entries = exceptions.get("exceptionHistory", {}).get("entries", [])
    traces = [entry.get("stacktrace", "") for entry in entries]
    return [cause(trace) for trace in traces if "StreamTask.restore(" in trace]


def cause(trace: str) -> str:
    """The deepest cause of a Java trace, else its first line."""
    lines = trace.splitlines()
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    return causes[-1] if causes else lines[0] if lines else "no reason was given"
