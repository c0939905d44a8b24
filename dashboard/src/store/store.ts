// Everything the page knows, outside React: the catalogue, the rows, the health; told to React once a frame.
import { readCatalogue, readHealth, readRows } from "../api/client.ts";
import type { Health, Metric, WireRow } from "../api/types.ts";
import { ServerClock } from "../live/clock.ts";
import { LiveConnection, liveUrl } from "../live/driver.ts";
import type { Connection } from "../live/machine.ts";
import { type Plan, planOf } from "../select/plan.ts";
import { EMPTY_VIEW, RowStore, type RowsView } from "./rows.ts";
import { Ticker } from "./ticker.ts";

const HEALTH_EVERY_MS = 10_000;
const CATALOGUE_RETRY_MS = 3_000;
const HOUR_MS = 3_600_000;

export interface PageState {
  readonly catalogue:
    | { readonly kind: "loading" }
    | { readonly kind: "error"; readonly message: string }
    | { readonly kind: "ready"; readonly plans: readonly Plan[] };
  readonly connection: Connection;
  readonly health: Health | null;
  readonly healthError: string | null;
  /** `as_of` of the newest row on the page. */
  readonly newestAsOf: number | null;
  readonly lastError: string | null;
}

type Listener = () => void;

/** The page's store. `page` listeners hear of everything but rows; `metric` listeners of one metric's rows. */
export class Store {
  readonly clock = new ServerClock();
  readonly #live: LiveConnection;
  readonly #rows = new Map<string, RowStore>();
  readonly #views = new Map<string, RowsView>();
  readonly #dirty = new Set<string>();
  readonly #tickers = new Map<number, Ticker>();
  readonly #listeners = new Set<Listener>();
  readonly #metricListeners = new Map<string, Set<Listener>>();
  #metrics: readonly Metric[] = [];
  #page: PageState;
  #newestAsOf: number | null = null;
  #pageDirty = false;
  #frame: number | null = null;
  #timers: ReturnType<typeof setTimeout>[] = [];
  #started = false;

  constructor(page: string) {
    this.#live = new LiveConnection(
      liveUrl(page),
      {
        rows: (topic, rows, watermark, snapshotAt) => this.#takeRows(topic, rows, watermark, snapshotAt),
        poll: () => this.#poll(),
        changed: () => this.#touchPage(),
      },
      this.clock,
    );
    this.#page = {
      catalogue: { kind: "loading" },
      connection: { kind: "connecting" },
      health: null,
      healthError: null,
      newestAsOf: null,
      lastError: null,
    };
  }

  get page(): PageState {
    return this.#page;
  }

  view(metric: string): RowsView {
    return this.#views.get(metric) ?? EMPTY_VIEW;
  }

  subscribe = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  subscribeTo(metric: string, listener: Listener): () => void {
    const listeners = this.#metricListeners.get(metric) ?? new Set();
    this.#metricListeners.set(metric, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    void this.loadCatalogue();
    void this.#watchHealth();
  }

  stop(): void {
    this.#live.stop();
    for (const timer of this.#timers) clearTimeout(timer);
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
  }

  /** Reads the catalogue (again); a failure is shown and tried again by itself. */
  async loadCatalogue(): Promise<void> {
    let metrics: readonly Metric[];
    try {
      metrics = await readCatalogue();
    } catch (error) {
      // A page that already draws goes on with the catalogue it has, until it gets the new one.
      if (this.#page.catalogue.kind !== "ready") {
        this.#patch({ catalogue: { kind: "error", message: messageOf(error) } });
      }
      this.#later(CATALOGUE_RETRY_MS, () => this.loadCatalogue());
      return;
    }
    this.#adopt(metrics);
  }

  #adopt(metrics: readonly Metric[]): void {
    const before = new Map(this.#metrics.map((metric) => [metric.name, JSON.stringify(metric)]));
    const plans = metrics.map(planOf);
    const anew: string[] = [];
    for (const plan of plans) {
      const { metric } = plan;
      if (before.get(metric.name) === JSON.stringify(metric)) continue;
      anew.push(metric.topic);
      this.#rows.set(metric.name, new RowStore(metric, plan.keepMs));
      this.#views.delete(metric.name);
      this.#touch(metric.name);
      if (plan.rangeMs > HOUR_MS) void this.#readHistory(plan);
    }
    const first = this.#metrics.length === 0;
    this.#metrics = metrics;
    this.#patch({ catalogue: { kind: "ready", plans } });
    const topics = metrics.map((metric) => metric.topic);
    if (first) this.#live.start(topics);
    // A changed metric starts without rows; resumed, its topic would only bring what is new.
    this.#live.topics(topics, anew);
  }

  // A snapshot reaches back an hour; a metric with longer windows is drawn further.
  async #readHistory({ metric, rangeMs }: Plan): Promise<void> {
    try {
      const { rows, watermark } = await readRows(metric, new Date(this.clock.now() - rangeMs));
      this.#accept(metric, rows, watermark, null);
    } catch (error) {
      console.warn(`History of ${metric.name}: ${messageOf(error)}`);
    }
  }

  async #watchHealth(): Promise<void> {
    try {
      const health = await readHealth();
      this.clock.learn(health.time, Date.now());
      const built = this.#page.health?.build_id;
      this.#patch({ health, healthError: null });
      // A new build may compute other metrics: its charts appear without a reload.
      if (built !== undefined && built !== health.build_id) void this.loadCatalogue();
    } catch (error) {
      this.#patch({ healthError: messageOf(error) });
    }
    this.#later(HEALTH_EVERY_MS, () => this.#watchHealth());
  }

  async #poll(): Promise<boolean> {
    const results = await Promise.allSettled(
      this.#metrics.map(async (metric) => {
        const answer = await readRows(metric);
        const received = Date.now();
        if (answer.as_of !== null && answer.age_ms !== null) {
          const serverTime = new Date(Date.parse(answer.as_of) + answer.age_ms);
          if (!Number.isNaN(serverTime.getTime())) this.clock.learn(serverTime.toISOString(), received);
        }
        this.#accept(metric, answer.rows, answer.watermark, null);
      }),
    );
    return results.some((result) => result.status === "fulfilled");
  }

  #takeRows(
    topic: string,
    rows: readonly WireRow[],
    watermark: string | null,
    snapshotAt: string | null,
  ): void {
    const metric = this.#metrics.find((one) => one.topic === topic);
    if (metric !== undefined) this.#accept(metric, rows, watermark, snapshotAt);
  }

  #accept(
    metric: Metric,
    rows: readonly WireRow[],
    watermark: string | null,
    snapshotAt: string | null,
  ): void {
    const store = this.#rows.get(metric.name);
    if (store === undefined) return;
    const newest =
      snapshotAt === null
        ? store.upsert(rows, watermark)
        : store.replace(rows, watermark, Date.parse(snapshotAt));
    if (newest !== null && newest > (this.#newestAsOf ?? 0)) {
      this.#newestAsOf = newest;
      this.#touchPage();
    }
    this.#touch(metric.name);
  }

  #patch(part: Partial<PageState>): void {
    this.#page = { ...this.#page, ...part };
    this.#touchPage();
  }

  #later(after: number, work: () => Promise<void>): void {
    this.#timers = [...this.#timers.slice(-8), setTimeout(() => void work(), after)];
  }

  #touch(metric: string): void {
    this.#dirty.add(metric);
    this.#schedule();
  }

  #touchPage(): void {
    this.#pageDirty = true;
    this.#schedule();
  }

  // However many messages come in, the page is drawn once a frame.
  #schedule(): void {
    this.#frame ??= requestAnimationFrame(() => this.#flush());
  }

  #flush(): void {
    this.#frame = null;
    const now = this.clock.now();
    for (const name of this.#dirty) {
      const store = this.#rows.get(name);
      if (store === undefined) continue;
      store.prune(now);
      this.#views.set(name, store.view);
      for (const listener of this.#metricListeners.get(name) ?? []) listener();
    }
    this.#dirty.clear();
    if (!this.#pageDirty) return;
    this.#pageDirty = false;
    this.#page = {
      ...this.#page,
      connection: this.#live.describe(),
      newestAsOf: this.#newestAsOf,
      lastError: this.#live.state.lastError,
    };
    for (const listener of this.#listeners) listener();
  }

  /** What ticks every so many milliseconds with the server's time. */
  ticker(everyMs: number): Ticker {
    const known = this.#tickers.get(everyMs) ?? new Ticker(() => this.clock.now(), everyMs);
    this.#tickers.set(everyMs, known);
    return known;
  }

  /** The connection as of now: its countdown runs on without any event. */
  connection(): Connection {
    return this.#live.describe();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
