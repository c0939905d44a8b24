"""Option names of the Flink connectors: the one table to change when their generation changes."""

from __future__ import annotations

SOURCE = {
    # Our own factory around AWS's: it makes watermarks per shard, without which a backlog loses its rows.
    "connector": "kinesis-per-shard",
    "stream": "${name_prefix}-{stream}",
    "aws.region": "${aws_region}",
    "format": "json",
    # A record that is not JSON cannot come from ingest; one must not stop every metric.
    "json.ignore-parse-errors": "true",
    "json.timestamp-format.standard": "ISO-8601",
}
SINK = {
    # Our own factory around AWS's, whose sink fails on a NULL text.
    "connector": "dynamodb-rows",
    "table-name": "${name_prefix}-{table}",
    "aws.region": "${aws_region}",
}
SOURCE_PLACEHOLDER = "${source_options}"
SINK_PLACEHOLDER = "${sink_options}"
REPLAY_PLACEHOLDER = "${replay_from}"


def with_clause(options: dict[str, str], placeholder: str, **names: str) -> str:
    """The WITH clause: the options with `{stream}` or `{table}` filled in, then the runner's placeholder."""
    lines = []
    for key, value in options.items():
        for name, text in names.items():
            value = value.replace(f"{{{name}}}", text)  # noqa: PLW2901 - filled in step by step
        lines.append(f"  '{key}' = '{value}'")
    return "WITH (\n" + ",\n".join(lines) + f"{placeholder}\n)"
