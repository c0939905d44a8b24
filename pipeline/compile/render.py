"""Stage `render`: Jinja to SQL, remembering where every stretch of it stands in the templates.

The text is rendered twice: once as it is, which is the truth, and once with marks (two private-use characters
around the number of a place) before each piece of template text and each `{{ ... }}`. Where the marked text
equals the plain one but for its marks, the marks are the exact map. A template that looks at its own text (a
`|length` of a block, say) can tell the two apart; then lines are matched instead.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator

from jinja2 import FunctionLoader, StrictUndefined, nodes
from jinja2.exceptions import (
    SecurityError,
    TemplateNotFound,
    TemplateRuntimeError,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.sandbox import SandboxedEnvironment

from pipeline.compile.jinja_mistakes import at_word, syntax_mistake, undefined_name, wrong_call
from pipeline.model.diagnostics import Diagnostic, Position
from pipeline.model.models import Rendered, Segment, Source, Sources
from pipeline.suggest import suggestion

_OPEN, _CLOSE = "\ue000", "\ue001"
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")


def render(source: Source, sources: Sources) -> tuple[Rendered | None, tuple[Diagnostic, ...]]:
    """Render one model's template; `sources` holds the macros that it may import."""
    templates = dict(sources.macros) | {source.query_file: source.template}
    for name, text in templates.items():
        if _OPEN in text or _CLOSE in text:
            file = name if name == source.query_file else f"sql/{name}"
            line = next(i for i, row in enumerate(text.split("\n"), 1) if _OPEN in row or _CLOSE in row)
            message = "a character of Unicode's private use area stands in this line"
            return None, (Diagnostic(Position(file, line, 1), "bad-character", message, "take it out"),)
    marked = _MarkedEnvironment(templates, source.query_file)
    try:
        sql = _environment(templates).get_template(source.query_file).render()
        places_sql = marked.get_template(source.query_file).render()
    except (
        TemplateSyntaxError,
        UndefinedError,
        TemplateNotFound,
        TemplateRuntimeError,
        SecurityError,
    ) as error:
        return None, (_diagnostic(error, source, templates),)
    except (TypeError, ValueError, LookupError, ArithmeticError, RecursionError, MemoryError) as error:
        # Python's own errors out of an author's expression, such as `{{ 1 / 0 }}`.
        return None, (_diagnostic(error, source, templates),)
    segments = _segments(places_sql, sql, marked) or _matched_lines(sql, source)
    return Rendered(source, sql, _line_map(sql, segments, source.query_file), segments), ()


def _loader(templates: dict[str, str]) -> FunctionLoader:
    """Templates whose file is called like them: a traceback then says which one it went through."""

    def found(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        return (templates[name], name, lambda: True) if name in templates else None

    return FunctionLoader(found)


def _environment(templates: dict[str, str]) -> SandboxedEnvironment:
    # S701: the output is SQL, not HTML; escaping would corrupt it.
    return SandboxedEnvironment(
        loader=_loader(templates), undefined=StrictUndefined, keep_trailing_newline=True
    )


class _MarkedEnvironment(SandboxedEnvironment):
    """Puts a mark in front of every piece of text a template can emit."""

    def __init__(self, templates: dict[str, str], query_file: str) -> None:
        super().__init__(loader=_loader(templates), undefined=StrictUndefined, keep_trailing_newline=True)
        self.query_file = query_file
        self.places: list[Segment] = []
        self.in_macros: set[int] = set()
        self.given: set[int] = set()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        file = self.query_file if name == self.query_file else f"sql/{name}"
        texts, tags = _tokens(self, source, name)
        parameters = {
            id(output): {argument.name for argument in macro.args}
            for macro in tree.find_all(nodes.Macro)
            for output in macro.find_all(nodes.Output)
        }
        for output in list(tree.find_all(nodes.Output)):
            first = len(self.places)
            children: list[nodes.Expr] = []
            for child in output.nodes:
                if isinstance(child, nodes.TemplateData):
                    offset = next(texts, None)
                    children.extend(self._marked_text(child, source, file, offset))
                else:
                    start, length = next(tags, (None, 1))
                    children.append(self._mark(source, file, start, child.lineno, max(length, 1)))
                    children.append(child)
                    if isinstance(child, nodes.Name) and child.name in parameters.get(id(output), ()):
                        self.given.add(len(self.places) - 1)
            if id(output) in parameters:
                self.in_macros.update(range(first, len(self.places)))
            output.nodes = children
        return tree

    def _marked_text(
        self, data: nodes.TemplateData, source: str, file: str, offset: int | None
    ) -> Iterator[nodes.Expr]:
        line, done = data.lineno, 0
        for piece in data.data.splitlines(keepends=True):
            yield self._mark(source, file, None if offset is None else offset + done, line, 0)
            yield nodes.TemplateData(piece, lineno=line)
            done += len(piece)
            line += 1

    def _mark(
        self, source: str, file: str, offset: int | None, line: int, tag_length: int
    ) -> nodes.TemplateData:
        column = 1
        if offset is not None:
            line = source.count("\n", 0, offset) + 1
            column = offset - (source.rfind("\n", 0, offset) + 1) + 1
        self.places.append(Segment(0, file, line, column, tag_length))
        return nodes.TemplateData(f"{_OPEN}{len(self.places) - 1}{_CLOSE}", lineno=line)


def _tokens(
    environment: SandboxedEnvironment, source: str, name: str | None
) -> tuple[Iterator[int | None], Iterator[tuple[int | None, int]]]:
    """Offsets in the source of each piece of text, and of each `{{ ... }}` with its length, in order."""
    texts: list[int | None] = []
    tags: list[tuple[int | None, int]] = []
    at, begin = 0, None
    for _, kind, value in environment.lex(source, name):
        found = source.find(value, at)
        offset = found if found >= 0 else None
        if kind == "data":
            texts.append(offset)
        elif kind == "variable_begin":
            begin = offset
        elif kind == "variable_end":
            tags.append(
                (begin, 1 if begin is None or offset is None else offset + len(value.rstrip()) - begin)
            )
        at = at if offset is None else offset + len(value)
    return iter(texts), iter(tags)


def _segments(marked: str, sql: str, environment: _MarkedEnvironment) -> tuple[Segment, ...]:
    """Where each stretch of the SQL stands; empty where the marks changed what was rendered.

    What a macro was given stands where it was called.
    """
    called: Segment | None = None
    segments: list[Segment] = []
    pieces = _MARK.split(marked)
    text = pieces[0]
    for number, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        place = environment.places[int(number)]
        if int(number) not in environment.in_macros:
            called = place
        elif int(number) in environment.given and called is not None and called.tag_length:
            place = called
        segments.append(Segment(len(text), place.file, place.line, place.column, place.tag_length))
        text += piece
    return tuple(segments) if text == sql else ()


def _matched_lines(sql: str, source: Source) -> tuple[Segment, ...]:
    """Each rendered line at the template line most like it, in order; unmatched ones at the line before."""
    rendered, template = sql.split("\n"), source.template.split("\n")
    matcher = difflib.SequenceMatcher(a=rendered, b=template, autojunk=False)
    exact = {a + i: b + i for a, b, size in matcher.get_matching_blocks() for i in range(size)}
    segments, offset, line = [], 0, 0
    for number, row in enumerate(rendered):
        tag_length = 0 if number in exact else 1
        line = exact.get(number, line)
        segments.append(Segment(offset, source.query_file, line + 1, 1, tag_length))
        offset += len(row) + 1
    return tuple(segments)


def _line_map(sql: str, segments: tuple[Segment, ...], query_file: str) -> tuple[int, ...]:
    lines: list[int] = []
    current, index, offset = 1, 0, 0
    for row in sql.split("\n"):
        own = None
        while index < len(segments) and segments[index].start <= offset + len(row):
            if segments[index].file == query_file and own is None:
                own = segments[index].line
            index += 1
        current = own if own is not None else current
        lines.append(current)
        offset += len(row) + 1
    return tuple(lines)


def _diagnostic(error: Exception, source: Source, templates: dict[str, str]) -> Diagnostic:
    if isinstance(error, TemplateSyntaxError):
        file = source.query_file if error.name in (None, source.query_file) else f"sql/{error.name}"
        return syntax_mistake(error, file, _text(file, templates), set(_environment(templates).filters))
    file, line = _raised_at(error, source, templates)
    message = str(error) or "it needs too much memory"
    position = _tag_position(_line_position(file, line, templates), message, templates)
    if isinstance(error, TemplateNotFound):
        choices = [name for name in templates if name.startswith("macros/")]
        hint = (
            suggestion(str(error.name), choices)
            + f"Macros: {', '.join(choices) or 'none (sql/macros/*.sql)'}"
        )
        position = at_word(position, f"'{error.name}'", f'"{error.name}"', _text(file, templates))
        return Diagnostic(position, "unknown-macro", f'there is no template "{error.name}"', hint)
    call = wrong_call(message, _called_at(error, source), source.query_file, templates)
    if call is not None:
        return call
    if isinstance(error, UndefinedError):
        return undefined_name(message, position, file, templates)
    hint = "change the expression of this tag"
    return Diagnostic(position, "jinja-error", f"Jinja: {message}", hint)


def _raised_at(error: Exception, source: Source, templates: dict[str, str]) -> tuple[str, int]:
    """The innermost template line of the traceback, which Jinja rewrites to the template's own lines."""
    file, line = source.query_file, 1
    trace = error.__traceback__
    while trace is not None:
        frame = trace.tb_frame
        template = frame.f_code.co_filename
        if template in templates:
            line = trace.tb_lineno
            file = source.query_file if template == source.query_file else f"sql/{template}"
        trace = trace.tb_next
    return file, line


def _called_at(error: Exception, source: Source) -> int:
    """The line of the model's own template from which what failed was called."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == source.query_file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _tag_position(position: Position, message: str, templates: dict[str, str]) -> Position:
    """The tag of the line that the message speaks of; the whole line where none can be told."""
    row = _row(position.file, position.line, templates)
    tags = list(_TAG.finditer(row))
    named = re.search(r"'([^']+)' is undefined", message)
    if named and len(tags) > 1:
        tags = [tag for tag in tags if re.search(rf"\b{re.escape(named[1])}\b", tag[0])]
    if len(tags) != 1:
        return position
    return Position(position.file, position.line, tags[0].start() + 1, len(tags[0][0]))


def _text(file: str, templates: dict[str, str]) -> str:
    return templates.get(file, templates.get(file.removeprefix("sql/"), ""))


def _row(file: str, line: int, templates: dict[str, str]) -> str:
    rows = _text(file, templates).split("\n")
    return rows[line - 1] if 0 < line <= len(rows) else ""


def _line_position(file: str, line: int, templates: dict[str, str]) -> Position:
    row = _row(file, line, templates)
    stripped = row.strip()
    return Position(file, line, len(row) - len(row.lstrip()) + 1, max(len(stripped), 1))
