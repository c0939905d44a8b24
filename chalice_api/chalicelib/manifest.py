"""The compiled manifest as the API needs it: which models there are, their columns, tables and topics."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import orjson

from chalicelib import environment
from chalicelib.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping

SUPPORTED_VERSION = 1


@dataclass(frozen=True)
class Column:
    """One output column; `scale` is the number of decimals of a DECIMAL, else None."""

    name: str
    json_type: str
    role: str
    scale: int | None
    published: Mapping[str, Any]


@dataclass(frozen=True)
class Model:
    """One model and everything physical about it; `published` is its entry in `GET /v1/metrics`."""

    name: str
    kind: str
    question: str
    table: str
    topic: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    dimensions: tuple[str, ...]
    longest_window_ms: int
    keep_hours: int
    form: str
    published: Mapping[str, Any]


@dataclass(frozen=True)
class Manifest:
    """All models by name, by topic and by physical table suffix."""

    build_id: str
    models: Mapping[str, Model]
    by_topic: Mapping[str, Model]
    by_table: Mapping[str, Model]

    def metrics(self) -> list[Model]:
        """The models served under `/v1/metrics`, by name."""
        return sorted(
            (model for model in self.models.values() if model.kind == "metric"), key=lambda m: m.name
        )


def parse(content: bytes, source: str) -> Manifest:
    """The manifest in `content`; `source` names it in messages.

    Raises:
        ApiError: 503 `manifest_unreadable` where it is no manifest of a supported version.
    """
    try:
        document = orjson.loads(content)
        version = document["manifest_version"]
        if version != SUPPORTED_VERSION:
            message = f"{source} has manifest_version {version}; this API reads version {SUPPORTED_VERSION}"
            raise ApiError(503, "manifest_unreadable", f"{message}: build and deploy from one checkout")
        models = {name: _model(name, entry) for name, entry in document["models"].items()}
        build_id = str(document["build_id"])
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        detail = (
            f"{source} is not a manifest ({type(error).__name__}: {error}); write it with `pipeline build`"
        )
        raise ApiError(503, "manifest_unreadable", detail) from error
    return Manifest(
        build_id=build_id,
        models=MappingProxyType(models),
        by_topic=MappingProxyType({model.topic: model for model in models.values()}),
        by_table=MappingProxyType({model.table: model for model in models.values()}),
    )


def _model(name: str, entry: dict[str, Any]) -> Model:
    columns = tuple(_column(column) for column in entry["columns"])
    listed = ("question", "owner", "columns", "key", "time_column", "windows", "chart", "topic", "route")
    return Model(
        name=name,
        kind=entry["kind"],
        question=entry["question"],
        table=entry["table"]["name"],
        topic=entry["topic"],
        columns=columns,
        key=tuple(entry["key"]),
        dimensions=tuple(column.name for column in columns if column.role == "dimension"),
        longest_window_ms=max((window["size_ms"] for window in entry["windows"]), default=0),
        keep_hours=entry["keep_hours"],
        form=entry.get("form", "live"),
        published=MappingProxyType({"name": name} | {field: entry[field] for field in listed}),
    )


def _column(entry: dict[str, Any]) -> Column:
    scale = None
    if entry["json_type"] == "decimal":
        _, comma, digits = entry["sql_type"].partition(",")
        scale = int(digits.strip(" )")) if comma else 0
    return Column(entry["name"], entry["json_type"], entry["role"], scale, MappingProxyType(entry))


class _Loaded:
    """The manifest of this process and the file it came from."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._manifest: Manifest | None = None
        self._path = ""
        self._stamp: tuple[int, int, int] | None = None

    def current(self) -> Manifest:
        manifest = self._manifest
        if manifest is None or self._path != environment.required("MANIFEST_PATH"):
            with self._lock:
                manifest = self._read()
        return manifest

    def reload_if_changed(self) -> bool:
        with self._lock:
            before = self._manifest
            path = Path(environment.required("MANIFEST_PATH"))
            try:
                stat = path.stat()
            except FileNotFoundError:
                return False
            if before is not None and (stat.st_ino, stat.st_mtime_ns, stat.st_size) == self._stamp:
                return False
            after = self._read()
            return before is None or before.build_id != after.build_id

    def _read(self) -> Manifest:
        name = environment.required("MANIFEST_PATH")
        path = Path(name)
        try:
            stat = path.stat()
            content = path.read_bytes()
        except OSError as error:
            message = (
                f"the manifest {path.name} cannot be read ({error.strerror}); write it with `pipeline build`"
            )
            raise ApiError(503, "manifest_missing", message) from error
        self._manifest = parse(content, path.name)
        self._path = name
        self._stamp = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
        return self._manifest


_loaded = _Loaded()


def current() -> Manifest:
    """The manifest, read once from `MANIFEST_PATH`.

    Raises:
        ApiError: 503 where it is missing or unreadable.
    """
    return _loaded.current()


def reload_if_changed() -> bool:
    """Read the manifest again where its file was replaced; True where that brought another build.

    A file that cannot be read raises `ApiError` and leaves the old manifest in use.
    """
    return _loaded.reload_if_changed()
