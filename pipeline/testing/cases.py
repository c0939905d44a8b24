"""Reads the test cases of a model: `tests/<sentence_of_behaviour>.yaml` beside its `query.sql`.

    given:                     # an event and a text table of what arrives, in arrival order
      purchase: |
        event_time | amount | currency
        12:00:05   |  20.00 | EUR
        12:00:58   |   5.25 | EUR
    expect: |                  # the rows of the result, in any order
        minute_start | currency | revenue
        12:00        | EUR      |   25.25
    late: 0                    # optional: how many events come too late to count

How cells are written (NULL, quotes, remarks) stands in `pipeline.testing.text_table`. Beyond that:

- A field that is not named has the example value of its contract; `event_id` is different in each row, and
  `event_type` is the event's name. An event that is not named, or has only a header, does not happen.
- A time is `12:00`, `12:00:05` or `12:00:05.250` of 2026-01-15, or in full: `2026-01-14T23:59:59.999Z`.
- Values must fulfil the contract, since nothing else reaches a model: ingest turns it away.
- Each event is a stream of its own, as in production: rows arrive in the order of their table, the streams of
  two events run independently. An event arrives when it happens, or with the latest event before it on its
  stream, whichever is later: 12:00 after 15:00 is three hours late.
- After the last row every stream's watermark runs to the end of time, so that all windows close.
- A column that `expect` does not name is not compared; a table with only a header expects no rows.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from pathlib import Path

import yaml

from pipeline.model.contracts import Contracts, Event, Field
from pipeline.model.diagnostics import Diagnostic, Position
from pipeline.names import EVENT_TIME, WIRE_TIME, column_name
from pipeline.testing.text_table import Cell, TextTable, parse_text_table
from pipeline.testing.values import Value, ValueFormatError, format_value, parse_example, parse_value
from pipeline.testing.yaml_positions import Entry, block_lines, choices, compose, entries, position_of

KEYS = ("given", "expect", "late")
EVENT_ID = "event_id"


@dataclass(frozen=True)
class TypedColumn:
    """A column's name and Flink type."""

    name: str
    sql_type: str


@dataclass(frozen=True)
class Target:
    """What of a model a case must fit: its output columns and the events it reads."""

    name: str
    folder: str
    columns: tuple[TypedColumn, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Arrivals:
    """What arrives on one event's stream: `rows` hold a value for each of `columns`, in arrival order."""

    event: str
    columns: tuple[TypedColumn, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True)
class Case:
    """One test case, ready to run on any engine."""

    model: str
    name: str
    """The file's name without `.yaml`: a sentence of behaviour."""
    file: str
    given: tuple[Arrivals, ...]
    columns: tuple[TypedColumn, ...]
    """The columns that are compared, as `expect` names them."""
    expect: tuple[tuple[Value, ...], ...]
    position: Position
    """Where `expect` stands."""
    late: int | None
    late_position: Position | None

    @property
    def sentence(self) -> str:
        """The file's name as people read it."""
        return self.name.replace("_", " ")


def load_cases(root: Path, target: Target, contracts: Contracts) -> tuple[tuple[Case, ...], list[Diagnostic]]:
    """All cases of a model by name, and every mistake in their files. `root` is the project's folder."""
    folder = root / target.folder / "tests"
    cases: list[Case] = []
    errors: list[Diagnostic] = []
    if not folder.is_dir():
        return (), []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        file = f"{target.folder}/tests/{path.name}"
        start = Position(file, 1, 1)
        if not re.fullmatch(r"[a-z0-9_]+\.yaml", path.name) or not path.is_file():
            hint = "<what_should_happen>.yaml was expected, in small letters"
            errors.append(Diagnostic(start, "case-name", f'"{path.name}" is not a test case', hint))
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            errors.append(Diagnostic(start, "not-utf-8", f"the file is not UTF-8: {error.reason}", ""))
            continue
        case, mistakes = load_case(file, text, target, contracts)
        errors.extend(mistakes)
        if case is not None:
            cases.append(case)
    return tuple(cases), errors


def load_case(
    file: str, text: str, target: Target, contracts: Contracts
) -> tuple[Case | None, list[Diagnostic]]:
    """The case that the file's text holds and every mistake in it; no case where there is any."""
    root, errors = compose(file, text)
    if errors:
        return None, errors
    if not isinstance(root, yaml.MappingNode):
        hint = "given: and expect: were expected"
        return None, [Diagnostic(Position(file, 1, 1), "not-a-case", "this is not a test case", hint)]

    found, errors = entries(file, root)
    parts = {entry.key: entry for entry in found}
    errors.extend(
        Diagnostic(
            entry.position, "unknown-key", f'unknown key "{entry.key}"', choices(entry.key, KEYS, "Keys")
        )
        for entry in found
        if entry.key not in KEYS
    )
    if "expect" not in parts:
        errors.append(
            Diagnostic(
                Position(file, 1, 1), "no-expectation", "expect: is missing", "a table of rows after |"
            )
        )
    events = {event.name: event for event in contracts.events if event.name in target.sources}
    given = _given(file, text, parts.get("given"), events, errors)
    columns, expect = _expect(file, text, parts.get("expect"), target, errors)
    late = _late(file, parts.get("late"), errors)
    if errors:
        return None, sorted(errors, key=lambda error: error.position)
    case = Case(
        model=target.name,
        name=Path(file).stem,
        file=file,
        given=given,
        columns=columns,
        expect=expect,
        position=parts["expect"].position,
        late=late,
        late_position=parts["late"].position if "late" in parts else None,
    )
    return case, []


def columns_of(event: Event) -> tuple[TypedColumn, ...]:
    """The columns that an event has in SQL."""
    return tuple(TypedColumn(column_name(field.name), field.sql_type) for field in event.fields)


def arrival_times(arrivals: Arrivals) -> list[dt.datetime]:
    """When each row arrives: the latest event time up to and including its own."""
    place = [column.name for column in arrivals.columns].index(EVENT_TIME)
    times = [row[place] for row in arrivals.rows]
    return list(accumulate((time for time in times if isinstance(time, dt.datetime)), max))


def _given(
    file: str, text: str, entry: Entry | None, events: Mapping[str, Event], errors: list[Diagnostic]
) -> tuple[Arrivals, ...]:
    if entry is None or (isinstance(entry.node, yaml.ScalarNode) and entry.node.value == ""):
        return ()
    if not isinstance(entry.node, yaml.MappingNode):
        hint = "events were expected, each with a table after |"
        position = position_of(file, entry.node)
        errors.append(Diagnostic(position, "not-a-mapping", "given: does not name events", hint))
        return ()
    found, mistakes = entries(file, entry.node)
    errors.extend(mistakes)
    arrivals: list[Arrivals] = []
    for one in found:
        event = events.get(one.key)
        if event is None:
            hint = choices(one.key, events, "Events it reads")
            message = f'the model does not read an event "{one.key}"'
            errors.append(Diagnostic(one.position, "unknown-event", message, hint))
            continue
        table = _table(file, text, one, errors)
        if table is not None:
            arrivals.append(_arrivals(event, table, errors))
    return tuple(arrivals)


def _table(file: str, text: str, entry: Entry, errors: list[Diagnostic]) -> TextTable | None:
    lines = block_lines(text, entry.node)
    if lines is None:
        written = isinstance(entry.node, yaml.ScalarNode) and entry.node.value
        position = position_of(file, entry.node) if written else entry.position
        errors.append(
            Diagnostic(
                position,
                "no-table",
                f"{entry.key}: has no table",
                f"write {entry.key}: | and the table below",
            )
        )
        return None
    table, mistakes = parse_text_table(file, lines, entry.position)
    errors.extend(mistakes)
    return table


def _arrivals(event: Event, table: TextTable, errors: list[Diagnostic]) -> Arrivals:
    fields = {column_name(field.name): field for field in event.fields}
    for cell in table.header:
        if cell.text not in fields:
            hint = choices(cell.text, fields, "Columns")
            if cell.text == WIRE_TIME:
                hint = f"it is called {EVENT_TIME} in SQL"
            message = f'unknown column "{cell.text}" in event "{event.name}"'
            errors.append(Diagnostic(cell.position, "unknown-column", message, hint))
    named = [cell.text for cell in table.header]
    rows: list[tuple[Value, ...]] = []
    for number, written in enumerate(table.rows, 1):
        cells = dict(zip(named, written, strict=True))
        row: list[Value] = []
        for name, field in fields.items():
            if name in cells:
                row.append(_value(cells[name], field, errors))
            elif name == EVENT_ID:
                row.append(f"{event.name}-{number}")
            elif name == "event_type" and not event.standalone:
                row.append(event.name)
            else:
                row.append(_example(event, field, errors))
        rows.append(tuple(row))
    return Arrivals(event.name, columns_of(event), tuple(rows))


def _value(cell: Cell, field: Field, errors: list[Diagnostic]) -> Value:
    name = column_name(field.name)
    try:
        value = parse_value(cell, field.sql_type)
    except ValueFormatError as problem:
        message = f'{name} cannot be "{cell.text}"'
        errors.append(Diagnostic(cell.position, "wrong-value", message, str(problem)))
        return None
    broken = broken_constraint(value, field)
    if broken:
        message = f"{name} cannot be {'NULL' if value is None else f'{cell.text!r}'}"
        errors.append(
            Diagnostic(cell.position, "against-contract", message, f"{broken} ({field.position.file})")
        )
    return value


def _example(event: Event, field: Field, errors: list[Diagnostic]) -> Value:
    try:
        return parse_example(field.example, field.sql_type)
    except ValueFormatError as problem:
        message = f'the example of "{field.name}" in event "{event.name}" is no {field.sql_type}'
        diagnostic = Diagnostic(field.position, "wrong-example", message, str(problem))
        if diagnostic not in errors:
            errors.append(diagnostic)
        return None


def broken_constraint(value: Value, field: Field) -> str | None:
    """What the contract says of the field that the value does not fulfil; None where it does."""
    if value is None:
        return "the contract requires it" if field.required else None
    if field.enum and value not in field.enum:
        return f"one of {', '.join(field.enum)} was expected"
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        if field.minimum is not None and Decimal(str(value)) < field.minimum:
            return f"at least {format_value(field.minimum)} was expected"
        if field.maximum is not None and Decimal(str(value)) > field.maximum:
            return f"at most {format_value(field.maximum)} was expected"
    if isinstance(value, str):
        if field.min_length is not None and len(value) < field.min_length:
            return f"at least {field.min_length} characters were expected"
        if field.max_length is not None and len(value) > field.max_length:
            return f"at most {field.max_length} characters were expected"
        if field.pattern is not None and not re.search(field.pattern, value):
            return f"{field.pattern} was expected"
    return None


def _expect(
    file: str, text: str, entry: Entry | None, target: Target, errors: list[Diagnostic]
) -> tuple[tuple[TypedColumn, ...], tuple[tuple[Value, ...], ...]]:
    table = _table(file, text, entry, errors) if entry is not None else None
    if table is None:
        return (), ()
    known = {column.name: column for column in target.columns}
    unknown = [cell for cell in table.header if cell.text not in known]
    for cell in unknown:
        message = f'unknown column "{cell.text}" in the result of "{target.name}"'
        errors.append(
            Diagnostic(cell.position, "unknown-column", message, choices(cell.text, known, "Columns"))
        )
    columns = [known.get(cell.text) for cell in table.header]
    rows = tuple(_expected_row(row, columns, errors) for row in table.rows)
    return tuple(column for column in columns if column is not None), rows


def _expected_row(
    row: Iterable[Cell], columns: Sequence[TypedColumn | None], errors: list[Diagnostic]
) -> tuple[Value, ...]:
    values: list[Value] = []
    for cell, column in zip(row, columns, strict=True):
        if column is None:
            continue
        try:
            values.append(parse_value(cell, column.sql_type))
        except ValueFormatError as problem:
            message = f'{column.name} cannot be "{cell.text}"'
            errors.append(Diagnostic(cell.position, "wrong-value", message, str(problem)))
    return tuple(values)


def _late(file: str, entry: Entry | None, errors: list[Diagnostic]) -> int | None:
    if entry is None:
        return None
    if not isinstance(entry.node, yaml.ScalarNode) or not re.fullmatch(r"\d+", entry.node.value):
        hint = "how many events come too late, such as 1"
        errors.append(Diagnostic(position_of(file, entry.node), "wrong-value", "late: is not a number", hint))
        return None
    return int(entry.node.value)
