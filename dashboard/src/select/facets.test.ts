import { describe, expect, it } from "vitest";
import { type Facet, facetsOf, OTHER, seriesCells } from "./facets.ts";
import { ACTIVE_USERS, at, iso, PAGE_VIEWS, REVENUE, row, VISITORS, viewOf } from "./fixtures.ts";
import { planOf } from "./plan.ts";

const revenue = (window: string, currency: string, amount: string, purchases = 1) =>
  row(window, { currency, revenue: amount, purchases });
const views = (window: string, category: string | null, page_views: number) =>
  row(window, { category, page_views });
const users = (window: string, period: string, active_users: number) => row(window, { period, active_users });

function window(facet: Facet | undefined): string {
  const time = (ms: number | undefined) => new Date(ms ?? 0).toISOString().slice(11, 16);
  return `${time(facet?.headline.start)}-${time(facet?.headline.end)}`;
}

function values(facet: Facet | undefined, series = 0): (number | null)[] {
  return (facet?.series[series]?.points ?? []).map((point) => point.amount?.value ?? null);
}

describe("windows that do not overlap", () => {
  const plan = planOf(PAGE_VIEWS);
  const rows = [
    views("12:00-12:01", "tv", 40),
    views("12:01-12:02", "tv", 50),
    views("12:02-12:03", "tv", 7),
  ];

  it("have the newest open one as headline, and the one before it beside it", () => {
    const { shown } = facetsOf(plan, viewOf(PAGE_VIEWS, rows, "12:02:05"), at("12:02:10"));
    expect(window(shown[0])).toBe("12:02-12:03");
    expect(shown[0]?.headline).toMatchObject({ status: "provisional", total: { text: "7" } });
    expect(shown[0]?.previous).toMatchObject({ start: at("12:01"), status: "fresh", total: { text: "50" } });
  });

  it("have beside them the window that has just ended, though it still waits for events on their way", () => {
    const { shown } = facetsOf(plan, viewOf(PAGE_VIEWS, rows, "12:01:57"), at("12:02:02"));
    expect(window(shown[0])).toBe("12:02-12:03");
    expect(shown[0]?.previous).toMatchObject({ start: at("12:01"), status: "provisional" });
  });

  it("leave out a window that only a visitor's fast clock has begun", () => {
    const ahead = [...rows, views("12:03-12:04", "tv", 1)];
    const { shown } = facetsOf(plan, viewOf(PAGE_VIEWS, ahead, "12:02:05"), at("12:02:10"));
    expect(window(shown[0])).toBe("12:02-12:03");
    expect(values(shown[0])).toEqual([40, 50, 7]);
  });

  it("show the last closed one where none is open", () => {
    const { shown } = facetsOf(plan, viewOf(PAGE_VIEWS, rows, "12:03"), at("12:30"));
    expect(window(shown[0])).toBe("12:02-12:03");
    expect(shown[0]?.headline.status).toBe("fresh");
  });

  it("show a minute without events as a gap, not as zero", () => {
    const gap = [views("12:00-12:01", "tv", 40), views("12:03-12:04", "tv", 60)];
    const { shown } = facetsOf(plan, viewOf(PAGE_VIEWS, gap, "12:03:05"), at("12:03:10"));
    expect(values(shown[0])).toEqual([40, null, null, 60]);
  });
});

describe("windows that overlap", () => {
  const plan = planOf(ACTIVE_USERS);
  // At 12:03:30 the windows of 5 minutes that end at 12:04 … 12:08 are open.
  const rows = [
    users("11:57-12:02", "5m", 300),
    users("11:58-12:03", "5m", 310),
    users("11:59-12:04", "5m", 305),
    users("12:00-12:05", "5m", 280),
    users("12:01-12:06", "5m", 200),
    users("12:03-12:08", "5m", 40),
    users("11:05-12:05", "1h", 2000),
    users("12:00-13:00", "1h", 280),
    users("12:02-12:03", "1m", 90),
    users("12:03-12:04", "1m", 40),
  ];
  const { shown } = facetsOf(plan, viewOf(ACTIVE_USERS, rows, "12:03:25"), at("12:03:30"));
  const of = (period: string) => shown.find((facet) => facet.period === period);

  it("make a facet for each length, shortest first", () => {
    expect(shown.map((facet) => facet.period)).toEqual(["1m", "5m", "1h"]);
  });

  it("have the open one that ends first as headline", () => {
    expect(window(of("5m"))).toBe("11:59-12:04");
    expect(window(of("1h"))).toBe("11:05-12:05");
    expect(window(of("1m"))).toBe("12:03-12:04");
  });

  it("have the newest closed one beside it", () => {
    expect(of("5m")?.previous).toMatchObject({ end: at("12:03"), total: { text: "310" } });
    expect(of("1h")?.previous).toBeNull();
  });

  it("have the same headline and neighbour while they are computed anew", () => {
    const anew = rows.map((each) => ({ ...each, status: "recomputing" }));
    const facets = (of: typeof rows) => facetsOf(plan, viewOf(ACTIVE_USERS, of, "12:02:58"), at("12:03:02"));
    const bounds = facets(anew).shown.map(({ headline, previous }) => [headline.start, previous?.start]);
    expect(bounds).toEqual(
      facets(rows).shown.map(({ headline, previous }) => [headline.start, previous?.start]),
    );
    expect(bounds.length).toBeGreaterThan(1);
  });

  it("are drawn by their end, and only up to the headline", () => {
    expect(values(of("5m"))).toEqual([300, 310, 305]);
    expect(of("5m")?.series[0]?.points.map((point) => point.x)).toEqual([
      at("12:02"),
      at("12:03"),
      at("12:04"),
    ]);
    expect(values(of("1h"))).toEqual([2000]);
  });

  it("show the last closed one where none is open", () => {
    const closed = facetsOf(plan, viewOf(ACTIVE_USERS, rows.slice(0, 2), "12:03"), at("12:20"));
    expect(window(closed.shown[0])).toBe("11:58-12:03");
  });

  it("go by the clock while no watermark is known", () => {
    const early = facetsOf(plan, viewOf(ACTIVE_USERS, rows, null), at("12:03:30"));
    expect(window(early.shown.find((facet) => facet.period === "5m"))).toBe("11:59-12:04");
  });
});

describe("money", () => {
  const plan = planOf(REVENUE);

  it("of different currencies is never added up nor drawn on one axis", () => {
    const rows = [revenue("12:00-12:01", "EUR", "10.10"), revenue("12:00-12:01", "USD", "20.20")];
    const { shown } = facetsOf(plan, viewOf(REVENUE, rows, null), at("12:00:30"));
    expect(shown.map((facet) => [facet.currency, facet.headline.total?.text])).toEqual([
      ["EUR", "10.10"],
      ["USD", "20.20"],
    ]);
    expect(shown.map((facet) => facet.series.length)).toEqual([1, 1]);
  });

  it("carries the other measures of its row", () => {
    const { shown } = facetsOf(
      plan,
      viewOf(REVENUE, [revenue("12:00-12:01", "EUR", "9.00", 4)], null),
      at("12:00:30"),
    );
    expect(shown[0]?.headline.others).toEqual([{ column: "purchases", amount: { text: "4", value: 4 } }]);
  });

  it("stands side by side for the same window only: a currency without a sale in it has no number", () => {
    const rows = [
      revenue("12:00-12:01", "EUR", "1.00"),
      revenue("12:00-12:01", "SEK", "5.00"),
      revenue("12:01-12:02", "EUR", "2.00"),
    ];
    const { shown } = facetsOf(plan, viewOf(REVENUE, rows, "12:01:25"), at("12:01:30"));
    expect(shown.map(window)).toEqual(["12:01-12:02", "12:01-12:02"]);
    expect(shown[1]).toMatchObject({
      currency: "SEK",
      headline: { total: null, asOf: null, status: "provisional" },
      previous: { total: { text: "5.00" }, status: "fresh" },
    });
  });

  it("of the currencies with most orders comes first, the rest as numbers only", () => {
    const orders = { AUD: 1, CAD: 3, CHF: 1, EUR: 40, GBP: 9, USD: 30 };
    const rows = Object.entries(orders).map(([code, count]) => revenue("12:00-12:01", code, "1.00", count));
    const facets = facetsOf(plan, viewOf(REVENUE, rows, null), at("12:00:30"));
    expect(facets.shown.map((facet) => facet.currency)).toEqual(["EUR", "USD", "GBP", "CAD"]);
    expect(facets.rest.map((facet) => facet.currency)).toEqual(["AUD", "CHF"]);
  });

  it("is added up exactly over a further dimension", () => {
    const [time, currency, amount] = REVENUE.columns;
    if (time === undefined || currency === undefined || amount === undefined) throw new Error("no columns");
    const country = { ...currency, name: "country" };
    const metric = {
      ...REVENUE,
      columns: [time, currency, country, amount],
      key: ["minute_start", "currency", "country"],
    };
    const rows = ["0.10", "0.20", "1000000000000.01"].map((value, index) =>
      row("12:00-12:01", { currency: "EUR", country: `C${index}`, revenue: value }),
    );
    const { shown } = facetsOf(planOf(metric), viewOf(metric, rows, null), at("12:00:30"));
    expect(shown[0]?.headline.total?.text).toBe("1000000000000.31");
  });
});

describe("series", () => {
  const many = ["a", "b", "c", "d", "e", "f", "g"].map((category, index) =>
    views("12:00-12:01", category, 70 - index * 10),
  );

  it("beyond the top five are summed up as other, where sums make sense", () => {
    const { shown } = facetsOf(planOf(PAGE_VIEWS), viewOf(PAGE_VIEWS, many, null), at("12:00:30"));
    expect(shown[0]?.headline.total?.value).toBe(280);
    expect(
      shown[0]?.headline.series.map(({ id, amount }) => [seriesCells(id)?.[0] ?? "other", amount?.value]),
    ).toEqual([
      ["a", 70],
      ["b", 60],
      ["c", 50],
      ["d", 40],
      ["e", 30],
      ["other", 30],
    ]);
  });

  it("of numbers that do not add up have no total and no other", () => {
    const rows = ["a", "b", "c", "d", "e", "f", "g"].map((device, index) =>
      row("12:00-12:01", { device, visitors: 70 - index * 10 }),
    );
    const { shown } = facetsOf(planOf(VISITORS), viewOf(VISITORS, rows, null), at("12:00:30"));
    expect(shown[0]?.headline.total).toBeNull();
    expect(shown[0]?.series.map((one) => one.id)).not.toContain(OTHER);
    expect([shown[0]?.series.length, shown[0]?.hidden]).toEqual([5, 2]);
  });

  it("of a NULL value stay apart from one that is called null", () => {
    const rows = [views("12:00-12:01", null, 2), views("12:00-12:01", "null", 1)];
    const { shown } = facetsOf(planOf(PAGE_VIEWS), viewOf(PAGE_VIEWS, rows, null), at("12:00:30"));
    expect(shown[0]?.series.map((one) => seriesCells(one.id))).toEqual([[null], ["null"]]);
  });

  it("have a gap where one of them says nothing", () => {
    const rows = [views("12:00-12:01", "a", 5), views("12:00-12:01", "b", 3), views("12:01-12:02", "a", 6)];
    const { shown } = facetsOf(planOf(PAGE_VIEWS), viewOf(PAGE_VIEWS, rows, "12:01:30"), at("12:01:40"));
    expect(values(shown[0], 1)).toEqual([3, null]);
  });
});

it("a number of several rows is as certain as the least certain, and as new as the newest", () => {
  const rows = [
    { ...views("12:00-12:01", "a", 1), status: "final", as_of: iso("12:30") },
    { ...views("12:00-12:01", "b", 1), status: "corrected", as_of: iso("12:20") },
  ];
  const { shown } = facetsOf(planOf(PAGE_VIEWS), viewOf(PAGE_VIEWS, rows, "12:40"), at("12:45"));
  expect(shown[0]?.headline).toMatchObject({ status: "corrected", asOf: at("12:30") });
});

it("a metric without rows has no facets", () => {
  expect(facetsOf(planOf(REVENUE), viewOf(REVENUE, [], null), at("12:00"))).toEqual({ shown: [], rest: [] });
});
