"""Hands batches of change records to a Lambda handler the way an event source mapping does.

A batch that fails is tried again, whole and in order, for as long as what the handler needs is away. A batch
that fails for another reason is halved until the record at fault stands alone; that one goes to the
dead-letter file with the reason (its row stays in the table). Nothing is skipped
silently.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from local.times import iso_now

Record = dict[str, Any]
Handler = Callable[[dict[str, Any]], object]

ATTEMPTS = 4
FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 2.0


@dataclass(frozen=True)
class Delivery:
    """`handler` takes a Lambda event; `is_outage` tells from an exception whether to wait for better times.

    `pause` sleeps for so many seconds and says whether to go on (False when the process is to end).
    """

    handler: Handler
    is_outage: Callable[[Exception], bool]
    dead_letters: Path
    log: Callable[[str, dict[str, Any]], None]
    pause: Callable[[float], bool]

    def deliver(self, records: list[Record]) -> bool:
        """Hand `records` on, in order; False when told to end before that was possible."""
        return self._deliver(records, ATTEMPTS)

    def _deliver(self, records: list[Record], attempts: int) -> bool:
        failure = self._attempts(records, attempts)
        if failure is None:
            return True
        if isinstance(failure, _Ended):
            return False
        if len(records) == 1:
            self._dead_letter(records[0], failure)
            return True
        middle = len(records) // 2
        return self._deliver(records[:middle], 1) and self._deliver(records[middle:], 1)

    def _attempts(self, records: list[Record], attempts: int) -> Exception | None:
        failure: Exception
        pause, failures, outage = FIRST_PAUSE_SECONDS, 0, False
        while True:
            try:
                self.handler({"Records": records})
            except Exception as error:  # noqa: BLE001 -- whatever the handler raises decides about the batch
                failure = error
            else:
                if outage:
                    self.log("the handler works again", {"records": len(records)})
                return None
            if self.is_outage(failure):
                if not outage:
                    self.log("the handler cannot work now, the batch waits", _reason(failure, records))
                outage = True
            else:
                failures += 1
                if failures == attempts:
                    return failure
            if not self.pause(pause):
                return _Ended()
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def _dead_letter(self, record: Record, failure: Exception) -> None:
        change = record.get("dynamodb", {})
        reason = _reason(failure, [record])
        entry = {
            "time": iso_now(),
            "source": record.get("eventSourceARN"),
            "keys": change.get("Keys"),
            "sequence_number": change.get("SequenceNumber"),
            **reason,
        }
        self.dead_letters.parent.mkdir(parents=True, exist_ok=True)
        with self.dead_letters.open("ab") as file:
            file.write(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE))
        self.log("a record was put aside in the dead-letter file", reason)


class _Ended(Exception):  # noqa: N818 -- a sign, not an error
    """The process is to end before the batch could be handed on."""


def _reason(failure: Exception, records: list[Record]) -> dict[str, Any]:
    return {"error": type(failure).__name__, "reason": str(failure)[:500], "records": len(records)}


def sleep_unless(ended: Callable[[], bool]) -> Callable[[float], bool]:
    """A `pause` that ends early, within 50 ms, once `ended` says so."""

    def pause(seconds: float) -> bool:
        until = time.monotonic() + seconds
        while not ended() and time.monotonic() < until:
            time.sleep(min(0.05, max(0.0, until - time.monotonic())))
        return not ended()

    return pause
