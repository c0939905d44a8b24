# ruff: noqa: DTZ001  values are UTC without a zone
"""The batch form: windows, lateness and Flink's meaning of expressions, run on DuckDB itself."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipeline.compile.classify import classify
from pipeline.compile.contracts import load_contracts
from pipeline.compile.parse import parse
from pipeline.compile.render import render
from pipeline.compile.resolve import resolve
from pipeline.lower.batch import create_table, lower_batch, lower_late
from pipeline.lower.refusal import RefusedError
from pipeline.model.contracts import Contracts
from pipeline.model.models import Classified, Promises, Source, Sources

ROOT = Path(__file__).parents[3]
NOON = dt.datetime(2026, 1, 15, 12)
MINUTE_MS = 60_000


@pytest.fixture(scope="module")
def shop() -> Contracts:
    contracts, errors = load_contracts(ROOT)
    assert errors == ()
    return contracts


def compiled(sql: str, shop: Contracts, *, live: bool | None = None) -> Classified:
    file = "sql/metrics/tried/query.sql"
    source = Source("tried", "metric", "sql/metrics/tried", file, sql, Promises(live=live))
    rendered, errors = render(source, Sources((source,)))
    assert rendered is not None, errors
    parsed, errors = parse(rendered)
    assert parsed is not None, errors
    resolved, errors = resolve(parsed, shop, ["tried"])
    assert resolved is not None, errors
    return classify(resolved, shop)


def run(
    model: Classified, shop: Contracts, clicks: list[tuple[dt.datetime, str, int]]
) -> list[tuple[object, ...]]:
    """The result over clicks `(event_time, event_id, position)` in arrival order."""
    with duckdb.connect() as connection:
        return _filled(connection, shop, clicks).execute(lower_batch(model, shop, "duckdb")).fetchall()


def late(model: Classified, shop: Contracts, clicks: list[tuple[dt.datetime, str, int]]) -> int:
    with duckdb.connect() as connection:
        row = _filled(connection, shop, clicks).execute(lower_late(model, shop, "duckdb")).fetchone()
        assert row is not None
        return int(row[0])


def _filled(
    connection: duckdb.DuckDBPyConnection, shop: Contracts, clicks: list[tuple[dt.datetime, str, int]]
) -> duckdb.DuckDBPyConnection:
    event = shop.event("click")
    assert event is not None
    connection.execute(create_table(event, "duckdb"))
    for number, (time, event_id, position) in enumerate(clicks):
        connection.execute(
            "INSERT INTO click (event_time, event_id, position, element, _arrival, _sequence) "
            "VALUES (?, ?, ?, 'x', ?, ?)",
            [time, event_id, position, max(click[0] for click in clicks[: number + 1]), number],
        )
    return connection


def windowed(function: str) -> str:
    return (
        "-- How many?\nSELECT\n    window_start AS began,  -- begin\n    window_end AS ended,  -- end\n"
        "    COUNT(*) AS clicks  -- clicks\n"
        f"FROM TABLE({function})\nGROUP BY window_start, window_end\n"
    )


def milliseconds(time: dt.datetime) -> int:
    return (time - dt.datetime(1970, 1, 1)) // dt.timedelta(milliseconds=1)


def moment(ms: int) -> dt.datetime:
    return dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=ms)


SHAPES = [
    ("TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '7' SECOND)", "tumble", 7_000, 7_000, 0),
    (
        "TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' HOUR, INTERVAL '90' SECOND)",
        "tumble",
        3_600_000,
        3_600_000,
        90_000,
    ),
    (
        "HOP(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE)",
        "hop",
        300_000,
        60_000,
        0,
    ),
    (
        "CUMULATE(TABLE click, DESCRIPTOR(event_time), INTERVAL '10' SECOND, INTERVAL '1' MINUTE)",
        "cumulate",
        60_000,
        10_000,
        0,
    ),
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape[0])
def test_windows_hold_the_same_events_as_by_their_definition(
    shape: tuple[str, str, int, int, int], shop: Contracts
) -> None:
    function, kind, size, step, offset = shape
    chance = random.Random(20260115)
    begin = milliseconds(NOON)
    times = [begin + chance.randrange(-900_000, 900_000) for _ in range(60)]
    times += [begin, begin - 1, begin + step, -begin, -1, 0]  # edges, and times before 1970
    expected: Counter[tuple[dt.datetime, dt.datetime]] = Counter()
    for at in times:
        # All starts near the event that are a whole number of steps (of sizes, for CUMULATE) from the offset.
        grid = size if kind == "cumulate" else step
        first = (at - offset - size) // grid * grid + offset
        for start in range(first, at + grid + 1, grid):
            ends = range(start + step, start + size + 1, step) if kind == "cumulate" else [start + size]
            expected.update((moment(start), moment(end)) for end in ends if start <= at < end)
    # live: false would drop by arrival order: sorted arrivals are never late.
    model = compiled(windowed(function), shop)
    clicks = [(moment(at), str(number), 0) for number, at in enumerate(sorted(times))]
    assert {(row[0], row[1]): row[2] for row in run(model, shop, clicks)} == dict(expected)


MINUTES = windowed("TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE)")


def at(seconds: float) -> dt.datetime:
    return NOON + dt.timedelta(seconds=seconds)


def test_a_live_window_counts_late_events_up_to_its_late_hours(shop: Contracts) -> None:
    model = compiled(MINUTES, shop)
    assert model.form == "live"
    clicks = [(at(7200), "a", 0), (at(0.001), "b", 0), (at(0), "c", 0)]
    assert sorted(run(model, shop, clicks)) == [(at(0), at(60), 1), (at(7200), at(7260), 1)]
    assert late(model, shop, clicks) == 1


def test_a_strict_window_drops_what_comes_after_the_watermark_closed_it(shop: Contracts) -> None:
    model = compiled(MINUTES, shop, live=False)
    assert model.form == "strict"
    # The delay is 5 s: an arrival at 64.998 leaves the window of minute 0 open, one at 64.999 closes it.
    clicks = [(at(64.998), "a", 0), (at(1), "b", 0), (at(64.999), "c", 0), (at(2), "d", 0)]
    assert sorted(run(model, shop, clicks)) == [(at(0), at(60), 1), (at(60), at(120), 2)]
    assert late(model, shop, clicks) == 1


def test_a_strict_hop_drops_an_event_only_from_the_windows_that_are_closed(shop: Contracts) -> None:
    hop = "HOP(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE, INTERVAL '2' MINUTE)"
    model = compiled(windowed(hop), shop, live=False)
    clicks = [(at(70), "a", 0), (at(1), "b", 0)]
    assert sorted(run(model, shop, clicks)) == [
        (at(0), at(120), 2),
        (at(60), at(180), 1),
    ]
    assert late(model, shop, clicks) == 1


def test_a_repeated_event_id_counts_as_its_first_arrival(shop: Contracts) -> None:
    model = compiled(MINUTES, shop)
    clicks = [(at(0), "a", 0), (at(60), "a", 0), (at(61), "b", 0)]
    assert sorted(run(model, shop, clicks)) == [(at(0), at(60), 1), (at(60), at(120), 1)]


def measured(expression: str) -> str:
    return (
        f"-- What?\nSELECT\n    window_start AS began,  -- begin\n    {expression} AS measured  -- measured\n"
        "FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))\n"
        "GROUP BY window_start, window_end\n"
    )


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("CAST(AVG(position) AS INT)", 2),  # 2, 3: Flink's average of integers is an integer
        ("CAST(SUM(position) / 2 AS INT)", 2),
        ("CAST(SUM(0 - position) / 2 AS INT)", -2),
        ("CAST(MAX(position) % 2 AS INT)", 1),
        ("CAST(CAST(1.9 AS INT) + MIN(position) AS INT)", 3),
        ("CAST(MIN(position) > 1 AS STRING)", "TRUE"),
        ("CAST(SUM(CAST(position AS DECIMAL(12, 2))) AS DECIMAL(18, 1))", Decimal("5.0")),
        ("CAST(SUM(CASE WHEN position > 2 THEN 10 ELSE 1 END) AS BIGINT)", 11),
        ("COUNT(*) FILTER (WHERE position BETWEEN 3 AND 4)", 1),
        ("COUNT(DISTINCT element)", 1),
        ("MAX(DATE_FORMAT(event_time, 'yyyy-MM-dd''T''HH:mm:ss.SSS'))", "2026-01-15T12:00:01.000"),
        ("CAST(MAX(EXTRACT(SECOND FROM event_time)) AS BIGINT)", 1),
        ("COALESCE(NULLIF(MIN(position), 2), 7)", 7),
    ],
)
def test_an_expression_has_the_value_it_has_in_flink(expression: str, value: object, shop: Contracts) -> None:
    model = compiled(measured(expression), shop)
    (row,) = run(model, shop, [(at(0), "a", 2), (at(1), "b", 3)])
    assert row[1] == value
    assert type(row[1]) is type(value)


@pytest.mark.parametrize(
    ("expression", "what"),
    [
        ("LISTAGG(element)", "the function LISTAGG"),
        (
            "MAX(DATE_FORMAT(event_time, 'EEE'))",
            (
                "the pattern of DATE_FORMAT "
                "(known: yyyy, yy, MM, M, dd, d, HH, H, mm, m, ss, s, SSS and text in quotes)"
            ),
        ),
    ],
)
def test_what_duckdb_would_compute_otherwise_is_refused_with_its_place(
    expression: str, what: str, shop: Contracts
) -> None:
    model = compiled(measured(expression), shop)
    with pytest.raises(RefusedError) as raised:
        lower_batch(model, shop, "duckdb")
    (diagnostic, *_) = raised.value.diagnostics
    assert diagnostic.message == f"DuckDB does not compute {what} as Flink does"
    assert diagnostic.position.file == "sql/metrics/tried/query.sql"
    assert diagnostic.position.line == 4


def test_common_table_expressions_and_unions_keep_their_meaning(shop: Contracts) -> None:
    sql = (
        "-- How many?\n"
        "WITH high AS (\n"
        "    SELECT window_start, window_end, COUNT(*) AS clicks\n"
        "    FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))\n"
        "    WHERE position > 2\n"
        "    GROUP BY window_start, window_end\n"
        ")\n"
        "SELECT\n    window_start AS began,  -- begin\n    clicks  -- clicks\nFROM high\n"
    )
    model = compiled(sql, shop, live=True)
    clicks = [(at(0), "a", 2), (at(1), "b", 3), (at(61), "c", 4), (at(62), "d", 5)]
    assert sorted(run(model, shop, clicks)) == [(at(0), 1), (at(60), 2)]
