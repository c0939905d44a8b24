"""What the made-up shop sells: categories, products and prices, the same for every run."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache

SHOP = "https://techmart.example"

# category: (products, lowest price, highest price) with prices in euro cents
_CATEGORIES = {
    "laptops": (60, 39_900, 249_900),
    "phones": (80, 12_900, 139_900),
    "audio": (90, 1_990, 39_900),
    "cameras": (40, 19_900, 189_900),
    "gaming": (70, 2_990, 59_900),
    "monitors": (45, 11_900, 89_900),
    "wearables": (50, 4_990, 49_900),
    "smart_home": (65, 990, 24_900),
    "accessories": (200, 490, 9_990),
    "storage": (55, 1_490, 29_900),
}
SEARCHES = {
    "laptops": ("gaming laptop", "ultrabook 14", "laptop 32gb", "notebook"),
    "phones": ("smartphone", "phone dual sim", "5g phone", "phone case"),
    "audio": ("noise cancelling headphones", "earbuds", "bluetooth speaker"),
    "cameras": ("mirrorless camera", "action cam", "50mm lens"),
    "gaming": ("controller", "gaming chair", "mechanical keyboard"),
    "monitors": ("4k monitor", "ultrawide", "monitor arm"),
    "wearables": ("fitness tracker", "smart watch"),
    "smart_home": ("smart bulb", "thermostat", "robot vacuum"),
    "accessories": ("usb c cable", "charger 65w", "power bank", "hdmi"),
    "storage": ("ssd 2tb", "nas", "micro sd"),
}
# What a euro is in each currency; prices are rounded to ..9.90 as shops do.
_RATES = {"EUR": 1.0, "USD": 1.1, "GBP": 0.86, "CHF": 0.95, "SEK": 11.3, "PLN": 4.3, "CAD": 1.5}


@dataclass(frozen=True)
class Product:
    """One product; `prices` are in the smallest unit of each currency."""

    product_id: str
    category: str
    url: str
    prices: dict[str, int]


@cache
def products() -> tuple[Product, ...]:
    """All products, the most popular first."""
    source = random.Random("catalogue")  # noqa: S311 - made-up prices, not secrets
    found: list[Product] = []
    for category, (count, low, high) in _CATEGORIES.items():
        for _ in range(count):
            euro_cents = int(low * (high / low) ** source.random())
            number = len(found) + 1
            prices = {
                currency: max(100, round(euro_cents * rate / 100) * 100 - 10)
                for currency, rate in _RATES.items()
            }
            found.append(Product(f"p-{number}", category, f"{SHOP}/p/p-{number}", prices))
    source.shuffle(found)
    return tuple(found)
