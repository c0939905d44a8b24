import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Metric } from "../api/types.ts";
import { REVENUE } from "../select/fixtures.ts";
import { Store } from "./store.ts";

const OTHER: Metric = { ...REVENUE, name: "orders", topic: "metrics/orders", route: "/v1/metrics/orders" };

/** A server of which the catalogue and the build can be changed, and which can be away. */
const server = {
  metrics: [REVENUE] as readonly Metric[],
  build: "1",
  catalogueFails: false,
  sent: [] as Said[],
};

interface Said {
  readonly action: string;
  readonly topics?: readonly string[];
  readonly resume?: Readonly<Record<string, number>>;
}

class Socket {
  static readonly OPEN = 1;
  readonly readyState = 1;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;

  constructor() {
    setTimeout(() => this.onopen?.(), 0);
  }

  send(message: string): void {
    const said = JSON.parse(message) as Said;
    server.sent.push(said);
    const server_time = new Date(Date.now()).toISOString();
    for (const topic of said.action === "subscribe" ? (said.topics ?? []) : []) {
      if (said.resume?.[topic] !== undefined) continue;
      const snapshot = { type: "snapshot", topic, seq: 1, part: 1, parts: 1, watermark: null, rows: [] };
      const data = JSON.stringify({ ...snapshot, server_time });
      setTimeout(() => this.onmessage?.({ data }), 0);
    }
    if (said.action === "ping") {
      const topics = Object.fromEntries(server.metrics.map((metric) => [metric.topic, 1]));
      const data = JSON.stringify({ type: "pong", server_time, topics });
      setTimeout(() => this.onmessage?.({ data }), 0);
    }
  }

  close(): void {
    this.onmessage = null;
  }
}

function answer(path: string): Response {
  const time = new Date(Date.now()).toISOString();
  if (path === "/v1/health") {
    return Response.json({ status: "ok", build_id: server.build, time, checks: {}, models: {} });
  }
  if (server.catalogueFails) return Response.json({ error: { message: "away" } }, { status: 503 });
  return Response.json({ metrics: server.metrics });
}

let store: Store;

beforeEach(async () => {
  Object.assign(server, { metrics: [REVENUE], build: "1", catalogueFails: false, sent: [] });
  vi.useFakeTimers();
  vi.stubGlobal("fetch", (path: string) => Promise.resolve(answer(path)));
  vi.stubGlobal("WebSocket", Socket);
  vi.stubGlobal("requestAnimationFrame", (draw: () => void) => setTimeout(draw, 0));
  vi.stubGlobal("cancelAnimationFrame", clearTimeout);
  for (const name of ["addEventListener", "removeEventListener"]) vi.stubGlobal(name, () => undefined);
  vi.stubGlobal("document", { addEventListener: () => undefined, removeEventListener: () => undefined });
  store = new Store("http://127.0.0.1:8080/");
  store.start();
  await vi.advanceTimersByTimeAsync(100);
});

afterEach(() => {
  store.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function cards(): readonly string[] {
  const { catalogue } = store.page;
  return catalogue.kind === "ready" ? catalogue.plans.map((plan) => plan.metric.name) : [];
}

/** The subscriptions since the last call. */
function subscribes(): readonly Said[] {
  return server.sent.splice(0).filter((said) => said.action === "subscribe");
}

it("a metric of a new build gets its card and its topic without a reload", async () => {
  expect(cards()).toEqual([REVENUE.name]);
  subscribes();
  Object.assign(server, { build: "2", metrics: [REVENUE, OTHER] });
  await vi.advanceTimersByTimeAsync(11_000);
  expect(cards()).toEqual([REVENUE.name, OTHER.name]);
  expect(subscribes()).toEqual([{ action: "subscribe", topics: [OTHER.topic] }]);
});

it("a catalogue that could not be read when the build changed is read again", async () => {
  Object.assign(server, { build: "2", metrics: [REVENUE, OTHER], catalogueFails: true });
  await vi.advanceTimersByTimeAsync(11_000);
  expect(cards()).toEqual([REVENUE.name]);
  server.catalogueFails = false;
  await vi.advanceTimersByTimeAsync(4_000);
  expect(cards()).toEqual([REVENUE.name, OTHER.name]);
});

it("a metric that a new build changed gets its rows again, though its topic is the same", async () => {
  expect(subscribes()).toHaveLength(1);
  Object.assign(server, { build: "2", metrics: [{ ...REVENUE, question: "How much is taken, net?" }] });
  await vi.advanceTimersByTimeAsync(11_000);
  expect(subscribes()).toEqual([{ action: "subscribe", topics: [REVENUE.topic] }]);
});
