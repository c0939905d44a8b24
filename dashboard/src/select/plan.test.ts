import { describe, expect, it } from "vitest";
import { ACTIVE_USERS, PAGE_VIEWS, REVENUE } from "./fixtures.ts";
import { inReadingOrder, planOf } from "./plan.ts";

describe("a plan", () => {
  it("takes a decimal that says so in its description for money of its row's currency", () => {
    expect(planOf(REVENUE).currency).toBe("currency");
    const silent = REVENUE.columns.map((column) => ({ ...column, description: "" }));
    expect(planOf({ ...REVENUE, columns: silent }).currency).toBeNull();
  });

  it("takes the columns that tell windows apart out of the series", () => {
    const plan = planOf(ACTIVE_USERS);
    expect([plan.discriminators, plan.series]).toEqual([["period"], []]);
    expect(plan.branches.map((branch) => branch.overlapping)).toEqual([false, true, true]);
  });

  it("reaches back an hour for minutes, and further for longer windows", () => {
    expect(planOf(PAGE_VIEWS).rangeMs).toBe(3_600_000);
    const [spec] = PAGE_VIEWS.windows;
    if (spec === undefined) throw new Error("no window");
    const hourly = { ...PAGE_VIEWS, windows: [{ ...spec, size_ms: 3_600_000, slide_ms: 3_600_000 }] };
    expect(planOf(hourly).rangeMs).toBe(24 * 3_600_000);
  });

  it("adds nothing up that the catalogue does not call additive", () => {
    const unsaid = PAGE_VIEWS.columns.map((column) => {
      const { additive, ...rest } = column;
      return additive === undefined ? column : rest;
    });
    expect(planOf({ ...PAGE_VIEWS, columns: unsaid }).additive).toBe(false);
  });
});

it("money is read first, what is about the pipeline last", () => {
  const rejected = { ...PAGE_VIEWS, name: "rejected_events_per_minute" };
  const order = inReadingOrder([ACTIVE_USERS, rejected, PAGE_VIEWS, REVENUE].map(planOf));
  expect(order.map((plan) => plan.metric.name)).toEqual([
    "revenue_per_minute",
    "active_users",
    "page_views_per_minute",
    "rejected_events_per_minute",
  ]);
});
