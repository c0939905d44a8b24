"""Where a visit came from: marketing channel and campaign, read from the referrer and the page's address."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import parse_qs, urlsplit

_PAID_MEDIA = frozenset(
    {"cpc", "ppc", "paid", "paidsearch", "paid_social", "display", "banner", "cpm", "affiliate"}
)
_CLICK_IDS = ("gclid", "msclkid", "dclid", "ttclid", "wbraid", "gbraid")
_EMAIL_MEDIA = frozenset({"email", "e-mail", "newsletter", "mail"})
_SOCIAL_MEDIA = frozenset({"social", "social-media", "social_media", "sm"})
_SEARCH_MEDIA = frozenset({"organic", "search"})
# A label of the host that names the site whatever its country: www.google.co.uk, de.search.yahoo.com.
_SEARCH_SITES = frozenset(
    {
        "google",
        "bing",
        "duckduckgo",
        "yahoo",
        "baidu",
        "yandex",
        "ecosia",
        "qwant",
        "startpage",
        "naver",
        "kagi",
    }
)
_SOCIAL_SITES = frozenset(
    {"facebook", "instagram", "tiktok", "pinterest", "linkedin", "reddit", "youtube", "twitter", "threads"}
)
_MAIL_HOSTS = ("mail.", "webmail.", "outlook.", "email.")


def channel_and_campaign(page_url: str, referrer: str | None) -> tuple[str, str | None]:
    """Channel and `utm_campaign` of an event.

    The channel is one of direct, search, social, referral, email, paid, or internal where the referrer is a
    page of the shop itself. What the page's address says (utm_medium, a click id of an advertisement) comes
    first.
    """
    medium_channel, campaign = _campaign(page_url) if "?" in page_url else (None, None)
    if medium_channel is not None:
        return medium_channel, campaign
    if not referrer:
        return "direct", campaign
    host = _host(referrer)
    if host and host == _host(page_url):
        return "internal", campaign
    return _site_channel(host), campaign


def _host(url: str) -> str:
    parts = url.split("/", 3)
    return parts[2].lower() if len(parts) > 2 else ""


@lru_cache(maxsize=4096)
def _campaign(page_url: str) -> tuple[str | None, str | None]:
    try:
        query = parse_qs(urlsplit(page_url).query, max_num_fields=100)
    except ValueError:  # an address such as "http://[x?a=b": it says nothing about a campaign
        return None, None
    campaign = query.get("utm_campaign", [None])[0]
    medium = query.get("utm_medium", [""])[0].lower()
    campaign = campaign[:128] if campaign else None
    if medium in _PAID_MEDIA or any(name in query for name in _CLICK_IDS):
        return "paid", campaign
    if medium in _EMAIL_MEDIA:
        return "email", campaign
    if medium in _SOCIAL_MEDIA:
        return "social", campaign
    if medium in _SEARCH_MEDIA:
        return "search", campaign
    return None, campaign


@lru_cache(maxsize=4096)
def _site_channel(host: str) -> str:
    name = host.rsplit("@", 1)[-1].split(":", 1)[0]
    if not name:
        return "direct"
    if name.startswith(_MAIL_HOSTS) or name == "com.google.android.gm":
        return "email"
    labels = name.split(".")
    if _SEARCH_SITES.intersection(labels[:-1]):
        return "search"
    if _SOCIAL_SITES.intersection(labels[:-1]) or name in {"t.co", "x.com", "www.x.com"}:
        return "social"
    return "referral"
