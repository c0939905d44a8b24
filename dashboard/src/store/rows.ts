// The rows of one metric as the page keeps them: newest version of each key, bounded in age and number.
import type { Cell, Metric, WireRow } from "../api/types.ts";

/** A result row, times as epoch milliseconds. */
export interface Row {
  readonly key: string;
  readonly cells: Readonly<Record<string, Cell>>;
  readonly start: number;
  readonly end: number;
  readonly status: string;
  readonly asOf: number;
}

/** What the page draws from; a new object with each change. Rows are ordered by window start, then key. */
export interface RowsView {
  readonly rows: readonly Row[];
  /** Epoch milliseconds, or null while none is known. */
  readonly watermark: number | null;
  /** Whether the server has answered at all. */
  readonly loaded: boolean;
}

export const EMPTY_VIEW: RowsView = { rows: [], watermark: null, loaded: false };

const HOUR_MS = 3_600_000;
/** A snapshot holds an hour; at its far edge rows come and go. */
const EDGE_MS = 60_000;
const MAX_ROWS = 20_000;

/** Reads a row of the wire; null where it says no window. */
export function parseRow(metric: Metric, wire: WireRow): Row | null {
  const start = Date.parse(wire.window_start);
  const end = Date.parse(wire.window_end);
  const asOf = Date.parse(wire.as_of);
  if (Number.isNaN(start) || Number.isNaN(end) || Number.isNaN(asOf)) return null;
  const cells: Record<string, Cell> = {};
  for (const { name } of metric.columns) cells[name] = wire[name] ?? null;
  const key = JSON.stringify(metric.key.map((name) => wire[name] ?? null));
  return { key, cells, start, end, status: wire.status, asOf };
}

/** Keeps rows by key. Nothing it shows ever goes back in time: an older version of a row is left out. */
export class RowStore {
  readonly #metric: Metric;
  readonly #keepMs: number;
  readonly #rows = new Map<string, Row>();
  #watermark: number | null = null;
  #loaded = false;
  #view: RowsView | null = EMPTY_VIEW;

  /** `keepMs`: rows whose window ended longer ago are dropped. */
  constructor(metric: Metric, keepMs: number) {
    this.#metric = metric;
    this.#keepMs = keepMs;
  }

  /** Takes rows in; returns the greatest `as_of` that was news, or null. */
  upsert(wires: readonly WireRow[], watermark: string | null): number | null {
    this.#loaded = true;
    this.#view = null;
    this.#learnWatermark(watermark);
    let newest: number | null = null;
    for (const wire of wires) {
      const row = parseRow(this.#metric, wire);
      if (row === null) continue;
      const known = this.#rows.get(row.key);
      if (known !== undefined && known.asOf > row.asOf) continue;
      if (known === undefined || known.asOf < row.asOf) newest = Math.max(newest ?? 0, row.asOf);
      this.#rows.set(row.key, row);
    }
    return newest;
  }

  /**
   * Takes a snapshot in: as `upsert`, and what the server no longer has of that hour goes.
   *
   * An empty snapshot takes nothing away: a server that lost its cache is no reason to blank the page.
   */
  replace(wires: readonly WireRow[], watermark: string | null, serverTime: number): number | null {
    const newest = this.upsert(wires, watermark);
    if (wires.length === 0) return newest;
    const held = new Set(wires.map((wire) => parseRow(this.#metric, wire)?.key));
    for (const row of this.#rows.values()) {
      const covered = row.end >= serverTime - HOUR_MS + EDGE_MS && row.asOf < serverTime - EDGE_MS;
      if (covered && !held.has(row.key)) this.#rows.delete(row.key);
    }
    return newest;
  }

  /** Drops what is too old at `now` (the server's time), and the oldest where there is too much. */
  prune(now: number): void {
    let dropped = false;
    for (const row of this.#rows.values()) {
      if (row.end < now - this.#keepMs) dropped = this.#rows.delete(row.key) || dropped;
    }
    if (this.#rows.size > MAX_ROWS) {
      const byAge = [...this.#rows.values()].sort((a, b) => a.end - b.end);
      for (const row of byAge.slice(0, this.#rows.size - MAX_ROWS)) this.#rows.delete(row.key);
      dropped = true;
    }
    if (dropped) this.#view = null;
  }

  get view(): RowsView {
    this.#view ??= {
      rows: [...this.#rows.values()]
        .map((row) => withStatus(row, this.#watermark))
        .sort((a, b) => a.start - b.start || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)),
      watermark: this.#watermark,
      loaded: this.#loaded,
    };
    return this.#view;
  }

  #learnWatermark(watermark: string | null): void {
    const time = watermark === null ? Number.NaN : Date.parse(watermark);
    if (!Number.isNaN(time)) this.#watermark = Math.max(this.#watermark ?? time, time);
  }
}

// A row says `provisional` as of when it was sent; its window closes when the watermark passes, without a word.
function withStatus(row: Row, watermark: number | null): Row {
  const closed = row.status === "provisional" && watermark !== null && row.end <= watermark;
  return closed ? { ...row, status: "fresh" } : row;
}
