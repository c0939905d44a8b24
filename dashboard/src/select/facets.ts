// A metric's rows as facets: one for each quantity that must not be mixed with another in one number or on one
// axis (a window length, a currency), each with its headline and the series of its chart.
import { group } from "d3-array";
import type { Row, RowsView } from "../store/rows.ts";
import { type Amount, measure } from "./amount.ts";
import type { Branch, Plan } from "./plan.ts";
import { pickHeadline, pickPrevious, statusOf, type Window, windowsOf } from "./windows.ts";

export const TOP_SERIES = 5;
export const TOP_FACETS = 4;
/** The id of the series that holds all but the top ones; no value of a dimension starts with a NUL. */
export const OTHER = "\u0000other";
const MAX_SLOTS = 720;

export interface SeriesValue {
  readonly id: string;
  readonly amount: Amount | null;
}

/** A number that is shown, and what it says about itself. */
export interface Shown {
  readonly start: number;
  readonly end: number;
  readonly status: string;
  /** Null where the window has no row of this facet. */
  readonly asOf: number | null;
  /** The total, where there is one; else null, and `series` has the numbers. */
  readonly total: Amount | null;
  readonly others: readonly { readonly column: string; readonly amount: Amount }[];
  readonly series: readonly SeriesValue[];
}

export interface Point {
  /** Epoch milliseconds on the chart's x axis: the window's start, or its end where windows overlap. */
  readonly x: number;
  readonly start: number;
  readonly end: number;
  readonly open: boolean;
  /** Null where there is no such window. */
  readonly status: string | null;
  /** Null where no row says anything: a gap, never a zero. */
  readonly amount: Amount | null;
}

export interface Series {
  readonly id: string;
  readonly points: readonly Point[];
}

export interface Facet {
  readonly id: string;
  readonly branch: Branch;
  /** Values of the discriminator columns, such as `5m`. */
  readonly period: string | null;
  readonly currency: string | null;
  readonly headline: Shown;
  readonly previous: Shown | null;
  readonly series: readonly Series[];
  /** How many series there are beyond those drawn, where they cannot be summed up as "other". */
  readonly hidden: number;
}

export interface Facets {
  /** Those with a chart of their own. */
  readonly shown: readonly Facet[];
  /** Those beyond them, of which only the numbers are shown. */
  readonly rest: readonly Facet[];
}

/** The name of a row's series: its dimension values as JSON, so that NULL and "null" stay apart. */
function seriesId(plan: Plan, row: Row): string {
  return JSON.stringify(plan.series.map((name) => row.cells[name] ?? null));
}

/** The dimension values of a series id; null for the series of all others. */
export function seriesCells(id: string): readonly (string | number | boolean | null)[] | null {
  return id === OTHER ? null : (JSON.parse(id) as (string | number | boolean | null)[]);
}

function belongs(row: Row, branch: Branch): boolean {
  return Object.entries(branch.spec.discriminator).every(([name, value]) => row.cells[name] === value);
}

/** All facets of a metric at `now` (the server's time). */
export function facetsOf(plan: Plan, view: RowsView, now: number): Facets {
  const facets = plan.branches.flatMap((branch) => {
    const rows = view.rows.filter((row) => belongs(row, branch));
    // One window for all currencies: numbers that stand side by side are of the same time.
    const headline = pickHeadline(windowsOf(rows, view.watermark), branch.overlapping, view.watermark, now);
    if (headline === null) return [];
    const groups = group(rows, (row) =>
      plan.currency === null ? null : String(row.cells[plan.currency] ?? ""),
    );
    const made = [...groups].map(([currency, own]) => ({
      facet: facetOf(plan, branch, currency, windowsOf(own, view.watermark), headline),
      weight: weightOf(plan, own),
    }));
    return made
      .sort((a, b) => b.weight - a.weight || (a.facet.id < b.facet.id ? -1 : 1))
      .map(({ facet }) => facet);
  });
  return { shown: facets.slice(0, TOP_FACETS), rest: facets.slice(TOP_FACETS) };
}

/**
 * How much a currency matters, in steps of doubling, so that the order stays put while numbers change.
 *
 * Values of different currencies cannot be compared; counts that stand beside them (orders) can, else the number
 * of rows has to do.
 */
function weightOf(plan: Plan, rows: readonly Row[]): number {
  const count = plan.otherMeasures.find((column) => column.json_type === "integer");
  const sum =
    count === undefined
      ? rows.length
      : rows.reduce((total, row) => total + Math.abs(measure([row], count)?.value ?? 0), 0);
  return Math.round(Math.log2(1 + sum));
}

function facetOf(
  plan: Plan,
  branch: Branch,
  currency: string | null,
  windows: readonly Window[],
  headline: Window,
): Facet {
  const own = windows.find((window) => window.start === headline.start && window.end === headline.end);
  const previous = pickPrevious(windows, branch.overlapping, headline);
  const period = Object.values(branch.spec.discriminator).join(" ") || null;
  const drawn = drawnWindows(windows, branch, headline, plan.rangeMs);
  const top = topSeries(plan, drawn);
  return {
    id: [period, currency].filter((part) => part !== null).join(" ") || "all",
    branch,
    period,
    currency,
    headline: { ...show(plan, own ?? { ...headline, rows: [] }, top), status: statusOf(headline.rows) },
    previous: previous === null ? null : show(plan, previous, top),
    series: seriesOf(plan, branch, drawn, top),
    hidden: top.hidden,
  };
}

/**
 * The windows a chart shows: those up to the headline.
 *
 * Overlapping windows that end after it have begun but lie mostly in the future; drawn, they would look like a
 * fall that never happened.
 */
function drawnWindows(
  windows: readonly Window[],
  branch: Branch,
  headline: Window,
  rangeMs: number,
): readonly Window[] {
  const from = headline.end - rangeMs;
  return windows.filter(
    (window) =>
      window.end > from && (branch.overlapping ? window.end <= headline.end : window.start <= headline.start),
  );
}

interface Top {
  readonly ids: readonly string[];
  /** Whether the rest is summed up as "other". */
  readonly other: boolean;
  /** How many the rest are, where it is not. */
  readonly hidden: number;
}

function topSeries(plan: Plan, windows: readonly Window[]): Top {
  const { measure: column } = plan;
  if (column === null) return { ids: [], other: false, hidden: 0 };
  const weights = new Map<string, number>();
  for (const row of windows.flatMap((window) => window.rows)) {
    const id = seriesId(plan, row);
    weights.set(id, (weights.get(id) ?? 0) + Math.abs(measure([row], column)?.value ?? 0));
  }
  const ranked = [...weights].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([id]) => id);
  // "Other" for a single series would only hide its name.
  const fits = ranked.length <= TOP_SERIES + 1;
  if (fits) return { ids: ranked, other: false, hidden: 0 };
  const ids = ranked.slice(0, TOP_SERIES);
  return { ids, other: plan.additive, hidden: plan.additive ? 0 : ranked.length - ids.length };
}

function bySeries(plan: Plan, rows: readonly Row[], top: Top): ReadonlyMap<string, readonly Row[]> {
  const groups = group(rows, (row) => {
    const id = seriesId(plan, row);
    return top.ids.includes(id) ? id : OTHER;
  });
  if (!top.other) groups.delete(OTHER);
  return groups;
}

function idsOf(top: Top): readonly string[] {
  return top.other ? [...top.ids, OTHER] : top.ids;
}

function show(plan: Plan, window: Window, top: Top): Shown {
  const { measure: column } = plan;
  const groups = bySeries(plan, window.rows, top);
  return {
    start: window.start,
    end: window.end,
    status: statusOf(window.rows),
    asOf: window.rows.length === 0 ? null : Math.max(...window.rows.map((row) => row.asOf)),
    total: column === null ? null : measure(window.rows, column),
    others: plan.otherMeasures.flatMap((other) => {
      const amount = measure(window.rows, other);
      return amount === null ? [] : [{ column: other.name, amount }];
    }),
    series: idsOf(top).map((id) => ({
      id,
      amount: column === null ? null : measure(groups.get(id) ?? [], column),
    })),
  };
}

function seriesOf(plan: Plan, branch: Branch, windows: readonly Window[], top: Top): readonly Series[] {
  const { measure: column } = plan;
  if (column === null) return [];
  const slots = slotsOf(windows, branch);
  const grouped = slots.map(({ window }) => (window === null ? null : bySeries(plan, window.rows, top)));
  return idsOf(top).map((id) => ({
    id,
    points: slots.map(({ x, start, end, window }, index) => ({
      x,
      start,
      end,
      open: window?.open ?? false,
      status: window === null ? null : statusOf(window.rows),
      amount: measure(grouped[index]?.get(id) ?? [], column),
    })),
  }));
}

interface Slot {
  readonly x: number;
  readonly start: number;
  readonly end: number;
  readonly window: Window | null;
}

/** One slot for each window there could have been between the first and the last, so that gaps show as gaps. */
function slotsOf(windows: readonly Window[], branch: Branch): readonly Slot[] {
  const xOf = (window: Window) => (branch.overlapping ? window.end : window.start);
  const plain = windows.map((window) => ({
    x: xOf(window),
    start: window.start,
    end: window.end,
    window,
  }));
  const [first] = plain;
  const last = plain.at(-1);
  const { slide_ms: slide, size_ms: size, kind } = branch.spec;
  if (first === undefined || last === undefined || slide <= 0 || kind === "session") return plain;
  const count = Math.round((last.x - first.x) / slide) + 1;
  const byX = new Map(plain.map((slot) => [slot.x, slot]));
  // Windows that do not stand on the grid (cumulating ones, say) are drawn as they come.
  if (count > MAX_SLOTS || byX.size !== plain.length) return plain;
  const slots: Slot[] = [];
  for (let x = first.x; x <= last.x; x += slide) {
    const start = branch.overlapping ? x - size : x;
    slots.push(byX.get(x) ?? { x, start, end: start + size, window: null });
  }
  const onGrid = plain.every((slot) => (slot.x - first.x) % slide === 0);
  return onGrid ? slots : plain;
}
