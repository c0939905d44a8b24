"""Every Flink setting of this project, each with its reason; nothing else sets one.

`JOB` holds wherever the job runs. `CLUSTER` is what Managed Flink has as service configuration (Terraform)
and the local launcher passes on. `SOURCE` and `SINK` are connector options that every table gets; option
names of the connectors stand in these two and in the compiled DDL only.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Setting(NamedTuple):
    """One option, the value we give it, and why."""

    name: str
    value: str
    reason: str


STATE_SLACK_MS = 60 * 60 * 1000
"""How much longer than needed all state lives. State expires by the wall clock, also while nothing runs:
after a longer outage a job must start without state and read the stream again (`local.flink` does)."""

RESTORE_WITHIN_MS = STATE_SLACK_MS - 10 * 60 * 1000
"""How old a checkpoint may be that is restored. The rest of the slack is for what comes on top: the start
itself, reading what has piled up, and clocks of devices that run ahead."""

DEDUPLICATION_MS = 10 * 60 * 1000
"""A repeated `event_id` within this time counts once (the contract's `deduplicate_minutes`)."""

CLOCK_MARGIN_MS = 2 * 60 * 1000
"""How much earlier than the windows it rewrites a replay begins to read: an event's time may be up to 60 s
later than its arrival, and arrival times of shards differ a little."""

JOB: tuple[Setting, ...] = (
    Setting(
        "table.local-time-zone", "UTC", "windows, dates and casts are in UTC wherever the machine stands"
    ),
    Setting(
        "table.exec.mini-batch.enabled",
        "true",
        "a row that changes a thousand times a second is written five times a second",
    ),
    Setting(
        "table.exec.mini-batch.allow-latency",
        "200 ms",
        "the freshness of the page; raise to 1-2 s where each write of a row is paid for",
    ),
    Setting("table.exec.mini-batch.size", "5000", "bounds the heap of a batch while a backlog is read"),
    Setting(
        "table.exec.state.ttl",
        f"{DEDUPLICATION_MS + STATE_SLACK_MS} ms",
        "how long event ids are remembered (Deduplicate takes no hint); aggregates carry STATE_TTL hints",
    ),
    Setting(
        "table.optimizer.reuse-optimize-block-with-digest-enabled",
        "true",
        "otherwise each reader of an event's view gets its own Deduplicate, as each prunes other columns",
    ),
    Setting("pipeline.object-reuse", "true", "saves about 30 % CPU; the SQL operators are made for it"),
    Setting(
        "pipeline.auto-watermark-interval",
        "100 ms",
        "how often the source says how far it is; half a mini-batch",
    ),
    Setting(
        "table.exec.sink.not-null-enforcer",
        "DROP",
        "a row that breaks the table's promise is left out instead of stopping every model of the job",
    ),
)

CLUSTER: tuple[Setting, ...] = (
    Setting(
        "state.backend.type",
        "rocksdb",
        "as on Managed Flink; a distinct count on heap state with a TTL does 3-6K events/s, here 200K",
    ),
    Setting(
        "execution.checkpointing.interval", "5 s", "what a crash has to read again; also flushes mini-batches"
    ),
    Setting(
        "execution.checkpointing.min-pause",
        "1 s",
        "a slow checkpoint must not leave the job only checkpointing",
    ),
    Setting(
        "execution.checkpointing.externalized-checkpoint-retention",
        "RETAIN_ON_CANCELLATION",
        "the next start restores from the newest one",
    ),
    Setting(
        "execution.checkpointing.incremental",
        "true",
        "a checkpoint writes what has changed, not all event ids of the last hour every 5 s",
    ),
    Setting(
        "execution.checkpointing.num-retained", "2", "one to restore from while the next is being written"
    ),
    Setting(
        "restart-strategy.type", "exponential-delay", "a throttled or restarting AWS endpoint is waited for"
    ),
    Setting(
        "restart-strategy.exponential-delay.initial-backoff", "1 s", "most faults are gone after a second"
    ),
    Setting(
        "restart-strategy.exponential-delay.max-backoff",
        "30 s",
        "an outage must not be lengthened by waiting",
    ),
    Setting("taskmanager.numberOfTaskSlots", "4", "the local cluster runs any parallelism up to 4"),
    Setting(
        "taskmanager.memory.managed.size",
        "512m",
        "RocksDB's caches: with the default 128 MB three live models took minutes instead of seconds",
    ),
    Setting(
        "taskmanager.memory.network.min", "128m", "four streams, their union and ten models fit in half of it"
    ),
    Setting("taskmanager.memory.network.max", "128m", "a cluster inside one JVM wants it fixed"),
)

SOURCE: tuple[Setting, ...] = (
    Setting("scan.shard.getrecords.intervalmillis", "200", "the 5 reads a second that a shard allows"),
    Setting(
        "scan.shard.discovery.intervalmillis",
        "10000",
        "a split shard is found soon; a first start waits for it",
    ),
    Setting(
        "scan.shard.idle.interval",
        "1000",
        "a quiet shard holds the watermark back for a second, not for ever",
    ),
)

SINK: tuple[Setting, ...] = (
    Setting("sink.flush-buffer.timeout", "100", "the default of 5000 ms would be the whole freshness budget"),
    Setting(
        "sink.requests.max-inflight", "1", "two updates of one row in flight could land in the wrong order"
    ),
    Setting("sink.batch.max-size", "25", "the most that BatchWriteItem takes"),
)


def values(settings: Iterable[Setting]) -> dict[str, str]:
    """Name to value."""
    return {setting.name: setting.value for setting in settings}


def job_values(state_ttl_ms: int) -> dict[str, str]:
    """`JOB` for one job, whose `job.json` says how long it must remember rows that no watermark lets it
    forget.

    State expires by the wall clock, so it gets the same slack as all other state.
    """
    remembered = max(DEDUPLICATION_MS, state_ttl_ms) + STATE_SLACK_MS
    return values(JOB) | {"table.exec.state.ttl": f"{remembered} ms"}
