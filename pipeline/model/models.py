"""Models: what one folder under `sql/` means, as each stage of the compiler comes to know it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sqlglot import exp

from pipeline.model.diagnostics import Position

Kind = Literal["metric", "feature", "pattern", "alert", "decision"]
Role = Literal["time", "dimension", "measure"]
Form = Literal["live", "strict"]
WindowKind = Literal["tumble", "hop", "cumulate", "session"]


@dataclass(frozen=True)
class Promises:
    """What an author declares in `metric.yaml`; every key is optional. Durations carry their unit."""

    owner: str | None = None
    live: bool | None = None
    late_hours: int = 2
    freshness_seconds: int = 5
    keep_hours: int = 24 * 7
    app: str = "main"
    chart: str | None = None


@dataclass(frozen=True)
class Source:
    """A model's folder as read (stage `load`)."""

    name: str
    kind: Kind
    folder: str
    """Relative to the project, such as `sql/metrics/revenue_per_minute`."""
    query_file: str
    template: str
    promises: Promises


@dataclass(frozen=True)
class Sources:
    """All models as read, and the files that their templates may import (`(name, text)`, name below `sql/`).

    `found` counts the model folders, those that could not be read included.
    """

    models: tuple[Source, ...]
    macros: tuple[tuple[str, str], ...] = ()
    found: int = 0


@dataclass(frozen=True)
class Segment:
    """A stretch of rendered SQL and where its text stands in a template; it never spans a line's end.

    `start` is the offset in the rendered SQL. `tag_length` is 0 where the text was copied as it stands; where
    a `{{ ... }}` produced it, it is the length of that tag, at whose begin `line` and `column` then point.
    """

    start: int
    file: str
    line: int
    column: int
    tag_length: int = 0


@dataclass(frozen=True)
class Rendered:
    """The SQL after Jinja (stage `render`).

    `line_map[i]` is the line (from 1) of the model's own template that rendered line i+1 came from;
    `segments` say the same to the character, macros included.
    """

    source: Source
    sql: str
    line_map: tuple[int, ...]
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True)
class Parsed:
    """The query as a tree of the Flink dialect (stage `parse`); each node keeps line and column of `sql`."""

    rendered: Rendered
    tree: exp.Expr


@dataclass(frozen=True)
class Column:
    """One output column: its description is the documentation of table, API and page."""

    name: str
    sql_type: str
    nullable: bool
    description: str
    position: Position
    identifier: bool = False
    """Whether it is a field that the contract marks as an identifier (`user_id`)."""
    money: bool = False
    """Whether it is reckoned from a field whose unit is currency."""


@dataclass(frozen=True)
class Resolved:
    """The query with every name and type known (stage `resolve`).

    `tree` is typed: each expression carries `type` (a sqlglot DataType) and `meta["nullable"]`; names stand
    as the author wrote them. `reads` names the events (or `events`) and models it selects from.
    """

    parsed: Parsed
    tree: exp.Expr
    question: str
    columns: tuple[Column, ...]
    reads: tuple[str, ...]


@dataclass(frozen=True)
class Window:
    """One window of a model; `slide_ms` equals `size_ms` for TUMBLE, `gap_ms` is only SESSION's.

    `discriminator` names the literal column values of the UNION ALL branch that this window belongs to,
    such as `(("period", "5m"),)`; empty where the model has one branch.
    """

    kind: WindowKind
    size_ms: int
    slide_ms: int
    gap_ms: int = 0
    discriminator: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Classified:
    """What the compiler infers about a model (stage `classify`)."""

    resolved: Resolved
    form: Form
    form_reason: str
    key: tuple[str, ...]
    """Output columns that identify a row: the window's start (or end) and the dimensions."""
    roles: tuple[tuple[str, Role], ...]
    windows: tuple[Window, ...]
    time_column: str
    """The output column that holds the window's start."""
    changelog: Literal["append", "upsert"]
    state_ttl_ms: int
    sources: tuple[str, ...]
    """Events whose streams it reads, `events` expanded."""
    app: str = "main"
    """The Flink application that runs it."""


@dataclass(frozen=True)
class Project:
    """Everything the compiler knows once all stages before `lower` have run without errors."""

    root: str
    models: tuple[Classified, ...] = field(default_factory=tuple)
