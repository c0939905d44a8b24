"""Kills the process groups it was told about when the teller dies: nothing outlives a killed supervisor.

Reads `+<pgid>` and `-<pgid>` lines from its standard input; at the end of the input every group that is still
listed gets SIGKILL. Run by path with `python -I -S`: the standard library only, 10 MB, no imports of ours.
"""

import os
import signal
import sys


def main() -> None:
    """Listen until the input ends, then kill what is left."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        pgid = int(line[1:])
        if line[0] == "+":
            groups.add(pgid)
        else:
            groups.discard(pgid)
    for pgid in groups:
        try:
            os.killpg(pgid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


if __name__ == "__main__":
    main()
