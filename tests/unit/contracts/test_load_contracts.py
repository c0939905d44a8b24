"""Loading contracts: what is read, and what each mistake of an author is answered with."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.compile.contracts import load_contracts
from pipeline.model.contracts import Contracts

if TYPE_CHECKING:
    from .conftest import Project

ROOT = Path(__file__).resolve().parents[3]


def test_the_shops_contracts_have_no_mistakes_and_come_in_order_of_name(shop: Contracts) -> None:
    assert [event.name for event in shop.events] == [
        "click",
        "page_view",
        "purchase",
        "rejected_event",
        "search",
    ]


def test_an_event_has_common_fields_then_its_own_then_enrichment(shop: Contracts) -> None:
    click = shop.event("click")
    assert click is not None
    origins = [field.origin for field in click.fields]
    assert origins == ["common"] * 12 + ["event"] * 2 + ["enrichment"] * 8
    assert [field.name for field in click.fields if field.origin == "event"] == ["element", "position"]


def test_an_event_takes_what_it_does_not_say_from_the_common_settings(shop: Contracts) -> None:
    purchase = shop.event("purchase")
    assert purchase is not None
    assert (purchase.partition_key, purchase.watermark_delay_ms, purchase.deduplicate_ms) == (
        "user_id",
        5_000,
        600_000,
    )
    assert (purchase.max_event_bytes, purchase.max_future_ms, purchase.max_age_ms) == (
        65_536,
        60_000,
        2_592_000_000,
    )


def test_a_standalone_contract_has_only_its_own_fields(shop: Contracts) -> None:
    rejected = shop.event("rejected_event")
    assert rejected is not None
    assert rejected.standalone
    assert {field.origin for field in rejected.fields} == {"event"}
    assert rejected.partition_key == "event_id"


def test_money_keeps_its_digits_and_its_type_is_spelled_flinks_way(project: Project) -> None:
    project.edit("purchase", "type: DECIMAL(12, 2)", "type: DECIMAL(12,2)")
    contracts, diagnostics = load_contracts(project.root)
    assert diagnostics == ()
    purchase = contracts.event("purchase")
    assert purchase is not None
    amount = next(field for field in purchase.fields if field.name == "amount")
    assert amount.sql_type == "DECIMAL(12, 2)"
    assert amount.example == Decimal("49.90")
    assert str(amount.example) == "49.90"
    assert amount.maximum == Decimal("9999999999.99")


def test_a_field_knows_where_it_stands(shop: Contracts) -> None:
    click = shop.event("click")
    assert click is not None
    position = next(field for field in click.fields if field.name == "position").position
    assert position.file == "sql/events/click.yaml"
    line = (ROOT / position.file).read_text().splitlines()[position.line - 1]
    assert line[position.column - 1 :][: position.length] == "position"


MISTAKES = [
    # (event, what stands there, what is written instead), (code, where: the first such text, message, hint)
    pytest.param(
        ("click", "    min: 0\n", "    minimum: 0\n"),
        ("unknown-key", "minimum", 'unknown key "minimum" in field "position"', 'did you mean "min"?'),
        id="unknown_key_of_a_field",
    ),
    pytest.param(
        ("click", "version: 1", "version: 1\nowner: web"),
        ("unknown-key", "owner", 'unknown key "owner" in the contract', "Keys: description, standalone"),
        id="unknown_key_of_a_contract",
    ),
    pytest.param(
        ("click", "type: INT", "type: INTEGER"),
        ("unknown-type", "INTEGER", 'unknown type "INTEGER" of field "position"', 'did you mean "INT"?'),
        id="unknown_type",
    ),
    pytest.param(
        ("purchase", "DECIMAL(12, 2)", "DECIMAL(2, 12)"),
        ("unknown-type", "DECIMAL(2, 12)", "DECIMAL(2, 12) is impossible", "digits in all"),
        id="impossible_decimal",
    ),
    pytest.param(
        ("click", "    description: What was clicked\n", ""),
        ("missing-description", "element:", 'field "element" has no description', "add description: ..."),
        id="missing_description",
    ),
    pytest.param(
        ("click", "    example: 3", ""),
        ("missing-example", "position:", 'field "position" has no example', "add example: ..."),
        id="missing_example",
    ),
    pytest.param(
        ("click", "example: 3", "example: -3"),
        ("wrong-example", "-3", "it is below min 0", ""),
        id="example_below_min",
    ),
    pytest.param(
        ("page_view", "example: product", "example: shelf"),
        ("wrong-example", "shelf", "it is not in enum [home, category,", ""),
        id="example_outside_enum",
    ),
    pytest.param(
        ("purchase", "example: 49.90", "example: 49.905"),
        ("wrong-example", "49.905", "it is no value of DECIMAL(12, 2)", ""),
        id="example_with_too_many_digits",
    ),
    pytest.param(
        ("purchase", "example: EUR", "example: euro"),
        ("wrong-example", "euro", "it does not match pattern ^[A-Z]{3}$", ""),
        id="example_against_pattern",
    ),
    pytest.param(
        ("click", "example: 3", 'example: "3"'),
        ("wrong-example", '"3"', "must be a number (INT), not a string", ""),
        id="example_of_another_type",
    ),
    pytest.param(
        ("search", "example: gaming laptop", "example: NO"),
        ("wrong-value", "NO", "must be a string, not true or false", 'put it in quotes: "NO"'),
        id="yaml_reads_NO_as_false",
    ),
    pytest.param(
        ("page_view", "[home, category", "[home, off"),
        ("wrong-value", "off", "must be a string, not true or false", 'put it in quotes: "off"'),
        id="yaml_reads_off_as_false_in_an_enum",
    ),
    pytest.param(
        ("click", "    min: 0\n", "    min: 0\n    enum: [a]\n"),
        (
            "wrong-constraint",
            "enum: [a]",
            '"enum" does not fit INT of field "position"',
            "INT takes min, max",
        ),
        id="enum_on_a_number",
    ),
    pytest.param(
        ("click", "    min_length: 1\n", "    min: 1\n"),
        ("wrong-constraint", "min: 1", '"min" does not fit STRING of field "element"', "STRING takes enum,"),
        id="min_on_a_string",
    ),
    pytest.param(
        ("click", "  position:\n", "  element:\n"),
        (
            "duplicate-field",
            "element:\n    type: INT",
            '"element" is given twice in fields',
            "first given in line 4",
        ),
        id="duplicate_field",
    ),
    pytest.param(
        ("click", "  element:\n", "  category:\n"),
        (
            "shadowed-field",
            "category",
            '"category" is already a common field (sql/events/_common.yaml:',
            "remove it",
        ),
        id="field_that_shadows_a_common_one",
    ),
    pytest.param(
        ("click", "  element:\n", "  country:\n"),
        ("shadowed-field", "country:", '"country" is already an enrichment field', "remove it"),
        id="field_that_shadows_enrichment",
    ),
    pytest.param(
        ("click", "  element:\n", "  event_time:\n"),
        (
            "reserved-name",
            "event_time",
            'a field cannot be called "event_time"',
            "`timestamp` is called event_time",
        ),
        id="reserved_field_name",
    ),
    pytest.param(
        ("_common", "enum: [page_view, click, purchase, search]", "enum: [page_view, purchase, search]"),
        ("event-type-enum", "enum: [page_view", '"event_type" does not list the event "click"', "add click"),
        id="event_type_does_not_list_an_event",
    ),
    pytest.param(
        ("_common", "purchase, search]", "purchase, search, serach]"),
        (
            "event-type-enum",
            "serach",
            '"event_type" lists "serach", which no contract describes',
            '"search"?',
        ),
        id="event_type_lists_an_unknown_event",
    ),
    pytest.param(
        ("click", "description: Something", "partition_key: usr_id\ndescription: Something"),
        (
            "partition-key",
            "partition_key",
            'partition key "usr_id" is no required top-level',
            'did you mean "user_id"?',
        ),
        id="unknown_partition_key",
    ),
    pytest.param(
        ("click", "description: Some", "max_age_hours: 0\ndescription: Some"),
        ("wrong-value", "0\ndescription", '"max_age_hours" is 0', "between 1 and 8 760"),
        id="setting_out_of_range",
    ),
    pytest.param(
        ("click", "fields:", "fields: }"),
        ("malformed-yaml", "}", "not YAML: ", ""),
        id="malformed_yaml",
    ),
    pytest.param(
        ("rejected_event", "  timestamp:\n    type: TIMESTAMP_LTZ(3)", "  at:\n    type: TIMESTAMP_LTZ(3)"),
        ("missing-field", "fields:", 'field "timestamp" is missing', ""),
        id="standalone_without_a_time",
    ),
]


@pytest.mark.parametrize(("edit", "expected"), MISTAKES)
def test_a_mistake_is_reported_with_its_place_and_a_way_out(
    project: Project, edit: tuple[str, str, str], expected: tuple[str, str, str, str]
) -> None:
    project.edit(*edit)
    code, where, message, hint = expected
    found = project.only()
    assert found.code == code, found
    assert (found.position.file, found.position.line, found.position.column) == project.place(edit[0], where)
    assert message in found.message
    assert hint in found.hint


def test_all_mistakes_of_all_files_are_reported_at_once_in_order_of_place(project: Project) -> None:
    project.edit("click", "type: INT", "type: INTEGER")
    project.edit("search", "type: INT", "type: INTEGR")
    project.edit("search", "max_length: 512", "max_lenght: 512")
    found = project.diagnostics()
    assert [(item.position.file.rpartition("/")[2], item.code) for item in found] == [
        ("click.yaml", "unknown-type"),
        ("search.yaml", "unknown-key"),
        ("search.yaml", "unknown-type"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "code", "message"),
    [
        ("visit.yaml", b"", "malformed-yaml", "a contract is a mapping of keys"),
        ("visit.yaml", b"version: 1\ndescription: \xff\n", "malformed-yaml", "the file is not UTF-8"),
        ("visit.yaml", b"version: 1\n---\nversion: 2\n", "malformed-yaml", "not YAML"),
        ("visit.yml", b"version: 1\n", "bad-name", "visit.yml is not read"),
        ("Visit.yaml", b"version: 1\n", "bad-name", '"Visit" is no event name'),
        ("events.yaml", b"version: 1\n", "reserved-name", 'an event cannot be called "events"'),
        ("visit.yaml", b"version: 1\x00\n", "malformed-yaml", "a control character stands here"),
    ],
)
def test_a_file_that_is_no_contract_is_named(
    project: Project, name: str, content: bytes, code: str, message: str
) -> None:
    project.write(name, content)
    found = [item for item in project.diagnostics() if item.position.file == f"sql/events/{name}"]
    assert [item.code for item in found] == [code]
    assert message in found[0].message


def test_a_project_without_common_fields_says_which_file_is_missing(project: Project) -> None:
    (project.root / "sql" / "events" / "_common.yaml").unlink()
    assert "sql/events/_common.yaml is missing" in project.only().message


def test_a_broken_event_does_not_hide_the_others(project: Project) -> None:
    project.edit("click", "fields:", "fields: [")
    contracts, _ = load_contracts(project.root)
    assert [event.name for event in contracts.events] == ["page_view", "purchase", "rejected_event", "search"]


def test_an_event_may_add_nothing_to_the_common_fields(project: Project) -> None:
    project.write("visit.yaml", "version: 1\ndescription: Somebody came in.\nfields:\n")
    project.edit("_common", "purchase, search]", "purchase, search, visit]")
    contracts, diagnostics = load_contracts(project.root)
    assert diagnostics == ()
    visit = contracts.event("visit")
    assert visit is not None
    assert not [field for field in visit.fields if field.origin == "event"]
