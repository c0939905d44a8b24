"""What visitors do: an endless, repeatable series of wire events in the shop's mix, without a clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import orjson

from ingest.timestamps import format_timestamp
from simulator.catalogue import SEARCHES, SHOP, Product, products
from simulator.population import HOME, Population, Visit

# Events an hour at the business's full rate: what the shares of the types are made of.
MIX = {"page_view": 1_000_000, "click": 500_000, "search": 200_000, "purchase": 10_000}

_DRAWS = 12  # random numbers an event uses at most
_CHUNK = 4096
_ELEMENTS = (
    "add_to_cart",
    "product_card",
    "menu",
    "image",
    "filter",
    "sort",
    "reviews",
    "pagination",
    "banner",
)
_METHODS = ("card", "card", "card", "paypal", "paypal", "wallet", "invoice", "gift_card")
_COUPONS = ("WELCOME10", "AUTUMN15", "FREESHIP")


class Events:
    """Generates events one after the other; the same seed gives the same visitors doing the same things.

    `run_ms`, when the run began, goes into the ids: another run of the same seed has other events, and they
    count. `visits` go on at the same time.
    """

    def __init__(self, seed: int, run_ms: int, users: int = 50_000, visits: int = 400) -> None:
        self._random = np.random.default_rng(seed)
        self._ids = np.random.default_rng([seed, run_ms])
        self._run = f"{run_ms:x}"
        self._population = Population(users, seed, self._run)
        self._products = products()
        self._visits: list[Visit | None] = [None] * visits
        self._begun = 0
        self._orders = 0
        total = sum(MIX.values())
        self._thresholds = np.cumsum([count / total for count in MIX.values()])[:-1].tolist()
        self._draws = self._draw()

    def next(self, timestamp_ms: int) -> tuple[str, dict[str, Any]]:
        """The next event's type and wire object, happening at the time given."""
        chances, event_id = next(self._draws)
        slot = int(chances[0] * len(self._visits))
        visit = self._visits[slot]
        if visit is None or visit.remaining <= 0:
            self._begun += 1
            visit = self._population.visit(chances[7:12], self._begun, self._product(chances[6]))
            self._visits[slot] = visit
        visit.remaining -= 1
        event_type = self._type(chances[1])
        event: dict[str, Any] = {
            "event_id": event_id,
            "user_id": visit.user_id,
            "session_id": visit.session_id,
            "event_type": event_type,
            "timestamp": format_timestamp(timestamp_ms),
            "page_url": visit.product.url,
            "product_id": visit.product.product_id,
            "category": visit.product.category,
            "device_type": visit.device_type,
            "user_agent": visit.user_agent,
            "ip_address": visit.ip_address,
            "referrer": visit.referrer,
        }
        fill = _FILL[event_type]
        fill(self, event, visit, chances)
        return event_type, event

    def _draw(self) -> Iterator[tuple[list[float], str]]:
        while True:
            chances = self._random.random((_CHUNK, _DRAWS)).tolist()
            ids = self._ids.bytes(16 * _CHUNK).hex()
            for index, row in enumerate(chances):
                hexed = ids[32 * index : 32 * index + 32]
                yield row, f"{hexed[:8]}-{hexed[8:12]}-4{hexed[13:16]}-a{hexed[17:20]}-{hexed[20:]}"

    def _type(self, chance: float) -> str:
        first, second, third = self._thresholds
        if chance < first:
            return "page_view"
        if chance < second:
            return "click"
        return "search" if chance < third else "purchase"

    def _product(self, chance: float) -> Product:
        # The cube makes favourites: a tenth of the products gets about half of the views.
        return self._products[int(len(self._products) * chance**3)]

    def _page_view(self, event: dict[str, Any], visit: Visit, chances: Sequence[float]) -> None:
        chance = chances[2]
        if chance < 0.5:
            visit.product = self._product(chances[3])
            page_type, url = "product", visit.product.url
            event["product_id"] = visit.product.product_id
            event["category"] = visit.product.category
        else:
            event["product_id"] = None
            if chance < 0.75:
                page_type, url = "category", f"{SHOP}/c/{visit.product.category}"
            else:
                event["category"] = None
                if chance < 0.88:
                    page_type, url = "home", HOME
                elif chance < 0.94:
                    page_type, url = "cart", f"{SHOP}/cart"
                elif chance < 0.97:
                    page_type, url = "checkout", f"{SHOP}/checkout"
                else:
                    page_type, url = "account", f"{SHOP}/account"
        event["page_url"] = url + visit.landing_query
        visit.landing_query = ""
        visit.referrer = url
        event["custom_properties"] = {
            "page_type": page_type,
            "load_time_ms": int(180 + 900 * chances[4] ** 3),
        }

    def _click(self, event: dict[str, Any], visit: Visit, chances: Sequence[float]) -> None:
        del visit
        element = _ELEMENTS[int(chances[2] * len(_ELEMENTS))]
        event["custom_properties"] = {"element": element, "position": int(24 * chances[3])}

    def _search(self, event: dict[str, Any], visit: Visit, chances: Sequence[float]) -> None:
        words = SEARCHES[visit.product.category]
        query = words[int(chances[2] * len(words))]
        event["page_url"] = f"{SHOP}/search?q={query.replace(' ', '+')}"
        event["product_id"] = None
        results = 0 if chances[3] < 0.04 else int(240 * chances[3] ** 2)
        event["custom_properties"] = {"query": query, "results_count": results}

    def _purchase(self, event: dict[str, Any], visit: Visit, chances: Sequence[float]) -> None:
        self._orders += 1
        quantity = 1 + int(3 * chances[2] ** 4)
        unit = visit.product.prices[visit.currency]
        coupon = _COUPONS[int(chances[3] * 30)] if chances[3] < 0.1 else None
        event["page_url"] = f"{SHOP}/checkout/done"
        event["custom_properties"] = {
            "order_id": f"o-{self._run}-{self._orders}",
            # Division of whole cents by 100 is the float nearest to the price: it prints with two digits.
            "amount": unit * quantity / 100,
            "currency": visit.currency,
            "quantity": quantity,
            "unit_price": unit / 100,
            "payment_method": _METHODS[int(chances[4] * len(_METHODS))],
            "payment_status": _payment_status(chances[4]),
            "coupon": coupon,
            "is_refund": False,
        }


def _payment_status(chance: float) -> str:
    """Of a hundred payments two fail and one is still pending."""
    place = chance * 1000 % 1
    return "failed" if place < 0.02 else "pending" if place < 0.03 else "paid"


_FILL = {
    "page_view": Events._page_view,
    "click": Events._click,
    "search": Events._search,
    "purchase": Events._purchase,
}


def as_bytes(event: dict[str, Any]) -> bytes:
    """The event as a client sends it."""
    return orjson.dumps(event)
