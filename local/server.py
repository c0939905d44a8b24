"""Serves page, API and WebSocket on one port of 127.0.0.1: `python -m local.server --port 8080 --build-dir
build`.

Environment: as docs/contracts.md. Unless set, MANIFEST_PATH is `<build-dir>/manifest.json` and
WEBSOCKET_ENDPOINT_URL is this server. Stops on SIGTERM and SIGINT within two seconds, also with WebSockets
open.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import socket
import sys
from pathlib import Path

import uvicorn

from local.asgi import LocalGateway
from local.chalice_app import load_app
from local.connections import GREATEST_MESSAGE_BYTES
from local.times import iso_ms

HOST = "127.0.0.1"


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": iso_ms(round(record.created * 1000)),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            "logger": record.name,
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line)


def _say(**fields: object) -> None:
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


class _Server(uvicorn.Server):
    """Says where it listens once it does."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            _say(level="info", message="serving", url=f"http://{HOST}:{sockets[0].getsockname()[1]}")


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m local.server", description="Serve page, API and WebSocket."
    )
    parser.add_argument(
        "--port", type=int, default=8080, help="port on 127.0.0.1; 0 takes a free one (default 8080)"
    )
    parser.add_argument(
        "--build-dir", type=Path, default=Path("build"), help="folder of the manifest and the page"
    )
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Serve until stopped; returns the exit code: 0 stopped, 1 the port cannot be taken."""
    arguments = _arguments(argv)
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("local").setLevel(logging.INFO)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, arguments.port))
    except (OSError, OverflowError) as error:
        sys.stderr.write(
            f"port {arguments.port} on {HOST} cannot be taken ({error}); choose another with --port\n"
        )
        return 1
    os.environ.setdefault("AWS_REGION", os.environ.get("AWS_DEFAULT_REGION", "us-east-1"))
    os.environ.setdefault("MANIFEST_PATH", str(arguments.build_dir / "manifest.json"))
    os.environ.setdefault("WEBSOCKET_ENDPOINT_URL", f"http://{HOST}:{listener.getsockname()[1]}")
    # A handler's thread would otherwise keep the event loop waiting for 5 ms at a time.
    sys.setswitchinterval(0.001)
    config = uvicorn.Config(
        LocalGateway(load_app(), arguments.build_dir / "dashboard"),
        loop="uvloop",
        http="httptools",
        # uvicorn's other implementation uses an API that websockets has deprecated.
        ws="websockets-sansio",
        ws_max_size=GREATEST_MESSAGE_BYTES,
        lifespan="on",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
        backlog=2048,
    )
    _Server(config).run(sockets=[listener])
    return 0


if __name__ == "__main__":
    sys.exit(main())
