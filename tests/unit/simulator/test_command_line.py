"""The command line: files it writes, and what a user is told who made a mistake."""

from __future__ import annotations

import gzip
import io
import tracemalloc
from pathlib import Path

import orjson
import pytest

from simulator.__main__ import main
from simulator.pacing import Pace
from simulator.replay_file import LONGEST_LINE, DamagedFileError, lines, open_lines

START = "2026-01-15T12:00:00Z"


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NAME_PREFIX", "AWS_ENDPOINT_URL", "IP_HASH_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_to_file_writes_the_same_file_for_the_same_seed_and_start(tmp_path: Path) -> None:
    for name in ("a", "b"):
        code = main(
            ["run", "--to-file", str(tmp_path / name), "--seed", "7", "--start", START, "--count", "500"]
        )
        assert code == 0
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_to_file_spaces_events_by_the_rate(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    clean = ["--bad-share", "0", "--duplicate-share", "0"]
    main(["run", "--to-file", str(file), "--start", START, "--rate", "4", "--for", "1", *clean])
    times = [orjson.loads(line)["timestamp"] for line in file.read_bytes().splitlines()]
    assert times == [f"2026-01-15T12:00:00.{part}Z" for part in ("000", "250", "500", "750")]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["replay", "nowhere.jsonl", "--name-prefix", "x"], "nowhere.jsonl: there is no such file"),
        (["replay", "BUILD", "--name-prefix", "x"], "cannot be read: Is a directory"),
        (
            ["run"],
            "no local stack runs here (`make demo` starts one), and neither --name-prefix nor NAME_PREFIX",
        ),
        (["run", "--to-file", "x"], "say how much to write: --count N or --for SECONDS"),
        (["run", "--to-file", "BUILD", "--count", "1"], "cannot be written: Is a directory"),
    ],
)
def test_a_users_mistake_is_one_line_and_exit_code_1(
    build_dir: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    arguments = [str(build_dir) if item == "BUILD" else item for item in arguments]
    assert main([*arguments, "--build-dir", str(build_dir)]) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert error.count("\n") == 1
    assert said in error


def test_without_a_build_the_user_is_told_to_build(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--name-prefix", "x", "--build-dir", str(tmp_path)]) == 1
    assert "run `pipeline build` first" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "--rate", "0"], "0 is not between 1e-06 and 1,000,000"),
        (["run", "--rate", "fast"], "argument --rate: fast is no number"),
        (["run", "--rate", "nan"], "nan is not between 1e-06 and 1,000,000"),
        (["run", "--close-seconds", "1e300"], "1e300 is not between 1e-06 and 1,000,000"),
        (["replay", "x", "--longest-gap", "1e308"], "1e308 is not between 1e-06 and 1,000,000"),
        (["replay", "x", "--speed", "1e-300"], "1e-300 is not between 1e-06 and 1,000,000"),
        (["run", "--bad-share", "2"], "2 is not between 0 and 1"),
        (["run", "--count", "0"], "0 is no whole number of at least 1"),
        (["run", "--count", "1.5"], "1.5 is no whole number of at least 1"),
        (["run", "--start", "2026-01-15T12:00:00"], "its zone is missing"),
        (["replay"], "the following arguments are required: FILE"),
        ([], "the following arguments are required: command"),
    ],
)
def test_wrong_usage_is_exit_code_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_lines_are_numbered_and_lose_their_ends_whatever_these_are() -> None:
    assert list(lines(io.BytesIO(b"a\r\nb\n\nc"))) == [(1, b"a"), (2, b"b"), (3, b""), (4, b"c")]


def test_a_line_too_long_for_memory_is_cut_and_the_next_is_read() -> None:
    file = io.BytesIO(b"x" * (3 * LONGEST_LINE) + b"\nnext\n")
    (_, first), second = lines(file)
    assert len(first) == LONGEST_LINE
    assert second == (2, b"next")


def test_gzip_is_read_by_its_content_not_its_name(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(gzip.compress(b"a\nb\n"))
    with open_lines(str(path)) as file:
        assert [line for _, line in lines(file)] == [b"a", b"b"]


def test_gzip_that_breaks_off_is_reported_after_what_could_be_read(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl.gz"
    path.write_bytes(gzip.compress(b"".join(b"%d\n" % number for number in range(100_000)))[:-2000])
    read: list[tuple[int, bytes]] = []
    with (
        open_lines(str(path)) as file,
        pytest.raises(DamagedFileError, match="the file is damaged after line"),
    ):
        read.extend(lines(file))
    assert read


def test_a_high_rate_hands_out_events_in_parts_that_memory_holds() -> None:
    pace = Pace(1_000_000.0)
    pace._anchor -= 1.0  # a second behind: a million events are due
    assert len(pace.due()) == 5000
    assert len(pace.due()) == 5000


def test_gzip_of_any_size_is_read_in_bounded_memory(tmp_path: Path) -> None:
    file = tmp_path / "bomb.gz"
    block = b" " * (1024 * 1024)
    with gzip.open(file, "wb", compresslevel=1) as packed:
        for _ in range(64):
            packed.write(block)
        packed.write(b"\n{}\n")
    tracemalloc.start()
    try:
        with open_lines(str(file)) as opened:
            found = [(number, len(line)) for number, line in lines(opened)]
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == [(1, LONGEST_LINE), (2, 2)]
    assert most < 8 * LONGEST_LINE
