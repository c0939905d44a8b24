"""One function a service: the lines of its bill, quantities and names of prices, under some traffic."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil

from pipeline.cost.deployment import ON_DEMAND, Application, Deployment, Function
from pipeline.cost.traffic import GB, HOURS_A_MONTH, SECONDS_A_MONTH, Traffic

SHARD_RECORDS_PER_SECOND = 1000
SHARD_BYTES_PER_SECOND = 1_000_000
PUT_UNIT_BYTES = 25 * 1024
LEAST_VALKEY_GB = 0.1
MILLION = 1e6


@dataclass(frozen=True)
class Use:
    """So much of one priced unit a month."""

    item: str
    quantity: float
    price: str


def kinesis(deployment: Deployment, traffic: Traffic) -> Iterator[Use]:
    """Streams in their mode. On-demand bills records rounded up to 1 KB, and each reader's bytes."""
    size = traffic.value("event_bytes")
    for stream in deployment.streams:
        records = traffic.rate_of(stream.event) * traffic.value("records_per_event")
        if stream.mode == ON_DEMAND:
            gb = records * SECONDS_A_MONTH * ceil(size / 1024) * 1024 / GB
            readers = sum(
                1 for app in traffic.manifest["apps"].values() if stream.event in app["sources"]
            ) + (stream.event in deployment.deliveries)
            yield Use("stream hours", HOURS_A_MONTH, "kinesis_on_demand_stream_hour")
            yield Use("bytes in", gb, "kinesis_on_demand_gb_in")
            yield Use("bytes out", gb * readers, "kinesis_on_demand_gb_out")
        else:
            fill = max(records / SHARD_RECORDS_PER_SECOND, records * size / SHARD_BYTES_PER_SECOND)
            shards = max(stream.shards, ceil(fill * traffic.value("stream_headroom")))
            units = records * SECONDS_A_MONTH * ceil(size / PUT_UNIT_BYTES)
            yield Use("shard hours", shards * HOURS_A_MONTH, "kinesis_shard_hour")
            yield Use("puts", units / MILLION, "kinesis_put_unit")
        if stream.retention_hours > 24:
            yield Use("kept over 24 h", 1, "kinesis_long_retention")


def application_kpus(application: Application, traffic: Traffic) -> int:
    """Units that do the work, orchestration aside: what is planned, or more if the events need it."""
    apps = traffic.manifest["apps"]
    sources = apps.get(application.name, {}).get("sources", [])
    rate = sum(traffic.rate_of(event) for event in sources)
    planned = ceil(application.parallelism / application.parallelism_per_kpu)
    return max(planned, ceil(rate / traffic.value("events_per_second_per_kpu")))


def flink(deployment: Deployment, traffic: Traffic) -> Iterator[Use]:
    """Units of each application, the one for orchestration, and their storage."""
    for application in deployment.applications:
        kpus = application_kpus(application, traffic)
        yield Use("working KPU", kpus * HOURS_A_MONTH, "flink_kpu_hour")
        yield Use("orchestration KPU", HOURS_A_MONTH, "flink_kpu_hour")
        yield Use("running storage", kpus * traffic.value("flink_storage_gb_per_kpu"), "flink_storage_gb")


def firehose(deployment: Deployment, traffic: Traffic) -> Iterator[Use]:
    """Delivery to the lake; conversion and partitioning are taken on the rounded bytes: an upper bound."""
    for event in deployment.deliveries:
        records = traffic.rate_of(event) * traffic.value("records_per_event") * SECONDS_A_MONTH
        step = traffic.value("delivery_record_bytes")
        size = traffic.value("event_bytes")
        gb = records * (ceil(size / step) * step if step else size) / GB
        yield Use("delivery, 5 KB a record", gb, "firehose_gb")
        yield Use("Parquet", gb, "firehose_parquet_gb")
        if deployment.delivery_partitions:
            yield Use("dynamic partitions", gb, "firehose_partitioning_gb")


def dynamodb(deployment: Deployment, traffic: Traffic) -> Iterator[Use]:
    """Rows of the models that have a table; a trigger's reads of the change streams are free."""
    units = ceil(traffic.value("row_bytes") / 1024)
    models = traffic.manifest["models"]
    for name in deployment.tables:
        rows = traffic.rows_by_model.get(name, 0) * SECONDS_A_MONTH
        yield Use(f"writes of {name}", rows * units / MILLION, "dynamodb_write")
        kept = min(_distinct_rows(traffic, name), rows / SECONDS_A_MONTH * 3600) if name in models else 0
        gb = kept * models[name].get("keep_hours", 0) * traffic.value("row_bytes") / GB if kept else 0
        yield Use("storage", gb, "dynamodb_storage_gb")
        yield Use("point-in-time recovery", gb, "dynamodb_recovery_gb")
    reads = traffic.uncached_reads_per_month * traffic.value("table_read_share")
    yield Use("reads", reads * traffic.value("read_units_per_request") / MILLION, "dynamodb_read")


def _distinct_rows(traffic: Traffic, name: str) -> float:
    """Rows an hour that a model's keys can make: windows times dimensions."""
    model = traffic.manifest["models"][name]
    total = 0.0
    for window in model["windows"]:
        told = set(window.get("discriminator") or {})
        keys = 1.0
        for column in model["key"]:
            if column != model["time_column"] and column not in told:
                keys *= traffic.value(f"cardinality.{column}")
        slide_ms = window["slide_ms"] or window["size_ms"]
        total += keys * 3_600_000 / slide_ms if slide_ms else float("inf")
    return total


def functions(deployment: Deployment, traffic: Traffic) -> Iterator[Use]:
    """Lambdas: collector, API reads, publisher, the lake's transformation."""
    for part, calls, ms in calls_by_part(deployment, traffic):
        function = _function(deployment, traffic, part)
        price = "lambda_arm_gb_second" if function.arm else "lambda_x86_gb_second"
        yield Use(f"{part} calls", calls / MILLION, "lambda_request")
        yield Use(f"{part} seconds", ms / 1000 * function.memory_mb / 1024, price)


def calls_by_part(deployment: Deployment, traffic: Traffic) -> list[tuple[str, float, float]]:
    """(part, calls a month, milliseconds a month) of each Lambda."""
    collected = traffic.collector_requests_per_month
    reads = traffic.uncached_reads_per_month
    published = SECONDS_A_MONTH * sum(
        min(rows, traffic.value("publisher_calls_per_second"))
        for name, rows in traffic.rows_by_model.items()
        if name in deployment.tables
    )
    delivered = sum(traffic.rate_of(event) for event in deployment.deliveries) * SECONDS_A_MONTH
    lake_bytes = delivered * traffic.value("event_bytes")
    return [
        ("collector", collected, collected * traffic.value("collector_ms")),
        ("api", reads, reads * traffic.value("api_ms")),
        (
            "publisher",
            published,
            published * traffic.value("publisher_ms")
            + traffic.messages_per_month * traffic.value("publisher_ms_per_message"),
        ),
        (
            "transform",
            lake_bytes / traffic.value("transform_batch_bytes"),
            lake_bytes / MILLION * traffic.value("transform_ms_per_mb"),
        ),
    ]


def _function(deployment: Deployment, traffic: Traffic, part: str) -> Function:
    named = [function for name, function in deployment.functions.items() if part in name]
    return named[0] if named else Function(traffic.value("lambda_memory_mb"))


def api_gateway(deployment: Deployment, traffic: Traffic) -> Iterator[Use]:
    """Requests by the kind of API that takes them, and the messages and minutes of open pages."""
    requests = (traffic.collector_requests_per_month + traffic.uncached_reads_per_month) / MILLION
    if deployment.count("rest_apis"):
        yield Use("REST requests", requests, "rest_request")
    elif deployment.count("http_apis"):
        yield Use("HTTP requests", requests, "http_request")
    if deployment.count("websocket_apis"):
        minutes = traffic.value("page_users") * HOURS_A_MONTH * 60
        yield Use("WebSocket messages", traffic.messages_per_month / MILLION, "websocket_message")
        yield Use("WebSocket minutes", minutes / MILLION, "websocket_minute")


def cloudfront(deployment: Deployment, traffic: Traffic) -> Iterator[Use]:
    """All requests over HTTPS go through it: the collector needs the viewer's country."""
    if deployment.count("distributions"):
        requests = traffic.collector_requests_per_month + traffic.reads_per_month
        yield Use("requests", requests / MILLION, "cloudfront_request")
        yield Use(
            "bytes out", traffic.reads_per_month * traffic.value("api_response_bytes") / GB, "cloudfront_gb"
        )


def waf(deployment: Deployment, traffic: Traffic) -> Iterator[Use]:
    """Lists, rules, and each request that is looked at."""
    if deployment.count("web_acls"):
        requests = traffic.collector_requests_per_month + traffic.reads_per_month
        yield Use("web ACL", deployment.count("web_acls"), "web_acl")
        yield Use("rules", deployment.count("waf_rules"), "waf_rule")
        yield Use("requests", requests / MILLION, "waf_request")


def valkey(deployment: Deployment, traffic: Traffic) -> Iterator[Use]:
    """Memory, at least 100 MB, and processing units."""
    if caches := deployment.count("valkey_caches"):
        gb = max(LEAST_VALKEY_GB, traffic.value("valkey_gb"))
        units = traffic.rows_per_month * traffic.value(
            "valkey_ecpu_per_row"
        ) + traffic.uncached_reads_per_month * traffic.value("valkey_ecpu_per_read")
        yield Use("memory", caches * gb * HOURS_A_MONTH, "valkey_gb_hour")
        yield Use("processing", units / MILLION, "valkey_ecpu")


def lake(deployment: Deployment, traffic: Traffic) -> Iterator[Use]:
    """What is kept, objects written, queries and batch jobs."""
    records = sum(traffic.rate_of(event) for event in deployment.deliveries) * SECONDS_A_MONTH
    gb = records * traffic.value("lake_bytes_per_event") * traffic.value("lake_months") / GB
    if deployment.deliveries:
        puts = len(deployment.deliveries) * HOURS_A_MONTH * traffic.value("lake_objects_per_stream_hour")
        yield Use("kept", gb, "s3_storage_gb")
        yield Use("objects written", puts / MILLION, "s3_put")
        yield Use("queries", traffic.value("athena_tb"), "athena_tb")
    if jobs := deployment.count("glue_jobs"):
        yield Use("batch jobs", jobs * traffic.value("glue_dpu_hours_per_job"), "glue_dpu_hour")


def cloudwatch(deployment: Deployment, traffic: Traffic) -> Iterator[Use]:
    """Alarms, dashboards, log bytes."""
    for part, price in (
        ("alarms", "alarm"),
        ("alarms_high_resolution", "alarm_high_resolution"),
        ("composite_alarms", "alarm_composite"),
        ("dashboards", "dashboard"),
    ):
        if deployment.count(part):
            yield Use(part.replace("_", " "), deployment.count(part), price)
    calls = sum(calls for _, calls, _ in calls_by_part(deployment, traffic))
    yield Use("logs of Lambdas", calls * traffic.value("log_bytes_per_call") / GB, "log_gb")
    if deployment.count("rest_apis") or deployment.count("http_apis"):
        requests = traffic.collector_requests_per_month + traffic.uncached_reads_per_month
        yield Use("access logs", requests * traffic.value("access_log_bytes") / GB, "log_gb")
    yield Use("logs of Flink", len(deployment.applications) * traffic.value("flink_log_gb"), "log_gb")


def network(deployment: Deployment, traffic: Traffic) -> Iterator[Use]:
    """NAT gateways and interface endpoints. Flink in the VPC reads Kinesis by its endpoint, else by NAT."""
    read = sum(
        traffic.rate_of(event) * traffic.value("event_bytes") * SECONDS_A_MONTH / GB
        for application in deployment.applications
        if application.in_vpc
        for event in traffic.manifest["apps"].get(application.name, {}).get("sources", [])
    )
    by_endpoint = deployment.count("kinesis_endpoints") > 0
    if gateways := deployment.count("nat_gateways"):
        pushed = traffic.messages_per_month * traffic.value("nat_gb_per_message")
        yield Use("NAT gateways", gateways * HOURS_A_MONTH, "nat_hour")
        yield Use("bytes through NAT", pushed + (0 if by_endpoint else read), "nat_gb")
    if zones := deployment.count("endpoint_zones"):
        yield Use("interface endpoints", zones * HOURS_A_MONTH, "endpoint_hour")
        yield Use("bytes through endpoints", read if by_endpoint else 0, "endpoint_gb")


def security(deployment: Deployment, traffic: Traffic) -> Iterator[Use]:  # noqa: ARG001 - as all the others
    """Secrets, keys, the trail."""
    for part, price in (("secrets", "secret"), ("kms_keys", "kms_key"), ("trails", "trail")):
        if deployment.count(part):
            yield Use(part.replace("_", " "), deployment.count(part), price)


SERVICES: tuple[tuple[str, Callable[[Deployment, Traffic], Iterator[Use]]], ...] = (
    ("Kinesis", kinesis),
    ("Managed Flink", flink),
    ("Firehose", firehose),
    ("DynamoDB", dynamodb),
    ("Lambda", functions),
    ("API Gateway", api_gateway),
    ("CloudFront", cloudfront),
    ("WAF", waf),
    ("Valkey", valkey),
    ("Lake", lake),
    ("CloudWatch", cloudwatch),
    ("Network", network),
    ("Security", security),
)
