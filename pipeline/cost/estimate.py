"""Adds up the bill of a deployment at some rates of events, and what other choices would make of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pipeline.cost.assumptions import Assumption
from pipeline.cost.deployment import ON_DEMAND, PROVISIONED, Deployment
from pipeline.cost.prices import Price
from pipeline.cost.services import SERVICES
from pipeline.cost.traffic import Traffic

TARGET_USD_PER_MILLION = 0.75
TARGET_USD_PER_MONTH_AT_PEAK = 5000.0
PEAK_TO_SUSTAINED = 4 / 3  # 2M events an hour to 1.5M


@dataclass(frozen=True)
class Line:
    """One item of the bill; `usd` is None where its price is unknown and there is some of it."""

    service: str
    item: str
    quantity: float
    unit: str
    price: str
    usd: float | None


@dataclass(frozen=True)
class Bill:
    """A month at one rate of events."""

    label: str
    events_per_hour: float
    events_per_month: float
    lines: tuple[Line, ...]

    @property
    def usd(self) -> float:
        """All that has a known price."""
        return sum(line.usd or 0 for line in self.lines)

    @property
    def usd_per_million(self) -> float:
        """Dollars for a million events."""
        return self.usd / (self.events_per_month / 1e6)

    @property
    def unknown(self) -> tuple[Line, ...]:
        """What is there and has no known price."""
        return tuple(line for line in self.lines if line.usd is None)

    def of_service(self, service: str) -> float:
        """A service's part of `usd`."""
        return sum(line.usd or 0 for line in self.lines if line.service == service)


@dataclass(frozen=True)
class Choice:
    """Another setting, and the dollars a month that it adds at the sustained rate."""

    what: str
    usd: float


@dataclass(frozen=True)
class Question:
    """All that a bill follows from."""

    deployment: Deployment
    manifest: Mapping[str, Any]
    assumptions: Mapping[str, Assumption]
    prices: Mapping[str, Price]

    def bill(self, label: str, events_per_hour: float) -> Bill:
        """The bill of a month at this rate; equal items are added up."""
        traffic = Traffic(events_per_hour, self.manifest, self.deployment, self.assumptions)
        quantities: dict[tuple[str, str, str], float] = {}
        for service, function in SERVICES:
            for use in function(self.deployment, traffic):
                key = (service, use.item, use.price)
                quantities[key] = quantities.get(key, 0) + use.quantity
        lines = tuple(self._line(*key, quantity) for key, quantity in quantities.items())
        return Bill(label, events_per_hour, traffic.events_per_month, lines)

    def _line(self, service: str, item: str, name: str, quantity: float) -> Line:
        price = self.prices[name]
        if price.usd is None:
            return Line(service, item, quantity, price.unit, name, None if quantity else 0.0)
        return Line(service, item, quantity, price.unit, name, quantity * price.usd)

    def with_value(self, name: str, value: float) -> Question:
        """The same with one assumption changed."""
        changed = replace(self.assumptions[name], value=value)
        return replace(self, assumptions={**self.assumptions, name: changed})

    def with_streams(self, mode: str) -> Question:
        """The same with all streams in one mode."""
        streams = tuple(replace(stream, mode=mode) for stream in self.deployment.streams)
        return replace(self, deployment=replace(self.deployment, streams=streams))

    def with_counts(self, **counts: float) -> Question:
        """The same with other counted parts."""
        return replace(self, deployment=replace(self.deployment, counts={**self.deployment.counts, **counts}))


def bills(question: Question, sustained: float, scales: tuple[float, ...]) -> tuple[Bill, ...]:
    """Sustained, peak, and each scale times the sustained rate."""
    return (
        question.bill("sustained", sustained),
        question.bill("peak", sustained * PEAK_TO_SUSTAINED),
        *(question.bill(f"{scale:g}x", sustained * scale) for scale in scales),
    )


def choices(question: Question, sustained: float) -> tuple[Choice, ...]:
    """The knobs, each turned alone, cheapest first."""
    base = question.bill("", sustained).usd
    deployment = question.deployment
    turned: list[tuple[str, Question]] = [
        (f"all streams {mode.lower().replace('_', '-')} (stream_mode = {mode})", question.with_streams(mode))
        for mode in (PROVISIONED, ON_DEMAND)
        if any(stream.mode != mode for stream in deployment.streams)
    ]
    for name, factor in (
        ("events_per_collector_request", 2),
        ("events_per_collector_request", 5),
        ("page_users", 2),
        ("api_cache_share", 1.8),
    ):
        value = question.assumptions[name].value * factor
        turned.append((f"{name} = {value:g}", question.with_value(name, value)))
    slower = tuple(
        replace(app, mini_batch_ms=2 * (app.mini_batch_ms or question.assumptions["mini_batch_ms"].value))
        for app in deployment.applications
    )
    turned.append(
        ("mini-batch twice as long (mini_batch_milliseconds)", _with(question, applications=slower))
    )
    if any(app.parallelism > app.parallelism_per_kpu for app in deployment.applications):
        least = tuple(replace(app, parallelism=1) for app in deployment.applications)
        turned.append(
            ("one working KPU an application (flink_parallelism = 1)", _with(question, applications=least))
        )
    if deployment.count("rest_apis"):
        turned.append(("an HTTP API in place of REST", question.with_counts(rest_apis=0, http_apis=1)))
    if deployment.delivery_partitions:
        turned.append(
            ("lake by arrival hour, no dynamic partitions", _with(question, delivery_partitions=False))
        )
    if deployment.deliveries:
        packed = question.with_value("delivery_record_bytes", 1)
        turned.append(
            ("lake not billed by 5 KB steps (another writer than Firehose, itself not priced)", packed)
        )
    if deployment.count("nat_gateways") > 1:
        turned.append(("one NAT gateway (nat = ONE)", question.with_counts(nat_gateways=1)))
    found = [Choice(what, other.bill("", sustained).usd - base) for what, other in turned]
    return tuple(sorted(found, key=lambda choice: choice.usd))


def _with(question: Question, **changes: Any) -> Question:
    return replace(question, deployment=replace(question.deployment, **changes))


def gaps(question: Question) -> tuple[str, ...]:
    """Traffic that nothing in the deployment takes, so that no price of it is in the bill."""
    deployment = question.deployment
    found = []
    if not (deployment.count("rest_apis") or deployment.count("http_apis")):
        found.append("no REST or HTTP API is planned: requests to API Gateway are not priced")
    parts = {
        "websocket_apis": "no WebSocket API is planned: pushes to pages are not priced",
        "distributions": "no CloudFront distribution is planned: its requests are not priced",
        "web_acls": "no WAF is planned: its requests are not priced",
        "valkey_caches": "no Valkey cache is planned: it is not priced",
    }
    found += [text for part, text in parts.items() if not deployment.count(part)]
    for what, planned, wanted in (
        ("streams", {stream.event for stream in deployment.streams}, question.manifest["events"]),
        ("tables", set(deployment.tables), question.manifest["models"]),
        ("Flink applications", {app.name for app in deployment.applications}, question.manifest["apps"]),
        ("deliveries to the lake", set(deployment.deliveries), question.manifest["events"]),
    ):
        if missing := sorted(set(wanted) - planned):
            found.append(f"{what} of the manifest that are not planned, not priced: {', '.join(missing)}")
        if strange := sorted(planned - set(wanted)):
            found.append(
                f"{what} that the manifest does not have, priced without traffic: {', '.join(strange)}"
            )
    return tuple(found)
