"""AWS on a loopback port: ministack in this process, patched, with its state kept in a folder.

    python -m local.emulator --port 4566 --data-dir build/local/emulator

Killed with -9 and started again on the same folder it goes on where it stood (`emulator_patches`).
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; 1 when the port is taken or the folder cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m local.emulator", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    parser.add_argument("--data-dir", type=Path, required=True, help="folder of the journals")
    options = parser.parse_args(arguments)

    # Read by the emulator when it is imported. Listeners that nobody asked for would open fixed ports.
    os.environ |= {
        "GATEWAY_PORT": str(options.port),
        "BIND_HOST": "127.0.0.1",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
        "MINISTACK_REGION": os.environ.get("AWS_REGION", "eu-central-1"),
    }
    import uvicorn  # noqa: PLC0415
    from ministack.app import app  # noqa: PLC0415

    from local import emulator_patches  # noqa: PLC0415

    try:
        emulator_patches.apply(options.data_dir)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"The emulator cannot use {options.data_dir}: {error}\n")
        return 1
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host="127.0.0.1",
            port=options.port,
            access_log=False,
            log_level="warning",
            server_header=False,
            date_header=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=2,
        )
    )
    server.run()
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main())
