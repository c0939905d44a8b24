"""Who visits the made-up shop: people with a country, a device and a way that led them there."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.catalogue import SHOP, Product

# share, country, first half of addresses that are registered there, currency
_COUNTRIES = (
    (0.34, "US", ("24.16", "66.31", "73.15", "98.21"), "USD"),
    (0.18, "DE", ("91.64", "84.128", "93.192"), "EUR"),
    (0.14, "GB", ("81.96", "86.128", "90.192"), "GBP"),
    (0.09, "FR", ("90.0", "82.64"), "EUR"),
    (0.06, "ES", ("83.32", "88.0"), "EUR"),
    (0.05, "IT", ("79.0", "87.0"), "EUR"),
    (0.04, "NL", ("77.160", "84.24"), "EUR"),
    (0.03, "CA", ("24.64", "70.24"), "CAD"),
    (0.03, "PL", ("83.0", "79.184"), "PLN"),
    (0.02, "SE", ("81.224", "90.224"), "SEK"),
    (0.02, "CH", ("85.0", "178.192"), "CHF"),
)
_SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
_BLINK = "AppleWebKit/537.36 (KHTML, like Gecko)"
# share, device, platform, engine, browser: a user agent in its parts
_IPHONE = "iPhone; CPU iPhone OS"
_AGENTS = (
    (0.20, "mobile", f"{_IPHONE} 18_6 like Mac OS X", _SAFARI, "Version/18.6 Mobile/15E148 Safari"),
    (0.14, "mobile", f"{_IPHONE} 17_7 like Mac OS X", _SAFARI, "Version/17.7 Mobile/15E148 Safari"),
    (0.17, "mobile", "Linux; Android 10; K", _BLINK, "Chrome/142.0.0.0 Mobile Safari/537.36"),
    (0.05, "mobile", "Linux; Android 14; SM-S921B", _BLINK, "SamsungBrowser/28.0 Mobile Safari/537.36"),
    (0.18, "desktop", "Windows NT 10.0; Win64; x64", _BLINK, "Chrome/142.0.0.0 Safari/537.36"),
    (0.06, "desktop", "Windows NT 10.0; Win64; x64", _BLINK, "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"),
    (0.07, "desktop", "Macintosh; Intel Mac OS X 10_15_7", _SAFARI, "Version/18.6 Safari/605.1.15"),
    (0.04, "desktop", "Windows NT 10.0; Win64; x64; rv:144.0", "Gecko/20100101", "Firefox/144.0"),
    (0.02, "desktop", "X11; Linux x86_64", _BLINK, "Chrome/142.0.0.0 Safari/537.36"),
    (0.05, "tablet", "iPad; CPU OS 17_7 like Mac OS X", _SAFARI, "Version/17.7 Mobile/15E148 Safari"),
    (0.015, "tablet", "Linux; Android 13; SM-X710", _BLINK, "Chrome/142.0.0.0 Safari/537.36"),
    (0.005, "desktop", "compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm", "", ""),
)
_DEVICES = tuple(
    (share, device, f"Mozilla/5.0 ({platform}) {engine} {browser}".rstrip())
    for share, device, platform, engine, browser in _AGENTS
)
# share, referrer, query of the landing page
_WAYS = (
    (0.34, None, ""),
    (0.30, "https://www.google.com/", ""),
    (0.04, "https://www.bing.com/", ""),
    (0.03, "https://duckduckgo.com/", ""),
    (0.08, "https://www.google.com/", "?utm_source=google&utm_medium=cpc&utm_campaign=autumn_sale"),
    (0.06, "https://www.instagram.com/", "?utm_source=instagram&utm_medium=social&utm_campaign=creators"),
    (0.04, "https://www.youtube.com/", ""),
    (0.05, None, "?utm_source=newsletter&utm_medium=email&utm_campaign=weekly"),
    (0.06, "https://techreviews.example/best-of", ""),
)


@dataclass(slots=True)
class Visit:
    """One visit while it goes on. `product` is what the visitor looks at, `referrer` the page before."""

    user_id: str
    session_id: str
    ip_address: str
    currency: str
    device_type: str
    user_agent: str
    referrer: str | None
    landing_query: str
    product: Product
    remaining: int


def _pick(table: tuple[tuple[object, ...], ...], chance: float) -> tuple[object, ...]:
    """The row whose share of [0, 1) the chance falls into."""
    for row in table:
        share = row[0]
        assert isinstance(share, float)
        if chance < share:
            return row
        chance -= share
    return table[-1]


class Population:
    """Visitors by number: the same number is always the same person with the same device and address."""

    def __init__(self, users: int, seed: int, run: str) -> None:
        self.users = users
        self._run = run
        self._seed = seed

    def visit(self, chances: list[float], number: int, first: Product) -> Visit:
        """A new visit; `chances` are five numbers in [0, 1), `number` numbers the visits of this run."""
        # Squaring makes regulars: a tenth of the people makes about a third of the visits.
        user = int(self.users * chances[0] * chances[0])
        person = (user * 2_654_435_761 + self._seed * 40_503) & 0xFFFFFFFF
        _, _, prefixes, currency = _pick(_COUNTRIES, (person & 0xFFFF) / 0x10000)
        _, device, agent = _pick(_DEVICES, (person >> 16) / 0x10000)
        _, referrer, query = _pick(_WAYS, chances[1])
        assert isinstance(prefixes, tuple)
        prefix = prefixes[user % len(prefixes)]
        return Visit(
            user_id=f"u-{user}",
            session_id=f"s-{self._run}-{number}",
            ip_address=f"{prefix}.{person >> 8 & 0xFF}.{1 + person % 254}",
            currency=str(currency),
            device_type=str(device),
            user_agent=str(agent),
            referrer=None if referrer is None else str(referrer),
            landing_query=str(query),
            product=first,
            remaining=1 + int(30 * chances[2] * chances[2] * chances[3]) + int(8 * chances[4]),
        )


HOME = f"{SHOP}/"
