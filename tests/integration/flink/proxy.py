"""Stands between Flink and the emulator, and answers some writes to DynamoDB as AWS does on a bad day."""

from __future__ import annotations

import http.client
import json
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle, pairwise
from typing import Any
from urllib.parse import urlsplit

FAULTS = ("none", "unprocessed", "throttled", "failed", "dropped", "none", "dropped after the write")
_HOP_BY_HOP = {"connection", "content-length", "date", "keep-alive", "server", "transfer-encoding"}

Key = tuple[str, str, str]


class Proxy:
    """Passes everything on; inside `faults()` BatchWriteItem meets each fault in turn.

    `written` holds `_updated_at` of each put that reached the table, in the order in which they did.
    """

    def __init__(self, target: str) -> None:
        self.target = urlsplit(target).netloc
        self.met: Counter[str] = Counter()
        self.written: dict[Key, list[str]] = defaultdict(list)
        self.order = threading.Lock()
        self._faults: Iterator[str] | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"proxy": self}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @contextmanager
    def faults(self) -> Iterator[Counter[str]]:
        """How often each fault was met so far."""
        self.met.clear()
        self._faults = cycle(FAULTS)
        try:
            yield self.met
        finally:
            self._faults = None

    def next_fault(self) -> str:
        fault = "none" if self._faults is None else next(self._faults)
        self.met[fault] += 1
        return fault

    def gone_back(self) -> dict[Key, list[str]]:
        """Rows that were overwritten by an older one."""
        return {key: times for key, times in self.written.items() if any(a > b for a, b in pairwise(times))}


class _Handler(BaseHTTPRequestHandler):
    proxy: Proxy
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("X-Amz-Target", "").endswith(".BatchWriteItem"):
            with self.proxy.order:
                self._write(json.loads(body), self.proxy.next_fault())
        else:
            self._answer(*self._forward(body))

    def _write(self, request: dict[str, Any], fault: str) -> None:
        if fault == "throttled":
            self._refuse(400, "ProvisionedThroughputExceededException")
            return
        if fault == "failed":
            self._refuse(500, "InternalServerError")
            return
        if fault == "dropped":
            self._drop()
            return
        unprocessed: dict[str, Any] = {}
        if fault == "unprocessed":
            for table, writes in request["RequestItems"].items():
                # Every second one, the first among them: a retry must come before newer rows of its key.
                unprocessed[table] = writes[::2]
                request["RequestItems"][table] = writes[1::2]
        if any(request["RequestItems"].values()):
            status, headers, answer = self._forward(json.dumps(request).encode())
            document = json.loads(answer)
            if status == http.HTTPStatus.OK:
                assert not document.get("UnprocessedItems")
                self._note(request)
        else:
            status, headers, document = http.HTTPStatus.OK, _JSON, {}
        if fault == "dropped after the write":
            self._drop()
            return
        if unprocessed:
            document["UnprocessedItems"] = unprocessed
        headers = [pair for pair in headers if pair[0].lower() != "x-amz-crc32"]
        self._answer(status, headers, json.dumps(document).encode())

    def _note(self, request: dict[str, Any]) -> None:
        for table, writes in request["RequestItems"].items():
            for write in writes:
                item = write["PutRequest"]["Item"]
                self.proxy.written[table, item["pk"]["S"], item["sk"]["S"]].append(item["_updated_at"]["S"])

    def _forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection(self.proxy.target, timeout=60)
        try:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP}
            connection.request("POST", self.path, body, headers)
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read()
        finally:
            connection.close()

    def _refuse(self, status: int, code: str) -> None:
        document = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "as the test wants it"}
        self._answer(status, _JSON, json.dumps(document).encode())

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drop(self) -> None:
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- its name
        """A test's output is its own."""


_JSON = [("Content-Type", "application/x-amz-json-1.0")]
