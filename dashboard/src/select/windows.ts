// Which window is the headline: the choice an analyst would make.
import type { Row } from "../store/rows.ts";

/** The rows of one window, which share its bounds; `open` while events may still be counted in by time. */
export interface Window {
  readonly start: number;
  readonly end: number;
  readonly open: boolean;
  readonly rows: readonly Row[];
}

/** Groups rows by window, ordered by start, then end. */
export function windowsOf(rows: readonly Row[]): readonly Window[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const id = `${row.start}/${row.end}`;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [row]);
    else group.push(row);
  }
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const open = group.some((row) => row.status === "provisional");
      return [{ start: first.start, end: first.end, open, rows: group }];
    })
    .sort((a, b) => a.start - b.start || a.end - b.end);
}

export interface Choice {
  readonly headline: Window;
  /** The newest closed window before the headline. */
  readonly previous: Window | null;
}

/**
 * Picks the headline of windows of one kind.
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
): Choice | null {
  const begun = windows.filter((window) => window.start <= now);
  const byEnd = [...begun].sort((a, b) => a.end - b.end || a.start - b.start);
  // Without a watermark every window says it is open; then the clock decides.
  const open = byEnd.filter((window) => window.open && (watermark !== null || window.end > now));
  const headline = (overlapping ? open[0] : undefined) ?? byEnd.at(-1);
  if (headline === undefined) return null;
  const previous = byEnd.findLast((window) => !window.open && window.end < headline.end) ?? null;
  return { headline, previous };
}

const STATUS_ORDER = ["recomputing", "provisional", "corrected", "fresh", "final"];

/** The status of a number made of several rows: the least certain of theirs. */
export function statusOf(rows: readonly Row[]): string {
  const statuses = new Set(rows.map((row) => row.status));
  return STATUS_ORDER.find((status) => statuses.has(status)) ?? [...statuses][0] ?? "provisional";
}
