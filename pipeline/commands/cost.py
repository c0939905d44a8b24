"""`pipeline cost`: what a month costs on AWS, at the rates that matter, against the budget."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable
from pathlib import Path

from pipeline.commands.project import OK, USER_ERROR, find_root
from pipeline.cost import text
from pipeline.cost.assumptions import assumptions_with, read_overrides
from pipeline.cost.deployment import from_manifest, read_manifest
from pipeline.cost.errors import CostError
from pipeline.cost.estimate import TARGET_USD_PER_MONTH_AT_PEAK, Question, bills, choices, gaps
from pipeline.cost.plan import read_plan
from pipeline.cost.prices import load_prices


def run(
    *,
    plan: str | None,
    events_per_hour: float,
    scales: tuple[float, ...],
    budget_usd: float | None,
    assumptions_file: str | None,
    settings: Iterable[str],
    as_json: bool,
) -> int:
    """Print the estimate; returns 1 over the budget at peak, or where there is nothing to price."""
    root = find_root()
    try:
        _finite(events_per_hour, *scales, budget_usd or 0.0)
        manifest = read_manifest(root / "build" / "manifest.json")
        deployment = read_plan(Path(plan)) if plan is not None else from_manifest(manifest)
        file = Path(assumptions_file) if assumptions_file is not None else None
        assumptions = assumptions_with(read_overrides(file, settings))
    except CostError as error:
        if as_json:
            print(json.dumps({"ok": False, "error": str(error)}, indent=2))
        else:
            print(error, file=sys.stderr)
        return USER_ERROR
    prices = load_prices()
    question = Question(deployment, manifest, assumptions, prices)
    found = bills(question, events_per_hour, scales)
    turned, not_taken = choices(question, events_per_hour), gaps(question)
    budget, says = TARGET_USD_PER_MONTH_AT_PEAK, "the product's target"
    if budget_usd is not None:
        budget, says = budget_usd, "--budget-usd"
    elif deployment.budget_usd is not None:
        budget, says = deployment.budget_usd, "budget_usd of the plan"
    peak = found[1]
    over = peak.usd > budget
    partial = bool(not_taken or deployment.not_priced)
    told = {"usd": budget, "from": says, "peak_usd": round(peak.usd, 2), "over": over}
    if as_json:
        result = text.document(question, found, turned, not_taken, told)
        print(json.dumps({"ok": not over, **result}, indent=2, ensure_ascii=False))
        return USER_ERROR if over else OK
    dates = sorted({price.date for price in prices.values() if price.usd is not None})
    head = (
        f"Priced: {deployment.origin}\nPrices: us-east-1, looked up {dates[0]} to {dates[-1]}; "
        f"a month is 730 h; rows by manifest {manifest.get('build_id')}"
    )
    parts = [
        head,
        text.table(found),
        text.unknown(found[0]),
        "\n".join(
            ["In the plan, not priced:", *(f"  {kind}: {n}" for kind, n in deployment.not_priced.items())]
        )
        if deployment.not_priced
        else "",
        "\n".join(["Not in the sums:", *(f"  {gap}" for gap in not_taken)]) if not_taken else "",
        text.target_lines(found, partial=partial),
        text.dominant(found[0]),
        text.choice_lines(turned),
        f"Assumptions overridden: {', '.join(overridden)}"
        if (
            overridden := [
                f"{a.name} = {a.value:g}" for a in assumptions.values() if a.reason == "overridden"
            ]
        )
        else "",
    ]
    print("\n\n".join(part for part in parts if part))
    if over:
        print(
            f"\nOver the budget: ${peak.usd:,.2f} a month at peak, {says} is ${budget:,.2f}. "
            "Next: turn one of the knobs above, or raise the budget",
        )
        return USER_ERROR
    rest = " as far as it is priced" if partial or peak.unknown else ""
    print(f"\nWithin the budget{rest}: ${peak.usd:,.2f} a month at peak, {says} is ${budget:,.2f}.")
    return OK


def _finite(*numbers: float) -> None:
    if not all(math.isfinite(number) for number in numbers):
        raise CostError("--events-per-hour, --scale, --budget-usd: expected finite numbers")
