"""`GET /v1/metrics` and `GET /v1/metrics/{name}`: what callers may ask, and the shape of the answer."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from chalicelib import clock, manifest, queries, rows
from chalicelib.errors import ApiError, shorten

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalicelib.manifest import Model
    from chalicelib.rows import Row

LONGEST_RANGE_MS = 25 * clock.HOUR_MS
DEFAULT_RANGE_MS = clock.HOUR_MS
GREATEST_ANSWER_BYTES = 5_500_000
"""A Lambda answers with at most 6 MB."""
_MOST_VALUES = 100
_ANSWERS_KEPT = 256
_EXAMPLE = "2026-11-22T18:00:00Z"


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer given a moment ago, and until when (`time.monotonic`) it may be given again."""

    model: Model
    until: float
    body: str


_answers: dict[tuple[object, ...], _Answer] = {}


def catalogue(parameters: Mapping[str, Sequence[str]]) -> str:
    """`{"metrics": [...]}` as JSON: every metric with its question, columns, key and chart.

    Raises:
        ApiError: 400 for any parameter, 503 where the manifest cannot be read.
    """
    _refuse_unknown(parameters, ())
    return orjson.dumps(
        {"metrics": [dict(model.published) for model in manifest.current().metrics()]}, default=dict
    ).decode()


def metric(name: str, parameters: Mapping[str, Sequence[str]]) -> str:
    """One metric's rows as JSON, by window start (`from` inclusive, `to` exclusive) and dimensions.

    A dimension may be given several times (any of the values); given empty it selects rows where it is NULL
    or empty. The same question within 0.1 s gets the same answer, its ages included.

    Raises:
        ApiError: 404 unknown metric, 400 what was asked cannot be understood, 503 nothing can be read.
    """
    model = _model(name)
    asked = (name, *((parameter, *values) for parameter, values in parameters.items()))
    known = _answers.get(asked)
    if known is not None and known.model is model and time.monotonic() < known.until:
        return known.body
    _refuse_unknown(parameters, ("from", "to", *model.dimensions))
    now_ms = clock.now_ms()
    to_ms = _moment(parameters, "to", now_ms)
    from_ms = _moment(parameters, "from", max(to_ms - DEFAULT_RANGE_MS, 0))
    if from_ms >= to_ms:
        text = f"from ({clock.iso(from_ms)}) is expected before to ({clock.iso(to_ms)})"
        raise ApiError(
            400, "bad_range", text + ("; to is now unless given" if "to" not in parameters else "")
        )
    if to_ms - from_ms > LONGEST_RANGE_MS:
        hours = (to_ms - from_ms) / clock.HOUR_MS
        raise ApiError(
            400,
            "bad_range",
            f"the range is {hours:.1f} h; at most 25 h can be asked for: set from and to closer",
        )
    wanted = _wanted(model, parameters)
    result = queries.read(model, from_ms, to_ms)
    found = result.rows
    for place, values in wanted:
        found = [row for row in found if row.dimensions[place] in values]
    body = _render(model, from_ms, to_ms, found, result)
    if len(body) > GREATEST_ANSWER_BYTES:
        text = f"{len(found)} rows are more than one answer holds; ask for a shorter range or fewer values"
        raise ApiError(400, "too_many_rows", text)
    if len(_answers) >= _ANSWERS_KEPT:
        _answers.clear()
    _answers[asked] = _Answer(model, result.read_at + queries.MEMORY_SECONDS, body)
    return body


def _render(model: Model, from_ms: int, to_ms: int, found: list[Row], result: queries.Result) -> str:
    watermark = result.watermark
    now_ms = clock.now_ms()
    as_of = rows.latest([row.as_of for row in found])
    head: dict[str, Any] = {
        "metric": model.name,
        "question": model.question,
        "from": clock.iso(from_ms),
        "to": clock.iso(to_ms),
        "watermark": watermark,
        "as_of": as_of,
        "age_ms": None if as_of is None else max(0, now_ms - clock.epoch_ms(as_of)),
        "columns": model.published["columns"],
    }
    rendered = ",".join([row.render(watermark, now_ms, result.recomputing_from) for row in found])
    return f'{orjson.dumps(head)[:-1].decode()},"rows":[{rendered}]}}'


def _model(name: str) -> Model:
    known = manifest.current()
    model = known.models.get(name)
    if model is None or model.kind != "metric":
        choices = [choice.name for choice in known.metrics()]
        raise ApiError(404, "unknown_metric", f"there is no metric {shorten(name)}", choices)
    return model


def _refuse_unknown(parameters: Mapping[str, Sequence[str]], allowed: Sequence[str]) -> None:
    unknown = [name for name in parameters if name not in allowed]
    if unknown:
        text = f"unknown parameter {shorten(unknown[0])}"
        raise ApiError(
            400, "unknown_parameter", text if allowed else f"{text}; none is expected here", allowed
        )


def _moment(parameters: Mapping[str, Sequence[str]], name: str, default_ms: int) -> int:
    values = parameters.get(name)
    if values is None:
        return default_ms
    if len(values) != 1:
        raise ApiError(400, "bad_time", f"{name} is given {len(values)} times; once is expected")
    try:
        moment = clock.epoch_ms(values[0])
    except (ValueError, OverflowError) as error:
        text = f"{name} is {shorten(values[0])}; expected an ISO 8601 time, such as {_EXAMPLE}"
        raise ApiError(400, "bad_time", text) from error
    if moment < 0:
        raise ApiError(
            400, "bad_time", f"{name} is {shorten(values[0])}; expected a time since 1970, such as {_EXAMPLE}"
        )
    return moment


def _wanted(model: Model, parameters: Mapping[str, Sequence[str]]) -> list[tuple[int, frozenset[str]]]:
    wanted = []
    for place, name in enumerate(model.dimensions):
        values = parameters.get(name)
        if values is None:
            continue
        if len(values) > _MOST_VALUES:
            text = f"{name} is given {len(values)} times; at most {_MOST_VALUES} values are allowed"
            raise ApiError(400, "too_many_values", text)
        wanted.append((place, frozenset(values)))
    return wanted
