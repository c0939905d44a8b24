"""Makes the streams and tables that the manifest names, on whatever endpoint boto3 is given.

    python -m local.provision --build-dir build --endpoint http://127.0.0.1:4566 --name-prefix rta-local

Idempotent: what exists is left as it is, so it runs again after every change of the build.
"""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import KeySchemaElementTypeDef
    from mypy_boto3_kinesis import KinesisClient

REGION = "eu-central-1"
SHARDS = {"page-view": 2}
"""Shards by stream where it is not one: two show the order of events over several shards."""


@dataclass(frozen=True)
class Resources:
    """What the manifest asks for: physical names of streams with their shards, and of tables."""

    streams: tuple[tuple[str, int], ...]
    tables: tuple[tuple[str, str, str | None, str | None], ...]
    """Name, partition key, sort key, TTL attribute."""


def resources(manifest: dict[str, Any], name_prefix: str) -> Resources:
    """The streams and tables of a manifest under `name_prefix`, each once, in order of name."""
    streams = {event["stream"] for event in manifest["events"].values()}
    tables = {
        (
            f"{name_prefix}-{table['name']}",
            table["partition_key"],
            table.get("sort_key"),
            table.get("ttl_attribute"),
        )
        for table in (model.get("table") for model in manifest["models"].values())
        if table
    }
    return Resources(
        tuple((f"{name_prefix}-{stream}", SHARDS.get(stream, 1)) for stream in sorted(streams)),
        tuple(sorted(tables, key=lambda table: table[0])),
    )


def provision(manifest: dict[str, Any], name_prefix: str, endpoint: str) -> tuple[list[str], list[str]]:
    """Create what is missing; the names of the streams and of the tables that were made.

    Raises BotoCoreError or ClientError when the endpoint does not answer or refuses.
    """
    wanted = resources(manifest, name_prefix)
    settings = Config(retries={"max_attempts": 3, "mode": "standard"}, connect_timeout=2, read_timeout=10)
    session = boto3.Session("local", "local", region_name=REGION)
    kinesis = session.client("kinesis", endpoint_url=endpoint, config=settings)
    dynamodb = session.client("dynamodb", endpoint_url=endpoint, config=settings)
    with closing(kinesis), closing(dynamodb):
        return (
            [name for name, shards in wanted.streams if _create_stream(kinesis, name, shards)],
            [
                name
                for name, partition, sort, ttl in wanted.tables
                if _create_table(dynamodb, name, partition, sort, ttl)
            ],
        )


def _create_stream(kinesis: KinesisClient, name: str, shards: int) -> bool:
    try:
        kinesis.create_stream(StreamName=name, ShardCount=shards)
    except kinesis.exceptions.ResourceInUseException:
        return False
    return True


def _create_table(
    dynamodb: DynamoDBClient, name: str, partition: str, sort: str | None, ttl: str | None
) -> bool:
    keys = [partition, sort] if sort else [partition]
    schema: list[KeySchemaElementTypeDef] = [{"AttributeName": partition, "KeyType": "HASH"}]
    if sort:
        schema.append({"AttributeName": sort, "KeyType": "RANGE"})
    try:
        dynamodb.create_table(
            TableName=name,
            KeySchema=schema,
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )
        created = True
    except dynamodb.exceptions.ResourceInUseException:
        created = False
    if ttl:
        setting = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        if setting.get("TimeToLiveStatus") not in ("ENABLED", "ENABLING"):
            dynamodb.update_time_to_live(
                TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": ttl}
            )
    return created


def main(arguments: list[str] | None = None) -> int:
    """Provision once; 1 when there is no manifest or the endpoint fails."""
    parser = argparse.ArgumentParser(prog="python -m local.provision", description=__doc__)
    parser.add_argument("--build-dir", type=Path, default=Path("build"))
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--name-prefix", required=True)
    options = parser.parse_args(arguments)
    path = options.build_dir / "manifest.json"
    try:
        manifest = json.loads(path.read_bytes())
        streams, tables = provision(manifest, options.name_prefix, options.endpoint)
    except FileNotFoundError:
        sys.stderr.write(f"{path} is missing. Compile the models first: pipeline build\n")
        return 1
    except (BotoCoreError, ClientError) as error:
        sys.stderr.write(f"{options.endpoint} does not take the streams and tables: {error}\n")
        return 1
    sys.stderr.write(
        f"made {len(streams)} streams and {len(tables)} tables: {', '.join([*streams, *tables]) or '-'}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
