"""Models: what one folder under `sql/` means, as each stage of the compiler comes to know it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sqlglot import exp

from pipeline.model.diagnostics import Position

Kind = Literal["metric", "feature", "pattern", "alert", "decision"]
Role = Literal["time", "dimension", "measure"]
Form = Literal["live", "strict"]
WindowKind = Literal["tumble", "hop", "cumulate", "session", "row"]
"""`row`: no window; each row has a time of its own."""
Bound = Literal["start", "end", "time"]
SESSION_LASTS_MS = 4 * 3_600_000
"""How long a session is taken to last, at least: so far back a replay begins to read."""
REMEMBERED_MS = 24 * 3_600_000
"""How long Flink remembers what no watermark lets it forget (first events, versions, rows before a row)."""


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

    @property
    def reach_ms(self) -> int:
        """How long before its end it may have begun."""
        return self.size_ms or (max(SESSION_LASTS_MS, 8 * self.gap_ms) if self.gap_ms else 0)


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
    bound: Bound | None = None
    """Which bound of the window `span` it is."""
    span: Window | None = None
    event_time: bool = False
    """Whether it is a time attribute, or the same moment in another type."""


@dataclass(frozen=True)
class Rows:
    """What is known about a model's rows: what tells them apart, and what Flink has to keep for them.

    `keys` are sets of output columns that no two rows share, the best first; without one `missing` names what
    would make one. `reach_ms` says how long before its time a row's first event may lie. `remembers`: Flink
    keeps state whose end no watermark tells.
    """

    keys: tuple[tuple[str, ...], ...] = ()
    missing: tuple[str, ...] = ()
    reach_ms: int = 0
    remembers: bool = False


@dataclass(frozen=True)
class Resolved:
    """The query with every name and type known (stage `resolve`).

    `tree` is typed: each expression carries `type` (a sqlglot DataType) and `meta["nullable"]`; names stand
    as the author wrote them. A model that it reads is expanded, and the old form of windows (GROUP BY
    TUMBLE(...)) is written as the window function it means. `reads` names the events (or `events`) it selects
    from, those of expanded models included, which `upstream` names.
    """

    parsed: Parsed
    tree: exp.Expr
    question: str
    columns: tuple[Column, ...]
    reads: tuple[str, ...]
    upstream: tuple[str, ...] = ()
    rows: Rows = Rows()


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
    """The output column that holds the window's start, or the time of a row without one."""
    changelog: Literal["append", "upsert"]
    state_ttl_ms: int
    sources: tuple[str, ...]
    """Events whose streams it reads, `events` expanded."""
    app: str = "main"
    """The Flink application that runs it."""
    reach_ms: int = 0
    """How far before the end of its time lies the first event that a row may depend on."""


@dataclass(frozen=True)
class Project:
    """Everything the compiler knows once all stages before `lower` have run without errors."""

    root: str
    models: tuple[Classified, ...] = field(default_factory=tuple)
