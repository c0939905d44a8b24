"""`python -m simulator run` and `replay`: the command line of the simulator."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from ingest.timestamps import TimestampError, parse_timestamp
from simulator import replay, run
from simulator.faults import Shares
from simulator.report import say
from simulator.sending import Target, UserError, target

_SMALLEST, _LARGEST = 0.000_001, 1_000_000
"""Of rates, speeds and seconds: what clocks and waits can carry (a million seconds is eleven days)."""


def main(arguments: list[str] | None = None) -> int:
    """Exit codes: 0 done, 1 the user or the stream has to mend something, 2 usage."""
    options = _parser().parse_args(arguments)
    with _stopped_by_signals() as stop:
        try:
            return _run(options, stop) if options.command == "run" else _replay(options, stop)
        except UserError as error:
            say(f"error: {error}")
            return 1


def _run(options: argparse.Namespace, stop: threading.Event) -> int:
    settings = run.Settings(
        rate=options.rate,
        seed=options.seed,
        seconds=options.seconds,
        count=options.count,
        fast=options.as_fast_as_possible,
        users=options.users,
        shares=Shares(
            options.bad_share, options.duplicate_share, options.late_share, int(options.latest * 1000)
        ),
        start_ms=options.start,
        close_seconds=options.close_seconds,
        as_json=options.json,
    )
    if options.to_file is not None:
        return run.write(options.to_file, settings, stop)
    return run.run(_target(options), settings, stop)


def _replay(options: argparse.Namespace, stop: threading.Event) -> int:
    settings = replay.Settings(
        file=options.file,
        speed=options.speed,
        shift=options.shift_to_now,
        unpaced=options.max,
        longest_gap_seconds=options.longest_gap,
        new_ids=options.new_ids,
        rejects=options.rejects,
        close_seconds=options.close_seconds,
        as_json=options.json,
    )
    return replay.replay(_target(options), settings, stop)


def _target(options: argparse.Namespace) -> Target:
    ledger = None if options.no_ledger else options.ledger or options.build_dir / "local" / "ledger"
    return target(options.build_dir, options.endpoint, options.name_prefix, ledger, options.wait_seconds)


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """The first Ctrl-C or SIGTERM ends the run in order, the second at once (the ledger keeps the rest)."""
    stop = threading.Event()

    def handle(number: int, frame: FrameType | None) -> None:
        del frame
        if stop.is_set():
            raise SystemExit(128 + number)
        stop.set()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no number") from None


def _positive(text: str) -> float:
    value = _number(text)
    if not _SMALLEST <= value <= _LARGEST:
        raise argparse.ArgumentTypeError(f"{text} is not between {_SMALLEST} and {_LARGEST:,}")
    return value


def _share(text: str) -> float:
    value = _number(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def _count(text: str) -> int:
    value = _number(text)
    if not value.is_integer() or value < 1:
        raise argparse.ArgumentTypeError(f"{text} is no whole number of at least 1")
    return int(value)


def _time(text: str) -> int:
    try:
        return parse_timestamp(text)
    except TimestampError as error:
        raise argparse.ArgumentTypeError(f"{text}: {error}") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    common = _common_options()
    runner = commands.add_parser("run", parents=[common], help="traffic of a made-up shop")
    runner.add_argument("--rate", type=_positive, default=100.0, help="events a second (default 100)")
    runner.add_argument(
        "--seed", type=int, help="the same visitors again; with --start the same events, ids included"
    )
    runner.add_argument(
        "--for", dest="seconds", type=_positive, metavar="SECONDS", help="stop after this time"
    )
    runner.add_argument("--count", type=_count, metavar="N", help="stop after this many events")
    runner.add_argument("--as-fast-as-possible", action="store_true", help="do not wait between events")
    runner.add_argument("--users", type=_count, default=50_000, help="people who may visit (default 50000)")
    runner.add_argument("--bad-share", type=_share, default=0.002, help="share of broken events")
    runner.add_argument("--duplicate-share", type=_share, default=0.001, help="share of events sent twice")
    runner.add_argument("--late-share", type=_share, default=0.0, help="share of events that come late")
    runner.add_argument("--latest", type=_positive, default=600.0, metavar="SECONDS", help="how late at most")
    runner.add_argument(
        "--start", type=_time, metavar="TIME", help="a clock of its own: event i happens at TIME + i / rate"
    )
    runner.add_argument("--to-file", type=Path, metavar="FILE", help="write the events there, send nothing")
    player = commands.add_parser(
        "replay", parents=[common], help="your own events, one JSON object a line", description=replay.__doc__
    )
    player.formatter_class = argparse.RawDescriptionHelpFormatter
    player.add_argument("file", metavar="FILE", help="JSON Lines, also gzip; - is stdin")
    player.add_argument("--speed", type=_positive, default=1.0, help="2 is twice as fast (default 1)")
    player.add_argument(
        "--longest-gap",
        type=_positive,
        default=60.0,
        metavar="SECONDS",
        help="skip a silence that would be waited for longer than this (default 60)",
    )
    player.add_argument("--max", action="store_true", help="as fast as possible, the latest event is now")
    player.add_argument(
        "--shift-to-now", action=argparse.BooleanOptionalAction, default=True, help="move the events to now"
    )
    player.add_argument(
        "--no-shift", dest="shift_to_now", action="store_false", help="leave times as they are"
    )
    player.add_argument(
        "--new-ids", action="store_true", help="new event ids, so that sending a file again counts again"
    )
    player.add_argument("--rejects", type=Path, metavar="FILE", help="where the list of rejects goes")
    return parser


def _common_options() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--build-dir", type=Path, default=Path("build"), help="what `pipeline build` wrote")
    common.add_argument("--endpoint", metavar="URL", help="Kinesis, where it is not AWS's own")
    common.add_argument("--name-prefix", metavar="PREFIX", help="prefix of the streams' names")
    common.add_argument("--ledger", type=Path, metavar="DIR", help="default <build-dir>/local/ledger")
    common.add_argument("--no-ledger", action="store_true", help="keep no ledger (a kill loses events)")
    common.add_argument("--wait-seconds", type=_positive, default=30.0, help="for the streams to be there")
    common.add_argument("--close-seconds", type=_positive, default=30.0, help="for the last acknowledgements")
    common.add_argument("--json", action="store_true", help="the summary as JSON")
    return common


if __name__ == "__main__":
    sys.exit(main())
