"""The serving Lambdas: HTTP routes, the WebSocket `/live`, the publisher. Wires; `chalicelib` works."""

# Chalice has no types:
# mypy: disable-error-code="untyped-decorator"

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import orjson
from chalice.app import Chalice, CORSConfig, Response
from chalicelib import health as health_check
from chalicelib import live, log, manifest, metrics
from chalicelib import publisher as publishing
from chalicelib.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice.app import WebsocketEvent

# Numbers are public to whoever may call the API, and no cookie is ever used: any page may read them.
CORS = CORSConfig(allow_origin="*", allow_headers=["Content-Type"], max_age=600, allow_credentials=False)
READ = ["GET", "HEAD"]

app = Chalice(app_name="realtime-analytics", configure_logs=False)
app.experimental_feature_flags.update(["WEBSOCKETS"])
app.api.cors = CORS


def _json(status: int, body: str) -> Response:
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return Response(body=body, status_code=status, headers=headers)


def _answered(view: Callable[..., Response]) -> Callable[..., Response]:
    """Give errors their one shape; what nobody foresaw is logged and said to be our fault."""

    @wraps(view)
    def wrapper(**arguments: str) -> Response:
        try:
            return view(**arguments)
        except ApiError as error:
            return _json(error.status, orjson.dumps(error.body()).decode())
        except Exception:  # noqa: BLE001  # the boundary: no caller sees a traceback, and it is logged
            log.exception("a request failed", route=view.__name__)
            failure = ApiError(
                500, "internal_error", "this is our fault and has been logged; try again later"
            )
            return _json(500, orjson.dumps(failure.body()).decode())

    return wrapper


def _parameters() -> dict[str, list[str]]:
    request = app.current_request
    return (request.to_original_event()["multiValueQueryStringParameters"] or {}) if request else {}


@app.route("/v1/metrics", methods=READ, cors=CORS)
@_answered
def list_metrics() -> Response:
    """All metrics, with what they mean."""
    return _json(200, metrics.catalogue(_parameters()))


@app.route("/v1/metrics/{name}", methods=READ, cors=CORS)
@_answered
def get_metric(name: str) -> Response:
    """One metric's rows."""
    return _json(200, metrics.metric(name, _parameters()))


@app.route("/v1/health", methods=READ, cors=CORS)
@_answered
def get_health() -> Response:
    """Whether numbers can be read, and how fresh they are."""
    status, body = health_check.health()
    return _json(status, orjson.dumps(body).decode())


@app.on_ws_connect()
def connect(event: WebsocketEvent) -> None:
    """Let a client connect; it has no subscription yet."""


@app.on_ws_message()
def message(event: WebsocketEvent) -> None:
    """Answer one message of a client."""
    live.message(event.connection_id, event.body)


@app.on_ws_disconnect()
def disconnect(event: WebsocketEvent) -> None:
    """Forget a client that left."""
    live.disconnect(event.connection_id)


@app.lambda_function(name="publisher")
def publisher(event: dict[str, Any], _context: object) -> dict[str, list[object]]:
    """Carry a batch of DynamoDB stream records to the cache and the subscribers."""
    return publishing.publish(event)


def reload_manifest() -> bool:
    """Read the manifest again where another build replaced it; True where it did. For long-lived local
    processes."""
    return manifest.reload_if_changed()
