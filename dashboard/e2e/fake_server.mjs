// A stand-in for the stack that speaks docs/contracts.md, for looking at the page in states that the real one is
// seldom in (empty, degraded, cut off). It computes nothing: its numbers are a smooth random walk.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WATERMARK_DELAY = 5_000;
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

const column = (name, sql_type, json_type, role, description, more = {}) => ({
  name,
  sql_type,
  json_type,
  nullable: role === "dimension",
  role,
  description,
  ...more,
});
const time = (name, description) => column(name, "TIMESTAMP(3)", "timestamp", "time", description);
const tumble = { kind: "tumble", size_ms: MINUTE, slide_ms: MINUTE, gap_ms: 0, discriminator: {} };
const hop = (period, size_ms, slide_ms) => ({
  kind: "hop",
  size_ms,
  slide_ms,
  gap_ms: 0,
  discriminator: { period },
});

export const CATALOGUE = [
  {
    name: "active_users",
    question: "How many different people were active in the last minute, five minutes and hour?",
    columns: [
      column("period", "STRING", "string", "dimension", "length of the period: 1m, 5m or 1h"),
      time("period_start", "start of the period"),
      column("active_users", "BIGINT", "integer", "measure", "different users with at least one event"),
    ],
    key: ["period", "period_start"],
    time_column: "period_start",
    windows: [hop("1m", MINUTE, MINUTE), hop("5m", 5 * MINUTE, MINUTE), hop("1h", HOUR, 5 * MINUTE)],
    chart: { type: "line", x: "period_start", y: "active_users", series: "period" },
  },
  {
    name: "page_views_per_minute",
    question: "How many pages are shown each minute, by category?",
    columns: [
      time("minute_start", "start of the minute"),
      column("category", "STRING", "string", "dimension", "category of the page; empty where it has none"),
      column("page_views", "BIGINT", "integer", "measure", "pages shown", { additive: true }),
    ],
    key: ["minute_start", "category"],
    time_column: "minute_start",
    windows: [tumble],
    chart: { type: "line", x: "minute_start", y: "page_views", series: "category" },
  },
  {
    name: "rejected_events_per_minute",
    question: "How many events did ingest turn away each minute, and why?",
    columns: [
      time("minute_start", "start of the minute"),
      column("reason", "STRING", "string", "dimension", "kind of failure"),
      column("rejected", "BIGINT", "integer", "measure", "events turned away", { additive: true }),
    ],
    key: ["minute_start", "reason"],
    time_column: "minute_start",
    windows: [tumble],
    chart: { type: "bar", x: "minute_start", y: "rejected", series: "reason" },
  },
  {
    name: "revenue_per_minute",
    question: "How much money does the shop take each minute, by currency?",
    columns: [
      time("minute_start", "start of the minute"),
      column("currency", "STRING", "string", "dimension", "ISO 4217 code"),
      column("revenue", "DECIMAL(18, 2)", "decimal", "measure", "money taken, in `currency`", {
        additive: true,
      }),
      column("purchases", "BIGINT", "integer", "measure", "paid orders", { additive: true }),
    ],
    key: ["minute_start", "currency"],
    time_column: "minute_start",
    windows: [tumble],
    chart: { type: "line", x: "minute_start", y: "revenue", series: "currency" },
  },
].map((metric) => ({
  owner: null,
  topic: `metrics/${metric.name}`,
  route: `/v1/metrics/${metric.name}`,
  ...metric,
}));

// A number in [0, 1) that depends on its arguments alone.
function noise(...seed) {
  let hash = 2166136261;
  for (const char of seed.join("/")) hash = Math.imul(hash ^ char.charCodeAt(0), 16777619);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0x5bd1e995);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

function level(name, start) {
  const minute = start / MINUTE;
  const wave = Math.sin(minute / 9) * 0.18 + Math.sin(minute / 23 + 1) * 0.12;
  return 1 + wave + (noise(name, start) - 0.5) * 0.3;
}

const iso = (ms) => new Date(ms).toISOString();

/** Rows of a metric as they stand at `now`, for windows that end after `from`. */
function rowsOf(metric, now, from, began) {
  const watermark = now - WATERMARK_DELAY;
  const rows = [];
  const add = (start, end, cells, gap = 0) => {
    const updated = Math.min(now - 120, end + 900 + gap);
    rows.push({
      ...cells,
      window_start: iso(start),
      window_end: iso(end),
      status: end > watermark ? "provisional" : end < now - 40 * MINUTE ? "final" : "fresh",
      as_of: iso(updated),
      age_ms: now - updated,
    });
  };
  for (const { size_ms: size, slide_ms: slide, discriminator } of metric.windows) {
    const first = Math.floor((Math.max(from, began) - size) / slide + 1) * slide;
    for (let start = first; start <= now; start += slide) {
      const end = start + size;
      if (end <= from || start < began - size) continue;
      const part = Math.min(1, (now - Math.max(start, began)) / size);
      if (part <= 0) continue;
      switch (metric.name) {
        case "active_users": {
          const scale = { "1m": 128, "5m": 411, "1h": 2210 }[discriminator.period];
          const users = Math.round(scale * level(discriminator.period, start) * part ** 0.7);
          if (users > 0) add(start, end, { ...discriminator, period_start: iso(start), active_users: users });
          break;
        }
        case "page_views_per_minute": {
          const shares = {
            laptops: 190,
            phones: 160,
            audio: 88,
            tablets: 64,
            gaming: 52,
            cameras: 31,
            wearables: 22,
            home: 14,
          };
          for (const [category, share] of [...Object.entries(shares), [null, 120]]) {
            const views = Math.round(share * level(category, start) * part);
            // Cameras were out of stock for a while: a gap.
            const gone = category === "phones" && start > now - 30 * MINUTE && start < now - 26 * MINUTE;
            if (views > 0 && !gone)
              add(start, end, { minute_start: iso(start), category, page_views: views });
          }
          break;
        }
        case "rejected_events_per_minute":
          for (const [reason, share] of Object.entries({
            missing_field: 3,
            wrong_type: 2,
            malformed_json: 1,
          })) {
            const rejected = Math.floor(share * noise(reason, start) * 1.9 * part);
            if (rejected > 0) add(start, end, { minute_start: iso(start), reason, rejected });
          }
          break;
        default:
          for (const [currency, share] of Object.entries({
            EUR: 5400,
            GBP: 1900,
            USD: 3100,
            CAD: 700,
            PLN: 420,
            SEK: 300,
            CHF: 160,
          })) {
            const cents = Math.round(share * level(currency, start) * part * 100);
            const purchases = Math.round(cents / 7900);
            if (purchases === 0) continue;
            const revenue = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
            add(start, end, { minute_start: iso(start), currency, revenue, purchases });
          }
      }
    }
  }
  return rows.sort((a, b) =>
    a.window_start < b.window_start ? -1 : a.window_start > b.window_start ? 1 : 0,
  );
}

/**
 * Starts it on a free port of 127.0.0.1 (or `port`); `state` may be changed while it runs:
 * `catalogue` (ok, error, empty), `rows` (whether there are any), `live` (ok, refused), `health` (ok, degraded),
 * `clockMs` (how far the server's clock is ahead), `skip` (drop that many deltas: a gap).
 */
export async function startFakeServer({ port = 0, root, minutes = 60, ...given } = {}) {
  const page = root ?? fileURLToPath(new URL("../../build/dashboard/", import.meta.url));
  const state = { catalogue: "ok", rows: true, live: "ok", health: "ok", clockMs: 0, skip: 0, ...given };
  const began = Date.now() - minutes * MINUTE;
  const now = () => Date.now() + state.clockMs;
  const asked = { subscribes: [] };
  const sequence = new Map(CATALOGUE.map((metric) => [metric.topic, now()]));

  const answers = {
    "/v1/metrics": () => {
      if (state.catalogue === "error") {
        return [
          503,
          {
            error: {
              code: "manifest_missing",
              message: "The manifest is missing; write it with `pipeline build`.",
            },
          },
        ];
      }
      return [200, { metrics: state.catalogue === "empty" ? [] : CATALOGUE }];
    },
    "/v1/health": () => {
      const bad = state.health === "degraded";
      const checks = {
        valkey: bad ? { ok: false, error: "ConnectionError" } : { ok: true, latency_ms: 0.2 },
        dynamodb: { ok: true },
      };
      return [
        200,
        {
          status: bad ? "degraded" : "ok",
          build_id: "4be1c02f9a7d3e58",
          time: iso(now()),
          checks,
          models: {},
        },
      ];
    },
  };
  for (const metric of CATALOGUE) {
    answers[metric.route] = () => {
      const rows = state.rows ? rowsOf(metric, now(), now() - HOUR, began) : [];
      const watermark = rows.length > 0 ? iso(now() - WATERMARK_DELAY) : null;
      const as_of = rows.length > 0 ? iso(now() - 120) : null;
      return [
        200,
        {
          metric: metric.name,
          question: metric.question,
          watermark,
          as_of,
          age_ms: as_of && 120,
          columns: metric.columns,
          rows,
        },
      ];
    };
  }

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const answer = answers[pathname];
    if (answer !== undefined) {
      const [status, body] = answer();
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      return;
    }
    const file = normalize(pathname === "/" ? "/index.html" : pathname);
    try {
      const content = await readFile(join(page, file));
      response
        .writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" })
        .end(content);
    } catch {
      response.writeHead(404).end();
    }
  });

  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    if (state.live !== "ok" || new URL(request.url, "http://localhost").pathname !== "/live") {
      socket.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => serve(client));
  });

  function serve(client) {
    client.topics = new Set();
    client.on("message", (data) => {
      const message = JSON.parse(data.toString());
      if (message.action === "ping") {
        const topics = Object.fromEntries([...client.topics].map((topic) => [topic, sequence.get(topic)]));
        client.send(JSON.stringify({ type: "pong", server_time: iso(now()), topics }));
      }
      if (message.action === "subscribe") {
        asked.subscribes.push(message);
        for (const topic of message.topics) {
          client.topics.add(topic);
          snapshot(client, topic);
        }
      }
    });
  }

  function snapshot(client, topic) {
    const metric = CATALOGUE.find((one) => one.topic === topic);
    const rows = state.rows ? rowsOf(metric, now(), now() - HOUR, began) : [];
    const size = 100;
    const parts = Math.max(1, Math.ceil(rows.length / size));
    for (let part = 1; part <= parts; part += 1) {
      client.send(
        JSON.stringify({
          type: "snapshot",
          topic,
          seq: sequence.get(topic),
          part,
          parts,
          watermark: rows.length > 0 ? iso(now() - WATERMARK_DELAY) : null,
          server_time: iso(now()),
          rows: rows.slice((part - 1) * size, part * size),
        }),
      );
    }
  }

  const timer = setInterval(() => {
    if (!state.rows || state.live !== "ok") return;
    for (const metric of CATALOGUE) {
      const rows = rowsOf(metric, now(), now() - 2_000, began).filter((row) => row.status === "provisional");
      if (rows.length === 0) continue;
      const seq = sequence.get(metric.topic) + 1;
      sequence.set(metric.topic, seq);
      if (state.skip > 0) {
        state.skip -= 1;
        continue;
      }
      const delta = {
        type: "delta",
        topic: metric.topic,
        seq,
        watermark: iso(now() - WATERMARK_DELAY),
        server_time: iso(now()),
        rows,
      };
      for (const client of sockets.clients)
        if (client.topics?.has(metric.topic)) client.send(JSON.stringify(delta));
    }
  }, 250);

  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    state,
    asked,
    /** Cuts every live connection, as a network would. */
    cut: () => {
      for (const client of sockets.clients) client.terminate();
    },
    close: () => {
      clearInterval(timer);
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
