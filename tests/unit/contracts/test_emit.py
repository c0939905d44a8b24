"""What is written from contracts: JSON Schema, Glue and Athena tables, reference pages."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import jsonschema_rs
import orjson
import pytest

from pipeline.emit.event_reference import emit_event_reference, example_event
from pipeline.emit.glue import emit_glue, glue_type
from pipeline.emit.json_schema import emit_json_schemas, exact_json
from pipeline.model.contracts import Contracts


@pytest.fixture(scope="session")
def schemas(shop: Contracts) -> dict[str, dict[str, Any]]:
    return {
        path.removeprefix("schemas/events/").removesuffix(".json"): json.loads(text)
        for path, text in emit_json_schemas(shop).items()
    }


def test_each_event_has_a_valid_json_schema(schemas: dict[str, dict[str, Any]]) -> None:
    assert sorted(schemas) == ["click", "page_view", "purchase", "rejected_event", "search"]
    for schema in schemas.values():
        jsonschema_rs.Draft202012Validator(schema)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_contracts_own_examples_fulfil_the_schema(
    shop: Contracts, schemas: dict[str, dict[str, Any]]
) -> None:
    for event in shop.events:
        wire = orjson.loads(exact_json(example_event(event)))
        jsonschema_rs.Draft202012Validator(schemas[event.name]).validate(wire)


def test_x_contract_says_what_ingest_needs(schemas: dict[str, dict[str, Any]]) -> None:
    said = schemas["purchase"]["x-contract"]
    assert said["stream"] == "purchase"
    assert said["decimals"] == {
        "custom_properties.amount": [12, 2],
        "custom_properties.unit_price": [12, 2],
    }
    assert said["integers"] == ["custom_properties.quantity"]
    assert said["timestamps"] == ["timestamp"]
    assert (said["max_event_bytes"], said["max_future_ms"], said["max_age_ms"]) == (
        65_536,
        60_000,
        2_592_000_000,
    )
    assert schemas["page_view"]["x-contract"]["stream"] == "page-view"
    assert schemas["rejected_event"]["x-contract"]["standalone"] is True


def test_a_standalone_contract_is_flat_on_the_wire(schemas: dict[str, dict[str, Any]]) -> None:
    assert "custom_properties" not in schemas["rejected_event"]["properties"]
    assert "raw_base64" in schemas["rejected_event"]["properties"]


def test_custom_properties_are_required_only_where_they_hold_something_required(
    schemas: dict[str, dict[str, Any]],
) -> None:
    assert "custom_properties" in schemas["click"]["required"]
    assert "custom_properties" not in schemas["page_view"]["required"]


# What a sender can write for DECIMAL(12, 2); allowed only where no part behind has to round.
@pytest.mark.parametrize(
    ("written", "allowed"),
    [
        ("19.99", True),
        ("0", True),
        ("0.1", True),
        ("4.350", True),
        ("1e3", True),
        ("1.5E1", True),
        ("9999999999.99", True),
        ("0.30000000000000004", False),
        ("19.999", False),
        ("1e-3", False),
        ("10000000000", False),
        ("1e300", False),
        ("-0.01", False),
        ("true", False),
        ('"25.25"', False),
        ("null", False),
        ("[1]", False),
    ],
)
def test_an_amount_is_allowed_only_if_it_needs_no_rounding(
    schemas: dict[str, dict[str, Any]], written: str, allowed: bool
) -> None:
    amount = schemas["purchase"]["properties"]["custom_properties"]["properties"]["amount"]
    assert jsonschema_rs.Draft202012Validator(amount).is_valid(orjson.loads(written)) is allowed


def test_every_amount_in_cents_is_allowed_and_every_finer_one_is_not(
    schemas: dict[str, dict[str, Any]],
) -> None:
    amount = schemas["purchase"]["properties"]["custom_properties"]["properties"]["amount"]
    validator = jsonschema_rs.Draft202012Validator(amount)
    for cents in range(0, 2_000_000, 7):
        assert validator.is_valid(orjson.loads(f"{cents // 100}.{cents % 100:02d}"))
        assert not validator.is_valid(orjson.loads(f"{cents // 100}.{cents % 100:02d}5"))


def test_decimals_are_written_with_their_own_digits() -> None:
    assert exact_json({"a": Decimal("49.90"), "b": Decimal("1E+3")}) == '{\n  "a": 49.90,\n  "b": 1000\n}'


@pytest.mark.parametrize(
    ("sql_type", "wanted"),
    [("STRING", "string"), ("DECIMAL(12, 2)", "decimal(12,2)"), ("TIMESTAMP_LTZ(3)", "timestamp")],
)
def test_types_have_their_glue_names(sql_type: str, wanted: str) -> None:
    assert glue_type(sql_type) == wanted


def test_the_lakes_table_has_the_columns_of_sql_and_partitions_by_day_and_hour(shop: Contracts) -> None:
    files = emit_glue(shop)
    table = json.loads(files["glue/purchase.json"])
    columns = {column["name"]: column for column in table["columns"]}
    assert "event_time" in columns
    assert "timestamp" not in columns
    assert columns["amount"] == {
        "name": "amount",
        "type": "decimal(12,2)",
        "comment": "Money paid for the order, in `currency`; unit: currency",
    }
    assert [key["name"] for key in table["partition_keys"]] == ["dt", "hour"]
    ddl = files["athena/purchase.sql"]
    assert "`amount` decimal(12,2) COMMENT" in ddl
    assert "'projection.hour.digits' = '2'" in ddl
    assert "'${lake_location}/events/purchase/dt=${dt}/hour=${hour}/'" in ddl


def test_quotes_in_descriptions_do_not_end_the_ddls_strings(shop: Contracts) -> None:
    assert "The shop\\'s id of the visitor" in emit_glue(shop)["athena/click.sql"]


def test_the_reference_has_a_page_an_event_and_a_row_a_field(shop: Contracts) -> None:
    pages = emit_event_reference(shop)
    assert len(pages) == len(shop.events) + 1
    for event in shop.events:
        page = pages[f"docs/reference/events/{event.name}.md"]
        for field in event.fields:
            assert f"| `{'event_time' if field.name == 'timestamp' else field.name}`" in page
        assert f"({event.name}.md)" in pages["docs/reference/events/index.md"]
