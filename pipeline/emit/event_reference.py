"""Reference pages of the events, in Markdown, written from their contracts."""

from __future__ import annotations

from pipeline.emit.json_schema import exact_json
from pipeline.model.contracts import Contracts, Event, Field
from pipeline.names import stream_name

_FOLDER = "docs/reference/events"
_NOTE = "<!-- Generated from sql/events by `pipeline build`: edit the contract, not this page. -->"


def emit_event_reference(contracts: Contracts) -> dict[str, str]:
    """`{docs/reference/events/<event>.md and index.md: text}` under build/."""
    pages = {f"{_FOLDER}/{event.name}.md": _page(event) for event in contracts.events}
    pages[f"{_FOLDER}/index.md"] = _index(contracts)
    return pages


def example_event(event: Event) -> dict[str, object]:
    """The event on the wire, made of the contract's examples; DECIMAL values are Decimals."""
    examples = {field.name: field.example for field in event.fields if field.example is not None}
    if event.standalone:
        return examples
    own = {field.name for field in event.fields if field.origin == "event"}
    wire: dict[str, object] = {
        field.name: examples[field.name]
        for field in event.fields
        if field.origin == "common" and field.name in examples
    }
    if "event_type" in wire:
        wire["event_type"] = event.name
    wire["custom_properties"] = {name: value for name, value in examples.items() if name in own}
    return wire


def _index(contracts: Contracts) -> str:
    rows = [
        f"| [{event.name}]({event.name}.md) | {_cell(event.description)} | `{stream_name(event.name)}` "
        f"| {event.version} |"
        for event in contracts.events
    ]
    return "\n".join(
        [
            _NOTE,
            "",
            "# Events",
            "",
            "Each event is a table of its name in SQL; `events` is the union of their common columns.",
            "",
            "| event | what happened | stream | version |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _page(event: Event) -> str:
    lines = [_NOTE, "", f"# {event.name}", "", event.description, "", "| promise | value |", "|---|---|"]
    lines += [f"| {name} | {value} |" for name, value in _promises(event)]
    groups = (
        ("Its own fields", "event", "" if event.standalone else "On the wire in `custom_properties`."),
        ("Fields of every event", "common", "On the wire at the top level."),
        ("Added at ingest", "enrichment", "Never sent: a value that comes with the event is replaced."),
    )
    for title, origin, note in groups:
        fields = [field for field in event.fields if field.origin == origin]
        if not fields:
            continue
        lines += ["", f"## {title}", ""]
        lines += [note, ""] if note else []
        lines += ["| column | type | required | meaning | allowed | example |", "|---|---|---|---|---|---|"]
        lines += [_row(field) for field in fields]
    lines += ["", "## Example", "", "```json", exact_json(example_event(event)), "```", ""]
    return "\n".join(lines)


def _promises(event: Event) -> list[tuple[str, str]]:
    return [
        ("version", str(event.version)),
        ("stream", f"`{stream_name(event.name)}`, partitioned by `{event.partition_key}`"),
        ("waits for out-of-order events", f"{event.watermark_delay_ms / 1000:g} s"),
        ("a repeated `event_id` counts once within", f"{event.deduplicate_ms / 60_000:g} min"),
        ("largest event", f"{event.max_event_bytes:,} bytes".replace(",", " ")),
        ("furthest in the future", f"{event.max_future_ms / 1000:g} s"),
        ("oldest", f"{event.max_age_ms / 3_600_000:g} h"),
    ]


def _row(field: Field) -> str:
    name = "`event_time` (`timestamp` on the wire)" if field.name == "timestamp" else f"`{field.name}`"
    meaning = field.description + (f" ({field.unit})" if field.unit else "")
    if field.pii != "none":
        meaning += f"; personal data: {field.pii}"
    example = "" if field.example is None else f"`{_plain(field.example)}`"
    required = "yes" if field.required else ""
    cells = (name, field.sql_type, required, _cell(meaning), _cell(_allowed(field)), _cell(example))
    return f"| {' | '.join(cells)} |"


def _plain(example: object) -> str:
    return str(example).lower() if isinstance(example, bool) else str(example)


def _allowed(field: Field) -> str:
    parts = [", ".join(f"`{value}`" for value in field.enum)] if field.enum else []
    if field.minimum is not None or field.maximum is not None:
        low = "" if field.minimum is None else f"{field.minimum:f}"
        high = "" if field.maximum is None else f"{field.maximum:f}"
        parts.append(f"{low} to {high}".strip())
    if field.min_length is not None or field.max_length is not None:
        low = str(field.min_length or 0)
        parts.append(
            f"{low} to {field.max_length} characters" if field.max_length else f"at least {low} characters"
        )
    if field.pattern is not None:
        parts.append(f"`{field.pattern}`")
    return "; ".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
