"""An estimate as a table in words, and as JSON."""

from __future__ import annotations

from typing import Any

from pipeline.cost.estimate import (
    TARGET_USD_PER_MILLION,
    TARGET_USD_PER_MONTH_AT_PEAK,
    Bill,
    Choice,
    Question,
)
from pipeline.cost.services import SERVICES

WIDTH = 14


def table(bills: tuple[Bill, ...]) -> str:
    """Dollars a month by service; an asterisk where some of it has no known price."""
    heads = [f"{bill.label} {_events(bill.events_per_hour)}/h" for bill in bills]
    width = max(WIDTH, *(len(head) + 2 for head in heads))
    lines = [f"{'$ a month':<20}" + "".join(f"{head:>{width}}" for head in heads)]
    for service, _ in SERVICES:
        if not any(line.service == service for line in bills[0].lines):
            continue
        mark = "*" if any(line.service == service for bill in bills for line in bill.unknown) else ""
        lines.append(
            f"{service + mark:<20}" + "".join(f"{bill.of_service(service):>{width},.2f}" for bill in bills)
        )
    lines.append(f"{'all known':<20}" + "".join(f"{bill.usd:>{width},.2f}" for bill in bills))
    lines.append(
        f"{'$ a million events':<20}" + "".join(f"{bill.usd_per_million:>{width},.3f}" for bill in bills)
    )
    return "\n".join(lines)


def _events(number: float) -> str:
    return f"{number / 1e6:.3g}M" if number >= 1e6 else f"{number:,.0f}"


def unknown(bill: Bill) -> str:
    """What has no known price, with its amount; empty where all is known."""
    if not bill.unknown:
        return ""
    lines = [f"  {line.service}: {line.item}, {line.quantity:,.4g} ({line.unit})" for line in bill.unknown]
    return "\n".join(["* Unknown prices, not in the sums (amounts at the first rate):", *lines])


def targets(bills: tuple[Bill, ...], *, partial: bool) -> list[dict[str, Any]]:
    """The two targets: value, limit, met; not `complete` with unknown prices or a `partial` plan."""
    sustained, peak = bills[0], bills[1]
    return [
        {
            "what": f"$ a million events at {_events(sustained.events_per_hour)}/h",
            "value": round(sustained.usd_per_million, 4),
            "limit": TARGET_USD_PER_MILLION,
            "met": sustained.usd_per_million <= TARGET_USD_PER_MILLION,
            "complete": not (partial or sustained.unknown),
        },
        {
            "what": f"$ a month at peak ({_events(peak.events_per_hour)}/h)",
            "value": round(peak.usd, 2),
            "limit": TARGET_USD_PER_MONTH_AT_PEAK,
            "met": peak.usd < TARGET_USD_PER_MONTH_AT_PEAK,
            "complete": not (partial or peak.unknown),
        },
    ]


def target_lines(bills: tuple[Bill, ...], *, partial: bool) -> str:
    """The targets in words."""
    lines = []
    for target in targets(bills, partial=partial):
        verdict = "MET" if target["met"] else "NOT MET"
        if target["met"] and not target["complete"]:
            verdict += " as far as it is priced"
        lines.append(f"Target, {target['what']}: {target['value']:,.2f} of {target['limit']:,.2f}: {verdict}")
    return "\n".join(lines)


def dominant(bill: Bill, most: int = 6) -> str:
    """The dearest items of a bill."""
    dearest = sorted(bill.lines, key=lambda line: -(line.usd or 0))[:most]
    lines = [
        f"  {line.usd or 0:>9,.2f}  {(line.usd or 0) / bill.usd:>4.0%}  {line.service}: {line.item}, "
        f"{line.quantity:,.4g} ({line.unit})"
        for line in dearest
        if line.usd
    ]
    return "\n".join([f"What dominates ({bill.label}):", *lines])


def choice_lines(found: tuple[Choice, ...]) -> str:
    """The knobs and what each would change."""
    lines = [f"  {choice.usd:>+10,.2f}  {choice.what}" for choice in found]
    return "\n".join(["What a knob changes ($ a month at the sustained rate, each alone):", *lines])


def document(
    question: Question,
    bills: tuple[Bill, ...],
    found: tuple[Choice, ...],
    not_taken: tuple[str, ...],
    budget: dict[str, Any],
) -> dict[str, Any]:
    """The whole estimate for `--json`."""
    used = {line.price for line in bills[0].lines}
    return {
        "origin": question.deployment.origin,
        "bills": [
            {
                "label": bill.label,
                "events_per_hour": bill.events_per_hour,
                "usd_per_month": round(bill.usd, 2),
                "usd_per_million_events": round(bill.usd_per_million, 4),
                "services": {
                    service: round(bill.of_service(service), 2)
                    for service, _ in SERVICES
                    if any(line.service == service for line in bill.lines)
                },
                "lines": [vars(line) for line in bill.lines],
                "unknown": [f"{line.service}: {line.item}" for line in bill.unknown],
            }
            for bill in bills
        ],
        "targets": targets(bills, partial=bool(not_taken or question.deployment.not_priced)),
        "budget": budget,
        "choices": [vars(choice) for choice in found],
        "not_priced": dict(question.deployment.not_priced),
        "gaps": list(not_taken),
        "assumptions": [vars(assumption) for assumption in question.assumptions.values()],
        "prices": [vars(price) for name, price in question.prices.items() if name in used],
    }
