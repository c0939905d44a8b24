"""Loads the event contracts `sql/events/*.yaml`; every mistake is collected with its place in the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from pipeline.compile.contract_fields import read_field
from pipeline.compile.contract_yaml import Reader, closest
from pipeline.model.contracts import Contracts, Event, Field, Origin
from pipeline.model.diagnostics import Diagnostic, Position

FOLDER = "sql/events"
COMMON = "_common"

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_SETTINGS = {  # key: (smallest, greatest); all but `version` may stand in _common.yaml for every event
    "version": (1, 10**6),
    "watermark_delay_seconds": (0, 3600),
    "deduplicate_minutes": (0, 1440),
    "max_event_bytes": (256, 1_000_000),  # Kinesis takes 1 MiB, and enrichment adds to the event
    "max_future_seconds": (0, 86_400),
    "max_age_hours": (1, 8760),
}
_COMMON_KEYS = ("description", "partition_key", *_SETTINGS, "fields", "enrichment")
_EVENT_KEYS = ("description", "standalone", "partition_key", *_SETTINGS, "fields")
_NEEDED = {"event_id": "STRING", "timestamp": "TIMESTAMP_LTZ(3)"}  # what SQL relies on


@dataclass
class _File:
    """One contract file as read, before its event is put together."""

    reader: Reader
    nodes: dict[str, tuple[yaml.Node, yaml.Node]]
    settings: dict[str, int]
    description: str = ""
    partition_key: str | None = None
    standalone: bool = False
    fields: tuple[Field, ...] = ()
    enrichment: tuple[Field, ...] = ()
    enum_nodes: dict[str, yaml.Node] = field(default_factory=dict)

    def node(self, key: str) -> yaml.Node | None:
        """The key's own node, for pointing at it."""
        return self.nodes[key][0] if key in self.nodes else None


def load_contracts(root: Path) -> tuple[Contracts, tuple[Diagnostic, ...]]:
    """Read all contracts of the project at `root`.

    Returns the events that can be used, ordered by name, and every mistake found, ordered by place. With
    mistakes the contracts may lack fields or events: they then serve only to find further mistakes.
    """
    folder = root / FOLDER
    diagnostics: list[Diagnostic] = []
    if not (folder / f"{COMMON}.yaml").is_file():
        hint = "it holds the fields that every event has"
        position = Position(f"{FOLDER}/{COMMON}.yaml", 1, 1)
        return Contracts(()), (
            Diagnostic(position, "missing-file", f"{FOLDER}/{COMMON}.yaml is missing", hint),
        )
    common: _File | None = None
    files: dict[str, _File] = {}
    names: list[str] = []
    paths = sorted(path for path in folder.iterdir() if path.suffix in {".yaml", ".yml"})
    for path in paths:
        reader = Reader(f"{FOLDER}/{path.name}", diagnostics)
        if not _good_name(reader, path):
            continue
        if path.stem != COMMON:
            names.append(path.stem)
        nodes = _top_level(reader, path)
        if nodes is None:
            continue
        if path.stem == COMMON:
            common = _read_file(reader, nodes, common=True)
        else:
            files[path.stem] = _read_file(reader, nodes, common=False)
    if common is not None:
        _check_needed(common)
        _check_event_types(common, files, names)
    events = tuple(_event(name, file, common) for name, file in files.items()) if common else ()
    return Contracts(events), tuple(sorted(diagnostics, key=lambda item: (item.position, item.code)))


def _good_name(reader: Reader, path: Path) -> bool:
    if path.suffix == ".yml":
        reader.report(None, "bad-name", f"{path.name} is not read", f"call it {path.stem}.yaml")
    elif path.stem != COMMON and not _NAME.match(path.stem):
        reader.report(None, "bad-name", f'"{path.stem}" is no event name', "lower case letters, digits and _")
    elif path.stem == "events":
        reader.report(
            None, "reserved-name", 'an event cannot be called "events"', "that is the union of all events"
        )
    else:
        return True
    return False


def _top_level(reader: Reader, path: Path) -> dict[str, tuple[yaml.Node, yaml.Node]] | None:
    try:
        root = reader.compose(path.read_bytes())
    except OSError as error:
        reader.report(None, "missing-file", f"{path.name} cannot be read: {error.strerror}")
        return None
    if root is None:
        return None
    common = path.stem == COMMON
    found = reader.known_items(root, "the contract", _COMMON_KEYS if common else _EVENT_KEYS)
    for needed in ("version", "description", "fields"):
        if needed not in found and ("the contract", needed) not in reader.misspelt:
            reader.report(None, f"missing-{needed}", f"the contract has no {needed}", f"add {needed}: ...")
    return found


def _read_file(reader: Reader, nodes: dict[str, tuple[yaml.Node, yaml.Node]], common: bool) -> _File:
    file = _File(reader, nodes, {})
    file.settings = _read_settings(reader, nodes, common)
    if "description" in nodes:
        file.description = reader.string(nodes["description"][1], '"description"') or ""
        if not file.description.strip():
            reader.report(
                nodes["description"][1], "missing-description", "the contract's description is empty"
            )
    if "partition_key" in nodes:
        file.partition_key = reader.string(nodes["partition_key"][1], '"partition_key"')
    if "standalone" in nodes:
        file.standalone = bool(reader.boolean(nodes["standalone"][1], '"standalone"'))
    if "fields" in nodes:
        file.fields = _read_fields(file, nodes["fields"][1], "fields", "common" if common else "event")
    if "enrichment" in nodes:
        file.enrichment = _read_fields(file, nodes["enrichment"][1], "enrichment", "enrichment")
    return file


def _read_settings(
    reader: Reader, nodes: Mapping[str, tuple[yaml.Node, yaml.Node]], common: bool
) -> dict[str, int]:
    settings = {}
    for key, (low, high) in _SETTINGS.items():
        if key in nodes:
            value = reader.integer(nodes[key][1], f'"{key}"', low, high)
            if value is not None:
                settings[key] = value
        elif common and key != "version":
            reader.report(
                None, "missing-setting", f'{COMMON}.yaml has no "{key}"', "it is every event's default"
            )
    return settings


def _read_fields(file: _File, node: yaml.Node, what: str, origin: Origin) -> tuple[Field, ...]:
    reader = file.reader
    if isinstance(node, yaml.ScalarNode) and not node.value:
        return ()  # `fields:` with nothing below: an event that adds nothing to the common ones
    mapping = reader.mapping(node, f'"{what}"')
    if mapping is None:
        return ()
    fields = []
    for name, key, value in reader.items(mapping, "fields"):
        if name == "event_type" and origin == "common":
            file.enum_nodes = _enum_nodes(value)
        read = read_field(reader, name, key, value, origin)
        if read is not None:
            fields.append(read)
    return tuple(fields)


def _enum_nodes(node: yaml.Node) -> dict[str, yaml.Node]:
    """Where each value of a field's enum stands; under "" the enum itself."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    for key, value in pairs:
        if key.value == "enum" and isinstance(value, yaml.SequenceNode):
            return {"": key} | {str(item.value): item for item in value.value}
    return {}


def _check_event_types(common: _File, files: Mapping[str, _File], names: list[str]) -> None:
    """`event_type` lists exactly the events of the shop; a standalone contract is none of them."""
    event_type = next((field for field in common.fields if field.name == "event_type"), None)
    if event_type is None:
        hint = "it names each event's contract"
        common.reader.report(
            common.node("fields"), "missing-field", 'common field "event_type" is missing', hint
        )
        return
    wanted = [name for name in names if name not in files or not files[name].standalone]
    for name in wanted:
        if name not in event_type.enum:
            common.reader.report(
                common.enum_nodes.get(""),
                "event-type-enum",
                f'"event_type" does not list the event "{name}"',
                f"add {name}: {FOLDER}/{name}.yaml describes it",
                why=f'Ingest would reject every "{name}" as an unknown event type.',
            )
    for value in event_type.enum:
        if value not in wanted:
            common.reader.report(
                common.enum_nodes.get(value),
                "event-type-enum",
                f'"event_type" lists "{value}", which no contract describes',
                f"{closest(value, wanted)}Write {FOLDER}/{value}.yaml or remove it",
            )


def _event(name: str, file: _File, common: _File) -> Event:
    """The event with all its fields; shadowed names and missing parts are reported."""
    reader = file.reader
    shared = {} if file.standalone else {field.name: field for field in (*common.fields, *common.enrichment)}
    own = []
    for item in file.fields:
        other = shared.get(item.name)
        if other is None:
            own.append(item)
            continue
        group = "an enrichment" if other.origin == "enrichment" else "a common"
        place = f"{other.position.file}:{other.position.line}"
        reader.diagnostics.append(
            Diagnostic(
                item.position,
                "shadowed-field",
                f'"{item.name}" is already {group} field ({place})',
                "remove it, or give it another name",
            )
        )
    fields = tuple(own) if file.standalone else (*common.fields, *own, *common.enrichment)
    if file.standalone:
        _check_needed(file)
    settings = {**common.settings, **file.settings}
    partition_key = file.partition_key or common.partition_key or "user_id"
    _check_partition_key(file, partition_key, fields)
    return Event(
        name=name,
        description=file.description,
        version=file.settings.get("version", 1),
        fields=fields,
        partition_key=partition_key,
        watermark_delay_ms=settings.get("watermark_delay_seconds", 0) * 1000,
        deduplicate_ms=settings.get("deduplicate_minutes", 0) * 60_000,
        max_event_bytes=settings.get("max_event_bytes", 65_536),
        max_future_ms=settings.get("max_future_seconds", 0) * 1000,
        max_age_ms=settings.get("max_age_hours", 1) * 3_600_000,
        standalone=file.standalone,
        position=Position(reader.file, 1, 1),
    )


def _check_needed(file: _File) -> None:
    """The file's fields include an id and a time, required and of the right type."""
    by_name = {item.name: item for item in file.fields}
    for name, sql_type in _NEEDED.items():
        item = by_name.get(name)
        if item is None:
            file.reader.report(file.node("fields"), "missing-field", f'field "{name}" is missing')
        elif item.sql_type != sql_type or not item.required:
            file.reader.diagnostics.append(
                Diagnostic(item.position, "wrong-type", f'"{name}" must be {sql_type} and required: true')
            )


def _check_partition_key(file: _File, partition_key: str, fields: tuple[Field, ...]) -> None:
    top_level = [
        item.name
        for item in fields
        if item.required and item.sql_type == "STRING" and (file.standalone or item.origin == "common")
    ]
    if partition_key not in top_level and fields:
        file.reader.report(
            file.node("partition_key"),
            "partition-key",
            f'partition key "{partition_key}" is no required top-level STRING field',
            f"{closest(partition_key, top_level)}Choices: {', '.join(top_level)}",
        )
