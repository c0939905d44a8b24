import { describe, expect, it } from "vitest";
import { at, iso, REVENUE, row } from "../select/fixtures.ts";
import { RowStore } from "./rows.ts";

const eur = (revenue: string, asOf: string, window = "12:00-12:01") =>
  row(window, { currency: "EUR", revenue, purchases: 1 }, { as_of: iso(asOf) });

function revenues(store: RowStore): unknown[] {
  return store.view.rows.map((one) => one.cells["revenue"]);
}

describe("a row", () => {
  it("is replaced by a newer version of its key", () => {
    const store = new RowStore(REVENUE, 3_600_000);
    store.upsert([eur("10.00", "12:00:10")], null);
    store.upsert([eur("12.50", "12:00:11")], null);
    expect(revenues(store)).toEqual(["12.50"]);
  });

  it("never goes back to an older version", () => {
    const store = new RowStore(REVENUE, 3_600_000);
    store.upsert([eur("12.50", "12:00:11")], null);
    expect(store.upsert([eur("10.00", "12:00:10")], null)).toBeNull();
    expect(revenues(store)).toEqual(["12.50"]);
  });

  it("of another currency stands beside it", () => {
    const store = new RowStore(REVENUE, 3_600_000);
    store.upsert([eur("1.00", "12:00:11"), row("12:00-12:01", { currency: "USD", revenue: "2.00" })], null);
    expect(revenues(store)).toEqual(["1.00", "2.00"]);
  });

  it("without a window is left out", () => {
    const store = new RowStore(REVENUE, 3_600_000);
    store.upsert([{ ...eur("1.00", "12:00:11"), window_end: "" }], null);
    expect(store.view).toMatchObject({ rows: [], loaded: true });
  });
});

describe("a status", () => {
  it("turns fresh when the watermark passes the window's end, without a new row", () => {
    const store = new RowStore(REVENUE, 3_600_000);
    store.upsert([eur("10.00", "12:00:10")], iso("12:00:05"));
    expect(store.view.rows[0]?.status).toBe("provisional");
    store.upsert([], iso("12:01"));
    expect(store.view.rows[0]?.status).toBe("fresh");
  });

  it("does not open again when a message brings an older watermark", () => {
    const store = new RowStore(REVENUE, 3_600_000);
    store.upsert([eur("10.00", "12:00:10")], iso("12:01:30"));
    store.upsert([], iso("12:00:30"));
    expect(store.view.rows[0]?.status).toBe("fresh");
  });

  it("of the batch layer is left as it is", () => {
    const store = new RowStore(REVENUE, 3_600_000);
    store.upsert([{ ...eur("10.00", "12:00:10"), status: "corrected" }], iso("12:05"));
    expect(store.view.rows[0]?.status).toBe("corrected");
  });
});

describe("a snapshot", () => {
  it("takes away what the server no longer has of its hour", () => {
    const store = new RowStore(REVENUE, 3_600_000);
    store.upsert([eur("1.00", "11:50:30", "11:50-11:51"), eur("2.00", "11:51:30", "11:51-11:52")], null);
    store.replace([eur("1.00", "11:50:30", "11:50-11:51")], null, at("12:00"));
    expect(revenues(store)).toEqual(["1.00"]);
  });

  it("leaves rows before its hour, and rows newer than itself", () => {
    const store = new RowStore(REVENUE, 9_000_000);
    store.upsert([eur("1.00", "10:30:00", "10:29-10:30"), eur("3.00", "11:59:59", "11:59-12:00")], null);
    store.replace([eur("2.00", "11:51:30", "11:51-11:52")], null, at("12:00"));
    expect(revenues(store)).toEqual(["1.00", "2.00", "3.00"]);
  });

  it("that is empty blanks nothing", () => {
    const store = new RowStore(REVENUE, 3_600_000);
    store.upsert([eur("1.00", "11:50:30", "11:50-11:51")], null);
    store.replace([], null, at("12:00"));
    expect(revenues(store)).toEqual(["1.00"]);
  });
});

it("rows older than they are kept for are dropped", () => {
  const store = new RowStore(REVENUE, 3_600_000);
  store.upsert([eur("1.00", "10:30:00", "10:29-10:30"), eur("2.00", "11:30:00", "11:29-11:30")], null);
  store.prune(at("12:00"));
  expect(revenues(store)).toEqual(["2.00"]);
});

it("more rows than twenty thousand lose their oldest", () => {
  const store = new RowStore(REVENUE, 3_600_000);
  const many = Array.from({ length: 20_000 }, (_, index) =>
    row("12:01-12:02", { currency: `C${index}`, revenue: "1.00" }),
  );
  store.upsert([eur("9.00", "12:00:10"), ...many], null);
  store.prune(at("12:02"));
  expect(store.view.rows).toHaveLength(20_000);
  expect(revenues(store)).not.toContain("9.00");
});
