"""API Gateway and Lambda on one machine: an ASGI app that lets Chalice's handlers answer.

`/v1/...` becomes an API Gateway proxy event; `/live` the events $connect, $default and $disconnect;
`/@connections/...` (with any prefix) is the management endpoint; everything else is the built page. Handlers
run in threads.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import logging
import re
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

import orjson

from local.connections import CLOSED, Connections
from local.static_page import StaticPage

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

STAGE = "local"
LIVE_PATH = "/live"
GREATEST_BODY_BYTES = 10 * 1024 * 1024
GREATEST_QUERY_BYTES = 8192
_THREADS = 16
_MANIFEST_SECONDS = 0.1
_MANAGEMENT = re.compile(r"(?:/[^/@]+)?/@connections/([^/]+)/?")
_log = logging.getLogger("local.asgi")


@dataclass(frozen=True)
class LambdaContext:
    """What a handler is told about its invocation."""

    function_name: str
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    memory_limit_in_mb: int = 512

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        """API Gateway waits 29 s for a handler."""
        return 29_000


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes = b""

    async def send(self, send: Send) -> None:
        """Write it out."""
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        headers.append((b"content-length", str(len(self.body)).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


def _error(status: int, code: str, message: str, choices: list[str], *headers: tuple[str, str]) -> Answer:
    body = orjson.dumps({"error": {"code": code, "message": message, "choices": choices}})
    return Answer(
        status, [("Content-Type", "application/json"), ("Cache-Control", "no-store"), *headers], body
    )


class LocalGateway:
    """The ASGI app: one origin for page, API and WebSocket.

    `module` is what `local.chalice_app.load_app()` returns; `page` the folder of the built page.
    """

    def __init__(self, module: ModuleType, page: Path) -> None:
        self._module = module
        self._app = module.app
        self._page = StaticPage(page)
        self._connections = Connections()
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="handler")
        self._routes = sorted(
            ((pattern.split("/"), pattern) for pattern in self._app.routes),
            key=lambda route: [part.startswith("{") for part in route[0]],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, as ASGI 3 says."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await (await self._http(scope, receive)).send(send)

    async def _run(self, function: Callable[..., Any], *arguments: object) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        watcher = asyncio.create_task(self._watch_manifest())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        watcher.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watcher
        self._threads.shutdown(wait=False, cancel_futures=True)
        await send({"type": "lifespan.shutdown.complete"})

    async def _watch_manifest(self) -> None:
        from chalicelib.errors import ApiError  # noqa: PLC0415  # on the path once the app is loaded

        last = ""
        while True:
            try:
                if await self._run(self._module.reload_manifest):
                    _log.info("the manifest was loaded")
                last = ""
            except ApiError as error:
                if str(error) != last:
                    _log.warning("the manifest cannot be loaded: %s", error)
                last = str(error)
            await asyncio.sleep(_MANIFEST_SECONDS)

    # HTTP

    async def _http(self, scope: Scope, receive: Receive) -> Answer:
        method: str = scope["method"]
        raw_path = scope.get("raw_path", scope["path"].encode()).decode("latin-1")
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > GREATEST_BODY_BYTES:
                return _error(413, "body_too_large", "the body is larger than 10 MB", [])
        management = _MANAGEMENT.fullmatch(raw_path)
        if management:
            return await self._manage(method, unquote(management.group(1)), body)
        if raw_path == "/v1" or raw_path.startswith("/v1/"):
            return await self._api(scope, method, raw_path, body)
        if method not in {"GET", "HEAD"}:
            return _error(
                405,
                "method_not_allowed",
                f"{method} is not allowed here",
                ["GET", "HEAD"],
                ("Allow", "GET, HEAD"),
            )
        headers = dict(scope["headers"])
        return Answer(
            *await self._run(
                self._page.answer, scope["path"], headers.get(b"if-none-match", b"").decode("latin-1")
            )
        )

    async def _api(self, scope: Scope, method: str, raw_path: str, body: bytes) -> Answer:
        route = self._match(raw_path)
        if route is None:
            text = "there is nothing at this path; expected one of the choices"
            return _error(404, "unknown_route", text, [pattern for _, pattern in self._routes])
        pattern, path_parameters = route
        entries = self._app.routes[pattern]
        allowed = sorted(entries)
        if method == "OPTIONS":
            return self._preflight(entries, allowed)
        if method not in entries:
            text = f"{method} is not allowed here; expected one of the choices"
            return _error(
                405, "method_not_allowed", text, allowed, ("Allow", ", ".join([*allowed, "OPTIONS"]))
            )
        if len(scope["query_string"]) > GREATEST_QUERY_BYTES:
            return _error(414, "query_too_long", f"the query is longer than {GREATEST_QUERY_BYTES} bytes", [])
        event = self._proxy_event(scope, method, pattern, path_parameters, body)
        return _from_proxy(await self._run(self._app, event, LambdaContext("api_handler")))

    def _match(self, raw_path: str) -> tuple[str, dict[str, str]] | None:
        parts = raw_path.rstrip("/").split("/")
        for expected, pattern in self._routes:
            if len(expected) != len(parts):
                continue
            found = {}
            for name, part in zip(expected, parts, strict=True):
                if name.startswith("{"):
                    found[name[1:-1]] = unquote(part)
                elif name != part:
                    break
            else:
                return pattern, found
        return None

    @staticmethod
    def _preflight(entries: dict[str, Any], allowed: list[str]) -> Answer:
        """What API Gateway's mock integration answers to a route that Chalice gave CORS."""
        methods = ",".join([*allowed, "OPTIONS"])
        headers: list[tuple[str, str]] = [("Allow", methods)]
        cors = next((entry.cors for entry in entries.values() if entry.cors is not None), None)
        if cors is not None:
            headers += [*cors.get_access_control_headers().items(), ("Access-Control-Allow-Methods", methods)]
        return Answer(200, headers)

    @staticmethod
    def _proxy_event(
        scope: Scope, method: str, pattern: str, path_parameters: dict[str, str], body: bytes
    ) -> dict[str, Any]:
        multi_headers: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            multi_headers.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        try:
            text, encoded = body.decode(), False
        except UnicodeDecodeError:
            text, encoded = base64.b64encode(body).decode(), True
        return {
            "resource": pattern,
            "path": scope["path"],
            "httpMethod": method,
            "headers": {name: values[-1] for name, values in multi_headers.items()},
            "multiValueHeaders": multi_headers,
            "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
            "multiValueQueryStringParameters": query or None,
            "pathParameters": path_parameters or None,
            "stageVariables": None,
            "requestContext": {
                "resourcePath": pattern,
                "httpMethod": method,
                "path": scope["path"],
                "stage": STAGE,
                "apiId": STAGE,
                "requestId": str(uuid.uuid4()),
                "identity": {"sourceIp": (scope.get("client") or ("127.0.0.1", 0))[0]},
            },
            "body": text if body else None,
            "isBase64Encoded": encoded,
        }

    # The management endpoint

    async def _manage(self, method: str, connection_id: str, body: bytes) -> Answer:
        outcome: tuple[int, dict[str, Any]]
        if method == "POST":
            outcome = await self._connections.post(connection_id, body)
        elif method == "GET":
            outcome = self._connections.describe(connection_id)
        elif method == "DELETE":
            outcome = await self._connections.delete(connection_id)
        else:
            text = f"{method} is not allowed here; expected one of the choices"
            return _error(405, "method_not_allowed", text, ["POST", "GET", "DELETE"])
        status, content = outcome
        headers = [("Content-Type", "application/json")]
        kind = {410: "GoneException", 413: "PayloadTooLargeException"}.get(status)
        if kind:
            headers.append(("x-amzn-ErrorType", kind))
        return Answer(status, headers, b"" if status == 204 else orjson.dumps(content))

    # WebSockets

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        if scope["path"].rstrip("/") != LIVE_PATH:
            await send(
                {"type": "websocket.close", "code": 1008, "reason": f"the WebSocket is at {LIVE_PATH}"}
            )
            return
        connection = self._connections.open(send)
        try:
            answer = await self._handle(scope, "$connect", connection.id, None)
            if answer["statusCode"] != 200:
                await send({"type": "websocket.close", "code": 1008})
                return
            await send({"type": "websocket.accept"})
            connection.accepted = True
            while (message := await receive())["type"] != "websocket.disconnect":
                text = message.get("text")
                body = text if text is not None else message["bytes"].decode(errors="replace")
                connection.touch()
                answer = await self._handle(scope, "$default", connection.id, body)
                if answer["statusCode"] != 200:
                    failure = {
                        "message": "Internal server error",
                        "connectionId": connection.id,
                        "requestId": "local",
                    }
                    await self._connections.post(connection.id, orjson.dumps(failure))
        except CLOSED:
            _log.debug("a connection was closed while it was served")
        finally:
            self._connections.forget(connection.id)
            await self._handle(scope, "$disconnect", connection.id, None)

    async def _handle(
        self, scope: Scope, route_key: str, connection_id: str, body: str | None
    ) -> dict[str, Any]:
        handler = self._app.handler_map[self._app.websocket_handlers[route_key].name]
        event_type = {"$connect": "CONNECT", "$disconnect": "DISCONNECT"}.get(route_key, "MESSAGE")
        event = {
            "requestContext": {
                "routeKey": route_key,
                "eventType": event_type,
                "connectionId": connection_id,
                "domainName": "127.0.0.1",
                "stage": STAGE,
                "apiId": STAGE,
                "requestId": str(uuid.uuid4()),
                "identity": {"sourceIp": (scope.get("client") or ("127.0.0.1", 0))[0]},
            },
            "body": body,
            "isBase64Encoded": False,
        }
        answer: dict[str, Any] = await self._run(
            _guarded, handler, event, LambdaContext(f"websocket_{event_type.lower()}")
        )
        return answer


def _guarded(handler: Callable[..., Any], event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Call a WebSocket handler; one that raises is answered as API Gateway would, with 500, and the error
    logged."""
    try:
        answer = handler(event, context)
    except Exception:  # noqa: BLE001  # the boundary, as the Lambda runtime is one; logged
        _log.exception("a WebSocket handler failed")
        return {"statusCode": 500}
    return answer if isinstance(answer, dict) and "statusCode" in answer else {"statusCode": 200}


def _from_proxy(answer: dict[str, Any]) -> Answer:
    headers = list(answer.get("headers", {}).items())
    headers += [
        (name, value) for name, values in answer.get("multiValueHeaders", {}).items() for value in values
    ]
    content = answer.get("body") or ""
    body = base64.b64decode(content) if answer.get("isBase64Encoded") else content.encode()
    return Answer(answer["statusCode"], headers, body)
