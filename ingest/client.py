"""The Kinesis client of producers: short timeouts and no retries of its own, since the producer retries."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient

LOCAL_REGION = "eu-central-1"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def kinesis_client(endpoint_url: str | None = None, region: str | None = None) -> KinesisClient:
    """A client for AWS, or for `endpoint_url`; region from AWS_REGION or AWS_DEFAULT_REGION where not given.

    An emulator on loopback needs no credentials, but signing does: fixed ones stand in where there are none.
    """
    region = region or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    config = Config(
        connect_timeout=2,
        read_timeout=15,
        max_pool_connections=16,
        retries={"total_max_attempts": 1, "mode": "standard"},
        tcp_keepalive=True,
        parameter_validation=False,  # a sixth of the cost of a record, and the entries are always made here
    )
    if endpoint_url and urlsplit(endpoint_url).hostname in _LOOPBACK:
        return boto3.client(
            "kinesis",
            endpoint_url=endpoint_url,
            region_name=region or LOCAL_REGION,
            aws_access_key_id=os.environ.get("AWS_ACCESS_KEY_ID") or "local",
            aws_secret_access_key=os.environ.get("AWS_SECRET_ACCESS_KEY") or "local",
            config=config,
        )
    return boto3.client("kinesis", endpoint_url=endpoint_url, region_name=region, config=config)
