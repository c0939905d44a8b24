"""The manifest says which streams and tables there are."""

from __future__ import annotations

from typing import Any

from local.provision import resources

MANIFEST: dict[str, Any] = {
    "events": {"page_view": {"stream": "page-view"}, "purchase": {"stream": "purchase"}},
    "models": {
        "revenue_per_minute": {
            "table": {
                "name": "revenue-per-minute",
                "partition_key": "pk",
                "sort_key": "sk",
                "ttl_attribute": "_ttl",
            }
        },
        "no_table": {"table": None},
    },
}


def test_streams_and_tables_have_the_prefix_and_their_keys() -> None:
    found = resources(MANIFEST, "rta-test")
    assert found.streams == (("rta-test-page-view", 2), ("rta-test-purchase", 1))
    assert found.tables == (("rta-test-revenue-per-minute", "pk", "sk", "_ttl"),)
