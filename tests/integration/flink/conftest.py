"""Real parts for the Flink tests: the emulator, the connector's jar, and a place for Flink's state."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flink_app.build_jar import build_jar
from tests.integration.flink.harness import REGION, ROOT, Aws, Launcher, free_port, wait_for
from tests.integration.flink.proxy import Proxy

JOBS = Path(__file__).resolve().parent / "jobs"


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    directory = tmp_path_factory.mktemp("emulator")
    port = free_port()
    with (directory / "log").open("w") as log:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "local.emulator",
                "--port",
                str(port),
                "--data-dir",
                str(directory / "data"),
            ],
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=os.environ | {"AWS_REGION": REGION},
        )
    try:
        wait_for("emulator", lambda: _listens(port), 30)
        yield Aws(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(20)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def launcher(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launcher]:
    jar = build_jar(ROOT / "build")
    build = tmp_path_factory.mktemp("build")
    shutil.copytree(JOBS, build / "flink")
    (build / "connector").mkdir()
    for name in (jar.name, "source.sha256"):
        os.link(jar.parent / name, build / "connector" / name)
    launcher = Launcher(aws, build, tmp_path_factory.mktemp("state"), aws.endpoint)
    try:
        yield launcher
    finally:
        launcher.stop_all()


@pytest.fixture(scope="module")
def proxy(aws: Aws) -> Iterator[Proxy]:
    proxy = Proxy(aws.endpoint)
    try:
        yield proxy
    finally:
        proxy.close()
