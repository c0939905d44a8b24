// Metrics and rows for the tests, as the API would give them.
import type { Column, Metric, WindowSpec, WireRow } from "../api/types.ts";
import { RowStore, type RowsView } from "../store/rows.ts";

export const DAY = "2026-01-15";

/** Epoch milliseconds of a time of the tests' day, such as "12:00" or "12:00:30". */
export function at(time: string): number {
  return Date.parse(`${DAY}T${time.length === 5 ? `${time}:00` : time}.000Z`);
}

export function iso(time: string): string {
  return new Date(at(time)).toISOString();
}

function column(name: string, role: Column["role"], more: Partial<Column> = {}): Column {
  return { name, sql_type: "STRING", json_type: "string", nullable: false, role, description: "", ...more };
}

function metric(name: string, columns: readonly Column[], windows: readonly WindowSpec[]): Metric {
  const measure = columns.find((one) => one.role === "measure")?.name ?? "";
  const time = columns.find((one) => one.role === "time")?.name ?? "";
  return {
    name,
    question: "How much?",
    owner: null,
    columns,
    key: columns.filter((one) => one.role !== "measure").map((one) => one.name),
    time_column: time,
    windows,
    chart: { type: "line", x: time, y: measure, series: null },
    topic: `metrics/${name}`,
    route: `/v1/metrics/${name}`,
  };
}

const MINUTE = 60_000;
const tumble: WindowSpec = {
  kind: "tumble",
  size_ms: MINUTE,
  slide_ms: MINUTE,
  gap_ms: 0,
  discriminator: {},
};

function hop(period: string, minutes: number, slide: number): WindowSpec {
  const [size_ms, slide_ms] = [minutes * MINUTE, slide * MINUTE];
  return { kind: "hop", size_ms, slide_ms, gap_ms: 0, discriminator: { period } };
}

export const REVENUE = metric(
  "revenue_per_minute",
  [
    column("minute_start", "time", { json_type: "timestamp" }),
    column("currency", "dimension"),
    column("revenue", "measure", {
      json_type: "decimal",
      description: "money taken, in `currency`",
      additive: true,
    }),
    column("purchases", "measure", { json_type: "integer", additive: true }),
  ],
  [tumble],
);

export const PAGE_VIEWS = metric(
  "page_views_per_minute",
  [
    column("minute_start", "time", { json_type: "timestamp" }),
    column("category", "dimension", { nullable: true }),
    column("page_views", "measure", { json_type: "integer", additive: true }),
  ],
  [tumble],
);

export const VISITORS = metric(
  "visitors_per_minute",
  [
    column("minute_start", "time", { json_type: "timestamp" }),
    column("device", "dimension"),
    column("visitors", "measure", { json_type: "integer", additive: false }),
  ],
  [tumble],
);

export const ACTIVE_USERS = metric(
  "active_users",
  [
    column("period", "dimension"),
    column("period_start", "time", { json_type: "timestamp" }),
    column("active_users", "measure", { json_type: "integer", additive: false }),
  ],
  [hop("1m", 1, 1), hop("5m", 5, 1), hop("1h", 60, 5)],
);

/** A row of a window "12:00-12:01"; provisional, computed at its end, unless told otherwise. */
export function row(
  window: string,
  cells: Record<string, string | number | null>,
  more: Partial<WireRow> = {},
): WireRow {
  const [from = "", to = ""] = window.split("-");
  return {
    minute_start: iso(from),
    period_start: iso(from),
    ...cells,
    window_start: iso(from),
    window_end: iso(to),
    status: "provisional",
    as_of: iso(to),
    ...more,
  };
}

/** What the page draws from, once it has taken in the rows at that watermark. */
export function viewOf(of: Metric, rows: readonly WireRow[], watermark: string | null): RowsView {
  const store = new RowStore(of, 6 * 3_600_000);
  store.upsert(rows, watermark === null ? null : iso(watermark));
  return store.view;
}
