"""Definitions of the DynamoDB tables that the models' rows go to."""

from __future__ import annotations

import json

from pipeline import names
from pipeline.emit.flink import name_of
from pipeline.model.models import Classified


def emit_dynamodb(models: tuple[Classified, ...]) -> dict[str, str]:
    """`{dynamodb/<model>.json: text}` under build/: boto3's `create_table` arguments and what follows it.

    `TableName` is a suffix: `${NAME_PREFIX}-` stands before it at run time.
    """
    return {
        f"dynamodb/{name_of(model)}.json": json.dumps(_table(name_of(model)), indent=2) + "\n"
        for model in models
    }


def _table(model: str) -> dict[str, object]:
    return {
        "create_table": {
            "TableName": names.table_name(model),
            "AttributeDefinitions": [
                {"AttributeName": names.PARTITION_KEY, "AttributeType": "S"},
                {"AttributeName": names.SORT_KEY, "AttributeType": "S"},
            ],
            "KeySchema": [
                {"AttributeName": names.PARTITION_KEY, "KeyType": "HASH"},
                {"AttributeName": names.SORT_KEY, "KeyType": "RANGE"},
            ],
            "BillingMode": "PAY_PER_REQUEST",
            "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        },
        "time_to_live": {"AttributeName": names.TTL, "Enabled": True},
        "point_in_time_recovery": True,
    }
