"""What a person is told when the stack cannot be started or the API breaks off; never a traceback."""

from __future__ import annotations

import errno
import os
import socket
import threading
from pathlib import Path

import pytest

from local.__main__ import main
from local.lock import StackLock
from local.stack import GREATEST_PORT, choose_ports, get_json


@pytest.fixture
def build(tmp_path: Path) -> Path:
    folder = tmp_path / "build"
    folder.mkdir()
    (folder / "manifest.json").write_text('{"build_id": "0", "apps": {}, "models": {}}')
    return folder


def test_a_port_that_does_not_exist_is_wrong_usage(build: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--build-dir", str(build), "--port", "99999"])
    assert ended.value.code == 2
    assert "--port is expected from 0 (any free one) to 65535, not 99999" in capsys.readouterr().err


def test_a_file_where_the_folder_of_the_state_should_be_is_named(
    build: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (build / "local").touch()
    with pytest.raises(SystemExit) as ended:
        main(["--build-dir", str(build)])
    assert ended.value.code == 2
    assert f"{build / 'local'} is a file" in capsys.readouterr().err


def test_a_disk_that_is_full_is_said_with_the_path(
    build: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_lock: StackLock) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(build / "local"))

    monkeypatch.setattr(StackLock, "empty_folder", full)
    assert main(["--build-dir", str(build)]) == 1
    folder = build / "local"
    expected = f"The stack cannot use {folder}: [Errno 28] No space left on device: '{folder}'\n"
    assert capsys.readouterr().err == expected


def test_the_last_port_being_taken_another_free_one_is_used() -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", GREATEST_PORT))
        taken.listen()
        assert 0 < choose_ports(GREATEST_PORT, []).page < GREATEST_PORT


@pytest.mark.parametrize(
    "answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"]
)
def test_an_api_that_breaks_off_in_mid_answer_is_an_oserror(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer_once() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=answer_once)
        thread.start()
        with pytest.raises(OSError):
            get_json(f"http://127.0.0.1:{server.getsockname()[1]}/")
        thread.join()
