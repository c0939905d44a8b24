"""Where the deployed code runs: environment variables, physical names and the AWS clients made from them."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from chalicelib.errors import ApiError

if TYPE_CHECKING:
    from mypy_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient
    from mypy_boto3_dynamodb import DynamoDBClient

_CLIENT = Config(
    connect_timeout=1,
    read_timeout=3,
    max_pool_connections=32,
    retries={"mode": "standard", "total_max_attempts": 2},
)


def required(name: str) -> str:
    """The value of an environment variable.

    Raises:
        ApiError: 503 `not_configured` where it is not set.
    """
    value = os.environ.get(name, "")
    if not value:
        raise ApiError(
            503, "not_configured", f"the environment variable {name} is not set (docs/contracts.md lists all)"
        )
    return value


def physical_name(suffix: str) -> str:
    """The name of a table or stream in this environment: `rta-local-revenue-per-minute`."""
    return f"{required('NAME_PREFIX')}-{suffix}"


def _region() -> str:
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"


@cache
def dynamodb() -> DynamoDBClient:
    """The DynamoDB client of this process; thread-safe."""
    return boto3.session.Session().client("dynamodb", region_name=_region(), config=_CLIENT)


@cache
def websocket_management(endpoint_url: str) -> ApiGatewayManagementApiClient:
    """The client that posts to WebSocket connections through `endpoint_url`; thread-safe."""
    return boto3.session.Session().client(
        "apigatewaymanagementapi", region_name=_region(), endpoint_url=endpoint_url, config=_CLIENT
    )
