"""Adds what ingest knows about an event, and replaces its IP address by a keyed hash.

Per event: country (table look-up of the IP address), browser, system and bot flag (user agent, remembered),
channel and campaign (referrer and address), time of ingest, contract version.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address

import ua_parser
from crawlerdetect import CrawlerDetect
from iptocc import country_code

from ingest.channel import channel_and_campaign
from ingest.model import Accepted
from ingest.timestamps import format_timestamp

KEY_VARIABLE = "IP_HASH_KEY"
_SHORTEST_KEY_BYTES = 16
_UNKNOWN = (None, None, False)


class IpHashKeyError(RuntimeError):
    """IP_HASH_KEY is missing or no key."""


def key_from_environment(environment: Mapping[str, str] = os.environ) -> bytes:
    """The key of the IP address hash, from IP_HASH_KEY (hex, 16 to 64 bytes). Raises IpHashKeyError."""
    text = environment.get(KEY_VARIABLE, "")
    try:
        key = bytes.fromhex(text)
    except ValueError:
        raise IpHashKeyError(f"{KEY_VARIABLE} is no hexadecimal text") from None
    if not _SHORTEST_KEY_BYTES <= len(key) <= blake2b.MAX_KEY_SIZE:
        raise IpHashKeyError(f"{KEY_VARIABLE} has {len(key)} bytes: 16 to 64 were expected, in hex")
    return key


class Enricher:
    """Enriches accepted events in place. Safe to share between threads."""

    def __init__(self, ip_hash_key: bytes, remembered: int = 16_384) -> None:
        self._key = ip_hash_key
        self._detector = CrawlerDetect()
        self._of_ip = lru_cache(maxsize=remembered)(self._look_up_ip)
        self._of_agent = lru_cache(maxsize=remembered)(self._read_agent)

    def enrich(self, accepted: Accepted, now_ms: int) -> Accepted:
        """Set the enrichment fields (whatever came under their names is replaced); returns the same event."""
        event = accepted.event
        ip = event.get("ip_address")
        country, hashed = self._of_ip(ip) if ip else (None, None)
        agent = event.get("user_agent")
        browser, system, is_bot = self._of_agent(agent) if agent else _UNKNOWN
        channel, campaign = channel_and_campaign(event["page_url"], event.get("referrer"))
        if ip is not None:
            event["ip_address"] = hashed
        event["ingest_time"] = format_timestamp(now_ms)
        event["country"] = country
        event["browser"] = browser
        event["os"] = system
        event["is_bot"] = is_bot
        event["channel"] = channel
        event["campaign"] = campaign
        event["contract_version"] = accepted.contract_version
        return accepted

    def hash_ip(self, address: str) -> str:
        """32 hex digits, the same for every spelling of an address under one key."""
        return self._of_ip(address)[1]

    def _look_up_ip(self, address: str) -> tuple[str | None, str]:
        try:
            parsed = ip_address(address.strip())
        except ValueError:
            return None, self._hash(address)
        if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
            parsed = parsed.ipv4_mapped
        plain = str(parsed)
        return country_code(plain), self._hash(plain)

    def _hash(self, text: str) -> str:
        return blake2b(text.encode("utf-8"), key=self._key, digest_size=16).hexdigest()

    def _read_agent(self, agent: str) -> tuple[str | None, str | None, bool]:
        parsed = ua_parser.parse(agent)
        browser = parsed.user_agent.family if parsed.user_agent else None
        system = parsed.os.family if parsed.os else None
        return browser, system, bool(self._detector.is_crawler(agent))
