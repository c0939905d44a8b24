"""Reads `terraform show -json`: what is planned, counted by what it costs; unknown types are listed."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.cost.deployment import ON_DEMAND, PROVISIONED, Application, Deployment, Function, Stream
from pipeline.cost.errors import CostError

# Priced by their number.
COUNTED = {
    "aws_api_gateway_rest_api": "rest_apis",
    "aws_cloudfront_distribution": "distributions",
    "aws_cloudtrail": "trails",
    "aws_cloudwatch_composite_alarm": "composite_alarms",
    "aws_cloudwatch_dashboard": "dashboards",
    "aws_elasticache_serverless_cache": "valkey_caches",
    "aws_glue_job": "glue_jobs",
    "aws_kms_key": "kms_keys",
    "aws_nat_gateway": "nat_gateways",
    "aws_secretsmanager_secret": "secrets",
    "aws_wafv2_web_acl": "web_acls",
}

# Priced by their settings.
DETAILED = {
    "aws_apigatewayv2_api",
    "aws_cloudwatch_metric_alarm",
    "aws_dynamodb_table",
    "aws_kinesis_firehose_delivery_stream",
    "aws_kinesis_stream",
    "aws_kinesisanalyticsv2_application",
    "aws_lambda_function",
    "aws_vpc_endpoint",
}

# Priced by their traffic, wherever that is told: logs by functions and requests, buckets by the lake.
BY_TRAFFIC = {"aws_athena_workgroup", "aws_cloudwatch_log_group", "aws_s3_bucket"}

# AWS asks nothing for their existence: settings, permissions, wiring.
FREE = re.compile(
    r"aws_(iam_.*|default_.*|security_group|vpc|subnet|internet_gateway|route|route_table|route_table_association"
    r"|network_acl.*|vpc_security_group_.*|s3_bucket_.*|s3_account_public_access_block|kms_alias|kms_key_policy"
    r"|cloudwatch_log_(stream|resource_policy)|lambda_(permission|event_source_mapping|alias)|glue_trigger"
    r"|glue_security_configuration|glue_catalog_.*|sns_topic_(policy|subscription)|sqs_queue_policy"
    r"|api_gateway_(?!rest_api|cache|domain|vpc).*|apigatewayv2_(?!api$|domain|vpc).*"
    r"|cloudfront_(origin_access_control|.*_policy)|cognito_user_pool_(client|domain)|wafv2_web_acl_association"
    r"|elasticache_(subnet_group|user|user_group)|resourcegroups_group|secretsmanager_secret_(version|policy))"
    r"|terraform_data"
)

MINI_BATCH = "table.exec.mini-batch.allow-latency"


def read_plan(file: Path) -> Deployment:
    """The deployment that a plan describes. Raises `CostError` where the file is no plan."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CostError(
            f"{file}: cannot be read ({error.strerror}). "
            "Next: terraform plan -out plan.bin && terraform show -json plan.bin > plan.json"
        ) from error
    except ValueError as error:
        raise CostError(
            f"{file}: is not JSON: a plan's binary file must be shown first. "
            "Next: terraform show -json plan.bin > plan.json"
        ) from error
    values = document.get("planned_values") if isinstance(document, dict) else None
    root = values.get("root_module") if isinstance(values, dict) else None
    if not isinstance(root, dict):
        raise CostError(
            f"{file}: is no Terraform plan: planned_values.root_module is missing. "
            "Next: terraform show -json plan.bin > plan.json"
        )
    resources = list(_resources(root))
    return _deployment(resources, _budget(document), str(file))


def _resources(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for resource in module.get("resources", []):
        if resource.get("mode", "managed") == "managed" and resource.get("type"):
            yield resource
    for child in module.get("child_modules", []):
        yield from _resources(child)


def _budget(document: Mapping[str, Any]) -> float | None:
    value = document.get("variables", {}).get("budget_usd", {}).get("value")
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _deployment(resources: list[Mapping[str, Any]], budget: float | None, origin: str) -> Deployment:
    def of(kind: str) -> list[tuple[str, Mapping[str, Any]]]:
        return [(_name(r), r.get("values") or {}) for r in resources if r.get("type") == kind]

    deliveries = of("aws_kinesis_firehose_delivery_stream")
    tables = of("aws_dynamodb_table")
    on_demand = [name for name, values in tables if values.get("billing_mode") == "PAY_PER_REQUEST"]
    not_priced = Counter(r["type"] for r in resources if not _is_known(r["type"]))
    if len(tables) > len(on_demand):
        not_priced["aws_dynamodb_table with provisioned capacity"] = len(tables) - len(on_demand)
    return Deployment(
        origin=origin,
        streams=tuple(_stream(name, values) for name, values in of("aws_kinesis_stream")),
        applications=tuple(
            _application(name, values) for name, values in of("aws_kinesisanalyticsv2_application")
        ),
        tables=tuple(on_demand),
        deliveries=tuple(name for name, _ in deliveries),
        delivery_partitions=any(_partitioned(values) for _, values in deliveries),
        functions={
            str(values.get("function_name") or name): Function(
                float(values.get("memory_size") or 128), values.get("architectures") == ["arm64"]
            )
            for name, values in of("aws_lambda_function")
        },
        counts=dict(_counts(resources)),
        budget_usd=budget,
        not_priced=dict(sorted(not_priced.items())),
    )


def _name(resource: Mapping[str, Any]) -> str:
    """The key of `for_each`, which is the manifest's name; else the physical name."""
    values = resource.get("values") or {}
    return str(resource.get("index") or values.get("name") or resource.get("name"))


def _is_known(kind: str) -> bool:
    return kind in COUNTED or kind in DETAILED or kind in BY_TRAFFIC or FREE.fullmatch(kind) is not None


def _counts(resources: list[Mapping[str, Any]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for resource in resources:
        kind, values = resource["type"], resource.get("values") or {}
        if kind in COUNTED:
            counts[COUNTED[kind]] += 1
        if kind == "aws_wafv2_web_acl":
            counts["waf_rules"] += len(values.get("rule") or [])
        elif kind == "aws_apigatewayv2_api":
            counts["websocket_apis" if values.get("protocol_type") == "WEBSOCKET" else "http_apis"] += 1
        elif kind == "aws_cloudwatch_metric_alarm":
            period = values.get("period")
            counts["alarms_high_resolution" if period and period < 60 else "alarms"] += 1
        elif kind == "aws_vpc_endpoint":
            _endpoint(values, counts)
    return counts


def _partitioned(values: Mapping[str, Any]) -> bool:
    target = _first(values, "extended_s3_configuration")
    return bool(_first(target, "dynamic_partitioning_configuration").get("enabled"))


def _first(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A nested block, which a plan shows as a list of one."""
    blocks = values.get(name)
    return blocks[0] if isinstance(blocks, list) and blocks and isinstance(blocks[0], dict) else {}


def _stream(name: str, values: Mapping[str, Any]) -> Stream:
    # A stream without the block is provisioned: AWS's own default.
    mode = _first(values, "stream_mode_details").get("stream_mode") or PROVISIONED
    return Stream(
        name,
        ON_DEMAND if mode == ON_DEMAND else PROVISIONED,
        int(values.get("shard_count") or 1),
        int(values.get("retention_period") or 24),
    )


def _application(name: str, values: Mapping[str, Any]) -> Application:
    configuration = _first(values, "application_configuration")
    flink = _first(configuration, "flink_application_configuration")
    parallel = _first(flink, "parallelism_configuration")
    latency: float | None = None
    for group in _first(configuration, "environment_properties").get("property_group") or []:
        match = re.fullmatch(r"(\d+) ?ms", str((group.get("property_map") or {}).get(MINI_BATCH, "")))
        latency = float(match[1]) if match else latency
    return Application(
        name,
        int(parallel.get("parallelism") or 1),
        int(parallel.get("parallelism_per_kpu") or 1),
        latency,
        bool(configuration.get("vpc_configuration")),
    )


def _endpoint(values: Mapping[str, Any], counts: Counter[str]) -> None:
    if values.get("vpc_endpoint_type") != "Interface":
        return
    # Subnets are known after apply in a first plan; three zones are the module's number.
    counts["endpoint_zones"] += len(values.get("subnet_ids") or []) or 3
    if "kinesis-streams" in str(values.get("service_name")):
        counts["kinesis_endpoints"] += 1
