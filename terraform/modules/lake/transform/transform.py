"""Lambda: makes an event on the stream into a row of the lake, before Firehose writes it as Parquet.

The event's own fields come up from `custom_properties`, `timestamp` becomes `event_time`, and what only
Kinesis knows is added: `_arrival` and `_sequence`, which the batch forms reckon lateness and order by. The
row's partition is the hour that the event happened in. What is no event is given back as failed: Firehose
keeps its bytes.
"""

import base64
import json
import re
from collections import Counter
from typing import Any

EVENT_TIME = re.compile(r"^(\d{4}-\d{2}-\d{2})T(\d{2}):\d{2}:\d{2}")

# Of a shard's records of one millisecond this many are told apart: it takes 1,000 a second.
PLACES_A_MILLISECOND = 1000


def handler(batch: dict[str, Any], _context: object) -> dict[str, Any]:
    """Rows for a batch of Firehose's records, in its order, with the partition of each."""
    places: Counter[tuple[str, int]] = Counter()
    results = [_result(record, places) for record in batch["records"]]
    failed = sum(result["result"] != "Ok" for result in results)
    if failed:
        print(json.dumps({"message": "not an event", "failed": failed, "of": len(results), "part": "lake"}))
    return {"records": results}


def row(event: dict[str, Any], arrived_ms: int, place: int) -> dict[str, Any]:
    """The row of an event, the `place`th of its shard in that millisecond.

    A custom property never hides a field of the wire format.
    """
    own = event.get("custom_properties") or {}
    wire = {name: value for name, value in event.items() if name not in {"custom_properties", "timestamp"}}
    return {
        **own,
        **wire,
        "event_time": event["timestamp"],
        "_arrival": arrived_ms,
        "_sequence": arrived_ms * PLACES_A_MILLISECOND + min(place, PLACES_A_MILLISECOND - 1),
    }


def _result(record: dict[str, Any], places: Counter[tuple[str, int]]) -> dict[str, Any]:
    try:
        event = json.loads(base64.b64decode(record["data"]))
        day, hour = EVENT_TIME.findall(event["timestamp"])[0]
        stream = record["kinesisRecordMetadata"]
        arrived = (stream["shardId"], int(stream["approximateArrivalTimestamp"]))
        line = json.dumps(row(event, arrived[1], places[arrived]), separators=(",", ":")) + "\n"
        places[arrived] += 1
    except (ValueError, LookupError, TypeError, AttributeError):
        return {"recordId": record["recordId"], "result": "ProcessingFailed", "data": record["data"]}
    return {
        "recordId": record["recordId"],
        "result": "Ok",
        "data": base64.b64encode(line.encode()).decode(),
        "metadata": {"partitionKeys": {"dt": day, "hour": hour}},
    }
