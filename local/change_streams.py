"""Reads the change streams of the model tables, each from where it was left."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from local.aws_json import AwsError, AwsJson

PAGE = 500
_START_AGAIN = frozenset(
    {
        "ExpiredIteratorException",
        "TrimmedDataAccessException",
        "ResourceNotFoundException",
        "ValidationException",
    }
)


@dataclass
class ChangeStream:
    """One table's change stream. `position` is the sequence number of the last record handed on, if any."""

    table: str
    position: str | None = None
    arn: str | None = None
    _iterator: str | None = field(default=None, repr=False)

    def read(self, streams: AwsJson, tables: AwsJson) -> list[dict[str, Any]]:
        """The next records, at most a page, as Lambda gets them (with `eventSourceARN`).

        Begins after `position` while the stream still has it, else at the oldest record: after a loss of the
        stream it holds the newest image of every row, and handling one twice changes nothing.
        Raises AwsError with `ResourceNotFoundException` when the table is not there (yet), OSError when the
        endpoint does not answer.
        """
        if self._iterator is None:
            self._open(streams, tables)
        try:
            page = streams.call("GetRecords", ShardIterator=self._iterator, Limit=PAGE)
        except AwsError as error:
            self._iterator = None
            if error.code not in _START_AGAIN:
                raise
            self._open(streams, tables)
            page = streams.call("GetRecords", ShardIterator=self._iterator, Limit=PAGE)
        self._iterator = page.get("NextShardIterator")
        records: list[dict[str, Any]] = page["Records"]
        for record in records:
            record["eventSourceARN"] = self.arn
        if records:
            self.position = records[-1]["dynamodb"]["SequenceNumber"]
        return records

    def _open(self, streams: AwsJson, tables: AwsJson) -> None:
        self.arn = tables.call("DescribeTable", TableName=self.table)["Table"]["LatestStreamArn"]
        shards = streams.call("DescribeStream", StreamArn=self.arn)["StreamDescription"]["Shards"]
        where = {"StreamArn": self.arn, "ShardId": shards[0]["ShardId"]}
        if self.position is not None:
            try:
                self._iterator = streams.call(
                    "GetShardIterator",
                    **where,
                    ShardIteratorType="AFTER_SEQUENCE_NUMBER",
                    SequenceNumber=self.position,
                )["ShardIterator"]
            except AwsError as error:
                if error.code not in _START_AGAIN:
                    raise
            else:
                return
        self._iterator = streams.call("GetShardIterator", **where, ShardIteratorType="TRIM_HORIZON")[
            "ShardIterator"
        ]
