"""Flink's files of each app: `job.json`, one statement a file for tables and views, one INSERT a model."""

# ruff: noqa: S608  all names in the SQL were checked by the compiler
from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from pipeline import names
from pipeline.flink_options import (
    SINK,
    SINK_PLACEHOLDER,
    SOURCE,
    SOURCE_PLACEHOLDER,
    with_clause,
)
from pipeline.lower.flink import lower_flink, quoted, sink_columns
from pipeline.model.contracts import Contracts, Event, Field
from pipeline.model.models import Classified

JOB_VERSION = 1


def emit_statements(models: tuple[Classified, ...], contracts: Contracts) -> dict[str, str]:
    """`{flink/<app>/ddl/... and inserts/...: text}` under build/, for every app that a model names."""
    files: dict[str, str] = {}
    for app, members in apps_of(models).items():
        base = names.app_directory(app)
        for number, (name, sql) in enumerate(_statements(members, contracts)):
            files[f"{base}/ddl/{number:02}_{name}.sql"] = sql
        for model in members:
            files[f"{base}/inserts/{name_of(model)}.sql"] = lower_flink(model)
    return files


def emit_jobs(models: tuple[Classified, ...], statements: Mapping[str, str], build_id: str) -> dict[str, str]:
    """`{flink/<app>/job.json: text}` under build/: what of `statements` each app runs, in order."""
    files: dict[str, str] = {}
    for app, members in apps_of(models).items():
        base = names.app_directory(app)
        paths = [path.removeprefix(f"{base}/") for path in statements if path.startswith(f"{base}/")]
        job = {
            "job_version": JOB_VERSION,
            "app": app,
            "build_id": build_id,
            "ddl": [path for path in paths if path.startswith("ddl/")],
            "inserts": [path for path in paths if path.startswith("inserts/")],
            **app_numbers(members),
            "state_ttl_ms": max(
                (model.state_ttl_ms for model in members if model.resolved.rows.remembers), default=0
            ),
        }
        files[f"{base}/job.json"] = json.dumps(job, indent=2) + "\n"
    return files


def name_of(model: Classified) -> str:
    """The model's name."""
    return model.resolved.parsed.rendered.source.name


def apps_of(models: Iterable[Classified]) -> dict[str, list[Classified]]:
    """The models of each app, in order of name."""
    apps: dict[str, list[Classified]] = {}
    for model in sorted(models, key=name_of):
        apps.setdefault(model.app, []).append(model)
    return dict(sorted(apps.items()))


def app_numbers(members: list[Classified]) -> dict[str, object]:
    """What a replay of the app needs: the streams it reads, its longest window, how late an event may be."""
    return {
        "sources": sorted({source for model in members for source in model.sources}),
        "longest_window_ms": max((model.reach_ms for model in members), default=0),
        "late_ms": max(model.resolved.parsed.rendered.source.promises.late_hours for model in members)
        * 3_600_000,
    }


def _statements(members: list[Classified], contracts: Contracts) -> Iterator[tuple[str, str]]:
    """Tables and views in the order in which they build on each other: `(name, sql)`."""
    sources = {source for model in members for source in model.sources}
    events = [event for event in contracts.events if event.name in sources]
    for event in events:
        yield names.source_table(event.name), _source_table(event)
        yield event.name, _event_view(event)
    if any(names.UNION_TABLE in model.resolved.reads for model in members):
        yield names.UNION_TABLE, _union_view([event for event in events if not event.standalone])
    for model in members:
        yield names.sink_table(name_of(model)), _sink_table(model)


def _seconds(milliseconds: int) -> str:
    # Two digits are INTERVAL's default; more must be announced.
    seconds, rest = divmod(milliseconds, 1000)
    text = f"{seconds}.{rest:03}" if rest else str(seconds)
    precision = "" if seconds < 100 else f"({len(str(seconds))})"
    return f"INTERVAL '{text}' SECOND{precision}"


def _source_table(event: Event) -> str:
    own = [field for field in event.fields if field.origin == "event" and not event.standalone]
    lines = [f"{quoted(field.name)} {field.sql_type}" for field in event.fields if field not in own]
    if own:
        inner = ", ".join(f"{quoted(field.name)} {field.sql_type}" for field in own)
        lines.append(f"`custom_properties` ROW<{inner}>")
    lines.append(f"`{names.ARRIVAL}` TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL")
    lines.append(f"`{names.WATERMARK}` TIMESTAMP_LTZ(3) METADATA FROM 'watermark' VIRTUAL")
    lines.extend(f"{quoted(field.name)} AS `custom_properties`.{quoted(field.name)}" for field in own)
    # A clock too far ahead would move the watermark for good: such an event has no time and is left out.
    latest = f"`{names.ARRIVAL}` + {_seconds(event.max_future_ms)}"
    wire = quoted(names.WIRE_TIME)
    lines.append(f"`{names.EVENT_TIME}` AS CASE WHEN {wire} <= {latest} THEN {wire} END")
    delay = _seconds(event.watermark_delay_ms)
    lines.append(f"WATERMARK FOR `{names.EVENT_TIME}` AS `{names.EVENT_TIME}` - {delay}")
    options = with_clause(SOURCE, SOURCE_PLACEHOLDER, stream=names.stream_name(event.name))
    columns = ",\n".join(f"  {line}" for line in lines)
    return (
        f"-- {event.description}\n"
        f"CREATE TEMPORARY TABLE {quoted(names.source_table(event.name))} (\n{columns}\n) {options}\n"
    )


def _columns(fields: Iterable[Field]) -> str:
    shown = [*(names.column_name(field.name) for field in fields), names.ARRIVAL, names.WATERMARK]
    return ",\n".join(f"  {quoted(name)}" for name in shown)


def _event_view(event: Event) -> str:
    """Each event once and whole: a repeated id counts once, a record without a required field not at all."""
    required = "\n    AND ".join(
        f"{quoted(names.column_name(field.name))} IS NOT NULL" for field in event.fields if field.required
    )
    return (
        f"CREATE TEMPORARY VIEW {quoted(event.name)} AS\nSELECT\n{_columns(event.fields)}\nFROM (\n"
        "  SELECT *, ROW_NUMBER() OVER (PARTITION BY `event_id` ORDER BY PROCTIME()) AS `_copy`\n"
        f"  FROM {quoted(names.source_table(event.name))}\n  WHERE {required}\n)\nWHERE `_copy` = 1\n"
    )


def _union_view(events: list[Event]) -> str:
    shared = _columns(field for field in events[0].fields if field.origin != "event")
    selects = "\nUNION ALL\n".join(f"SELECT\n{shared}\nFROM {quoted(event.name)}" for event in events)
    return f"CREATE TEMPORARY VIEW {quoted(names.UNION_TABLE)} AS\n{selects}\n"


def _sink_table(model: Classified) -> str:
    name = name_of(model)
    columns = ",\n".join(f"  {quoted(column)} {kind}" for column, kind in sink_columns(model).items())
    options = with_clause(SINK, SINK_PLACEHOLDER, table=names.table_name(name))
    keys = f"{quoted(names.PARTITION_KEY)}, {quoted(names.SORT_KEY)}"
    return (
        f"CREATE TEMPORARY TABLE {quoted(names.sink_table(name))} (\n{columns}\n) "
        f"PARTITIONED BY ({keys}) {options}\n"
    )
