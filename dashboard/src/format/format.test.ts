import { describe, expect, it } from "vitest";
import type { Health } from "../api/types.ts";
import { OTHER } from "../select/facets.ts";
import { at, PAGE_VIEWS } from "../select/fixtures.ts";
import { planOf } from "../select/plan.ts";
import { formatNumber, formatTick, numberParts } from "./numbers.ts";
import { formatAge, formatLeft, formatSpan, formatWindow } from "./time.ts";
import { healthProblems, seriesName, statusMeaning } from "./words.ts";

const text = (amount: string, currency: string | null = null, jsonType = "decimal") =>
  formatNumber({ text: amount, value: Number(amount) }, { currency, jsonType });

describe("numbers", () => {
  it.each([
    ["1234.5", "EUR", "€1,234.50"],
    ["1200.00", "JPY", "¥1,200"],
    ["1200.25", "JPY", "¥1,200.25"],
    ["-3.1", "USD", "-$3.10"],
    ["7.5", "XXXX", "7.5"],
  ])("%s in %s reads %s", (amount, currency, expected) => {
    expect(text(amount, currency)).toBe(expected);
  });

  it("keep every digit of a decimal, however long", () => {
    expect(text("9007199254740993.01", "EUR")).toBe("€9,007,199,254,740,993.01");
    expect(text("0.123456789")).toBe("0.123456789");
  });

  it("of a measurement are cut to two places", () => {
    expect(text("0.123456789", null, "number")).toBe("0.12");
  });

  it("come apart into sign, digits and decimals", () => {
    const parts = numberParts({ text: "1234.5", value: 1234.5 }, { currency: "EUR", jsonType: "decimal" });
    expect(parts).toEqual({ prefix: "€", main: "1,234", suffix: ".50" });
  });

  it("on an axis are short", () => {
    expect([0, 950, 1200, 2_500_000].map(formatTick)).toEqual(["0", "950", "1.2K", "2.5M"]);
  });
});

describe("times", () => {
  it.each([
    [-50, "0.0 s ago"],
    [320, "0.3 s ago"],
    [9_960, "9 s ago"],
    [59_999, "59 s ago"],
    [180_000, "3 min ago"],
    [7_300_000, "2 h ago"],
    [200_000_000, "2 days ago"],
  ])("an age of %i ms reads %s", (ms, expected) => {
    expect(formatAge(ms)).toBe(expected);
  });

  it("a window reads as its bounds in UTC", () => {
    expect(formatWindow(at("18:03"), at("18:04"))).toBe("18:03–18:04");
    expect(formatWindow(at("18:03:00"), at("18:03:10"))).toBe("18:03:00–18:03:10");
    expect(formatWindow(at("00:00"), at("00:00") + 86_400_000)).toBe("15 Jan");
  });

  it("what is left of a window is counted down, and gone at its end", () => {
    expect([19_200, 240_000, 0].map(formatLeft)).toEqual(["20 s left", "4 min left", null]);
  });

  it("a span reads as a word where it is one unit", () => {
    expect([60_000, 300_000, 3_600_000, 90_000].map(formatSpan)).toEqual([
      "minute",
      "5 minutes",
      "hour",
      "90 seconds",
    ]);
  });
});

describe("words", () => {
  const plan = planOf(PAGE_VIEWS);

  it("name a series by its value, a missing value by its dimension", () => {
    expect(seriesName(plan, '["gaming_laptops"]')).toBe("gaming_laptops");
    expect(seriesName(plan, "[null]")).toBe("no category");
    expect(seriesName(plan, OTHER)).toBe("other");
  });

  it("explain a status, and repeat one that is not known", () => {
    expect(statusMeaning("fresh")).toMatch(/closed/);
    expect(statusMeaning("odd")).toContain('"odd"');
  });

  it("say what a broken part means for the reader", () => {
    const health: Health = {
      status: "degraded",
      build_id: "b",
      time: "",
      checks: { valkey: { ok: false, error: "ConnectionError" }, dynamodb: { ok: true } },
    };
    expect(healthProblems(health)).toEqual([expect.stringMatching(/^The cache \(Valkey\) is not answering/)]);
    expect(healthProblems({ ...health, checks: {} })).toHaveLength(1);
    expect(healthProblems({ ...health, status: "ok", checks: {} })).toEqual([]);
  });
});
