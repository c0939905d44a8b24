"""Flink's cluster in one JVM that outlives its jobs: a changed job is planned while the old one still runs,
and starts in a warm JVM.

A start of the JVM, its classes and a cluster costs 10 s of CPU; a job that is replaced inside it costs none
of that. The connector's jar is on the JVM's own class path, not each job's: its classes are loaded and
compiled once.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flink_app import settings
from flink_app.errors import FlinkAppError
from local import flink_rest

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
    # With one compiler the default is 48 MB. Two jobs fill it, and then nothing is compiled any more.
    "-XX:ReservedCodeCacheSize=240m",
    # Generated classes are not cut into small methods here (below), and are compiled all the same.
    "-XX:-DontCompileHugeMethods",
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
CANCEL_WITHIN_SECONDS = 30.0


class Cluster:
    """One JVM with a JobManager, a TaskManager and Flink's page on `rest_port`; it ends with this process."""

    def __init__(self, state_dir: Path, jar: Path, rest_port: int, parallelism: int) -> None:
        self.rest_port = rest_port
        os.environ |= CBOR_ENVIRONMENT
        os.environ.setdefault("AWS_ACCESS_KEY_ID", "test")
        os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "test")
        temporary = state_dir / "tmp"
        os.environ["JVM_ARGS"] = " ".join((*JVM_ARGUMENTS, *CBOR_ARGUMENTS, f"-Djava.io.tmpdir={temporary}"))
        # PyFlink's own class path is fixed; this variable is the one way to add to it.
        os.environ["HADOOP_CLASSPATH"] = str(jar)
        log4j = state_dir / "log4j2.properties"
        log4j.write_text(LOG4J, encoding="utf-8")
        os.environ["LOG4J_PROPERTIES"] = str(log4j)
        os.environ["FLINK_LOG_DIR"] = str(state_dir)
        self._configuration = settings.values(settings.CLUSTER) | {
            "parallelism.default": str(parallelism),
            # No more than one job needs: while the old one runs, be it only to close its connections, the new
            # one waits, so that no two jobs ever write one row.
            "taskmanager.numberOfTaskSlots": str(parallelism),
            "rest.address": flink_rest.HOST,
            "rest.bind-address": flink_rest.HOST,
            "rest.port": str(rest_port),
            "rest.bind-port": str(rest_port),
            "jobmanager.bind-host": flink_rest.HOST,
            "taskmanager.bind-host": flink_rest.HOST,
            "taskmanager.host": flink_rest.HOST,
            "io.tmp.dirs": str(temporary),
            "blob.storage.directory": str(temporary),
            "web.tmpdir": str(temporary),
            "web.submit.enable": "false",
            # What is asked for is at most this old; nothing is fetched while nobody asks.
            "metrics.fetcher.update-interval": "200",
            # Cutting generated classes into methods short enough for the JIT takes a quarter of all planning.
            # What exceeds Java's own limit of 64 KB is still cut.
            "table.generated-code.max-length": "64000",
            # A cancelled job's metrics and history are of no use to the next one.
            "web.history": "2",
            "jobstore.max-capacity": "2",
        }
        self._cluster = self._start()

    def _start(self) -> Any:
        # Read by PyFlink when an environment is made; its other mode imports the Python workers.
        os.environ["_python_worker_execution_mode"] = "process"  # noqa: SIM112 -- its name
        from pyflink.java_gateway import get_gateway  # noqa: PLC0415

        flink = get_gateway().jvm.org.apache.flink
        configuration = flink.configuration.Configuration()
        for name, value in self._configuration.items():
            configuration.setString(name, value)
        slots = int(self._configuration["taskmanager.numberOfTaskSlots"])
        cluster = flink.runtime.minicluster.MiniCluster(
            flink.runtime.minicluster.MiniClusterConfiguration.Builder()
            .setConfiguration(configuration)
            .setNumTaskManagers(1)
            .setNumSlotsPerTaskManager(slots)
            .build()
        )
        try:
            cluster.start()
        except Exception as error:
            raise FlinkAppError(
                f"Flink's cluster does not start on port {self.rest_port}: {flink_rest.cause(str(error))}"
            ) from error
        return cluster

    def properties(self) -> Mapping[str, str]:
        """What a job's environment needs so that it runs here."""
        return self._configuration | {"execution.target": "remote", "execution.attached": "false"}

    def cancel(self, job_id: str) -> None:
        """Have a job end; the next one gets its slots once nothing of it runs any more."""
        flink_rest.patch(self.rest_port, f"/jobs/{job_id}?mode=cancel")

    def ended_at(self, job_id: str) -> datetime:
        """Wait until a cancelled job has ended, and say when; raises FlinkAppError when it does not end."""
        deadline = time.monotonic() + CANCEL_WITHIN_SECONDS
        while time.monotonic() < deadline:
            job = flink_rest.get(self.rest_port, f"/jobs/{job_id}")
            if job.get("state") in flink_rest.ENDED:
                return datetime.fromtimestamp(job["timestamps"][job["state"]] / 1000, UTC)
            time.sleep(0.02)
        raise FlinkAppError(f"job {job_id} did not end within {CANCEL_WITHIN_SECONDS:.0f} s")
