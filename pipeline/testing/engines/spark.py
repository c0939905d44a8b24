"""Spark as a library in one JVM: the engine of AWS Glue. Tables are views of rows in memory."""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

from pipeline.lower.expressions import SPARK_SETTINGS
from pipeline.testing.engines.batch import EngineError, Row, normalised, split_create

SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.catalogImplementation": "in-memory",
    # Otherwise whole queries over so few rows would be computed by the optimizer, not by the engine.
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.ConvertToLocalRelation",
    "spark.sql.shuffle.partitions": "1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
"""How the engine runs here. What changes results on AWS too stands with the lowering (`SPARK_SETTINGS`)."""
JVM_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Duser.timezone=UTC"
_NO_LOG = "rootLogger.level = off\n"


class SparkEngine:
    """One local Spark session; queries compile to Java, so the first takes seconds and later ones less."""

    name: ClassVar[str] = "spark"

    @staticmethod
    def available() -> str | None:
        """None where pyspark and a Java are installed."""
        if importlib.util.find_spec("pyspark") is None:
            return "pyspark is not installed: make setup"
        if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
            return "Spark needs Java 17: pipeline doctor"
        return None

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        self._settings = dict(settings or {})
        self._schemas: dict[str, Any] = {}

    def __enter__(self) -> Self:
        # A second and more to load, which only a run that uses Spark should pay.
        from pyspark import SparkContext  # noqa: PLC0415
        from pyspark.sql import SparkSession  # noqa: PLC0415

        self._folder = tempfile.TemporaryDirectory(prefix="pipeline-spark-")
        log = Path(self._folder.name, "log4j2.properties")
        log.write_text(_NO_LOG)
        java = (
            f"{JVM_OPTIONS} -Dderby.system.home={self._folder.name} -Dlog4j2.configurationFile={log.as_uri()}"
        )
        settings = {
            **SETTINGS,
            **SPARK_SETTINGS,
            **self._settings,
            "spark.driver.extraJavaOptions": java,
            "spark.local.dir": self._folder.name,
            "spark.sql.warehouse.dir": Path(self._folder.name, "warehouse").as_uri(),
        }
        builder = SparkSession.builder.master("local[1]").appName("pipeline")
        for key, value in settings.items():
            builder = builder.config(key, value)
        self._started_jvm = SparkContext._gateway is None
        with _environment(SPARK_LOCAL_IP="127.0.0.1"), _quiet_stderr():
            self._session = builder.getOrCreate()
        self._jvm_process: subprocess.Popen[bytes] | None = getattr(SparkContext._gateway, "proc", None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        from pyspark import SparkContext  # noqa: PLC0415

        self._session.stop()
        if self._started_jvm and SparkContext._gateway is not None:
            SparkContext._gateway.shutdown()
            SparkContext._gateway = None
            SparkContext._jvm = None
            if self._jvm_process is not None:
                if self._jvm_process.stdin is not None:
                    self._jvm_process.stdin.close()
                self._jvm_process.wait(timeout=30)
        self._folder.cleanup()

    def run(
        self, ddl: Sequence[str], tables: Mapping[str, Sequence[Mapping[str, Any]]], query: str
    ) -> list[Row]:
        """See `BatchEngine.run`."""
        from py4j.protocol import Py4JError  # noqa: PLC0415
        from pyspark.errors import PySparkException  # noqa: PLC0415

        with warnings.catch_warnings():
            # Spark's client leaves the sockets that it collects rows through to the garbage collector.
            warnings.simplefilter("ignore", ResourceWarning)
            try:
                for statement in ddl:
                    name, columns = split_create(statement)
                    self._fill(name, columns, tables.get(name, ()))
                return self._rows(query)
            except (PySparkException, Py4JError) as error:
                raise EngineError(_reason(str(error))) from error

    def _fill(self, name: str, columns: str, rows: Sequence[Mapping[str, Any]]) -> None:
        if columns not in self._schemas:
            self._schemas[columns] = self._session.createDataFrame([], columns.replace('"', "`")).schema
        schema = self._schemas[columns]
        values = [tuple(_spark_value(row.get(field.name)) for field in schema.fields) for row in rows]
        self._session.createDataFrame(values, schema).createOrReplaceTempView(name)

    def _rows(self, query: str) -> list[Row]:
        from pyspark.sql import functions  # noqa: PLC0415
        from pyspark.sql.types import TimestampNTZType, TimestampType  # noqa: PLC0415

        frame = self._session.sql(query)
        names = [field.name for field in frame.schema.fields]
        times = {
            place
            for place, field in enumerate(frame.schema.fields)
            if isinstance(field.dataType, TimestampType | TimestampNTZType)
        }
        # Python would be given times in its own zone: whole microseconds have none.
        numbered = frame.toDF(*(str(place) for place in range(len(names))))
        moments = numbered.select(
            *(
                functions.unix_micros(functions.col(str(place)).cast("timestamp"))
                if place in times
                else functions.col(str(place))
                for place in range(len(names))
            )
        )
        epoch = dt.datetime(1970, 1, 1)  # noqa: DTZ001  naive UTC
        return [
            {
                name: epoch + dt.timedelta(microseconds=value)
                if place in times and value is not None
                else normalised(value)
                for place, (name, value) in enumerate(zip(names, row, strict=True))
            }
            for row in moments.collect()
        ]


def _spark_value(value: Any) -> Any:
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        return value.replace(tzinfo=dt.UTC)
    return value


@contextlib.contextmanager
def _environment(**changes: str) -> Any:
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _quiet_stderr() -> Any:
    """The starter script writes remarks to the process's own stderr before any setting is read."""
    saved = os.dup(2)
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)


def _reason(message: str) -> str:
    """The cause without the Java stack and the plan."""
    text = re.split(r"\n\s*(?:at |JVM stacktrace|== |'\w+ )", message, maxsplit=1)[0]
    causes = re.findall(r"^Caused by: [\w.$]+: (.+)$", message, re.MULTILINE)
    return causes[-1] if causes else text.strip()
