"""Stage `render`: every place of the SQL leads back to the template."""

from __future__ import annotations

from pipeline.compile.render import render
from pipeline.locate import Locator
from pipeline.model.diagnostics import Position
from pipeline.model.models import Promises, Rendered, Source, Sources

FILE = "sql/metrics/probe/query.sql"


def _rendered(template: str, macros: dict[str, str] | None = None) -> Rendered:
    source = Source("probe", "metric", "sql/metrics/probe", FILE, template, Promises())
    rendered, diagnostics = render(source, Sources((source,), tuple((macros or {}).items())))
    assert diagnostics == ()
    assert rendered is not None
    return rendered


def _place(rendered: Rendered, text: str, nth: int = 0) -> Position:
    at = -1
    for _ in range(nth + 1):
        at = rendered.sql.index(text, at + 1)
    return Locator(rendered).between(at, at + len(text))


def test_plain_sql_stands_where_it_stood() -> None:
    rendered = _rendered("SELECT\n    a,\n    b\nFROM t\n")
    assert rendered.sql == "SELECT\n    a,\n    b\nFROM t\n"
    assert rendered.line_map == (1, 2, 3, 4, 4)
    assert _place(rendered, "b") == Position(FILE, 3, 5, 1)


def test_each_turn_of_a_loop_leads_to_the_same_lines() -> None:
    rendered = _rendered("{% for x in ['p', 'q'] %}\nSELECT {{ x }} AS name\nFROM t\n{% endfor %}\n")
    assert rendered.sql == "\nSELECT p AS name\nFROM t\n\nSELECT q AS name\nFROM t\n\n"
    assert _place(rendered, "FROM", 0) == _place(rendered, "FROM", 1) == Position(FILE, 3, 1, 4)
    assert _place(rendered, "p AS") == Position(FILE, 2, 8, len("{{ x }}"))
    assert _place(rendered, "AS", 1) == Position(FILE, 2, 16, 2)
    assert rendered.line_map == (1, 2, 3, 1, 2, 3, 4, 4)


def test_whitespace_control_keeps_the_places() -> None:
    rendered = _rendered("SELECT\n    {%- if true %} a {%- endif %}\nFROM t")
    assert rendered.sql == "SELECT a\nFROM t"
    assert _place(rendered, "a") == Position(FILE, 2, 20, 1)
    assert _place(rendered, "FROM") == Position(FILE, 3, 1, 4)


def test_text_of_a_macro_stands_in_its_file() -> None:
    macros = {"macros/m.sql": "{% macro window(n) -%}\nTUMBLE {{ n }}\nMINUTE\n{%- endmacro %}"}
    rendered = _rendered("{% from 'macros/m.sql' import window %}\nFROM {{ window(5) }} AS w", macros)
    assert rendered.sql == "\nFROM TUMBLE 5\nMINUTE AS w"
    assert _place(rendered, "MINUTE") == Position("sql/macros/m.sql", 3, 1, 6)
    assert _place(rendered, "5") == Position(FILE, 2, 6, len("{{ window(5) }}"))
    assert _place(rendered, "AS w") == Position(FILE, 2, 22, 4)


def test_comment_and_raw_block_keep_the_places() -> None:
    rendered = _rendered("{# note\n on two lines #}\nSELECT {% raw %}'{{ x }}'{% endraw %} AS a")
    assert rendered.sql == "\nSELECT '{{ x }}' AS a"
    assert _place(rendered, "'{{ x }}'") == Position(FILE, 3, 17, 9)
    assert _place(rendered, "AS a") == Position(FILE, 3, 39, 4)


def test_template_that_looks_at_its_own_text_is_rendered_unchanged() -> None:
    template = "{% set part %}abc{% endset %}\nSELECT {{ part | length }} AS n\nFROM t\n"
    rendered = _rendered(template)
    assert rendered.sql == "\nSELECT 3 AS n\nFROM t\n"
    assert _place(rendered, "FROM").line == 3


def test_author_cannot_reach_python() -> None:
    template = "SELECT {{ ''.__class__.__mro__ }}"
    source = Source("probe", "metric", "sql/metrics/probe", FILE, template, Promises())
    rendered, diagnostics = render(source, Sources((source,)))
    assert rendered is None
    assert [(item.code, item.position.line) for item in diagnostics] == [("jinja-error", 1)]


def test_error_of_an_expression_has_its_line() -> None:
    source = Source("probe", "metric", "sql/metrics/probe", FILE, "SELECT\n{{ 1 / 0 }}", Promises())
    rendered, diagnostics = render(source, Sources((source,)))
    assert rendered is None
    assert [(item.message, item.position) for item in diagnostics] == [
        ("Jinja: division by zero", Position(FILE, 2, 1, 11))
    ]
