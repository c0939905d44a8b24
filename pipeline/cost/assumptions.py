"""What the traffic is taken to be: every number that no plan and no manifest tells, with unit and reason.

Each can be overridden: `--set name=value`, or a TOML file of `name = value` lines (`--assumptions FILE`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.cost.errors import CostError
from pipeline.suggest import suggestion


@dataclass(frozen=True)
class Assumption:
    """A named number of the traffic model."""

    name: str
    value: float
    unit: str
    reason: str


# `weight.` and `cardinality.` take any event or column as their second part; `.other` is for those not named.
OPEN_GROUPS = ("weight", "cardinality")

ASSUMPTIONS = (
    Assumption("event_bytes", 1000, "bytes", "an enriched event as JSON, before KMS and transport"),
    Assumption("records_per_event", 1, "records", "no aggregation: one Kinesis record an event"),
    Assumption("stream_headroom", 1.5, "times", "provisioned shards over the mean rate: peaks, uneven keys"),
    Assumption("weight.page_view", 60, "parts", "mix of events of a shop"),
    Assumption("weight.click", 30, "parts", "mix of events of a shop"),
    Assumption("weight.search", 7, "parts", "mix of events of a shop"),
    Assumption("weight.purchase", 3, "parts", "mix of events of a shop"),
    Assumption("weight.other", 5, "parts", "an event type that is not named here"),
    Assumption(
        "rejected_share", 0.01, "of events", "events that break their contract, each standalone stream"
    ),
    Assumption("events_per_collector_request", 5, "events", "a page view and its clicks sent together"),
    Assumption("collector_ms", 15, "ms", "check, enrich, PutRecords; 10 us an event of it is ours"),
    Assumption("cardinality.event_type", 4, "values", "the customer's event types"),
    Assumption("cardinality.category", 20, "values", "categories of a shop"),
    Assumption("cardinality.currency", 5, "values", "currencies a shop takes"),
    Assumption("cardinality.reason", 6, "values", "ways to break a contract"),
    Assumption("cardinality.country", 60, "values", "countries with visitors in a minute"),
    Assumption("cardinality.device_type", 3, "values", "mobile, desktop, tablet"),
    Assumption("cardinality.channel", 8, "values", "channels of the enrichment"),
    Assumption("cardinality.browser", 10, "values", "browser families"),
    Assumption("cardinality.user_id", 200_000, "values", "visitors of an hour"),
    Assumption("cardinality.session_id", 250_000, "values", "visits of an hour"),
    Assumption("cardinality.product_id", 20_000, "values", "products of a shop"),
    Assumption("cardinality.other", 50, "values", "a dimension that is not named here"),
    Assumption("mini_batch_ms", 1000, "ms", "where the plan does not tell: the variable's default"),
    Assumption("checkpoint_seconds", 5, "s", "a checkpoint flushes the mini-batch too"),
    Assumption("events_per_session", 20, "events", "bounds the rows of session windows"),
    Assumption("row_bytes", 400, "bytes", "a result row; up to 1 KB is one write unit"),
    Assumption(
        "events_per_second_per_kpu",
        2000,
        "events/s",
        "low estimate, unmeasured on AWS; `pipeline plan` takes 30,000 for a replay",
    ),
    Assumption("flink_storage_gb_per_kpu", 50, "GB", "what AWS attaches to a running KPU"),
    Assumption(
        "publisher_calls_per_second", 1, "calls/s", "at most, for each table: rows come in mini-batches"
    ),
    Assumption("publisher_ms", 20, "ms", "a call without its messages"),
    Assumption("publisher_ms_per_message", 2, "ms", "one WebSocket message; several are under way at once"),
    Assumption("page_users", 25, "pages", "open around the clock, on average"),
    Assumption("frame_bytes", 2000, "bytes", "a coalesced change of one model"),
    Assumption(
        "api_requests_per_1000_events", 2, "requests", "reads of pages and partners, before the cache"
    ),
    Assumption("api_cache_share", 0.5, "of reads", "answered by CloudFront"),
    Assumption("api_ms", 20, "ms", "a read from Valkey"),
    Assumption("api_response_bytes", 4000, "bytes", "an hour of a metric, compressed"),
    Assumption("table_read_share", 0.05, "of reads", "that miss Valkey and read DynamoDB"),
    Assumption("read_units_per_request", 5, "units", "20 KB of rows"),
    Assumption("lambda_memory_mb", 512, "MB", "where the plan does not tell"),
    Assumption("log_bytes_per_call", 500, "bytes", "a Lambda call: its REPORT line, rarely one of ours"),
    Assumption("access_log_bytes", 300, "bytes", "a request at API Gateway"),
    Assumption("flink_log_gb", 2, "GB/month", "an application, level INFO"),
    Assumption("delivery_record_bytes", 5120, "bytes", "Firehose rounds each record up to 5 KB"),
    Assumption("transform_batch_bytes", 1_000_000, "bytes", "events a call of the lake's transformation"),
    Assumption("transform_ms_per_mb", 120, "ms", "JSON in, JSON out, Python"),
    Assumption("lake_bytes_per_event", 200, "bytes", "Parquet with Snappy, a fifth of the JSON"),
    Assumption("lake_months", 24, "months", "steady state: two years are kept"),
    Assumption("lake_objects_per_stream_hour", 24, "objects", "5-minute buffers, and some late hours"),
    Assumption("athena_tb", 0.1, "TB/month", "ad-hoc queries, partitions pruned"),
    Assumption("valkey_gb", 0.2, "GB", "hours of rows, 600 frames a model; the least billed is 0.1"),
    Assumption("valkey_ecpu_per_row", 3, "ECPU", "row, frame, bookkeeping, each under 1 KB"),
    Assumption("valkey_ecpu_per_read", 5, "ECPU", "an hour of a metric, 1 KB each"),
    Assumption("nat_gb_per_message", 0.000003, "GB", "a push: 3 KB with TLS"),
    Assumption("glue_dpu_hours_per_job", 30, "DPU-hours", "a month: half an hour a day on two DPU"),
)


def assumptions_with(overrides: Mapping[str, float]) -> dict[str, Assumption]:
    """All assumptions by name, overridden ones marked so.

    Raises `CostError` on an unknown name and on a value that no traffic can have.
    """
    known = {assumption.name: assumption for assumption in ASSUMPTIONS}
    for name, value in overrides.items():
        group = name.partition(".")[0]
        if name not in known and not (group in OPEN_GROUPS and name.count(".") == 1):
            raise CostError(
                f'there is no assumption "{name}": {suggestion(name, list(known))}'
                "`pipeline cost --json` lists them all"
            )
        if not 0 <= value < float("inf"):
            raise CostError(f"assumption {name} = {value:g}: expected a number of 0 or more")
        if value == 0 and name in DIVISORS:
            raise CostError(f"assumption {name} = 0: expected more than 0")
        unit = known[name].unit if name in known else known[f"{group}.other"].unit
        known[name] = Assumption(name, value, unit, "overridden")
    return known


DIVISORS = frozenset(
    {
        "checkpoint_seconds",
        "events_per_collector_request",
        "events_per_second_per_kpu",
        "events_per_session",
        "mini_batch_ms",
        "transform_batch_bytes",
    }
)


def read_overrides(file: Path | None, pairs: Iterable[str]) -> dict[str, float]:
    """Overrides from a TOML file, then from `name=value` pairs, which win. Raises `CostError`."""
    found: dict[str, float] = {}
    if file is not None:
        try:
            table = tomllib.loads(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise CostError(
                f"{file}: cannot be read ({error.strerror}): give a TOML file of assumptions"
            ) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise CostError(f"{file}: is not TOML: {error}") from error
        for name, value in table.items():
            nested = value.items() if isinstance(value, dict) else [("", value)]
            for key, number in nested:
                full = f"{name}.{key}" if key else name
                if isinstance(number, bool) or not isinstance(number, int | float):
                    raise CostError(f"{file}: {full} = {number!r}: expected a number")
                found[full] = float(number)
    for pair in pairs:
        name, _, text = pair.partition("=")
        try:
            found[name.strip()] = float(text)
        except ValueError:
            raise CostError(f'--set {pair}: expected name=number, such as "page_users=50"') from None
    return found
