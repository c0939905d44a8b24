"""What ingest adds to an event, and that no IP address gets past it."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from ingest.channel import channel_and_campaign
from ingest.enrich import Enricher, IpHashKeyError, key_from_environment
from ingest.intake import Intake
from ingest.model import Accepted
from ingest.validate import Validator

Good = dict[str, dict[str, Any]]
SHOP = "https://techmart.example/p/p-17"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.7 Mobile/15E148 Safari/604.1"
)
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def enriched(validator: Validator, enricher: Enricher, event: dict[str, Any], now_ms: int) -> dict[str, Any]:
    result = validator.check(orjson.dumps(event), now_ms)
    assert isinstance(result, Accepted), result
    payload: dict[str, Any] = orjson.loads(enricher.enrich(result, now_ms).payload)
    return payload


def test_an_event_gets_country_browser_system_channel_time_and_version(
    validator: Validator, enricher: Enricher, good: Good, now_ms: int
) -> None:
    event = {**good["click"], "ip_address": "84.128.4.1", "user_agent": IPHONE}
    payload = enriched(validator, enricher, event, now_ms)
    added = {name: payload[name] for name in payload if name not in good["click"]}
    assert added == {
        "ingest_time": "2026-01-15T12:00:00.500Z",
        "country": "DE",
        "browser": "Mobile Safari",
        "os": "iOS",
        "is_bot": False,
        "channel": "search",
        "campaign": None,
        "contract_version": 1,
    }


def test_an_event_without_address_or_agent_has_no_country_and_no_browser(
    validator: Validator, enricher: Enricher, good: Good, now_ms: int
) -> None:
    event = {**good["click"], "ip_address": None}
    del event["user_agent"]
    payload = enriched(validator, enricher, event, now_ms)
    assert [payload[name] for name in ("ip_address", "country", "browser", "os", "is_bot")] == [
        None,
        None,
        None,
        None,
        False,
    ]


def test_a_crawler_is_marked(validator: Validator, enricher: Enricher, good: Good, now_ms: int) -> None:
    event = {**good["page_view"], "user_agent": GOOGLEBOT}
    assert enriched(validator, enricher, event, now_ms)["is_bot"] is True


def test_what_a_client_sends_under_the_names_of_enrichment_is_replaced(
    validator: Validator, enricher: Enricher, good: Good, now_ms: int
) -> None:
    forged = {"country": "XX", "is_bot": "no", "ingest_time": "never", "contract_version": 99, "channel": 5}
    payload = enriched(validator, enricher, {**good["click"], **forged}, now_ms)
    assert not [name for name, value in forged.items() if payload[name] == value]


@pytest.mark.parametrize(
    "address", ["203.0.113.7", "2001:db8::7", "::ffff:203.0.113.7", "not an address", " 203.0.113.7"]
)
def test_the_address_itself_never_leaves(
    validator: Validator, enricher: Enricher, good: Good, now_ms: int, address: str
) -> None:
    payload = enriched(validator, enricher, {**good["click"], "ip_address": address}, now_ms)
    assert len(payload["ip_address"]) == 32
    assert address.strip() not in orjson.dumps(payload).decode()


def test_one_address_has_one_hash_under_a_key_and_another_under_another_key(enricher: Enricher) -> None:
    spellings = {"2001:db8::7", "2001:DB8:0:0:0:0:0:7", " 2001:db8::7"}
    assert len({enricher.hash_ip(spelling) for spelling in spellings}) == 1
    assert enricher.hash_ip("::ffff:203.0.113.7") == enricher.hash_ip("203.0.113.7")
    assert enricher.hash_ip("203.0.113.7") != enricher.hash_ip("203.0.113.8")
    assert enricher.hash_ip("203.0.113.7") != Enricher(b"another key, as long").hash_ip("203.0.113.7")


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "IP_HASH_KEY has 0 bytes: 16 to 64 were expected, in hex"),
        ({"IP_HASH_KEY": "abc"}, "IP_HASH_KEY is no hexadecimal text"),
        ({"IP_HASH_KEY": "00" * 15}, "IP_HASH_KEY has 15 bytes"),
    ],
)
def test_a_missing_or_weak_key_is_refused(environment: dict[str, str], said: str) -> None:
    with pytest.raises(IpHashKeyError, match=said):
        key_from_environment(environment)


@pytest.mark.parametrize(
    ("page_url", "referrer", "channel", "campaign"),
    [
        (SHOP, None, "direct", None),
        (SHOP, "", "direct", None),
        (SHOP, "https://techmart.example/", "internal", None),
        (SHOP, "https://www.google.com/", "search", None),
        (SHOP, "https://www.google.co.uk/search?q=x", "search", None),
        (SHOP, "https://de.search.yahoo.com/x", "search", None),
        (SHOP, "https://duckduckgo.com", "search", None),
        (SHOP, "https://l.instagram.com/?u=x", "social", None),
        (SHOP, "https://t.co/abc", "social", None),
        (SHOP, "https://mail.google.com/mail/u/0", "email", None),
        (SHOP, "https://notgoogle.example/google", "referral", None),
        (SHOP, "android-app://com.google.android.gm", "email", None),
        (SHOP, "android-app://com.google.android.googlequicksearchbox/", "search", None),
        (SHOP + "?utm_medium=cpc&utm_campaign=autumn", "https://www.google.com/", "paid", "autumn"),
        (SHOP + "?gclid=x", "https://www.google.com/", "paid", None),
        (SHOP + "?utm_medium=Email&utm_campaign=weekly%20news", None, "email", "weekly news"),
        (SHOP + "?utm_medium=social", None, "social", None),
        (SHOP + "?utm_campaign=print", None, "direct", "print"),
        (SHOP + "?colour=red", "https://www.bing.com/", "search", None),
        ("https://[broken?utm_medium=cpc", None, "direct", None),
        ("no address at all", "neither", "direct", None),
    ],
)
def test_channel_and_campaign(
    page_url: str, referrer: str | None, channel: str, campaign: str | None
) -> None:
    assert channel_and_campaign(page_url, referrer) == (channel, campaign)


def test_the_intake_counts_what_it_takes(
    validator: Validator, enricher: Enricher, good: Good, now_ms: int
) -> None:
    intake = Intake(validator, enricher, "collector")
    intake.take(orjson.dumps(good["click"]), now_ms)
    intake.take(b"{", now_ms)
    assert intake.accepted == {"click": 1}
    assert intake.rejected == {"malformed_json": 1}
