"""Sends events through ingest: checked and enriched, written to the ledger, put on streams, acknowledged."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from ingest.client import LOCAL_REGION, kinesis_client
from ingest.contract import ContractError
from ingest.enrich import KEY_VARIABLE, Enricher, IpHashKeyError, key_from_environment
from ingest.intake import Intake
from ingest.ledger import Ledger, LedgerError, OldRun, acknowledged, recover
from ingest.model import Accepted
from ingest.producer import Limits, Producer, Record, Statistics
from ingest.validate import Validator

UNPACED = Limits(linger_seconds=0.25)
"""For runs that wait for nothing: full batches cost least."""


class UserError(RuntimeError):
    """Something the user can mend: what is wrong, what was expected, what to do next."""


@dataclass(frozen=True)
class Target:
    """Where events go. `ledger` is None for a run that keeps none."""

    build_dir: Path
    endpoint: str | None
    name_prefix: str
    ledger: Path | None
    wait_seconds: float = 30.0
    region: str | None = None


def target(
    build_dir: Path, endpoint: str | None, name_prefix: str | None, ledger: Path | None, wait_seconds: float
) -> Target:
    """Fill in what was not said: from the environment, else from the local stack that runs beside the build.

    Raises UserError where neither knows.
    """
    stack: dict[str, object] = {}
    file = build_dir / "local" / "stack.json"
    if file.is_file():
        stack = json.loads(file.read_text("utf-8"))
    endpoints = stack.get("endpoints")
    local = endpoints.get("aws") if isinstance(endpoints, dict) else None
    endpoint = endpoint or os.environ.get("AWS_ENDPOINT_URL")
    region = None
    if endpoint is None and local:  # the shell's own AWS_REGION says nothing about the local stack's
        endpoint, region = str(local), str(stack.get("region") or LOCAL_REGION)
    name_prefix = name_prefix or os.environ.get("NAME_PREFIX") or str(stack.get("name_prefix") or "")
    if not name_prefix:
        raise UserError(
            "where to send is not known: no local stack runs here (`make demo` starts one), "
            "and neither --name-prefix nor NAME_PREFIX is given"
        )
    return Target(build_dir, endpoint, name_prefix, ledger, wait_seconds, region)


def load_intake(build_dir: Path, source: str) -> Intake:
    """Checks and enrichment of the build; without IP_HASH_KEY the hash of this run has a key of its own.

    Raises UserError when there is no build or the key is none.
    """
    try:
        key = key_from_environment() if os.environ.get(KEY_VARIABLE) else secrets.token_bytes(32)
        return Intake(Validator.load(build_dir), Enricher(key), source)
    except (ContractError, IpHashKeyError) as error:
        raise UserError(str(error)) from error


class Sender:
    """A run's way to the streams. Use as a context: leaving it sends what is left.

    `say` is told, as lines for a person, what is waited for.
    """

    def __init__(self, where: Target, say: Callable[[str], None], limits: Limits | None = None) -> None:
        self.target = where
        self._say = say
        client = kinesis_client(where.endpoint, where.region)
        self.refused: list[str] = []
        self.producer = Producer(
            client,
            where.name_prefix,
            limits=limits,
            on_acknowledged=acknowledged,
            on_refused=self._on_refused,
        )
        self.run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}-{secrets.token_hex(2)}"
        self._old: list[OldRun] = []
        self.resent = 0
        self.ledger: Ledger | None = None

    def start(self) -> None:
        """Wait for the streams, open the ledger, and send again what earlier runs left in theirs.

        Raises UserError.
        """
        self._wait_until_reachable("page-view")
        if self.target.ledger is None:
            return
        try:
            self._old = recover(self.target.ledger)
            self.ledger = Ledger(self.target.ledger, self.run_id)
        except OSError as error:
            raise UserError(f"the ledger {self.target.ledger} cannot be written: {error.strerror}") from error
        except LedgerError as error:
            raise UserError(f"{error}; move it away to go on") from error
        for run in self._old:
            for record in run.unacknowledged():
                self.producer.put(record)
                self.resent += 1
        if self.resent:
            self._say(f"sent {self.resent:,} events again that an earlier run had not seen acknowledged")

    def _wait_until_reachable(self, stream: str) -> None:
        """Wait for the stream to be there; raises UserError after `wait_seconds`."""
        name = f"{self.target.name_prefix}-{stream}"
        place = self.target.endpoint or "AWS"
        deadline = time.monotonic() + self.target.wait_seconds
        told = False
        while True:
            try:
                summary = self.producer.client.describe_stream_summary(StreamName=name)
                status = summary["StreamDescriptionSummary"]["StreamStatus"]
                if status in {"ACTIVE", "UPDATING"}:
                    return
                trouble = f"it is {status}"
            except (BotoCoreError, ClientError) as error:
                trouble = str(error)
            if time.monotonic() >= deadline:
                raise UserError(f"stream {name} cannot be reached at {place}: {trouble}")
            if not told:
                self._say(f"waiting for stream {name} at {place}: {trouble}")
                told = True
            time.sleep(0.25)

    def send(self, events: Sequence[Accepted]) -> None:
        """Write the events down, then put them; waits while the buffer is full."""
        if self.ledger is not None:
            records = self.ledger.append(events)
        else:
            records = [Record(item.stream, item.partition_key, item.payload) for item in events]
        self.producer.put_all(records)

    def close(self, timeout_seconds: float) -> int:
        """Send what is left; returns how many events were not acknowledged (the ledger keeps them)."""
        left = self.producer.close(timeout_seconds)
        for ledger in (*self._old, *([self.ledger] if self.ledger else [])):
            ledger.close()
        return left

    def statistics(self) -> Statistics:
        """The producer's counts."""
        return self.producer.statistics()

    def _on_refused(self, record: Record, why: str) -> None:
        acknowledged([record])  # it never will be taken: sending it again would not help
        self.refused.append(why)
