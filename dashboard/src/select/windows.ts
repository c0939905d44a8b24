// Which window is the headline: the choice an analyst would make.
import { group } from "d3-array";
import type { Row } from "../store/rows.ts";

/** The rows of one window, which share its bounds; `open` while events may still be counted in by time. */
export interface Window {
  readonly start: number;
  readonly end: number;
  readonly open: boolean;
  readonly rows: readonly Row[];
}

/** Groups rows by window, ordered by start, then end. */
export function windowsOf(rows: readonly Row[], watermark: number | null): readonly Window[] {
  return [...group(rows, (row) => `${row.start}/${row.end}`).values()]
    .flatMap((own) => {
      const [first] = own;
      if (first === undefined) return [];
      const open = own.some((row) => isOpen(row, watermark));
      return [{ start: first.start, end: first.end, open, rows: own }];
    })
    .sort((a, b) => a.start - b.start || a.end - b.end);
}

// What is computed anew says so instead of whether its window is over.
function isOpen(row: Row, watermark: number | null): boolean {
  if (row.status === "recomputing") return watermark === null || row.end > watermark;
  return row.status === "provisional";
}

/**
 * Picks the headline of windows of one kind; null without any.
 *
 * Windows that do not overlap: the newest that has begun. Windows that overlap: the open one that ends first,
 * since it is nearly whole (the newest-begun has only just started to count), else the last closed.
 * A window that begins in the future (a visitor's clock may run a minute ahead) waits for its time.
 */
export function pickHeadline(
  windows: readonly Window[],
  overlapping: boolean,
  watermark: number | null,
  now: number,
): Window | null {
  const begun = byEnd(windows.filter((window) => window.start <= now));
  if (!overlapping) return begun.at(-1) ?? null;
  // Without a watermark every window says it is open; then the clock decides.
  const open = begun.find((window) => window.open && (watermark !== null || window.end > now));
  return open ?? begun.at(-1) ?? null;
}

/**
 * Picks what stands beside the headline: the window before it; where windows overlap the newest closed one.
 *
 * In a window's first seconds the one before it is still open for events on their way: its status says so.
 */
export function pickPrevious(
  windows: readonly Window[],
  overlapping: boolean,
  headline: Window,
): Window | null {
  const fits = (window: Window) => window.end < headline.end && (!overlapping || !window.open);
  return byEnd(windows).findLast(fits) ?? null;
}

function byEnd(windows: readonly Window[]): readonly Window[] {
  return [...windows].sort((a, b) => a.end - b.end || a.start - b.start);
}

const STATUS_ORDER = ["recomputing", "provisional", "corrected", "fresh", "final"];

/** The status of a number made of several rows: the least certain of theirs. */
export function statusOf(rows: readonly Row[]): string {
  const statuses = new Set(rows.map((row) => row.status));
  return STATUS_ORDER.find((status) => statuses.has(status)) ?? [...statuses][0] ?? "provisional";
}
