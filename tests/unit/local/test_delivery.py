"""Batches reach the handler whole and in order, whatever goes wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.delivery import Delivery

Record = dict[str, Any]


def _records(count: int) -> list[Record]:
    return [
        {"eventSourceARN": "arn:table", "dynamodb": {"SequenceNumber": str(n), "Keys": {"sk": {"S": str(n)}}}}
        for n in range(count)
    ]


def _numbers(event: dict[str, Any]) -> list[int]:
    return [int(record["dynamodb"]["SequenceNumber"]) for record in event["Records"]]


class _Log:
    def __init__(self) -> None:
        self.messages: list[str] = []

    def __call__(self, message: str, fields: dict[str, Any]) -> None:
        self.messages.append(message)


def _delivery(
    handler: Callable[[dict[str, Any]], object],
    folder: Path,
    log: _Log | None = None,
    pause: Callable[[float], bool] = lambda _seconds: True,
) -> Delivery:
    return Delivery(
        handler, lambda error: isinstance(error, OSError), folder / "dead.jsonl", log or _Log(), pause
    )


def test_a_batch_waits_through_an_outage_and_is_then_handed_on_whole(tmp_path: Path) -> None:
    calls: list[list[int]] = []

    def handler(event: dict[str, Any]) -> None:
        calls.append(_numbers(event))
        if len(calls) <= 20:
            raise ConnectionRefusedError("valkey is away")

    log = _Log()
    assert _delivery(handler, tmp_path, log).deliver(_records(3))
    assert calls == [[0, 1, 2]] * 21
    assert log.messages == ["the handler cannot work now, the batch waits", "the handler works again"]
    assert not (tmp_path / "dead.jsonl").exists()


def test_pauses_grow_up_to_a_limit(tmp_path: Path) -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> bool:
        pauses.append(seconds)
        return len(pauses) < 8

    def handler(event: dict[str, Any]) -> None:
        raise ConnectionRefusedError

    assert not _delivery(handler, tmp_path, pause=pause).deliver(_records(1))
    assert pauses == [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]


@pytest.mark.parametrize("poison", [0, 3, 6])
def test_a_record_that_cannot_be_handled_is_put_aside_with_the_reason_and_the_rest_goes_on(
    tmp_path: Path, poison: int
) -> None:
    handled: list[int] = []

    def handler(event: dict[str, Any]) -> None:
        numbers = _numbers(event)
        if poison in numbers:
            raise ValueError("no such column")
        handled.extend(numbers)

    assert _delivery(handler, tmp_path).deliver(_records(7))
    assert handled == [n for n in range(7) if n != poison]
    (line,) = (tmp_path / "dead.jsonl").read_text().splitlines()
    letter = json.loads(line)
    assert letter["reason"] == "no such column"
    assert letter["error"] == "ValueError"
    assert letter["sequence_number"] == str(poison)
    assert letter["keys"] == {"sk": {"S": str(poison)}}


def test_a_failure_that_passes_costs_no_record(tmp_path: Path) -> None:
    calls: list[list[int]] = []

    def handler(event: dict[str, Any]) -> None:
        calls.append(_numbers(event))
        if len(calls) == 1:
            raise ValueError("once")

    assert _delivery(handler, tmp_path).deliver(_records(2))
    assert calls == [[0, 1], [0, 1]]
    assert not (tmp_path / "dead.jsonl").exists()
